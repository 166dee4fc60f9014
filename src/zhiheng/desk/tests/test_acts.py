"""Assignment, moves, links, edits: what is refused, what is remembered, what two people do at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhiheng.accounts.models import Team
from zhiheng.cmdb.models import ConfigurationItem, ItemClass
from zhiheng.desk import services
from zhiheng.desk.models import Ticket, TicketLink
from zhiheng.desk.rules.guards import TicketView, guard, withdraw
from zhiheng.desk.tests.conftest import NINE, Desk, promise
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import entries_for
from zhiheng.processes.rules import Refusal


def test_assigning_a_new_ticket_accepts_it(desk: Desk) -> None:
    ticket = desk.opened(team=None)
    with desk.at(0.5, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer, reason="Knows the switch")
    assert (ticket.team, ticket.assignee, ticket.state) == (desk.team, desk.engineer, "assigned")
    data = entries_for(ticket)[0].data
    assert (data["from_team"], data["team"], data["assignee"]) == (None, desk.team.pk, desk.engineer.pk)
    assert (data["from"], data["to"], data["to_category"], data["reason"]) == (
        "new", "assigned", "open", "Knows the switch",
    )  # fmt: skip


def test_who_cannot_get_a_ticket(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1), pytest.raises(InvalidInput, match="not in the team"):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.stranger)
    with acting(SYSTEM, Cause.SETUP):
        desk.stranger.is_active = False
        desk.stranger.save()
        retired = Team(name="Gone", retired_at=now())
        retired.save()
    with desk.at(1), pytest.raises(InvalidInput, match="has left"):
        services.assign_ticket(ticket=ticket, team=desk.second, to=desk.stranger)
    with desk.at(1), pytest.raises(InvalidInput, match="retired"):
        services.assign_ticket(ticket=ticket, team=retired)


def test_taking_a_ticket(desk: Desk) -> None:
    free, foreign = desk.opened(team=None), desk.opened(team=desk.second)
    with desk.at(1):
        services.claim_ticket(ticket=free)
        with pytest.raises(InvalidInput, match="not in the team"):
            services.claim_ticket(ticket=foreign)
    assert (free.team, free.assignee) == (desk.team, desk.engineer)
    with acting(SYSTEM, Cause.JOB), pytest.raises(InvalidInput, match="Only a person"):
        services.claim_ticket(ticket=foreign)


def test_a_move_that_somebody_else_made_first_is_a_conflict(desk: Desk) -> None:
    ticket = desk.opened()
    seen = Ticket.objects.get(pk=ticket.pk)
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
    with desk.at(1), pytest.raises(Conflict, match="meanwhile"):
        services.transition(ticket=seen, to="solved", solution="Done.", expected_state="new")
    with desk.at(1), pytest.raises(Conflict, match="does not lead there from “Dispatched”"):
        services.transition(ticket=seen, to="closed")
    with desk.at(1), pytest.raises(Conflict, match="no state “nowhere”"):
        services.transition(ticket=seen, to="nowhere")
    with desk.at(1), pytest.raises(Conflict, match="Missing: the solution"):
        services.transition(ticket=seen, to="solved")
    assert Ticket.objects.get(pk=ticket.pk).state == "assigned"


def test_a_guard_of_a_higher_domain_is_asked(desk: Desk) -> None:
    ticket = desk.opened()

    @guard("incident", to="solved")
    def needs_cause(view: TicketView) -> Refusal | None:
        return None if view.values["cause_code"] else Refusal("no_cause", "Name the cause first.")

    try:
        with desk.at(1), pytest.raises(Conflict, match="Name the cause"):
            services.transition(ticket=ticket, to="solved", solution="Done.")
        with desk.at(1):
            services.edit_ticket(ticket=ticket, cause_code="optic")
            services.transition(ticket=ticket, to="solved", solution="Done.")
    finally:
        withdraw(needs_cause)
    assert ticket.state == "solved"


def test_only_a_solved_ticket_is_confirmed(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1, desk.requester), pytest.raises(Conflict, match="Only a solved"):
        services.confirm_solution(ticket=ticket)


def test_opening_refuses_what_cannot_be(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="title"):
        desk.opened(title="  ")
    with pytest.raises(InvalidInput, match="future") as refused:
        desk.opened(onset_at=NINE + timedelta(hours=1))
    assert refused.value.field == "onset_at"


def test_a_call_typed_in_later_counts_from_the_call(desk: Desk) -> None:
    with desk.at(1, desk.agent):
        ticket = services.open_ticket(
            kind=desk.incident, title="No network", requester=desk.requester, team=desk.team, channel="phone",
            received_at=NINE,
        )  # fmt: skip
    assert ticket.registered_by == desk.agent
    assert desk.clock(ticket, "response").due_at == NINE + timedelta(hours=2)


def test_moving_to_another_customer_changes_what_was_promised(desk: Desk) -> None:
    ticket = desk.opened()
    with acting(SYSTEM, Cause.SETUP):
        promise("Other customer", "resolution", 1, desk.other, calendar="")
    with desk.at(0.5):
        services.edit_ticket(ticket=ticket, organisation=desk.other)
    assert desk.clock(ticket, "resolution").due_at == NINE + timedelta(hours=1)
    assert ticket.next_due_at == NINE + timedelta(hours=1)
    cancelled = ticket.clocks.filter(state="cancelled").values_list("promise", flat=True)
    assert sorted(cancelled) == ["next_reply", "resolution", "response"]


def test_fields_of_acts_are_not_edited(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1), pytest.raises(InvalidInput, match="act of its own"):
        services.edit_ticket(ticket=ticket, priority=1)
    with desk.at(1), pytest.raises(InvalidInput, match="future"):
        services.edit_ticket(ticket=ticket, onset_at=NINE + timedelta(hours=5))


def test_links_are_made_once_and_taken_off(desk: Desk) -> None:
    one, two = desk.opened(title="One"), desk.opened(title="Two")
    with desk.at(1):
        link = services.link_tickets(ticket=one, target=two, link_type="blocks")
        with pytest.raises(Conflict, match="already"):
            services.link_tickets(ticket=one, target=two, link_type="blocks")
        with pytest.raises(InvalidInput, match="itself"):
            services.link_tickets(ticket=one, target=one)
        services.unlink_tickets(link=link)
    assert not TicketLink.objects.exists()
    assert [entry.act for entry in entries_for(one)[:2]] == ["desk.ticket.unlinked", "desk.ticket.linked"]
    assert entries_for(one)[1].data["number"] == two.number


def test_items_are_named_once_and_taken_off(desk: Desk) -> None:
    ticket = desk.opened()
    with acting(SYSTEM, Cause.SETUP):
        switches = ItemClass(slug="switch", name={"zh": "交换机", "en": "Switch"})
        switches.save()
        item = ConfigurationItem(name="core-sw-01", item_class=switches)
        item.save()
    with desk.at(1):
        row = services.attach_item(ticket=ticket, item=item)
        assert services.attach_item(ticket=ticket, item=item) == row
        services.detach_item(link=row)
    names = [entry.act for entry in entries_for(ticket)]
    assert names[:2] == ["desk.ticket.item_detached", "desk.ticket.item_attached"]
    assert not ticket.items.exists()


def test_an_empty_message_is_refused(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(1), pytest.raises(InvalidInput, match="Write a text"):
        services.reply(ticket=ticket, body=" \n ")
    assert ticket.messages.count() == 1
