"""How a clock came to say what it says: its events from the journal, folded again on every look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhiheng.calendars.queries import working_calendar
from zhiheng.desk import events
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.rules.timing import Happening, What, clock_events, policy_of
from zhiheng.kernel.time import now, to_epoch
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.clock import ClockState, derive_clock
from zhiheng.platform.journal import EntryView, entries_for


@dataclass(frozen=True, slots=True)
class ClockDerivation:
    """A clock of a ticket with the state derived from the entries and the calendar it counts on."""

    clock: TicketClock
    state: ClockState
    calendar: WorkingCalendar


def happenings_of(ticket: Ticket, *, entries: Sequence[EntryView] | None = None) -> list[Happening]:
    """What happened on a ticket, as far as clocks care, oldest first; entries of the open transaction included.

    ``entries`` (newest first) saves reading them again where a page holds them already.
    """
    held = entries_for(ticket) if entries is None else entries
    found = [one for entry in reversed(held) for one in happenings_in(entry)]
    # Entries recorded late (a call typed in an hour later) stand where they occurred.
    found.sort(key=lambda each: each.at_s)
    if ticket.response_is_proxy and ticket.responded_at is not None:
        found = with_proxy_answer(found, at_s=to_epoch(ticket.responded_at))
    return found


def happenings_in(entry: EntryView) -> Iterable[Happening]:
    """The happenings of one entry: a move, an answer, a question, a restoration, or several at once."""
    at_s, data = to_epoch(entry.occurred_at), entry.data
    if "to_category" in data:
        yield Happening(
            at_s, What.MOVED, entry.id, str(data.get("from_category", "")), str(data["to_category"])
        )
    if entry.act == events.REPLIED:
        yield Happening(at_s, What.ASKED if data.get("from_requester") else What.ANSWERED, entry.id)
    elif entry.act == events.TRANSITIONED and data.get("message"):
        yield Happening(at_s, What.ANSWERED, entry.id)  # the question that goes with a pause
    elif entry.act == events.RESTORED:
        yield Happening(at_s, What.RESTORED, entry.id)


def with_proxy_answer(found: list[Happening], *, at_s: int) -> list[Happening]:
    """History of a system that records no answers: the first act that left "new" stands for the answer."""
    return sorted([*found, Happening(at_s, What.ANSWERED)], key=lambda each: each.at_s)


def derive(clock: TicketClock, happenings: Iterable[Happening], *, as_of: datetime) -> ClockState:
    """The clock folded from the happenings of its ticket, on the terms that were frozen when it started."""
    events = clock_events(clock.promise, happenings, start_s=to_epoch(clock.started_at), pauses=clock.pauses)
    policy = policy_of(
        clock.promise, calendar=working_calendar(clock.calendar_version_id), target_s=clock.target_seconds,
        pauses=clock.pauses,
    )  # fmt: skip
    return derive_clock(events, policy=policy, as_of_s=to_epoch(as_of))


def clock_derivations(
    *, ticket: Ticket, as_of: datetime | None = None, entries: Sequence[EntryView] | None = None
) -> list[ClockDerivation]:
    """Every clock of a ticket, derived again from the entries; for the page that shows how."""
    moment = as_of or now()
    happenings = happenings_of(ticket, entries=entries)
    clocks = TicketClock.objects.filter(ticket=ticket).select_related(
        "commitment", "calendar_version__calendar"
    )
    return [
        ClockDerivation(
            clock, derive(clock, happenings, as_of=moment), working_calendar(clock.calendar_version_id)
        )
        for clock in clocks
    ]
