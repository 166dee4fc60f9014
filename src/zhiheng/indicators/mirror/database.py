"""Reads the database in one snapshot through ADBC: every table as of the same moment, as streams of Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import adbc_driver_postgresql.dbapi as postgresql
import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as pa
from django.db import connection
from psycopg.conninfo import make_conninfo

from zhiheng.indicators.mirror.sources import Kind, MirrorColumn

# SQLite's driver takes a column's type from its first batch, so that a NULL is carried as a value no row can hold.
NOTHING = -(2**62)
_SQLITE = {
    Kind.INT: "coalesce({0}, {1})",
    Kind.BOOL: "coalesce({0}, {1})",
    Kind.TEXT: "coalesce(cast({0} as text), '')",
    Kind.TIME: "coalesce(unixepoch({0}), {1})",
}
_POSTGRESQL = {
    Kind.INT: "coalesce({0}::bigint, {1})",
    Kind.BOOL: "coalesce({0}::int::bigint, {1})",
    Kind.TEXT: "coalesce({0}::text, '')",
    Kind.TIME: "coalesce(floor(extract(epoch from {0}))::bigint, {1})",
}
_DUCKDB = {
    Kind.INT: "nullif(cast({0} as bigint), {1})",
    Kind.BOOL: "cast(nullif(cast({0} as bigint), {1}) as boolean)",
    Kind.TEXT: "nullif(cast({0} as varchar), '')",
    Kind.TIME: "nullif(cast({0} as bigint), {1})",
}


class DatabaseSnapshot:
    """An open read transaction. Everything read through it is of the moment of the first read."""

    def __init__(self, cursor: Any, vendor: str) -> None:
        self._cursor = cursor
        self._expressions = _SQLITE if vendor == "sqlite" else _POSTGRESQL

    def read(self, table: str, columns: Sequence[MirrorColumn], *, where: str = "") -> pa.RecordBatchReader:
        """The rows of a table; NULL as `NOTHING` or the empty text, see `restored`."""
        chosen = ", ".join(
            f"{self._expressions[column.kind].format(_quoted(column.name), NOTHING)} as {_quoted(column.name)}"
            for column in columns
        )
        condition = f" where {where}" if where else ""
        self._cursor.execute(f"select {chosen} from {_quoted(table)}{condition}")  # noqa: S608 - names of our models
        reader: pa.RecordBatchReader = self._cursor.fetch_record_batch()
        return reader

    def number(self, sql: str) -> int:
        """The one number a statement gives."""
        self._cursor.execute(sql)
        return int(self._cursor.fetchone()[0])


def restored(columns: Sequence[MirrorColumn]) -> str:
    """The columns of a stream in DuckDB's dialect, typed, with their NULLs again."""
    return ", ".join(
        f"{_DUCKDB[column.kind].format(_quoted(column.name), NOTHING)} as {_quoted(column.name)}"
        for column in columns
    )


@contextmanager
def one_snapshot() -> Iterator[DatabaseSnapshot]:
    """A snapshot of the default database that no writer disturbs and that blocks none."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        opened = sqlite.connect(f"file:{quote(str(settings['NAME']))}?mode=ro")
    else:
        opened = postgresql.connect(
            make_conninfo(
                host=settings["HOST"] or None,
                port=settings["PORT"] or None,
                dbname=settings["NAME"],
                user=settings["USER"] or None,
                password=settings["PASSWORD"] or None,
            )
        )
    with closing(opened), closing(opened.cursor()) as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield DatabaseSnapshot(cursor, connection.vendor)


def _quoted(name: str) -> str:
    return f'"{name}"'
