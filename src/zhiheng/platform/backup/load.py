"""Puts the rows of a dump into the tables of an empty database, streamed, by the fastest way each engine has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any, cast

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.manifest import TablePart
from zhiheng.platform.backup.schema import Table, columns_of, refers_to
from zhiheng.platform.backup.snapshot import is_counted
from zhiheng.platform.backup.values import converter

ROWS_A_TRANSACTION = 10_000

Row = list[Any]


def load_table(table: Table, part: TablePart, stream: IO[bytes]) -> int:
    """Load a table. Returns the number of rows. Raises BackupError naming the table and the rows that did not fit."""
    fields = {field.attname: field for field in columns_of(table)}
    if set(fields) != set(part.columns):
        raise BackupError(
            _("%(table)s: the dump has other columns than its migrations make.") % {"table": part.label}
        )
    converters = [
        (position, convert)
        for position, name in enumerate(part.columns)
        if (convert := converter(fields[name], connection)) is not None
    ]
    columns = [str(fields[name].column) for name in part.columns]
    lines = _rows(stream, converters)
    # Rows that refer to rows of their own table may name later ones: only the whole is sound.
    size = part.rows if part.label in refers_to(table) else ROWS_A_TRANSACTION
    count = 0
    while batch := islice(lines, max(size, 1)):
        with transaction.atomic():
            try:
                done = _insert(table._meta.db_table, columns, batch)
            except DatabaseError as error:
                raise BackupError(
                    _("%(table)s: rows after %(count)s do not fit: %(why)s")
                    % {"table": part.label, "count": f"{count:,}", "why": str(error).strip()}
                ) from error
        count += done
        if not done:
            break
    _count_on(table, part.last_id)
    return count


def clear_tables(tables: Sequence[Table]) -> None:
    """Remove what the migrations themselves put into the tables: the dump has its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")  # noqa: S608


def _rows(stream: IO[bytes], converters: Sequence[tuple[int, Any]]) -> Iterator[Row]:
    for line in stream:
        row: Row = json.loads(line)
        for position, convert in converters:
            row[position] = convert(row[position])
        yield row


def _insert(table: str, columns: Sequence[str], rows: Iterator[Row]) -> int:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in counted():
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"  # noqa: S608 - names of models
            cursor.executemany(statement, cast("Sequence[Row]", counted()))  # the driver streams any iterable
    return count


def _count_on(table: Table, last_id: int | None) -> None:
    """New rows get ids after every one that was ever given: an id of the journal must never come back."""
    if not last_id or not is_counted(table):
        return
    name = table._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [f'"{name}"', table._meta.pk.column, last_id],
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last_id])
