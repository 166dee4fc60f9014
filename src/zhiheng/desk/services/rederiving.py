"""New hours of a calendar reach the clocks that still run; a finished clock keeps the version it was measured with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet

from zhiheng.calendars.models import Calendar, CalendarVersion
from zhiheng.calendars.queries import version_in_force
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.models.clocks import LIVE
from zhiheng.desk.queries.clocks import happenings_of
from zhiheng.desk.services.clocks import earliest_due, settle
from zhiheng.desk.services.locking import locked
from zhiheng.kernel.time import now
from zhiheng.platform.jobs import paced

OPEN = (*LIVE, ClockState.PENDING)


def rederive_open_clocks(*, calendar: Calendar, after: Callable[[int], object] | None = None) -> int:
    """Derive every open clock that counts on an older version of the calendar again, on the one in force.

    Returns the number of tickets. Short transactions with rests; safe to repeat: what is done is not found again.
    """
    version = version_in_force(calendar=calendar)
    tickets = outdated(version).order_by("ticket").values_list("ticket", flat=True).distinct()

    def settle_all(chunk: Sequence[int]) -> None:
        for ticket in Ticket.objects.filter(pk__in=chunk):
            rederive_ticket(ticket=ticket, version=version)

    return paced(list(tickets), settle_all, after=after)


def rederive_ticket(*, ticket: Ticket, version: CalendarVersion) -> None:
    """Put a ticket's open clocks of the calendar on this version; a miss or a due time may come or go with it."""
    with locked(ticket) as held:
        moment = now()
        happenings = happenings_of(held)
        rows = (
            TicketClock.objects.filter(ticket=held)
            .order_by("id")
            .select_related("commitment", "calendar_version")
        )
        clocks = list(rows.select_for_update(of=("self",)))
        for clock in clocks:
            older = clock.calendar_version is not None and (
                clock.calendar_version.calendar_id == version.calendar_id
                and clock.calendar_version.number < version.number
            )
            if older and clock.state in OPEN:
                clock.ticket = held
                clock.calendar_version = version
                settle(clock, happenings, applies=True, at=moment)
        held.next_due_at = earliest_due(clocks)
        held.save(update_fields=["next_due_at"])


def outdated(version: CalendarVersion) -> QuerySet[TicketClock]:
    """Open clocks that count on an older version of the same calendar."""
    return TicketClock.objects.filter(
        state__in=OPEN,
        calendar_version__calendar=version.calendar_id,
        calendar_version__number__lt=version.number,
    )
