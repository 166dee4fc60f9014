"""Long background writes in short transactions with rests, so that people's writes get through."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, transaction

Item = TypeVar("Item")

BUDGET_SECONDS = 0.008
GAP_SECONDS = 0.004
"""Whoever waits for SQLite's write lock asks for it every 1 to 3 ms."""
WAITED_SECONDS = 0.001
POLITE_FOR = 200
"""So many transactions after having waited for somebody's write, every rest is a whole one."""
FIRST_CHUNK = 16
LARGEST_CHUNK = 5_000


def paced(
    items: Iterable[Item],
    apply: Callable[[Sequence[Item]], object],
    *,
    budget_seconds: float = BUDGET_SECONDS,
    first_chunk: int = FIRST_CHUNK,
    using: str = DEFAULT_DB_ALIAS,
    after: Callable[[int], object] | None = None,
) -> int:
    """Apply `items` in transactions of about `budget_seconds`, resting between them.

    A rest is long enough for a waiting writer to get in; once one did, as long as the transaction before it. The
    size of the chunks follows the time they take. `after(count so far)` runs between transactions: report
    progress or raise to stop there. Measured without rests: a web write waited 4.5 s. Returns the number of items.
    """
    source = iter(items)
    size, count, owed, polite = first_chunk, 0, 0.0, 0
    while True:
        began = time.perf_counter()
        chunk = list(islice(source, size))
        # What `items` works out between two transactions holds no lock: it is part of the rest.
        rest = owed if polite else min(owed, GAP_SECONDS)
        time.sleep(max(0.0, rest - (time.perf_counter() - began)))
        if not chunk:
            return count
        asked = time.perf_counter()
        with transaction.atomic(using=using, durable=True):
            # The wait for the write lock is not this chunk's work; the commit is.
            began = time.perf_counter()
            polite = POLITE_FOR if began - asked > WAITED_SECONDS else max(0, polite - 1)
            apply(chunk)
        owed = time.perf_counter() - began
        count += len(chunk)
        size = next_size(size, took=owed, budget=budget_seconds)
        if after is not None:
            after(count)


def next_size(size: int, *, took: float, budget: float) -> int:
    """The next chunk's size: towards what fits the budget, at most doubling, halving at once when over it."""
    if took > budget:
        return max(1, min(size // 2, int(size * budget / took)) or 1)
    return max(1, min(size * 2, int(size * budget / max(took, budget / 4)), LARGEST_CHUNK))
