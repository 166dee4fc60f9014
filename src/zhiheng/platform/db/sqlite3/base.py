"""Django's SQLite engine with WAL, IMMEDIATE transactions begun fairly, and the journal buffer."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from zhiheng.platform.db.buffer import COLUMNS, TABLE, Hold, JournalBuffer, Pending

DEADLINE_SECONDS = 20.0
CACHE_KIB = 16_000
# One short transaction touches some sixty pages of a dozen indexes: at the default of 1,000 pages every twentieth
# would copy the log back and wait for the disk.
CHECKPOINT_PAGES = 4_000
# Long work copies the log back after so much writing: fewer pages than anybody else's commit would do it at.
CHECKPOINT_SECONDS = 0.1
INSERT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES ({', '.join('?' for _ in COLUMNS)})"  # noqa: S608


class DatabaseWrapper(JournalBuffer, base.DatabaseWrapper):
    """One writer at a time; the write lock is taken at BEGIN, so that id order is commit order."""

    transaction_mode: str | None
    _wait_ms: int

    def get_connection_params(self) -> dict[str, Any]:
        options = self.settings_dict["OPTIONS"]
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", DEADLINE_SECONDS)
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._wait_ms = int(float(self.settings_dict["OPTIONS"]["timeout"]) * 1000)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        """BEGIN, retried every 1–3 ms.

        SQLite's own wait backs off to 100 ms and so starves whoever waits longest.
        """
        begin = f"BEGIN {self.transaction_mode}" if self.transaction_mode else "BEGIN"
        asked = time.perf_counter()
        deadline = time.monotonic() + self._wait_ms / 1000
        with self.wrap_database_errors:
            self.connection.execute("PRAGMA busy_timeout = 0")
            try:
                while True:
                    try:
                        self.connection.execute(begin)
                        since = time.perf_counter()
                        self.journal_hold = Hold(since, waited=since - asked)
                        return
                    except sqlite3.OperationalError as error:
                        if not _is_busy(error) or time.monotonic() >= deadline:
                            raise
                    time.sleep(random.uniform(0.001, 0.003))  # noqa: S311 - spreads waiters, no secret
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {self._wait_ms}")

    @contextmanager
    def long_work(self) -> Iterator[Callable[[float], None]]:
        """Copies the log back between transactions: at the end of one it would lengthen it, or a person's request."""
        written = 0.0

        def between(seconds: float) -> None:
            nonlocal written
            written += seconds
            if written >= CHECKPOINT_SECONDS and self.connection is not None and not self.in_atomic_block:
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                written = 0.0

        self.ensure_connection()
        self.connection.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield between
        finally:
            if self.connection is not None:
                self.connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def journal_insert(self, entries: Sequence[Pending]) -> None:
        with self.wrap_database_errors:
            self.connection.executemany(INSERT, list(self.journal_rows(entries)))


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
