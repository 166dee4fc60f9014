"""Which tab a person's queue opens on: where their work is at first, then the tab they looked at last."""

from __future__ import annotations

import pytest
from django.test import Client

from zhiheng.accounts.models import Person
from zhiheng.desk import services
from zhiheng.desk.tests.conftest import Desk, actor_of
from zhiheng.desk.views.queues import remembered
from zhiheng.platform.models import Audience, SavedView

QUEUE = "/desk/queue/"
LIST = "/desk/tickets/"


def browser(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def opens(client: Client) -> str:
    """Where the queue leads now."""
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.slow
def test_the_queue_opens_where_the_work_is(desk: Desk) -> None:
    client = browser(desk.engineer)
    assert opens(client) == f"{LIST}?view=open", "nothing to do for this person"
    ticket = desk.opened()
    with desk.at(0.1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team)
    assert opens(client) == f"{LIST}?view=free", "free in a team of theirs"
    with desk.at(0.2, desk.engineer):
        services.claim_ticket(ticket=ticket)
    assert opens(client) == f"{LIST}?view=mine"
    assert ticket.number in client.get(f"{LIST}?view=mine").content.decode()


def test_the_tab_looked_at_last_is_remembered_for_this_person_only(desk: Desk) -> None:
    client = browser(desk.engineer)
    client.get(f"{LIST}?view=due&priority=1")
    assert opens(client) == f"{LIST}?view=due", "the tab, not what was filtered within it"
    client.get(f"{LIST}?priority=1")
    assert opens(client) == f"{LIST}?view=due", "a list reached by a filter alone is no tab"
    client.get(LIST)
    assert opens(client) == LIST
    client.force_login(desk.agent)
    assert opens(client) == f"{LIST}?view=open", "another person at the same device begins anew"


def test_a_tab_that_is_gone_is_forgotten(desk: Desk) -> None:
    client = browser(desk.engineer)
    with desk.at(0, desk.engineer):
        kept = SavedView.objects.create(
            owner=desk.engineer,
            record_type="desk.ticket",
            name="P1",
            query="priority=1",
            audience=Audience.PERSON,
        )
    client.get(f"{LIST}?priority=1&saved={kept.pk}")
    assert opens(client) == f"{LIST}?priority=1&saved={kept.pk}"
    with desk.at(0.1, desk.engineer):
        kept.delete()
    assert opens(client) == f"{LIST}?view=open"
    for tab in ("", "view:nonsense", "saved:x", "saved:999", "nonsense"):
        assert remembered(actor_of(desk.engineer), tab) is None


def test_no_role_no_queue(desk: Desk) -> None:
    assert browser(desk.requester).get(QUEUE).status_code in {302, 403}
