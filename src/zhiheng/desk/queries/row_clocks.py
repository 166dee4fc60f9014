"""The clock that a list shows for each of its tickets: one query for the whole page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from zhiheng.calendars.queries import working_calendar
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.kernel.time import now, to_epoch

# What a list shows first: what runs out, then what stands still, then what is over.
RANK = {
    ClockState.BREACHED_RUNNING.value: 0, ClockState.RUNNING.value: 0, ClockState.PAUSED.value: 1,
    ClockState.BREACHED_DONE.value: 2, ClockState.MET.value: 3, ClockState.PENDING.value: 4,
    ClockState.CANCELLED.value: 5,
}  # fmt: skip


class RowClock(NamedTuple):
    """What a row of a list shows of a clock, under the names of `TicketClock`.

    No model: a page of 50 rows reads a hundred clocks, and a hundred records with their commitments and calendars took
    a fifth of its time.
    """

    ticket_id: int
    level: str
    promise: str
    target_seconds: int
    calendar_version_id: int | None
    state: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed_seconds: int
    paused_seconds: int


def leading_clocks(tickets: Collection[Ticket]) -> dict[int, RowClock]:
    """Per ticket the clock that matters now: of those that run the earliest due, else one on hold, else the last."""
    rows = TicketClock.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    found: dict[int, RowClock] = {}
    for values in rows.order_by("ticket_id", "id").values_list(*RowClock._fields):
        clock = RowClock(*values)
        held = found.get(clock.ticket_id)
        if held is None or urgency(clock) < urgency(held):
            found[clock.ticket_id] = clock
    return found


def clocks_of(tickets: Iterable[Ticket]) -> list[TicketClock]:
    """All clocks of some tickets, in one query."""
    rows = TicketClock.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    # The hours of a version are long; `working_calendar` reads each version once for the whole process.
    rows = rows.defer("calendar_version__document", "calendar_version__own", "calendar_version__note")
    return list(rows.select_related("commitment", "calendar_version__calendar").order_by("ticket_id", "id"))


def urgency(clock: TicketClock | RowClock) -> tuple[int, float]:
    """Orders the clocks of a ticket: the smallest is the one to show."""
    rank = RANK[clock.state]
    if clock.due_at is not None and rank == 0:
        return rank, clock.due_at.timestamp()
    return rank, -clock.stopped_at.timestamp() if clock.stopped_at else 0.0


def elapsed_now(clock: TicketClock | RowClock, *, at: datetime | None = None) -> int:
    """Working seconds used up to now: what was stored, carried on along the calendar while the clock runs."""
    if clock.state not in (ClockState.RUNNING, ClockState.BREACHED_RUNNING) or clock.due_at is None:
        return clock.elapsed_seconds
    calendar = working_calendar(clock.calendar_version_id)
    left = calendar.elapsed(to_epoch(at or now()), to_epoch(clock.due_at), signed=True)
    return clock.target_seconds - left
