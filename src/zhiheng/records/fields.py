"""What a model field is to people: its kind, its words, its value as shown, exported and read back.

Paths run over foreign keys (`service.owner`). Lists, forms, filters, import, export and API all read from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.text import localized
from zhiheng.records.structures import structure_words
from zhiheng.records.vocabularies import words_in
from zhiheng.ui.durations import spelled

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType

EMPTY = "—"
TEXTS_BY_NAME = frozenset({"name", "title", "description", "words"})
"""JSON fields of these names hold one text per language unless the declaration says otherwise."""


class Kind(StrEnum):
    """How a value behaves in a list, a form, a filter and a file."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    LOCALIZED = "localized"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    NAMED = "named"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    RELATION = "relation"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a model, or of a model reached over foreign keys."""

    path: str
    field: models.Field[Any, Any]
    kind: Kind
    title: Any = ""
    vocabulary: str = ""

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def lookup(self) -> str:
        """The path as the ORM writes it."""
        return self.path.replace(".", "__")

    @property
    def label(self) -> str:
        return str(capfirst(self.title or self.field.verbose_name))

    @property
    def file_label(self) -> str:
        """What stands above it in a file, which keeps the units of the table."""
        return str(capfirst(self.field.verbose_name))

    @property
    def in_seconds(self) -> bool:
        """True for a duration kept as a whole number of seconds."""
        return self.kind is Kind.DURATION and isinstance(self.field, models.IntegerField)

    @property
    def own(self) -> bool:
        """True for a column of the record's own table."""
        return "." not in self.path

    @property
    def related_model(self) -> type[models.Model]:
        """The model a relation points to."""
        target = self.field.related_model
        assert isinstance(target, type)
        return target

    @property
    def numeric(self) -> bool:
        return self.kind in {Kind.NUMBER, Kind.DURATION}

    def raw(self, record: models.Model) -> Any:
        """The value, following the path; None where a link on the way is empty."""
        value: Any = record
        for part in self.path.split("."):
            if value is None:
                return None
            value = getattr(value, part)
        return value

    def shown(self, value: Any) -> str:
        """The value in the words of the reader's language."""
        if value is None or value == "":
            return EMPTY
        return str(_SHOWN[self.kind](self, value))


def _shown_choice(info: FieldInfo, value: Any) -> str:
    return str(dict(info.field.flatchoices).get(value, value))


def _shown_duration(info: FieldInfo, value: Any) -> str:
    return spelled(value) if info.in_seconds else str(value)


def _shown_datetime(_info: FieldInfo, value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def _shown_text(_info: FieldInfo, value: Any) -> str:
    return str(value)


_SHOWN: dict[Kind, Any] = {
    Kind.TEXT: _shown_text,
    Kind.LONG_TEXT: _shown_text,
    Kind.LOCALIZED: lambda _info, value: localized(value) if isinstance(value, dict) else str(value),
    Kind.NUMBER: lambda _info, value: formats.number_format(value, use_l10n=True, force_grouping=True),
    Kind.BOOLEAN: lambda _info, value: str(_("yes") if value else _("no")),
    Kind.CHOICE: _shown_choice,
    Kind.DATE: lambda _info, value: value.isoformat(),
    Kind.DATETIME: _shown_datetime,
    Kind.DURATION: _shown_duration,
    Kind.NAMED: lambda info, value: words_in(info.vocabulary).get(value, value),
    Kind.RELATION: _shown_text,
    Kind.JSON: lambda _info, value: structure_words(value) or EMPTY,
}

_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.ForeignKey, Kind.RELATION),
    (models.BooleanField, Kind.BOOLEAN),
    (models.DateTimeField, Kind.DATETIME),
    (models.DateField, Kind.DATE),
    (models.DurationField, Kind.DURATION),
    (models.TextField, Kind.LONG_TEXT),
    (models.IntegerField, Kind.NUMBER),
    (models.FloatField, Kind.NUMBER),
    (models.DecimalField, Kind.NUMBER),
    (models.JSONField, Kind.JSON),
)


def kind_of(field: models.Field[Any, Any], *, texts: frozenset[str] = TEXTS_BY_NAME) -> Kind:
    """The kind of a model field; `texts` are the JSON fields that hold one text per language."""
    if isinstance(field, models.JSONField) and (field.name in texts or getattr(field, "localized", False)):
        return Kind.LOCALIZED
    if field.choices:
        return Kind.CHOICE
    if isinstance(field, models.IntegerField) and field.name.endswith("_seconds"):
        return Kind.DURATION
    return next((kind for cls, kind in _KINDS if isinstance(field, cls)), Kind.TEXT)


def concrete_field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The column of that name, or `FieldDoesNotExist`; reverse and many-to-many relations do not count."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field) or not field.concrete or field.many_to_many:
        raise FieldDoesNotExist(f"{model._meta.label_lower} has no column {name!r}")
    return field


@lru_cache(maxsize=4096)
def field_at(model: type[models.Model], path: str, texts: frozenset[str] = TEXTS_BY_NAME) -> FieldInfo:
    """The field at the end of a path. Raises `FieldDoesNotExist` naming the part that is wrong."""
    *links, last = path.split(".")
    for link in links:
        target = concrete_field(model, link).related_model
        if not isinstance(target, type):
            raise FieldDoesNotExist(f"{model._meta.label_lower}.{link} is not a relation")
        model = target
    field = concrete_field(model, last)
    return FieldInfo(path=path, field=field, kind=kind_of(field, texts=texts))


def field_of(record_type: RecordType, path: str) -> FieldInfo:
    """The field at the end of a path, read with the declaration's words about texts."""
    info = field_at(record_type.model, path, TEXTS_BY_NAME | frozenset(record_type.texts))
    title, vocabulary = record_type.labels.get(path, ""), record_type.vocabularies.get(path, "")
    if not (title or vocabulary):
        return info
    return replace(info, title=title, vocabulary=vocabulary, kind=Kind.NAMED if vocabulary else info.kind)


def columns_of_table(record_type: RecordType) -> Iterator[FieldInfo]:
    """Every column of the record's own table except the primary key."""
    for field in record_type.model._meta.concrete_fields:
        if not field.primary_key:
            yield field_of(record_type, field.name)


def editable_fields(record_type: RecordType) -> list[FieldInfo]:
    """The columns a person may fill in, in the order of the model."""
    return [info for info in columns_of_table(record_type) if info.field.editable]
