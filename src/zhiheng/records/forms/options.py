"""What a link may point to: the records a person may see, the first of them, and those that match words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Q, QuerySet, SlugField
from django.urls import reverse

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import visible_to
from zhiheng.records.fields import Kind, columns_of_table
from zhiheng.records.registry import registry

MOST_OPTIONS = 20
"""A select with more options than this is a search."""
RETIRED = ("retired", "retired_at")


class Options:
    """The records of a model that this person may choose."""

    def __init__(self, model: type[Model], actor: Actor) -> None:
        self.model = model
        self.record_type = registry.of(model)
        rows: QuerySet[Any] = model._default_manager.all()
        self.rows = visible_to(actor, "view", rows) if self.record_type is not None else rows

    @property
    def url(self) -> str:
        """Where suggestions come from; empty for a model without a declaration."""
        return reverse("records:options", args=[self.record_type.label]) if self.record_type else ""

    def first(self, limit: int) -> list[Any]:
        """The first records that are in use, in the order of the model."""
        return list(self._in_use()[:limit])

    def chosen(self, value: Any) -> list[Any]:
        """The record that is chosen now, retired or not."""
        key = getattr(value, "pk", value)
        try:
            return list(self.rows.filter(pk=key)) if key else []
        except (ValueError, ValidationError):
            return []  # typed words that matched nothing

    def matching(self, words: str, *, limit: int = MOST_OPTIONS) -> list[Any]:
        """Records whose short texts hold every word; one whose text is exactly the words comes alone."""
        names = self._text_columns()
        exact = Q()
        for name in names:
            exact |= Q(**{f"{name}__iexact": words})
        if names and len(found := list(self._in_use().filter(exact)[:2])) == 1:
            return found
        condition = Q()
        for word in words.split():
            any_column = Q()
            for name in names:
                any_column |= Q(**{f"{name}__icontains": word})
            condition &= any_column
        return list(self._in_use().filter(condition)[:limit])

    def _in_use(self) -> QuerySet[Any]:
        names = {field.name for field in self.model._meta.concrete_fields}
        if "retired" in names:
            return self.rows.filter(retired=False)
        return self.rows.filter(retired_at=None) if "retired_at" in names else self.rows

    def _text_columns(self) -> list[str]:
        if self.record_type is not None:
            texts = [info.name for info in columns_of_table(self.record_type) if info.kind is Kind.LOCALIZED]
            searched = [name for name in self.record_type.search if "." not in name]
            return list(dict.fromkeys([*searched, *texts])) or self._short_columns()
        return self._short_columns()

    def _short_columns(self) -> list[str]:
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, CharField | SlugField) and not field.choices
        ][:4]
