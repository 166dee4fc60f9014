"""Noticing that a commitment was missed: one ordered query over running clocks, each claimed once."""

from __future__ import annotations

from django.db import transaction

from zhiheng.desk import events
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import ClockFlip, TicketClock
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act

BATCH = 200


def flip_overdue(*, limit: int = BATCH) -> int:
    """Mark running clocks whose time is over as overdue, each with a flip and an entry. Returns how many.

    Any number of workers may call this at once: the compare-and-set lets exactly one of them mark a clock.
    """
    moment = now()
    due = TicketClock.objects.filter(state=ClockState.RUNNING, due_at__lt=moment).order_by("due_at", "id")
    flipped = 0
    for clock in due.select_related("ticket")[:limit]:
        with transaction.atomic():
            claimed = TicketClock.objects.filter(
                pk=clock.pk, state=ClockState.RUNNING, due_at=clock.due_at
            ).update(state=ClockState.BREACHED_RUNNING, missed=True)
            if not claimed:
                continue
            ClockFlip.objects.create(
                clock=clock,
                at=clock.due_at,
                old_state=ClockState.RUNNING,
                new_state=ClockState.BREACHED_RUNNING,
            )
            data = {"commitment": clock.commitment_id, "level": clock.level, "promise": clock.promise}
            with act(events.OVERDUE, record=clock.ticket, data=data, occurred_at=clock.due_at):
                pass
        flipped += 1
    return flipped
