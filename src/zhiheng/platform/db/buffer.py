"""Journal entries that wait for the commit of their transaction.

The buffer lives on the connection, follows savepoints as `run_on_commit` does, and is written as the last
statement of the outermost transaction. It knows rows and SQL, not models or acts.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from zhiheng.kernel.time import now

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    Base = BaseDatabaseWrapper
else:
    Base = object

Changes = dict[str, list[Any]]  # field -> [before, after]

PARTITIONS = 8
SALT_BYTES = 16
TABLE = "platform_entry"
COLUMNS = (
    "occurred_at",
    "recorded_at",
    "actor_kind",
    "actor_id",
    "cause",
    "act",
    "act_version",
    "record_type",
    "record_id",
    "partition",
    "correlation",
    "changes",
    "data",
    "salt",
)
ROWS_A_STATEMENT = 500


@dataclass(slots=True, eq=False)
class Pending:
    """One entry before it has an id. An open act keeps merging changes into its own."""

    act: str
    act_version: int
    actor_kind: str
    actor_id: int | None
    cause: str
    correlation: UUID
    occurred_at: datetime
    record_type: str
    record_id: int | None
    partition: int
    changes: Changes = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    recorded_at: datetime | None = None
    # The values of COLUMNS but the time it is recorded, for an entry that nothing will be merged into (history).
    encoded: tuple[Any, ...] | None = None

    def merge(self, changes: Changes) -> None:
        """Fold later changes in.

        The first before and the last after count; a field that came back is dropped.
        """
        for name, (before, after) in changes.items():
            first = self.changes.get(name, [before])[0]
            if first == after:
                self.changes.pop(name, None)
            else:
                self.changes[name] = [first, after]


@dataclass(slots=True, eq=False)
class Buffered:
    """An entry, or changes to merge into one, with the savepoints whose rollback undoes it."""

    savepoints: frozenset[str]
    entry: Pending
    merged: Changes | None = None


class Hold(NamedTuple):
    """The lock under which entries are written, which keeps every other writer out until the commit is done.

    `since` is a moment of `time.perf_counter`, `waited` the seconds before in which another transaction had it.
    """

    since: float
    waited: float


before_journal: list[Callable[[Sequence[Pending]], None]] = []
"""Called with the entries of a transaction right before they are written, still inside it.

For what a reader must find together with the records (search documents). What it writes is not journaled."""


def settled(buffered: Iterable[Buffered]) -> list[Pending]:
    """Copies of the entries, in order, with what was merged into them."""
    entries: dict[int, Pending] = {}
    for item in buffered:
        if item.entry.encoded is not None:
            entries[id(item.entry)] = item.entry
        elif item.merged is None:
            entries[id(item.entry)] = replace(item.entry, changes={}, data=item.entry.data)
            entries[id(item.entry)].merge(item.entry.changes)
        else:
            entries[id(item.entry)].merge(item.merged)
    return list(entries.values())


as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
"""Compact JSON in the order given; NaN is refused because neither engine stores it.

One encoder for all: `json.dumps` builds another for each call that is not by its defaults."""


def new_salt() -> bytes:
    """What seeds the commitments to an entry's values; nobody can guess it."""
    return secrets.token_bytes(SALT_BYTES)


class JournalBuffer(Base):
    """Mixed into a DatabaseWrapper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.journal_pending: list[Buffered] = []
        self.journal_acts: list[Any] = []
        self.journal_hold: Hold | None = None
        """That of the last transaction that got the lock."""

    @contextmanager
    def long_work(self) -> Iterator[Callable[[float], None]]:
        """For many short transactions in a row.

        Gives what to call between two of them, with the seconds for which the last one wrote.
        """
        yield lambda _seconds: None

    def journal_append(self, entry: Pending, merged: Changes | None = None) -> None:
        """Buffer `entry`, or changes to merge into one buffered before.

        Raises RuntimeError outside a transaction.
        """
        if not self.in_atomic_block:
            raise RuntimeError("journal entries are buffered inside transaction.atomic() only")
        savepoints = frozenset(sid for sid in self.savepoint_ids if sid)
        self.journal_pending.append(Buffered(savepoints, entry, merged))

    def journal_prepare(self, entries: Sequence[Pending]) -> None:
        """What an engine does before the insert so that ids ascend in commit order."""

    def journal_insert(self, entries: Sequence[Pending]) -> None:
        """Insert rows in order, in as few statements as the engine allows."""
        raise NotImplementedError

    def journal_rows(self, entries: Iterable[Pending]) -> Iterable[tuple[Any, ...]]:
        """The values of `COLUMNS`, adapted to the engine."""
        recorded = now()
        stamp = self.ops.adapt_datetimefield_value(recorded)
        for entry in entries:
            entry.recorded_at = recorded
            occurred, *rest = entry.encoded or self.journal_encoded(entry)
            yield (occurred, stamp, *rest)

    def journal_encoded(self, entry: Pending) -> tuple[Any, ...]:
        """The values of `COLUMNS` but the time it is recorded, adapted to the engine."""
        return (
            self.ops.adapt_datetimefield_value(entry.occurred_at),
            entry.actor_kind,
            entry.actor_id,
            entry.cause,
            entry.act,
            entry.act_version,
            entry.record_type,
            entry.record_id,
            entry.partition,
            entry.correlation if self.features.has_native_uuid_field else entry.correlation.hex,
            as_json(entry.changes),
            as_json(entry.data),
            new_salt(),
        )

    def journal_flush(self) -> None:
        """Write what is pending; called by the engine right before COMMIT."""
        if not self.journal_pending:
            return
        entries = settled(self.journal_pending)
        self.journal_pending = []
        for follow in before_journal:
            follow(entries)
        self.journal_prepare(entries)
        for first in range(0, len(entries), ROWS_A_STATEMENT):
            self.journal_insert(entries[first : first + ROWS_A_STATEMENT])

    def _commit(self) -> None:
        try:
            self.journal_flush()
        except BaseException:
            # Atomic rolls back only on a DatabaseError raised by commit(); anything else would leave the
            # transaction open.
            self.journal_pending = []
            self._rollback()  # type: ignore[attr-defined]  # private to Django's wrapper
            raise
        super()._commit()  # type: ignore[misc]  # private to Django's wrapper

    def rollback(self) -> None:
        self.journal_pending = []
        self.journal_acts = []
        super().rollback()

    def close(self) -> None:
        self.journal_pending = []
        self.journal_acts = []
        super().close()

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self.journal_pending = [item for item in self.journal_pending if sid not in item.savepoints]

    def savepoint_commit(self, sid: str) -> None:
        super().savepoint_commit(sid)
        self.journal_settle()

    def journal_settle(self) -> None:
        """Under TestCase nothing ever commits.

        Leaving the outermost block of the code under test counts as a commit.
        """
        if self.atomic_blocks and all(
            getattr(block, "_from_testcase", False) for block in self.atomic_blocks
        ):
            self.journal_flush()
