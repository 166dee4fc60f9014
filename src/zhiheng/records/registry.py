"""The one place where declarations meet: `register` fills it, everything else reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import Model

    from zhiheng.records.declaration import RecordType


class Registry:
    """Record types by label (`desk.ticket`), in order of registration, each model once."""

    def __init__(self) -> None:
        self._types: dict[str, RecordType] = {}
        self._listeners: list[Callable[[RecordType], None]] = []

    def add(self, record_type: RecordType) -> RecordType:
        """Take the declaration in; a second one for the same model is refused."""
        held = self._types.get(record_type.label)
        if held is not None and held is not record_type:
            raise ImproperlyConfigured(f"{record_type.label} is declared twice")
        self._types[record_type.label] = record_type
        for listener in self._listeners:
            listener(record_type)
        return record_type

    def listen(self, listener: Callable[[RecordType], None]) -> None:
        """Call `listener` for every record type, those already there included."""
        self._listeners.append(listener)
        for record_type in self._types.values():
            listener(record_type)

    def __getitem__(self, label: str) -> RecordType:
        return self._types[label]

    def __contains__(self, label: object) -> bool:
        return label in self._types

    def __iter__(self) -> Iterator[RecordType]:
        return iter(self._types.values())

    def __len__(self) -> int:
        return len(self._types)

    def get(self, label: str) -> RecordType | None:
        """The record type of that label, or None."""
        return self._types.get(label)

    def of(self, model: type[Model] | Model) -> RecordType | None:
        """The record type of a model or of a record."""
        return self._types.get(model._meta.label_lower)


registry = Registry()


def register(record_type: RecordType) -> RecordType:
    """Declare a record type: pages, forms, API, import, export, search and tests follow from it."""
    return registry.add(record_type)


def record_words(label: str) -> str:
    """What a record type is called here; its label where no model of that name is left."""
    declared = registry.get(label)
    if declared is not None:
        return str(declared.title)
    model = next((each for each in apps.get_models() if each._meta.label_lower == label), None)
    return label if model is None else str(model._meta.verbose_name)
