"""A requester opens a ticket in the portal and follows it to confirmation; once without JavaScript, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Town, Visit, says
from zhiheng.desk import services as desk
from zhiheng.desk.models import Ticket
from zhiheng.platform.files import attachments_of


def work_on(town: Town, ticket: Ticket) -> None:
    """An agent takes it and asks a question."""
    with town.as_("agent"):
        desk.claim_ticket(ticket=ticket)
        ticket.refresh_from_db()
        desk.transition(ticket=ticket, to="waiting_customer", question="Which version of the client?")


def solve(town: Town, ticket: Ticket) -> None:
    """The agent solves it."""
    ticket.refresh_from_db()
    with town.as_("agent"):
        desk.transition(ticket=ticket, to="solved", solution="The certificate was renewed.")


def ask_for_vpn(page: Page) -> Ticket:
    page.get_by_role("searchbox", name="What do you need?").fill("vpn")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="VPN account").click()
    page.get_by_label("In one line").fill("VPN for my travels")
    page.get_by_label("Tell us more").fill("I leave on Monday.")
    page.get_by_label("It can wait").check()
    page.get_by_label("Screenshots or files").set_input_files(
        {"name": "ticket.txt", "mimeType": "text/plain", "buffer": b"flight at nine\n"}
    )
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/portal/tickets/REQ-*/")
    return Ticket.objects.get()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_question_to_the_confirmation(visit: Visit, town: Town, javascript: bool) -> None:
    page = visit("user", javascript=javascript, phone=not javascript)
    page.wait_for_url("**/portal/")
    ticket = ask_for_vpn(page)
    says(page, f"Its number is {ticket.number}")
    expect(page.locator(".strip [aria-current=step]")).to_contain_text("Received")
    message = ticket.messages.get()
    assert [file.name for file in attachments_of(message)] == ["ticket.txt"]
    expect(page.locator(".attachments")).to_contain_text("ticket.txt")

    work_on(town, ticket)
    page.goto("/portal/")
    row = page.locator(".ticket-list .your-turn")
    expect(row).to_contain_text("Waiting for your answer")
    row.get_by_role("link").click()
    expect(page.locator(".timeline")).to_contain_text("Which version of the client?")
    page.get_by_label("Your answer").fill("Version 5.1")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".strip [aria-current=step]")).to_contain_text("Being worked on")
    page.get_by_role("button", name="Please hurry").click()
    says(page, "has been told")

    solve(town, ticket)
    page.reload()
    expect(page.locator(".confirm-box")).to_contain_text("The certificate was renewed.")
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.locator(".page-head .tag")).to_have_text("Completed")
    ticket.refresh_from_db()
    assert (ticket.state_category, ticket.confirmed_at is not None) == ("closed", True)
    if not javascript:
        return
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_solution_that_does_not_help_goes_back(visit: Visit, town: Town) -> None:
    ticket = town.asked("VPN does not connect")
    work_on(town, ticket)
    solve(town, ticket)
    page = visit("user", phone=True)
    page.goto(f"/portal/tickets/{ticket.number}/")
    page.get_by_text("No, send it back").click()
    page.get_by_label("What is still wrong?").fill("It still says expired.")
    page.get_by_role("button", name="Send it back").click()
    says(page, "back with us")
    expect(page.locator(".timeline")).to_contain_text("It still says expired.")
    ticket.refresh_from_db()
    assert (ticket.state_category, ticket.reopen_count) == ("open", 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_representative_follows_the_organisation(visit: Visit, town: Town) -> None:
    ticket = town.asked("Printer jams")
    page = visit("customer")
    page.get_by_role("link", name="My tickets", exact=True).click()
    page.get_by_role("link", name="My organisation").click()
    page.get_by_role("link", name=ticket.number).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Printer jams")
    expect(page.get_by_role("button", name="Please hurry")).to_have_count(0)
