"""What the mirror is made of: domains register the tables they contribute and how facts follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import duckdb
import pyarrow as pa
from django.db.models import (
    BooleanField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
)

from zhiheng.kernel.registry import Registry


class Kind(StrEnum):
    """How a column is carried over; times become whole epoch seconds, JSON stays text."""

    INT = "int"
    TEXT = "text"
    TIME = "time"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class MirrorColumn:
    """One column of a database table; `null` says whether a row may lack it."""

    name: str
    kind: Kind
    null: bool = True


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """A mutable table that is mirrored whole. Only the named fields leave the database."""

    model: type[Model]
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the view that holds it while facts are built."""
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[MirrorColumn, ...]:
        """The columns behind the fields, the primary key first."""
        names = ("id", *(name for name in self.fields if name != "id"))
        return tuple(_column(self.model._meta.get_field(name)) for name in names)


# Facts as known at a cut, made from views over the mirrored tables and `entries`: parts of the tables of the facts
# schema, each with the name of its table. Parts of one table have the same columns and come in the order of its rows.
Build = Callable[[duckdb.DuckDBPyConnection, int], Iterator[tuple[str, pa.Table]]]


@dataclass(frozen=True, slots=True)
class FactsSource:
    """What one domain contributes: tables, the record types whose entries it reads, and the facts it makes of them.

    Who may see a row of `governed_by` may see its facts: they carry the ids that its grants name.
    """

    name: str
    tables: tuple[MirrorTable, ...]
    record_types: tuple[str, ...]
    governed_by: type[Model]
    build: Build


SOURCES: Registry[FactsSource] = Registry("facts source")


def register_facts(source: FactsSource) -> FactsSource:
    """Contribute to the mirror. Call it in the domain's module `facts`, which is discovered."""
    return SOURCES.register(source.name, source)


def mirrored_tables() -> tuple[MirrorTable, ...]:
    """Every table that some source asks for, the fields of all askers together."""
    wanted: dict[type[Model], dict[str, None]] = {}
    for source in SOURCES.values():
        for table in source.tables:
            wanted.setdefault(table.model, {}).update(dict.fromkeys(table.fields))
    return tuple(MirrorTable(model, tuple(fields)) for model, fields in wanted.items())


def mirrored_record_types() -> tuple[str, ...]:
    """The record types whose entries are mirrored."""
    return tuple(sorted({name for source in SOURCES.values() for name in source.record_types}))


def _column(field: object) -> MirrorColumn:
    assert isinstance(field, Field) and field.column is not None
    if isinstance(field, DateTimeField):
        kind = Kind.TIME
    elif isinstance(field, BooleanField):
        kind = Kind.BOOL
    elif isinstance(field, IntegerField | ForeignKey):
        kind = Kind.INT
    else:
        kind = Kind.TEXT
    return MirrorColumn(field.column, kind, null=field.null)
