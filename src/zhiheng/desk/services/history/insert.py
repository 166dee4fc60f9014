"""Inserting many rows with everything but the statement itself done before the transaction begins.

`bulk_create` works out its parameters while the lock is held, which at one row a ticket is ten times the insert itself.
Rows written here carry their before-image in an entry that the caller appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
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


def parameters_of(instance: Model) -> tuple[Any, ...]:
    """The values of all columns, adapted to the engine. For models of plain columns: texts, numbers, times, keys."""
    adapt = connection.ops.adapt_datetimefield_value
    values = columns_of(type(instance))(instance)
    return tuple([adapt(value) if isinstance(value, datetime) else value for value in values])


@cache
def columns_of(model: type[Model]) -> attrgetter[tuple[Any, ...]]:
    """Reads the values of all columns of a row, in the order of the table."""
    return attrgetter(*(field.attname for field in model._meta.concrete_fields))


def insert_rows(model: type[Model], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows made by ``parameters_of``, primary keys included."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f'insert into "{model._meta.db_table}" ({columns}) values ({places})'  # noqa: S608 - names of our models
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
