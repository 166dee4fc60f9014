"""Django's PostgreSQL engine with the journal buffer, written under one advisory lock."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django.db.backends.postgresql import base

from zhiheng.kernel.actor import Cause
from zhiheng.platform.db.buffer import COLUMNS, TABLE, Hold, JournalBuffer, Pending
from zhiheng.platform.db.postgresql.moments import UtcLoader

# Any constant: the lock is per database. Held from here to the end of the commit, so the next holder sees
# these rows.
JOURNAL_LOCK = 6_074_2028
# With the server's moments before and after: the wait for the lock, and not for what stands before it.
TAKE_LOCK = f"SELECT clock_timestamp(), pg_advisory_xact_lock({JOURNAL_LOCK}), clock_timestamp()"
CASTS = {"changes": "%s::jsonb", "data": "%s::jsonb"}
ROW = f"({', '.join(CASTS.get(column, '%s') for column in COLUMNS)})"
INSERT = f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) VALUES "  # noqa: S608 - constants only
COPY = f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN"
# Loading history writes hundreds: a tenth of the parsing, at the price of one more trip to the server.
COPIED_FROM = 20
# A process stopped inside a transaction would hold its locks (the journal's too) for ever.
IDLE_LIMIT_MS = 60_000
# A list joins a row with half a dozen look-ups: planning all their orders took 16 ms, four at a time 2.5 ms, the query
# itself 0.8 ms. And no statement here runs long enough to repay compiling it.
FLAGS = f"-c idle_in_transaction_session_timeout={IDLE_LIMIT_MS} -c join_collapse_limit=4 -c jit=off"


class DatabaseWrapper(JournalBuffer, base.DatabaseWrapper):
    """A sequence does not follow commit order by itself: a naive cursor over one lost 9.7 % of entries."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params["options"] = f"{params['options']} {FLAGS}" if params.get("options") else FLAGS
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if self.timezone is UTC:
            connection.adapters.register_loader("timestamptz", UtcLoader)
        return connection

    def journal_prepare(self, entries: Sequence[Pending]) -> None:
        prepare = TAKE_LOCK
        if all(entry.cause == Cause.HISTORY for entry in entries):
            # The lock is held until the commit has reached the disk, and a load of history commits a hundred times a
            # second: everybody's writes would wait for its disk. What a crash of the server takes along is loaded
            # again, and the load is called done by a commit that waits, after which all before it is on the disk.
            prepare = f"SET LOCAL synchronous_commit = off; {prepare}"
        if not self.in_atomic_block:
            # Deferred foreign keys are checked first: a check that waits for a row while this session holds the
            # journal lock, and the row's holder waits for that lock, would be a deadlock.
            prepare = f"SET CONSTRAINTS ALL IMMEDIATE; {prepare}"
        with self.cursor() as cursor:
            cursor.execute(prepare)
            while cursor.nextset():
                pass
            asked, _nothing, got = cursor.fetchone()
        self.journal_hold = Hold(time.perf_counter(), waited=(got - asked).total_seconds())

    def journal_insert(self, entries: Sequence[Pending]) -> None:
        rows = list(self.journal_rows(entries))
        if len(rows) >= COPIED_FROM:
            with self.cursor() as cursor, cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        values = [value for row in rows for value in row]
        with self.cursor() as cursor:
            cursor.execute(INSERT + ", ".join([ROW] * len(rows)), values)
