"""Inserting many rows with everything but the statement itself done before the transaction begins.

`bulk_create` works out its parameters while the lock is held, which at one row a ticket is ten times the insert itself.
Rows written here carry their before-image in an entry that the caller appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Model


def reserve_ids(model: type[Model], count: int) -> range:
    """``count`` fresh primary keys of a table that nobody else will be given. Call in a transaction."""
    if count == 0:
        return range(0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("update sqlite_sequence set seq = seq + %s where name = %s", [count, table])
            if cursor.rowcount == 0:
                cursor.execute("insert into sqlite_sequence (name, seq) values (%s, %s)", [table, count])
            cursor.execute("select seq from sqlite_sequence where name = %s", [table])
            last = cursor.fetchone()[0]
        else:
            # The lock keeps the block whole: ids handed out in between would fall inside it.
            cursor.execute("select pg_get_serial_sequence(%s, 'id')", [table])
            sequence = cursor.fetchone()[0]
            cursor.execute(f'lock table "{table}" in share row exclusive mode')
            cursor.execute("select setval(%s, nextval(%s) + %s - 1)", [sequence, sequence, count])
            last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


class Keys:
    """Primary keys of a table, taken from it a block at a time in a transaction of their own.

    Rows that nothing refers to yet can so be worked out to the last parameter before they are written. What is
    left of a block at the end stays unused.
    """

    def __init__(self, model: type[Model], *, block: int = 2_000) -> None:
        self._model, self._block = model, block
        self._held: Iterator[int] = iter(())

    def __next__(self) -> int:
        key = next(self._held, None)
        if key is None:
            with transaction.atomic():
                self._held = iter(reserve_ids(self._model, self._block))
            key = next(self._held)
        return key


class Table:
    """The table of a model, for rows that are given by column and never become instances.

    An instance takes longer to make than everything else about a loaded row.
    """

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        fields = model._meta.concrete_fields
        self._unsaid = {field.attname: field.get_default() for field in fields}
        # Of the moments of a log most occur several times: as one act, as a time of the ticket and of its clocks.
        self._adapted = lru_cache(maxsize=65_536)(connection.ops.adapt_datetimefield_value)

    def row(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All columns in the order of the table, with defaults. Raises KeyError for a name that is no column."""
        row = {**self._unsaid, **values}
        if len(row) != len(self._unsaid):
            raise KeyError(*(values.keys() - self._unsaid.keys()))
        return row

    def parameters(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values of a whole row, adapted to the engine. For plain columns: texts, numbers, times, keys."""
        adapted = self._adapted
        return tuple([adapted(value) if value.__class__ is datetime else value for value in row.values()])

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows made by ``parameters``, primary keys included."""
        if not rows:
            return
        fields = self._model._meta.concrete_fields
        table = self._model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in fields)
        places = ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'copy "{table}" ({columns}) from stdin') as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.executemany(f'insert into "{table}" ({columns}) values ({places})', rows)  # noqa: S608 - names of our models
