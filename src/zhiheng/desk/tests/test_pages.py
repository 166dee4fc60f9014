"""Pages of the desk as agent, engineer, stranger and requester see them; what must not be seen is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhiheng.accounts.models import Person
from zhiheng.desk import services
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries import portal_tickets, portal_timeline, reads_private
from zhiheng.desk.records import TICKET
from zhiheng.desk.showing.story import Story
from zhiheng.desk.tests.conftest import NINE, Desk, actor_of, build_desk
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import frozen
from zhiheng.platform.files import attachments_of
from zhiheng.platform.journal import view_of
from zhiheng.platform.models import ConcernedPerson, Entry
from zhiheng.platform.notifications import inbox_of, watches
from zhiheng.platform.notifications.telling import notify
from zhiheng.records.routes import record_url
from zhiheng.ui.components import ActLine
from zhiheng.ui.components import Message as ShownMessage

pytestmark = pytest.mark.slow

SECRET = "Same batch as PRB-118"


def browser(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def fetched(person: Person, url: str) -> int:
    """The status of a download."""
    answer = browser(person).get(url)
    answer.getvalue()  # read to its end, so that the file is closed
    return answer.status_code


@pytest.fixture
def told(desk: Desk) -> Ticket:
    """A ticket with words of all sorts: the requester's, a public reply, a private note, a pause."""
    ticket = desk.opened(impact=1, urgency=1)
    with desk.at(0.25, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
    with desk.at(0.5):
        services.reply(ticket=ticket, body="The optic is being replaced.")
        services.add_note(ticket=ticket, body=SECRET)
        services.transition(ticket=ticket, to="in_progress")
        services.change_priority(ticket=ticket, impact=2, urgency=2, reason="Few people")
        services.transition(ticket=ticket, to="waiting_customer", question="Which floor?")
    return ticket


def test_the_story_reads_with_names_instead_of_ids(desk: Desk, told: Ticket) -> None:
    items = Story(told, actor_of(desk.agent)).timeline().items
    acts = [f"{item.actor}: {item.text}" for item in items if isinstance(item, ActLine)]
    assert acts == [
        "Requester: opened the ticket (Portal) → Network",
        "Agent: assigned to Network · Engineer · New → Dispatched",
        "Engineer: Dispatched → In progress",
        "Engineer: changed the priority P1 → P2",
        "Engineer: In progress → Waiting for customer",
    ]
    assert [item.detail for item in items if isinstance(item, ActLine)][3] == "Few people"
    said = [(item.body, item.private, item.author.kind) for item in items if isinstance(item, ShownMessage)]
    assert said == [
        ("Since nine.", False, "customer"),
        ("The optic is being replaced.", False, "staff"),
        (SECRET, True, "staff"),
        ("Which floor?", False, "staff"),
    ]


def test_the_page_shows_clocks_with_their_derivation(desk: Desk, told: Ticket) -> None:
    with frozen(NINE.replace(hour=3)):
        text = browser(desk.agent).get(record_url(told)).content.decode()
    for words in ("On hold", "How it was derived", "weekly hours", SECRET, "Diagnose and restore", "Take"):
        assert words in text
    assert 'aria-current="step"' in text


def test_the_requester_reads_nothing_private(desk: Desk, told: Ticket) -> None:
    assert reads_private(actor_of(desk.engineer), told)
    assert not reads_private(actor_of(desk.requester), told)
    answer = browser(desk.requester).get(record_url(told))
    assert answer.status_code in {200, 302}
    assert SECRET not in answer.content.decode()
    assert "changed the priority" not in answer.content.decode()
    messages, entries = portal_timeline(told)
    assert [message.body for message in messages] == [
        "Since nine.", "The optic is being replaced.", "Which floor?",
    ]  # fmt: skip
    assert "desk.ticket.noted" not in {entry.act for entry in entries}
    assert "desk.ticket.prioritised" not in {entry.act for entry in entries}
    assert list(portal_tickets(desk.requester, open_only=True)) == [told]


def test_the_peek_shows_what_was_said_last_and_the_next_steps(desk: Desk, told: Ticket) -> None:
    with frozen(NINE.replace(hour=3)):
        text = browser(desk.agent).get(record_url(told, "peek")).content.decode()
    assert SECRET in text
    assert "Which floor?" in text
    assert "Since nine." not in text  # the first of four: three are shown, one is announced
    assert "1 earlier message" in text
    assert f'href="{record_url(told, "act", name="assign")}" data-dialog-load' in text
    assert "How it was derived" in text
    hidden = browser(desk.requester).get(record_url(told, "peek"))
    assert SECRET not in hidden.content.decode()


def test_a_solved_ticket_shows_its_solution(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(0.5, desk.agent):
        services.transition(ticket=ticket, to="solved", solution="The licence was renewed.")
    page = browser(desk.agent).get(record_url(ticket)).content.decode()
    assert page.count("The licence was renewed.") == 1


def test_a_step_asked_for_by_htmx_is_its_form_alone(desk: Desk) -> None:
    ticket = desk.opened()
    url = record_url(ticket, "act", name="transition") + "?to=solved"
    whole = browser(desk.agent).get(url).content.decode()
    part = browser(desk.agent).get(url, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in whole, "<html" in part) == (True, False)
    assert 'name="solution"' in part
    assert part.strip().startswith("<form")


def test_a_stranger_finds_neither_the_ticket_nor_its_acts(desk: Desk, told: Ticket) -> None:
    client = browser(desk.stranger)
    assert client.get(record_url(told)).status_code == 404
    assert client.post(reverse("desk:say", args=[told.pk]), {"body": "x"}).status_code == 404
    assert client.post(reverse("desk:small_act", args=[told.pk, "watch"]), {"on": "1"}).status_code == 404
    assert client.post(reverse("desk:board_move", args=["open"]), {"card": told.pk}).status_code == 404
    assert told.number not in client.get(record_url(TICKET, "list")).content.decode()


def test_a_confidential_ticket_is_hidden_from_the_person_it_concerns(desk: Desk) -> None:
    ticket = desk.opened(confidential=True)
    assert browser(desk.engineer).get(record_url(ticket)).status_code == 200
    with acting(SYSTEM, Cause.SETUP):
        ConcernedPerson(record_type="desk.ticket", record_id=ticket.pk, person=desk.engineer).save()
    assert browser(desk.engineer).get(record_url(ticket)).status_code == 404
    assert ticket.number not in browser(desk.engineer).get(record_url(TICKET, "list")).content.decode()
    assert browser(desk.agent).get(record_url(ticket)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "visibility"), [("reply", "public"), ("note", "private"), ("ask", "public")]
)
def test_the_composer(desk: Desk, kind: str, visibility: str) -> None:
    ticket = desk.opened()
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
    upload = SimpleUploadedFile("optic.txt", b"-40 dBm", content_type="text/plain")
    data = {"say": kind, "body": "Words", "pause": "waiting_customer", "files": upload}
    answer = browser(desk.engineer).post(reverse("desk:say", args=[ticket.pk]), data)
    message = Message.objects.filter(ticket=ticket).latest("id")
    assert answer.status_code == 302
    assert answer["Location"] == f"{record_url(ticket)}#message-{message.pk}"
    assert (message.body, message.visibility, message.author) == ("Words", visibility, desk.engineer)
    assert [file.name for file in attachments_of(message)] == ["optic.txt"]
    ticket.refresh_from_db()
    assert (ticket.state == "waiting_customer") is (kind == "ask")
    assert message.asks_customer is (kind == "ask")
    page = browser(desk.engineer).get(record_url(ticket)).content.decode()
    assert "optic.txt" in page
    link = reverse("platform:file", args=[attachments_of(message)[0].pk])
    assert fetched(desk.engineer, link) == 200
    # The file of a private note stays with those who may read the note.
    assert fetched(desk.requester, link) == (404 if kind == "note" else 200)


def test_an_empty_text_comes_back_with_the_reason(desk: Desk) -> None:
    ticket = desk.opened()
    client = browser(desk.engineer)
    answer = client.post(reverse("desk:say", args=[ticket.pk]), {"say": "note", "body": " "}, follow=True)
    assert "Write a text first." in answer.content.decode()


def test_moving_by_button_asks_only_for_what_the_step_needs(desk: Desk) -> None:
    ticket = desk.opened()
    client, url = browser(desk.engineer), record_url(ticket, "act", name="transition")
    form = client.get(f"{url}?to=solved").context["form"]
    assert [field.name for field in form.visible_fields()] == ["solution"]
    refused = client.post(url, {"to": "solved", "expected_state": "new"})
    assert refused.status_code == 422
    moved = client.post(url, {"to": "solved", "expected_state": "new", "solution": "Restarted."})
    assert moved.status_code == 302
    stale = client.post(url, {"to": "closed", "expected_state": "new"})
    assert (stale.status_code, "meanwhile" in stale.content.decode()) == (422, True)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.solution) == ("solved", "Restarted.")


