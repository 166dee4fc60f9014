"""On whose side a reply stands when only the actor says so: at the page, over the API, behind a token."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from zhiheng.accounts.models import Person
from zhiheng.accounts.services import create_person
from zhiheng.desk import services
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries import speaks_for_requester
from zhiheng.desk.tests.conftest import Desk, actor_of
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal import entries_for
from zhiheng.records.routes import record_url


def signed_in(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def reply_over_the_api(person: Person, ticket: Ticket, **given: object) -> int:
    """The act `reply` of REST."""
    url = f"/api/v1/desk/tickets/{ticket.pk}/acts/reply/"
    data = json.dumps({"body": "Words", **given})
    return signed_in(person).post(url, data, content_type="application/json").status_code


@pytest.fixture
def solved(desk: Desk) -> Ticket:
    """A solved ticket of the requester, in the engineer's hands."""
    ticket = desk.opened()
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
    with desk.at(1):
        services.transition(ticket=ticket, to="solved", solution="Restarted.")
    return ticket


def test_the_requesters_reply_over_the_api_is_the_requesters(desk: Desk, solved: Ticket) -> None:
    assert reply_over_the_api(desk.requester, solved) == 200
    message = Message.objects.latest("id")
    assert (message.author, message.from_requester) == (desk.requester, True)
    solved.refresh_from_db()
    assert (solved.state, solved.reopen_count, solved.responded_at) == ("in_progress", 1, None)
    assert desk.clock(solved, "next_reply").state == ClockState.RUNNING
    assert entries_for(solved)[0].data["from_requester"] is True


def test_the_desks_reply_over_the_api_answers(desk: Desk, solved: Ticket) -> None:
    assert reply_over_the_api(desk.engineer, solved) == 200
    message = Message.objects.latest("id")
    assert (message.author, message.from_requester) == (desk.engineer, False)
    solved.refresh_from_db()
    assert (solved.state, solved.responded_at) == ("solved", message.sent_at)


def test_nobody_says_over_the_api_on_whose_side_they_stand(desk: Desk, solved: Ticket) -> None:
    reply_over_the_api(desk.engineer, solved, from_requester=True)
    assert not Message.objects.filter(author=desk.engineer, from_requester=True).exists()


@pytest.mark.parametrize(("name", "theirs"), [("requester", True), ("engineer", False)])
def test_the_act_and_the_composer_of_the_page(desk: Desk, solved: Ticket, name: str, theirs: bool) -> None:
    client = signed_in(getattr(desk, name))
    assert client.post(record_url(solved, "act", name="reply"), {"body": "One"}).status_code == 302
    assert (
        client.post(reverse("desk:say", args=[solved.pk]), {"say": "reply", "body": "Two"}).status_code == 302
    )
    said = Message.objects.filter(ticket=solved, body__in=("One", "Two"))
    assert list(said.values_list("from_requester", flat=True)) == [theirs, theirs]


def test_sides(desk: Desk) -> None:
    ticket = desk.opened()
    with acting(SYSTEM, Cause.SETUP):
        colleague = create_person(username="colleague", name="Colleague", organisation=desk.customer)
    sides = {
        person.username: speaks_for_requester(actor_of(person), ticket)
        for person in (desk.requester, colleague, desk.agent, desk.engineer)
    }
    assert sides == {"requester": True, "colleague": True, "agent": False, "engineer": False}
    assert not speaks_for_requester(SYSTEM, ticket)


def test_who_asked_for_themselves_and_works_on_it_speaks_for_the_desk(desk: Desk) -> None:
    ticket = desk.opened(requester=desk.engineer)
    assert speaks_for_requester(actor_of(desk.engineer), ticket)
    with desk.at(1):
        services.claim_ticket(ticket=ticket)
        message = services.reply(ticket=ticket, body="Found it.")
    assert not message.from_requester


def test_an_author_named_by_the_platform_stands_on_their_own_side(desk: Desk) -> None:
    ticket = desk.opened()
    with acting(SYSTEM, Cause.MAIL):
        theirs = services.reply(ticket=ticket, body="Any news?", author=desk.requester)
        ours = services.reply(ticket=ticket, body="Soon.", author=desk.engineer)
    assert (theirs.from_requester, ours.from_requester) == (True, False)
