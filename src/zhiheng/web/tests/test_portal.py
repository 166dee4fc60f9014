"""The portal: who sees which tickets, asking, answering, urging, confirming; what everybody sees of services."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhiheng.accounts.services import create_person, give_role
from zhiheng.desk import services as desk
from zhiheng.desk.models import Message, Ticket
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.files import attachments_of
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import Role
from zhiheng.web.queries.portal import disturbances, page_before, tickets_of
from zhiheng.web.rules import plain
from zhiheng.web.tests.conftest import House, actor_of, signed_in

pytestmark = pytest.mark.slow

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 24


@pytest.fixture(autouse=True)
def _own_files(settings: object, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path  # type: ignore[attr-defined]


def answered(house: House, ticket: Ticket, *, solution: str = "") -> None:
    with house.as_(house.agent):
        desk.claim_ticket(ticket=ticket)
        ticket.refresh_from_db()
        if solution:
            desk.transition(ticket=ticket, to="solved", solution=solution)
    ticket.refresh_from_db()


def test_asking_opens_a_ticket_with_words_and_files(house: House) -> None:
    picture = SimpleUploadedFile("error.png", PNG, content_type="image/png")
    given = {"title": "VPN at home", "body": "For travel.", "urgency": "2", "uploads": [picture]}
    response = signed_in(house.requester).post("/portal/new/?offering=vpn", given)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/portal/tickets/{ticket.number}/"
    assert (ticket.kind.slug, ticket.service, ticket.offering) == ("request", house.network, house.vpn)
    assert (ticket.requester, ticket.organisation, ticket.urgency) == (
        house.requester,
        house.requester.organisation,
        2,
    )
    message = Message.objects.get(ticket=ticket)
    assert (message.body, message.from_requester) == ("For travel.", True)
    assert [file.name for file in attachments_of(message)] == ["error.png"]
    assert {entry.cause for entry in entries_for(ticket)} == {Cause.PORTAL}


def test_a_refused_file_opens_nothing_and_is_named(house: House) -> None:
    program = SimpleUploadedFile("run.exe", b"MZ\x00\x01", content_type="image/png")
    given = {"kind": "incident", "title": "x", "body": "y", "urgency": "3", "uploads": [program]}
    response = signed_in(house.requester).post("/portal/new/", given)
    assert response.status_code == 422
    assert response.context["form"].errors["uploads"]
    assert not Ticket.objects.exists()


def test_six_files_are_too_many(house: House) -> None:
    files = [SimpleUploadedFile(f"{number}.png", PNG) for number in range(6)]
    given = {"kind": "incident", "title": "x", "body": "y", "urgency": "3", "uploads": files}
    response = signed_in(house.requester).post("/portal/new/", given)
    assert response.context["form"].errors["uploads"] == ["At most 5 files at a time; you chose 6."]


def test_a_ticket_is_seen_by_requester_representative_and_staff_only(house: House) -> None:
    address = f"/portal/tickets/{house.asked().number}/"
    seen = {
        person.username: signed_in(person).get(address).status_code
        for person in (house.requester, house.representative, house.agent, house.colleague, house.stranger)
    }
    assert seen == {"requester": 200, "representative": 200, "agent": 200, "colleague": 404, "stranger": 404}


def test_only_the_requester_speaks(house: House) -> None:
    ticket = house.asked()
    for person in (house.representative, house.agent):
        client = signed_in(person)
        assert client.post(f"/portal/tickets/{ticket.number}/reply/", {"body": "me too"}).status_code == 403
        assert client.post(f"/portal/tickets/{ticket.number}/urge/").status_code == 403
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_private_notes_never_reach_the_portal(house: House) -> None:
    ticket = house.asked()
    with house.as_(house.agent):
        desk.add_note(ticket=ticket, body="the customer is wrong")
        desk.reply(ticket=ticket, body="we look into it")
    page = signed_in(house.requester).get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "we look into it" in page
    assert "the customer is wrong" not in page


def test_an_answer_takes_up_work_again(house: House) -> None:
    ticket = house.asked()
    answered(house, ticket)
    with house.as_(house.agent):
        desk.transition(ticket=ticket, to="waiting_customer", question="Which version?")
    response = signed_in(house.requester).post(f"/portal/tickets/{ticket.number}/reply/", {"body": "5.1"})
    ticket.refresh_from_db()
    assert (response.status_code, ticket.state_category) == (302, "open")


def test_an_empty_answer_is_refused(house: House) -> None:
    ticket = house.asked()
    response = signed_in(house.requester).post(f"/portal/tickets/{ticket.number}/reply/", {"body": " "})
    assert response.status_code == 422
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_a_file_alone_is_an_answer(house: House) -> None:
    ticket = house.asked()
    given = {"body": "", "uploads": [SimpleUploadedFile("log.txt", b"line\n")]}
    signed_in(house.requester).post(f"/portal/tickets/{ticket.number}/reply/", given)
    message = Message.objects.filter(ticket=ticket).last()
    assert message is not None
    assert [file.name for file in attachments_of(message)] == ["log.txt"]


def test_confirming_closes_and_sending_back_reopens(house: House) -> None:
    kept, returned = house.asked("one"), house.asked("two")
    for ticket in (kept, returned):
        answered(house, ticket, solution="Certificate renewed.")
    client = signed_in(house.requester)
    assert "Certificate renewed." in client.get(f"/portal/tickets/{kept.number}/").content.decode()
    client.post(f"/portal/tickets/{kept.number}/confirm/")
    client.post(f"/portal/tickets/{returned.number}/send-back/", {"reason": "Still expired."})
    kept.refresh_from_db()
    returned.refresh_from_db()
    assert (kept.state_category, kept.confirmed_at is not None) == ("closed", True)
    assert (returned.state_category, returned.reopen_count) == ("open", 1)


def test_sending_back_needs_a_solution_and_a_reason(house: House) -> None:
    ticket = house.asked()
    client = signed_in(house.requester)
    assert client.post(f"/portal/tickets/{ticket.number}/send-back/", {"reason": ""}).status_code == 422
    client.post(f"/portal/tickets/{ticket.number}/send-back/", {"reason": "no"})
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_urging_tells_once(house: House) -> None:
    ticket = house.asked()
    client = signed_in(house.requester)
    for _time in range(2):
        client.post(f"/portal/tickets/{ticket.number}/urge/")
    assert [entry.act for entry in entries_for(ticket)].count("desk.ticket.urged") == 1


def test_a_representative_lists_the_organisation_others_do_not(house: House) -> None:
    house.asked("mine")
    house.asked("of a colleague", by=house.colleague)
    house.asked("elsewhere", by=house.stranger)
    titles = {
        person.username: {row.title for row in tickets_of(actor_of(person), person, whose="organisation")}
        for person in (house.representative, house.requester)
    }
    assert titles == {"representative": {"mine", "of a colleague"}, "requester": {"mine"}}


def test_older_pages_neither_skip_nor_repeat(house: House) -> None:
    numbers = [house.asked(str(count)).number for count in range(5)]
    rows = tickets_of(actor_of(house.requester), house.requester)
    first, before = page_before(rows, before=None, limit=2)
    second, after = page_before(rows, before=before, limit=2)
    last, end = page_before(rows, before=after, limit=2)
    assert [ticket.number for ticket in (*first, *second, *last)] == numbers[::-1]
    assert end is None


def test_services_say_how_they_are_doing(house: House) -> None:
    assert disturbances() == {}
    ticket = house.asked(impact=1, urgency=1, service_effect="degraded")
    assert ticket.priority == 1
    assert disturbances()[house.network.pk].condition is plain.UNSTABLE
    house.asked(impact=1, urgency=1, service_effect="down")
    assert disturbances()[house.network.pk].condition is plain.DOWN
    page = signed_in(house.stranger).get("/portal/").content.decode()
    assert "Network access: Out of service" in page
    assert ticket.number not in page
    with house.as_(house.agent):
        for each in Ticket.objects.all():
            desk.mark_restored(ticket=each)
    assert disturbances() == {}


@pytest.mark.parametrize(
    ("words", "found"),
    [("vpn", "VPN access"), ("VPN home", "VPN access"), ("邮箱", "E-mail"), ("内网", "VPN access")],
)
def test_search_finds_in_both_languages(house: House, words: str, found: str) -> None:
    page = signed_in(house.requester).get("/portal/search/", {"q": words}).content.decode()
    assert found in page


def test_search_finds_ones_own_tickets_only(house: House) -> None:
    mine, other = house.asked("Projector flickers"), house.asked("Projector broken", by=house.stranger)
    page = signed_in(house.requester).get("/portal/search/", {"q": "projector"}).content.decode()
    assert mine.number in page
    assert other.number not in page


def test_a_number_leads_to_its_ticket(house: House) -> None:
    ticket = house.asked()
    client = signed_in(house.requester)
    for address in (f"/portal/search/?q={ticket.number.lower()}", f"/portal/tickets/?number={ticket.number}"):
        assert client.get(address)["Location"] == f"/portal/tickets/{ticket.number}/"
    assert "There is no ticket" in client.get("/portal/tickets/?number=INC-999999").content.decode()


@pytest.mark.parametrize(
    "path", ["/portal/services/inner/", "/portal/services/none/", "/portal/new/?offering=none"]
)
def test_what_is_not_offered_is_not_found(house: House, path: str) -> None:
    assert signed_in(house.requester).get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/portal/", "/portal/services/", "/portal/services/network/", "/portal/tickets/?view=all"]
)
def test_pages_show_full_and_empty(house: House, path: str) -> None:
    assert signed_in(house.requester).get(path).status_code == 200
    house.asked()
    assert signed_in(house.requester).get(path).status_code == 200


def test_visitors_are_asked_to_sign_in(house: House, client: object) -> None:
    for path in ("/", "/portal/", "/portal/new/", "/jobs/", "/journal/", "/settings/"):
        response = client.get(path)  # type: ignore[attr-defined]
        assert response["Location"].startswith("/accounts/login/?next=")


def test_home_leads_to_where_the_day_begins(house: House) -> None:
    people = (
        house.requester, house.representative, house.agent, house.quality, house.system, house.auditor,
    )  # fmt: skip
    with acting(SYSTEM, Cause.SETUP):
        security = create_person(username="security", name="Security")
        give_role(person=security, role=Role.objects.get(slug="security"))
    places = {person.username: signed_in(person).get("/")["Location"] for person in (*people, security)}
    assert places == {
        "requester": "/portal/",
        "representative": "/portal/",
        "agent": "/desk/",
        "quality": "/quality/",
        "system": "/accounts/people/",
        "security": "/platform/role-assignments/",
        "auditor": "/journal/",
    }