def test_tags_watching_and_files_need_one_post(desk: Desk) -> None:
    ticket = desk.opened()
    client = browser(desk.engineer)

    def do(name: str, **data: Any) -> int:
        return client.post(reverse("desk:small_act", args=[ticket.pk, name]), data).status_code

    assert do("tag", tag="optic") == do("watch", on="1") == 302
    assert do("attach", files=SimpleUploadedFile("a.txt", b"a")) == 302
    assert watches(person_id=desk.engineer.pk, record=ticket)
    page = client.get(record_url(ticket)).content.decode()
    assert "optic" in page
    assert "a.txt" in page
    listed = client.get(f"{record_url(TICKET, 'list')}?tags=optic").content.decode()
    assert ticket.number in listed
    assert do("untag", tag="optic") == do("watch", on="") == 302
    assert not watches(person_id=desk.engineer.pk, record=ticket)
    assert do("nothing") == 404


def test_the_board_moves_cards_as_the_process_allows(desk: Desk) -> None:
    ticket = desk.opened()
    client = browser(desk.engineer)
    page = client.get(reverse("desk:board")).content.decode()
    assert page.count("data-card=") == 1
    done = client.post(reverse("desk:board_move", args=["open"]), {"card": ticket.pk})
    ticket.refresh_from_db()
    assert (done.status_code, ticket.state) == (302, "assigned")
    asks = client.post(reverse("desk:board_move", args=["waiting-customer"]), {"card": ticket.pk})
    assert asks["Location"].endswith("?to=waiting_customer")
    never = client.post(reverse("desk:board_move", args=["closed"]), {"card": ticket.pk})
    assert never.status_code == 409


