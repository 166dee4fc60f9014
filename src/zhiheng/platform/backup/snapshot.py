"""Reads tables in one read snapshot: all rows as of the same moment, no writer disturbed, a few rows in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from zhiheng.platform.backup.schema import Table, columns_of
from zhiheng.platform.db.sqlite3 import base as sqlite

ROWS_A_READ = 2_000


@contextmanager
def one_read_snapshot() -> Iterator[None]:
    """All reads inside are of the moment of the first one. Nothing may be written inside."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    if isinstance(wrapper, sqlite.DatabaseWrapper):
        wrapper.ensure_connection()  # which sets the mode
        # IMMEDIATE, as everywhere else, would keep every writer out for as long as the dump takes.
        mode, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic(durable=True):
                yield
        finally:
            wrapper.transaction_mode = mode
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # A slow disk under the dump is no reason to be cut off.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def rows_of(table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of the primary key, streamed."""
    names = [field.attname for field in columns_of(table)]
    rows = table._base_manager.using(connection.alias).order_by("pk").values_list(*names)
    return iter(rows.iterator(chunk_size=ROWS_A_READ))


def last_id_of(table: Table) -> int | None:
    """The highest id that was ever given to a row, also to one deleted since; None where ids are not counted."""
    if not is_counted(table):
        return None
    name, column = table._meta.db_table, table._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        else:
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [f'"{name}"', column],
            )
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def is_counted(table: Table) -> bool:
    """Whether the database gives the table's ids."""
    return table._meta.pk.get_internal_type() in {"AutoField", "BigAutoField", "SmallAutoField"}
