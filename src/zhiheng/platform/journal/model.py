"""The base of every model with a record declaration: each write of it is journaled in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models, router
from django.db.models.base import ModelBase
from django.db.models.deletion import Collector

from zhiheng.platform.journal.acts import journal_change
from zhiheng.platform.journal.deletion import journal_deletions
from zhiheng.platform.journal.queryset import JournaledManager, journaling
from zhiheng.platform.journal.tracking import (
    TrackedModel,
    Values,
    as_read,
    born,
    differences,
    snapshot,
    stored_values,
    tracked_fields,
    unsaved,
)


class JournaledModel(TrackedModel):
    """Journals created, changed and deleted; inside `act(...)` changes join the entry of the act.

    Link rows are models of their own, never automatic M2M.
    """

    objects: ClassVar[JournaledManager[Self]] = JournaledManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        record = super().from_db(*args, **kwargs)
        record._loaded = as_read(record)
        return record

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Self] | None = None,
    ) -> None:
        names = None if fields is None else list(fields)
        super().refresh_from_db(using=using, fields=names, from_queryset=from_queryset)
        self._loaded |= snapshot(self, names)

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        database = using or router.db_for_write(type(self), instance=self)
        names = None if update_fields is None else list(update_fields)
        if not self._state.adding and not force_insert:
            names = unsaved(self) if names is None else names
            if not names:
                return
        with journaling(database):
            before = None if force_insert else self._values_before(names, using=database)
            super().save(
                force_insert=force_insert, force_update=force_update, using=database, update_fields=names
            )
            self._journal_save(before, names, using=database)

    def _values_before(self, names: list[str] | None, *, using: str) -> Values | None:
        """What the row held, or None for a new row. Asks the database only for what was never loaded."""
        if self._state.adding:
            known_new = self.pk is None or self._meta.pk.has_default()
            return None if known_new else stored_values(self, tracked_fields(type(self)), using=using)
        written = snapshot(self, names)
        missing = [
            f for f in tracked_fields(type(self)) if f.attname in written and f.attname not in self._loaded
        ]
        return self._loaded | ((stored_values(self, missing, using=using) or {}) if missing else {})

    def _journal_save(self, before: Values | None, names: list[str] | None, *, using: str) -> None:
        model = type(self)
        after = snapshot(self, names)
        expressions = [
            f for f in tracked_fields(model) if hasattr(after.get(f.attname), "resolve_expression")
        ]
        if expressions:
            after |= stored_values(self, expressions, using=using) or {}
        self._loaded = self._loaded | after
        if before is None:
            journal_change(self, "created", born(model, after, using=using), using=using)
        elif changes := differences(model, before, after, using=using):
            journal_change(self, "changed", changes, using=using)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        database = using or router.db_for_write(type(self), instance=self)
        if self.pk is None:
            raise ValueError(f"{type(self).__name__} has no id: it was never saved")
        with journaling(database):
            collector = Collector(using=database, origin=self)
            collector.collect([self], keep_parents=keep_parents)
            journal_deletions(collector, using=database)
            return collector.delete()
