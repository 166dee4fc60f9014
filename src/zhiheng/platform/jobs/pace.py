"""Long background writes in short transactions with rests, so that people's writes get through."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from zhiheng.platform.db.buffer import JournalBuffer

Item = TypeVar("Item")

BUDGET_SECONDS = 0.008
"""How long a transaction may keep every other writer out."""
WHOLE_SECONDS = 0.04
"""How long it may last in all: whoever wants a row that it holds waits for its end."""
GAP_SECONDS = 0.004
"""Whoever waits for SQLite's write lock asks for it every 1 to 3 ms."""
WAITED_SECONDS = 0.001
LONGEST_REST_SECONDS = 10.0
"""A process that was stopped inside a transaction, or a machine that slept, owes nobody the time it was away."""
POLITE_FOR = 200
"""So many transactions after having waited for somebody's write, every rest is a whole one."""
FIRST_CHUNK = 16
LARGEST_CHUNK = 5_000


@dataclass(slots=True)
class Span:
    """What a transaction took, in seconds; known once it has ended."""

    waited: float = 0.0
    """for another writer, before it could keep others out itself"""
    blocked: float = 0.0
    """nobody else could write: on SQLite from BEGIN, on PostgreSQL from the journal's lock, to the commit's end"""
    whole: float = 0.0
    """from BEGIN to the commit's end, without the wait"""


@contextmanager
def timed_transaction(using: str = DEFAULT_DB_ALIAS) -> Iterator[Span]:
    """A transaction of its own that tells how long it blocked others.

    Raises RuntimeError inside another one, and TypeError for a database without our engine.
    """
    database, span = connections[using], Span()
    if not isinstance(database, JournalBuffer):
        raise TypeError(f"database {using!r} must use an engine of zhiheng.platform.db")
    before = database.journal_hold
    with transaction.atomic(using=using, durable=True):
        began = time.perf_counter()
        yield span
    ended, hold = time.perf_counter(), database.journal_hold
    span.whole = ended - began
    if hold is not None and hold is not before:
        span.waited, span.blocked = hold.waited, ended - hold.since
        # SQLite waits before its transaction begins, PostgreSQL near the end of it.
        if hold.since > began:
            span.whole -= span.waited


class Rests:
    """The rests between the transactions of one thread.

    Each is long enough for a waiting writer to get in; once one did, as long as the transaction before it blocked
    others. What is read or worked out between two transactions blocks nobody: it is part of the rest.
    """

    def __init__(self) -> None:
        self._owed = self._ended = 0.0
        self._polite = 0

    def rest(self) -> None:
        """Sleep for what is left of the rest."""
        rest = self._owed if self._polite else min(self._owed, GAP_SECONDS)
        time.sleep(max(0.0, rest - (time.perf_counter() - self._ended)))
        self._owed = 0.0

    def owe(self, span: Span) -> None:
        """Note the transaction that has just ended."""
        self._owed, self._ended = min(span.blocked, LONGEST_REST_SECONDS), time.perf_counter()
        self._polite = POLITE_FOR if span.waited > WAITED_SECONDS else max(0, self._polite - 1)


def paced(
    items: Iterable[Item],
    apply: Callable[[Sequence[Item]], object],
    *,
    budget_seconds: float = BUDGET_SECONDS,
    whole_seconds: float = WHOLE_SECONDS,
    first_chunk: int = FIRST_CHUNK,
    using: str = DEFAULT_DB_ALIAS,
    after: Callable[[int], object] | None = None,
) -> int:
    """Apply `items` in transactions that block others for about `budget_seconds`, with `Rests` between them.

    The size of the chunks follows the time they take, and no transaction is to last longer than about
    `whole_seconds`. `after(count so far)` runs between transactions: report progress or raise to stop there.
    Measured without rests: a web write waited 4.5 s. Returns the number of items.
    """
    database = connections[using]
    if not isinstance(database, JournalBuffer):
        raise TypeError(f"database {using!r} must use an engine of zhiheng.platform.db")
    source = iter(items)
    rests, size, count, blocked = Rests(), first_chunk, 0, 0.0
    with database.long_work() as between:
        while True:
            between(blocked)
            chunk = list(islice(source, size))
            rests.rest()
            if not chunk:
                return count
            with timed_transaction(using) as span:
                apply(chunk)
            rests.owe(span)
            blocked = span.blocked
            count += len(chunk)
            size = size_after(span, size, budget_seconds=budget_seconds, whole_seconds=whole_seconds)
            if after is not None:
                after(count)


def size_after(
    span: Span, size: int, *, budget_seconds: float = BUDGET_SECONDS, whole_seconds: float = WHOLE_SECONDS
) -> int:
    """The size of the next chunk, when one of `size` took `span`."""
    return min(
        next_size(size, took=span.blocked, budget=budget_seconds),
        next_size(size, took=span.whole, budget=whole_seconds),
    )


def next_size(size: int, *, took: float, budget: float) -> int:
    """The next chunk's size: towards what fits the budget, at most doubling, halving at once when over it."""
    if took > budget:
        return max(1, min(size // 2, int(size * budget / took)) or 1)
    return max(1, min(size * 2, int(size * budget / max(took, budget / 4)), LARGEST_CHUNK))
