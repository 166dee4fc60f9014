"""Attaching, deriving and flipping the clocks of a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from zhiheng.accounts.queries import ancestors_of
from zhiheng.agreements.choices import OnPolicyChange
from zhiheng.agreements.models import Commitment
from zhiheng.agreements.queries import commitments_for
from zhiheng.agreements.rules import Case
from zhiheng.calendars.queries import version_in_force
from zhiheng.desk import events
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import ClockFlip, Ticket, TicketClock
from zhiheng.desk.models.clocks import LIVE
from zhiheng.desk.queries.clocks import derive, happenings_of
from zhiheng.desk.rules.timing import Happening
from zhiheng.kernel.actor import SYSTEM, acting, current
from zhiheng.kernel.time import from_epoch, now
from zhiheng.measure import clock as measured
from zhiheng.platform.journal import act
from zhiheng.processes.choices import FINAL


def drive_clocks(*, ticket: Ticket, at: datetime | None = None) -> list[TicketClock]:
    """Bring a ticket's clocks up to what its entries and the commitments in force say.

    Call it inside the act's transaction. Commitments that came to apply get a clock, those that no longer apply are
    cancelled (a miss stays a miss), every other clock is derived again. ``ticket.next_due_at`` becomes the earliest
    due time of its live clocks.
    """
    moment = at or now()
    # Locked, so that the job that marks missed clocks and this act never both announce the same miss.
    rows = TicketClock.objects.filter(ticket=ticket).order_by("id").select_related("commitment")
    held = list(rows.select_for_update(of=("self",)))
    if ticket.state_category in FINAL and not any(clock.state in LIVE for clock in held):
        return held
    wanted = {each.pk: each for each in commitments_for(case=case_of(ticket))}
    happenings = happenings_of(ticket)
    known = {clock.commitment_id for clock in held}
    for commitment in wanted.values():
        if commitment.pk not in known:
            held.append(new_clock(ticket, commitment, predecessors=held, at=moment))
    for clock in held:
        settle(clock, happenings, applies=clock.commitment_id in wanted, at=moment)
    ticket.next_due_at = earliest_due(held)
    ticket.save(update_fields=["next_due_at"])
    return held


def case_of(ticket: Ticket) -> Case:
    """What of the ticket decides which commitments apply."""
    organisations = ancestors_of(ticket.organisation_id) if ticket.organisation_id else ()
    return Case(
        kind=ticket.kind.slug, priority=ticket.priority, organisations=tuple(organisations),
        contract=ticket.contract_id, service=ticket.service_id,
    )  # fmt: skip


def new_clock(
    ticket: Ticket, commitment: Commitment, *, predecessors: Iterable[TicketClock], at: datetime
) -> TicketClock:
    """An unsaved clock on the commitment's terms as they stand now.

    It starts with the ticket (a restoration with the fault), also when the commitment comes to apply later, unless the
    commitment says to start again: the time already waited is part of what was promised.
    """
    replaces = any((old.level, old.promise) == (commitment.level, commitment.promise) for old in predecessors)
    if replaces and commitment.on_policy_change == OnPolicyChange.RESTART:
        start = at
    elif commitment.promise == "restoration":
        start = ticket.onset_at or ticket.received_at
    else:
        start = ticket.received_at
    return TicketClock(
        ticket=ticket, commitment=commitment, level=commitment.level, promise=commitment.promise,
        target_seconds=commitment.target_seconds, pauses=commitment.pauses, started_at=start,
        calendar_version=version_in_force(calendar=commitment.calendar) if commitment.calendar else None,
    )  # fmt: skip


def settle(clock: TicketClock, happenings: Iterable[Happening], *, applies: bool, at: datetime) -> None:
    """Store what the entries say of the clock; a change of state leaves an immutable flip, a miss its entry."""
    before = ClockState(clock.state) if clock.pk else None
    missed_before = clock.missed
    derived = derive(clock, happenings, as_of=at)
    write_state(clock, derived)
    if not applies and before in (None, *LIVE, ClockState.PENDING):
        clock.state, clock.due_at, clock.stopped_at = ClockState.CANCELLED, None, at
    elif not applies and before == ClockState.CANCELLED:
        clock.state, clock.due_at = ClockState.CANCELLED, None
    clock.save()
    if clock.state != before:
        ClockFlip.objects.create(clock=clock, at=at, old_state=before or "", new_state=clock.state)
    if clock.missed and not missed_before:
        announce_miss(clock, at=from_epoch(derived.missed_s) if derived.missed_s is not None else at)


def announce_miss(clock: TicketClock, *, at: datetime) -> None:
    """The entry that says a commitment was missed; one per clock, whoever notices first.

    Nobody does this: the time ran out. So the system stands as actor, also where a person's act brought it to light.
    """
    data = {"commitment": clock.commitment_id, "level": clock.level, "promise": clock.promise}
    with acting(SYSTEM, current().cause), act(events.OVERDUE, record=clock.ticket, data=data, occurred_at=at):
        pass


def write_state(clock: TicketClock, derived: measured.ClockState) -> None:
    """Copy a derived state onto the row; does not save."""
    for name, value in state_columns(derived).items():
        setattr(clock, name, value)


def state_columns(derived: measured.ClockState) -> dict[str, Any]:
    """What a clock's row says of its derived state, by column."""
    return {
        "state": ClockState(derived.state.value),
        "due_at": from_epoch(derived.due_s) if derived.due_s is not None else None,
        "stopped_at": from_epoch(derived.stopped_s) if derived.stopped_s is not None else None,
        "elapsed_seconds": derived.elapsed_s,
        "paused_seconds": derived.paused_s,
        "missed": derived.ever_missed,
    }


def earliest_due(clocks: Iterable[TicketClock]) -> datetime | None:
    """The earliest due time of clocks that still run (an overdue one included)."""
    return min((clock.due_at for clock in clocks if clock.state in LIVE and clock.due_at), default=None)
