"""The clock that a list shows for each of its tickets: one query for the whole page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from zhiheng.calendars.queries import working_calendar
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.kernel.time import now, to_epoch

# What a list shows first: what runs out, then what stands still, then what is over.
RANK = {
    ClockState.BREACHED_RUNNING: 0, ClockState.RUNNING: 0, ClockState.PAUSED: 1, ClockState.BREACHED_DONE: 2,
    ClockState.MET: 3, ClockState.PENDING: 4, ClockState.CANCELLED: 5,
}  # fmt: skip


def leading_clocks(tickets: Collection[Ticket]) -> dict[int, TicketClock]:
    """Per ticket the clock that matters now: of those that run the earliest due, else one on hold, else the last."""
    found: dict[int, TicketClock] = {}
    for clock in clocks_of(tickets):
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


def urgency(clock: TicketClock) -> tuple[int, float]:
    """Orders the clocks of a ticket: the smallest is the one to show."""
    rank = RANK[ClockState(clock.state)]
    if clock.due_at is not None and rank == 0:
        return rank, clock.due_at.timestamp()
    return rank, -clock.stopped_at.timestamp() if clock.stopped_at else 0.0


def elapsed_now(clock: TicketClock, *, at: datetime | None = None) -> int:
    """Working seconds used up to now: what was stored, carried on along the calendar while the clock runs."""
    if clock.state not in (ClockState.RUNNING, ClockState.BREACHED_RUNNING) or clock.due_at is None:
        return clock.elapsed_seconds
    calendar = working_calendar(clock.calendar_version_id)
    left = calendar.elapsed(to_epoch(at or now()), to_epoch(clock.due_at), signed=True)
    return clock.target_seconds - left
