"""Noticing that a commitment was missed: one ordered query over running clocks, each claimed once."""

from __future__ import annotations

from django.db import transaction

from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import ClockFlip, TicketClock
from zhiheng.desk.services.clocks import announce_miss
from zhiheng.kernel.time import now

BATCH = 200


def flip_overdue(*, limit: int = BATCH) -> int:
    """Mark running clocks whose time is over as overdue, each with a flip and an entry. Returns how many.

    Any number of workers may call this at once: the compare-and-set lets exactly one of them mark a clock.
    """
    moment = now()
    due = TicketClock.objects.filter(state=ClockState.RUNNING, due_at__lt=moment).order_by("due_at", "id")
    flipped = 0
    for clock in due.select_related("ticket")[:limit]:
        flipped += claim_miss(clock)
    return flipped


def claim_miss(clock: TicketClock) -> bool:
    """Mark one clock as overdue if it is still as it was read. True for the one caller that did it."""
    assert clock.due_at is not None
    with transaction.atomic():
        unchanged = TicketClock.objects.filter(pk=clock.pk, state=ClockState.RUNNING, due_at=clock.due_at)
        if not unchanged.update(state=ClockState.BREACHED_RUNNING, missed=True):
            return False
        ClockFlip.objects.create(
            clock=clock,
            at=clock.due_at,
            old_state=ClockState.RUNNING,
            new_state=ClockState.BREACHED_RUNNING,
        )
        if not clock.missed:
            announce_miss(clock, at=clock.due_at)
    return True
