"""Reads the database in one snapshot through ADBC: every table as of the same moment, as streams of Arrow batches."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa
from django.db import connection
from psycopg.conninfo import make_conninfo
from pyarrow import ipc

from zhiheng.indicators.mirror.sources import Kind, MirrorColumn

# SQLite's driver takes a column's type from its first batch, so that a NULL is carried as a value no row can hold.
NOTHING = -(2**62)
READER = Path(__file__).with_name("sqlite_reader.py")
_SQLITE = {
    Kind.INT: "{0}",
    Kind.BOOL: "{0}",
    Kind.TEXT: "cast({0} as text)",
    Kind.TIME: "unixepoch({0})",
}
_POSTGRESQL = {
    Kind.INT: "{0}::bigint",
    Kind.BOOL: "{0}::int::bigint",
    Kind.TEXT: "{0}::text",
    Kind.TIME: "floor(extract(epoch from {0}))::bigint",
}
_DUCKDB = {
    Kind.INT: "cast({0} as bigint)",
    Kind.BOOL: "cast({0} as bigint)",
    Kind.TEXT: "cast({0} as varchar)",
    Kind.TIME: "cast({0} as bigint)",
}


class DatabaseSnapshot:
    """An open read transaction. Everything read through it is of the moment of the first read."""

    def __init__(self, run: Callable[[str], pa.RecordBatchReader], expressions: dict[Kind, str]) -> None:
        self._run = run
        self._expressions = expressions

    def read(self, table: str, columns: Sequence[MirrorColumn], *, where: str = "") -> pa.RecordBatchReader:
        """The rows of a table by id; NULL as `NOTHING` or the empty text, see `restored`."""
        chosen = ", ".join(f"{self._carried(column)} as {_quoted(column.name)}" for column in columns)
        condition = f" where {where}" if where else ""
        return self._run(f"select {chosen} from {_quoted(table)}{condition} order by id")  # noqa: S608 - names of our models

    def _carried(self, column: MirrorColumn) -> str:
        value = self._expressions[column.kind].format(_quoted(column.name))
        return f"coalesce({value}, {_nothing(column)})" if column.null else value

    def number(self, sql: str) -> int:
        """The one number a statement gives."""
        with self._run(sql) as reader:
            return int(reader.read_all().column(0)[0].as_py())


def restored(columns: Sequence[MirrorColumn]) -> str:
    """The columns of a stream in DuckDB's dialect, typed, with their NULLs again; an empty text is one too."""
    return ", ".join(f"{_restored(column)} as {_quoted(column.name)}" for column in columns)


def _restored(column: MirrorColumn) -> str:
    value = _DUCKDB[column.kind].format(_quoted(column.name))
    if column.null or column.kind is Kind.TEXT:
        value = f"nullif({value}, {_nothing(column)})"
    return f"cast({value} as boolean)" if column.kind is Kind.BOOL else value


def _nothing(column: MirrorColumn) -> str:
    return "''" if column.kind is Kind.TEXT else str(NOTHING)


@contextmanager
def one_snapshot() -> Iterator[DatabaseSnapshot]:
    """A snapshot of the default database that no writer disturbs and that blocks none.

    Raises:
        RuntimeError: a statement could not be read; the message says why.
    """
    if connection.vendor == "sqlite":
        with _sqlite_runner(str(connection.settings_dict["NAME"])) as run:
            yield DatabaseSnapshot(run, _SQLITE)
    else:
        with _postgresql_runner() as run:
            yield DatabaseSnapshot(run, _POSTGRESQL)


@contextmanager
def _sqlite_runner(path: str) -> Iterator[Callable[[str], pa.RecordBatchReader]]:
    command = [sys.executable, str(READER), path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:  # noqa: S603 - our own file
        assert reader.stdin is not None and reader.stdout is not None
        answers, questions = reader.stdout, reader.stdin

        def run(sql: str) -> pa.RecordBatchReader:
            try:
                questions.write(json.dumps(sql).encode() + b"\n")
                questions.flush()
                return ipc.open_stream(answers)
            except (OSError, pa.ArrowInvalid) as error:
                raise RuntimeError(f"{path} could not be read; its reader says why above") from error

        try:
            yield run
        except BaseException:
            reader.kill()
            raise
        questions.close()
        # A stream that broke off between two batches reads like one that ended: only the reader knows.
        if reader.wait():
            raise RuntimeError(f"{path} could not be read to its end; its reader says why above")


@contextmanager
def _postgresql_runner() -> Iterator[Callable[[str], pa.RecordBatchReader]]:
    settings = connection.settings_dict
    address = make_conninfo(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
    )
    with closing(postgresql.connect(address)) as opened, closing(opened.cursor()) as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")

        def run(sql: str) -> pa.RecordBatchReader:
            cursor.execute(sql)
            return cursor.fetch_record_batch()

        yield run


def _quoted(name: str) -> str:
    return f'"{name}"'
