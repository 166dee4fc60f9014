"""The whole life of a ticket, act by act, with its clocks counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhiheng.desk import services
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import ClockFlip, Message, Ticket
from zhiheng.desk.tests.conftest import HOUR, NINE, Desk
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.platform.journal import entries_for


def acts_of(ticket: Ticket) -> list[str]:
    """Names of the acts, oldest first."""
    return [entry.act.removeprefix("desk.ticket.") for entry in reversed(entries_for(ticket))]


def test_a_ticket_from_opening_to_closing(desk: Desk) -> None:
    ticket = desk.opened(impact=3, urgency=3)
    assert (ticket.state, ticket.priority, ticket.organisation) == ("new", 3, desk.customer)
    assert ticket.next_due_at == NINE + timedelta(hours=2)  # the response
    with desk.at(0.5, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
    assert (ticket.state, ticket.state_category) == ("assigned", "open")
    with desk.at(1):
        services.reply(ticket=ticket, body="We look at it.", author=desk.engineer)
        services.transition(ticket=ticket, to="in_progress")
    assert ticket.responded_at == NINE + timedelta(hours=1)
    response = desk.clock(ticket, "response")
    assert (response.state, response.elapsed_seconds, response.missed) == (ClockState.MET, HOUR, False)
    # 16 h of 5×8 from Friday nine: eight on Friday, eight on Monday; the working day ends at 18:00 with a lunch hour.
    with desk.at(2):
        services.transition(
            ticket=ticket, to="waiting_customer", question="Which floor?", author=desk.engineer
        )
    resolution = desk.clock(ticket, "resolution")
    assert (resolution.state, resolution.elapsed_seconds, resolution.due_at) == (
        ClockState.PAUSED,
        2 * HOUR,
        None,
    )
    assert ticket.next_due_at is None
    with desk.at(2.5, desk.requester):
        services.reply(ticket=ticket, body="All of them.", author=desk.requester, from_requester=True)
    assert ticket.state == "in_progress"
    resolution = desk.clock(ticket, "resolution")
    assert (resolution.state, resolution.paused_seconds) == (ClockState.RUNNING, HOUR // 2)
    with desk.at(2.75):
        services.transition(ticket=ticket, to="solved", solution="A new optic.", author=desk.engineer)
    resolution = desk.clock(ticket, "resolution")
    assert (resolution.state, resolution.elapsed_seconds) == (ClockState.MET, int(2.25 * HOUR))
    assert ticket.resolved_at == ticket.restored_at == NINE + timedelta(hours=2.75)
    with desk.at(3, desk.requester):
        services.confirm_solution(ticket=ticket)
    assert (ticket.state, ticket.confirmed_at) == ("closed", NINE + timedelta(hours=3))
    assert acts_of(ticket) == [
        "opened", "assigned", "replied", "transitioned", "transitioned", "replied", "transitioned", "confirmed",
    ]  # fmt: skip
    question = Message.objects.get(ticket=ticket, asks_customer=True)
    assert (question.body, question.visibility) == ("Which floor?", "public")
    flips = ClockFlip.objects.filter(clock=resolution).values_list("old_state", "new_state")
    assert list(flips) == [
        ("", "running"), ("running", "paused"), ("paused", "running"), ("running", "met"),
    ]  # fmt: skip


def test_a_pause_over_a_weekend_moves_the_due_time_by_working_time_only(desk: Desk) -> None:
    ticket = desk.opened(impact=1, urgency=1)  # P1: four hours of 5×8
    with desk.at(0.5):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
        services.transition(ticket=ticket, to="in_progress")
    with desk.at(2):
        services.transition(ticket=ticket, to="waiting_customer", question="?", author=desk.engineer)
    with desk.at(72):  # Monday nine
        services.transition(ticket=ticket, to="in_progress")
    clock = desk.clock(ticket, "resolution")
    assert clock.elapsed_seconds == 2 * HOUR
    assert clock.paused_seconds == 6 * HOUR  # the rest of Friday's eight; nothing of the weekend
    assert clock.due_at == NINE + timedelta(hours=74)


def test_raising_the_priority_keeps_the_start_and_the_pauses(desk: Desk) -> None:
    ticket = desk.opened(impact=3, urgency=3)
    with desk.at(0.5):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
        services.transition(ticket=ticket, to="waiting_customer", question="?", author=desk.engineer)
    with desk.at(1.5):
        services.transition(ticket=ticket, to="in_progress")
    with desk.at(2):
        services.change_priority(ticket=ticket, impact=1, urgency=1)
    clock = desk.clock(ticket, "resolution")
    assert (ticket.priority, ticket.highest_priority, clock.commitment.priority) == (1, 1, 1)
    assert (clock.elapsed_seconds, clock.paused_seconds) == (HOUR, HOUR)
    # Nine plus one hour of pause plus four hours, over the lunch hour from twelve to one.
    assert clock.due_at == NINE + timedelta(hours=6)


def test_lowering_the_priority_needs_a_reason(desk: Desk) -> None:
    ticket = desk.opened(impact=1, urgency=1)
    with desk.at(1), pytest.raises(InvalidInput, match="Say why"):
        services.change_priority(ticket=ticket, impact=4, urgency=4)
    with desk.at(1):
        services.change_priority(ticket=ticket, impact=4, urgency=4, reason="One person only")
    assert (ticket.priority, ticket.highest_priority) == (5, 1)


def test_reopening_goes_on_from_the_time_already_used(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1):
        services.transition(ticket=ticket, to="solved", solution="Restarted.")
    with desk.at(2, desk.requester):
        services.reply(ticket=ticket, body="It is back.", from_requester=True)
    assert (ticket.state, ticket.reopen_count, ticket.resolved_at) == ("in_progress", 1, None)
    with desk.at(2.5):
        services.transition(ticket=ticket, to="solved", solution="Replaced.")
    assert desk.clock(ticket, "resolution").elapsed_seconds == int(1.5 * HOUR)
    assert ticket.resolved_at == NINE + timedelta(hours=2.5)


def test_the_next_reply_is_promised_from_the_requesters_first_unanswered_words(desk: Desk) -> None:
    ticket = desk.opened()
    assert desk.clock(ticket, "next_reply").state == ClockState.PENDING
    with desk.at(0.5):
        services.reply(ticket=ticket, body="We look.")
    for hours in (1.0, 1.5):
        with desk.at(hours, desk.requester):
            services.reply(ticket=ticket, body="And?", from_requester=True)
    with desk.at(2):
        services.add_note(ticket=ticket, body="Waits for us.")  # answers nobody
    assert desk.clock(ticket, "next_reply").state == ClockState.RUNNING
    with desk.at(2.5):
        services.reply(ticket=ticket, body="Soon.")
    clock = desk.clock(ticket, "next_reply")
    assert (clock.state, clock.elapsed_seconds) == (ClockState.MET, int(1.5 * HOUR))


def test_what_is_over_takes_no_more_words_and_no_assignment(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1):
        services.transition(ticket=ticket, to="solved", solution="Done.")
        services.transition(ticket=ticket, to="closed")
    with desk.at(24, desk.requester):  # a closed ticket is reopened by words within two weeks
        services.reply(ticket=ticket, body="Again.", from_requester=True)
        assert ticket.state == "in_progress"
    with desk.at(25):
        services.transition(ticket=ticket, to="cancelled", reason="Same as another")
    with desk.at(26, desk.requester), pytest.raises(Conflict, match="is over"):
        services.reply(ticket=ticket, body="Hello?", from_requester=True)
    with desk.at(26), pytest.raises(Conflict, match="is over"):
        services.assign_ticket(ticket=ticket, team=desk.team)


def test_a_ticket_closed_long_ago_stays_closed(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1):
        services.transition(ticket=ticket, to="solved", solution="Done.")
        services.transition(ticket=ticket, to="closed")
    with desk.at(24 * 15, desk.requester), pytest.raises(Conflict, match="Open a new one"):
        services.reply(ticket=ticket, body="Again.", from_requester=True)


def test_urging_is_told_once_in_half_an_hour(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1, desk.requester):
        services.urge(ticket=ticket, reason="The board meets")
    with desk.at(1.2, desk.requester), pytest.raises(Conflict, match="a moment ago"):
        services.urge(ticket=ticket)
    with desk.at(1.5, desk.requester):
        services.urge(ticket=ticket)
    assert acts_of(ticket).count("urged") == 2
    with desk.at(2):
        services.transition(ticket=ticket, to="solved", solution="Done.")
    with desk.at(3, desk.requester), pytest.raises(Conflict, match="not being worked on"):
        services.urge(ticket=ticket)


def test_marking_the_service_as_restored(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1):
        with pytest.raises(InvalidInput, match="between"):
            services.mark_restored(ticket=ticket, at=NINE - timedelta(hours=1))
        with pytest.raises(InvalidInput, match="between"):
            services.mark_restored(ticket=ticket, at=NINE + timedelta(hours=2))
        services.mark_restored(ticket=ticket, at=NINE + timedelta(minutes=30))
        with pytest.raises(Conflict, match="already"):
            services.mark_restored(ticket=ticket)
    assert ticket.restored_at == NINE + timedelta(minutes=30)
    assert ticket.resolved_at is None