@pytest.mark.parametrize(
    ("asked", "gone_to"),
    [("/desk/board/?team=1", "/desk/board/?team=1"), ("https://elsewhere.example/", None)],
)
def test_a_move_goes_on_to_a_page_of_this_site_only(desk: Desk, asked: str, gone_to: str | None) -> None:
    ticket = desk.opened()
    page = record_url(ticket, "detail")
    done = browser(desk.engineer).post(f"{page}act/transition/", {"to": "assigned", "next": asked})
    assert (done.status_code, done["Location"]) == (302, gone_to or page)


def test_my_work_says_what_is_next_and_what_is_free(desk: Desk) -> None:
    mine, free = desk.opened(title="Mine"), desk.opened(title="Free")
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=mine, team=desk.team, to=desk.engineer)
    with frozen(NINE):
        text = browser(desk.engineer).get(reverse("desk:my_work")).content.decode()
    assert text.index(mine.number) < text.index(free.number)
    assert record_url(free, "act", name="claim") in text
    empty = browser(desk.stranger).get(reverse("desk:my_work")).content.decode()
    assert "Nothing is assigned to you." in empty


def _count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["my_work", "board", "list"])
def test_the_number_of_queries_does_not_grow_with_tickets(desk: Desk, page: str) -> None:
    url = record_url(TICKET, "list") if page == "list" else reverse(f"desk:{page}")
    client = browser(desk.engineer)

    def fill(count: int) -> None:
        for number in range(count):
            ticket = desk.opened(title=f"Ticket {number}")
            if number % 2:
                with desk.at(1, desk.agent):
                    services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)

    fill(3)
    client.get(url)  # parses what is kept afterwards: process definitions and calendars
    few = _count(client, url)
    fill(27)
    assert _count(client, url) == few


def test_a_long_conversation_costs_no_more_queries(desk: Desk) -> None:
    ticket = desk.opened()
    client, url = browser(desk.engineer), record_url(ticket)
    with desk.at(1):
        services.reply(ticket=ticket, body="One")
    client.get(url)
    few = _count(client, url)
    with desk.at(1.5):
        for number in range(20):
            services.add_note(ticket=ticket, body=f"Note {number}")
    assert _count(client, url) == few


def told_of(desk: Desk, person: Person) -> list[str]:
    """The acts in a person's inbox, oldest first, once the handlers have run."""
    for entry in Entry.objects.order_by("id"):
        notify(view_of(entry))
    return [line.act for line in reversed(inbox_of(person_id=person.pk))]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whom_an_act_concerns_is_told_and_nobody_of_what_they_may_not_read() -> None:
    desk = build_desk()
    ticket = desk.opened()
    with desk.at(1, desk.agent):
        services.assign_ticket(ticket=ticket, team=desk.team, to=desk.engineer)
        services.add_note(ticket=ticket, body=SECRET)
        services.reply(ticket=ticket, body="We look.")
    with desk.at(1.5, desk.requester):
        services.urge(ticket=ticket)
    with frozen(NINE + timedelta(days=5)), acting(SYSTEM, Cause.JOB):
        services.flip_overdue()
    short = "desk.ticket."
    assert told_of(desk, desk.engineer) == [
        f"{short}assigned", f"{short}noted", f"{short}replied", f"{short}urged", f"{short}overdue",
    ]  # fmt: skip
    assert told_of(desk, desk.requester) == [f"{short}assigned", f"{short}replied"]
    assert told_of(desk, desk.stranger) == []
