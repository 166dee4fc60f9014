"""What handlers are told of a ticket: the entries of its life as typed events."""

from __future__ import annotations

from datetime import timedelta

from zhiheng.desk import events, services
from zhiheng.desk.models import Ticket
from zhiheng.desk.tests.conftest import NINE, Desk
from zhiheng.kernel.actor import ActorKind
from zhiheng.kernel.events import Event, events_in
from zhiheng.platform.journal import entries_for


def told(ticket: Ticket) -> list[Event]:
    """Every event of the ticket, oldest first."""
    return [each for entry in reversed(entries_for(ticket)) for each in events_in(entry)]


def test_the_events_of_a_whole_life(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.second, reason="Theirs")
    with desk.at(2):
        services.mark_restored(ticket=ticket, at=NINE + timedelta(hours=1.5))
        services.add_note(ticket=ticket, body="A loose cable.")
        services.transition(ticket=ticket, to="solved", solution="Plugged in.")
    with desk.at(3, desk.requester):
        services.reply(ticket=ticket, body="It is back.", from_requester=True)
        services.urge(ticket=ticket, reason="The board meets")
    got = told(ticket)
    assert [type(each).__name__ for each in got] == [
        "TicketOpened", "TicketAssigned", "TicketMoved", "TicketRestored", "TicketNoted", "TicketMoved",
        "TicketResolved", "TicketMoved", "TicketReopened", "TicketReplied", "TicketUrged",
    ]  # fmt: skip
    assert {each.record_id for each in got} == {ticket.pk}


def test_what_each_event_tells(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.second, reason="Theirs")
    with desk.at(2):
        services.transition(ticket=ticket, to="solved", solution="Plugged in.")
    by_type = {type(each): each for each in told(ticket)}
    opened = by_type[events.TicketOpened]
    assert isinstance(opened, events.TicketOpened)
    assert (opened.kind, opened.state, opened.category, opened.team) == (
        "incident",
        "new",
        "new",
        desk.team.pk,
    )
    assert (opened.actor.kind, opened.actor.id) == (ActorKind.PERSON, desk.requester.pk)
    assigned = by_type[events.TicketAssigned]
    assert isinstance(assigned, events.TicketAssigned)
    assert (assigned.from_team, assigned.team, assigned.reason) == (desk.team.pk, desk.second.pk, "Theirs")
    solved = by_type[events.TicketResolved]
    assert isinstance(solved, events.TicketResolved)
    assert (solved.to_state, solved.to_category, solved.occurred_at) == (
        "solved", "solved", NINE + timedelta(hours=2),
    )  # fmt: skip


def test_a_missed_commitment_is_an_event(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(2.5):
        services.flip_overdue()
    [missed] = [each for each in told(ticket) if isinstance(each, events.CommitmentMissed)]
    assert (missed.promise, missed.level, missed.occurred_at) == (
        "response",
        "sla",
        NINE + timedelta(hours=2),
    )
