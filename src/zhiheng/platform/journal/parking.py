"""Entries a handler failed on wait here.

Later entries of the same record wait behind them, so that order holds.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from zhiheng.kernel.time import now
from zhiheng.platform.journal.handlers import Handler
from zhiheng.platform.models.journal import Entry, HandlerCursor, Parked, ParkedState

RecordKey = tuple[str, int | None]

FIRST_RETRY_SECONDS = 2.0
LAST_RETRY_SECONDS = 900.0
ERROR_CHARACTERS = 10_000


def live_parked(*, handler: str, partition: int) -> QuerySet[Parked]:
    """What waits in one lane, in order."""
    rows = Parked.objects.filter(handler=handler, partition=partition)
    return rows.exclude(state=ParkedState.DEAD).order_by("entry_id")


def blocked_records(*, handler: str, partition: int) -> set[RecordKey]:
    """The records whose entries must wait."""
    return set(
        live_parked(handler=handler, partition=partition).values_list("record_type", "record_id").distinct()
    )


def park(cursor: HandlerCursor, entry: Entry, *, error: BaseException | None, handler: Handler) -> None:
    """Park an entry.

    To be tried again after `error`, or behind an earlier one. Parking it twice changes nothing.
    """
    failed = error is not None
    row = Parked(
        handler=cursor.handler,
        partition=cursor.partition,
        entry_id=entry.pk,
        record_type=entry.record_type,
        record_id=entry.record_id,
        state=ParkedState.RETRY if failed else ParkedState.BEHIND,
        parked_at=now(),
    )
    if error is not None:
        note_failure(row, error, handler=handler)
    Parked.objects.bulk_create([row], ignore_conflicts=True)


def note_failure(row: Parked, error: BaseException, *, handler: Handler) -> None:
    """Count a failed attempt on the row, without saving it.

    The next one is later each time, the last makes it dead.
    """
    row.attempts += 1
    row.error = "".join(traceback.format_exception(error))[-ERROR_CHARACTERS:]
    if row.attempts >= handler.max_attempts:
        row.state, row.next_at = ParkedState.DEAD, None
        return
    seconds = min(FIRST_RETRY_SECONDS * 2 ** (row.attempts - 1), LAST_RETRY_SECONDS)
    row.state, row.next_at = ParkedState.RETRY, now() + timedelta(seconds=seconds)


def due_heads(*, handler: str, partition: int) -> list[Parked]:
    """The first waiting entry of each record, where its time has come."""
    heads: dict[RecordKey, Parked] = {}
    for row in live_parked(handler=handler, partition=partition):
        heads.setdefault((row.record_type, row.record_id), row)
    moment = now()
    # A time further off than any back-off was written by a clock that was wrong.
    latest = moment + timedelta(seconds=LAST_RETRY_SECONDS * 2)
    return [row for row in heads.values() if row.next_at is None or not moment < row.next_at <= latest]


def waiting_lanes() -> set[tuple[str, int]]:
    """The handlers and partitions in which something waits."""
    rows = Parked.objects.exclude(state=ParkedState.DEAD).order_by()
    return set(rows.values_list("handler", "partition").distinct())


def behind(row: Parked) -> QuerySet[Parked]:
    """What waits behind this entry."""
    rows = live_parked(handler=row.handler, partition=row.partition)
    return rows.filter(record_type=row.record_type, record_id=row.record_id, entry_id__gt=row.entry_id)


def dead_letters(*, handler: str | None = None) -> QuerySet[Parked]:
    """Entries that were given up, newest first."""
    rows = Parked.objects.filter(state=ParkedState.DEAD).order_by("-id")
    return rows if handler is None else rows.filter(handler=handler)


def replay_dead_letters(*, ids: Collection[int] | None = None, handler: str | None = None) -> int:
    """Try dead letters again from the start.

    Entries after them have passed already: the handler sees them late.
    """
    rows = dead_letters(handler=handler).order_by()
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    with transaction.atomic():
        return rows.update(state=ParkedState.RETRY, attempts=0, next_at=None)


def drop_dead_letters(*, ids: Collection[int]) -> int:
    """Forget dead letters that need no handling any more."""
    return Parked.objects.filter(pk__in=ids, state=ParkedState.DEAD).delete()[0]
