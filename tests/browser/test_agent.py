"""An agent takes a ticket from the queue, answers, pauses, resolves, and sees its clocks and why."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Town, Visit, says
from zhiheng.desk.models import Message, Ticket


def say(page: Page, words: str, *, way: str = "") -> None:
    """Write into the composer and send."""
    if way:
        page.locator(".ticket-composer label.chip", has_text=way).click()
    page.locator(".ticket-composer textarea").fill(words)
    page.locator(".ticket-composer button[type=submit]").click()


def test_a_ticket_from_the_queue_to_its_solution(visit: Visit, town: Town) -> None:
    ticket = town.asked("OA does not open")
    page = visit("agent")
    page.wait_for_url("**/desk/")
    page.get_by_role("link", name="Queues").click()
    page.locator("tr", has_text="OA does not open").get_by_role("link").first.click()
    page.get_by_role("button", name="Take").click()
    expect(page.get_by_role("button", name="Take")).to_have_count(0)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state_category) == (town.person("agent"), "open")

    say(page, "We are looking into it.")
    expect(page.locator(".timeline")).to_contain_text("We are looking into it.")
    say(page, "The licence server is suspect.", way="Private note")
    expect(page.locator(".msg.note")).to_contain_text("The licence server is suspect.")
    say(page, "Does it fail at home as well?", way="Ask and wait")
    expect(page.locator(".ticket-tags .tag.state")).to_have_text("Waiting for customer")

    clocks = page.locator(".side")
    expect(clocks).to_contain_text("on hold")
    page.get_by_text("How it was derived").first.click()
    expect(page.locator(".derivation:popover-open")).to_contain_text("What moved it")

    page.goto(f"/desk/tickets/{ticket.pk}/")
    page.locator(".acts-row").get_by_role("link", name="Solve").click()
    page.locator("textarea[name=solution]").fill("The licence was renewed.")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator(".ticket-tags .tag.state")).to_have_text("Solved")
    ticket.refresh_from_db()
    assert ticket.solution == "The licence was renewed."
    said = Message.objects.filter(ticket=ticket).values_list("visibility", flat=True)
    assert sorted(said) == ["private", "public", "public", "public"]
    assert Ticket.objects.get().responded_at is not None


def test_an_act_opens_in_a_dialog_and_the_page_stays(visit: Visit, town: Town) -> None:
    ticket = town.asked("OA does not open")
    page = visit("agent")
    page.goto(f"/desk/tickets/{ticket.pk}/")
    page.keyboard.press("a")
    dialog = page.locator("#load-dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Assign")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert page.url.endswith(f"/desk/tickets/{ticket.pk}/")

    page.keyboard.press("a")
    dialog.locator("select[name=to]").select_option(label=str(town.person("agent")))
    dialog.get_by_role("button", name="Assign").click()
    expect(page.locator(".ticket-detail .side")).to_contain_text(str(town.person("agent")))
    ticket.refresh_from_db()
    assert ticket.assignee == town.person("agent")


def test_space_peeks_at_a_ticket_with_its_next_steps(visit: Visit, town: Town) -> None:
    town.asked("OA does not open")
    page = visit("agent")
    page.goto("/desk/tickets/")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    peek = page.locator("#peek-panel")
    expect(peek.locator("h2")).to_have_text("OA does not open")
    expect(peek).to_contain_text("Since nine.")


def test_an_act_from_the_peek_leaves_one_in_the_list(visit: Visit, town: Town) -> None:
    ticket, other = town.asked("OA does not open"), town.asked("Mail is slow")
    agent = town.person("agent")
    page = visit("agent")
    page.goto("/desk/tickets/?view=open")
    row = page.locator("tr", has_text="OA does not open")
    row.locator("td").nth(4).click()
    page.keyboard.press("Space")
    peek = page.locator("#peek-panel")
    peek.get_by_role("button", name="Take").click()
    says(page, "Take")
    expect(row).to_contain_text(str(agent))
    expect(peek.locator("h2")).to_have_text("OA does not open")
    expect(peek.get_by_role("button", name="Take")).to_have_count(0)
    assert page.url.endswith("/desk/tickets/?view=open")

    page.keyboard.press("s")
    expect(row).to_contain_text("In progress")
    page.keyboard.press("s")
    dialog = page.locator("#load-dialog")
    dialog.get_by_role("button", name="Solve").click()
    expect(dialog).to_contain_text("required", ignore_case=True)
    dialog.locator("textarea[name=solution]").fill("The licence was renewed.")
    dialog.get_by_role("button", name="Solve").click()
    expect(dialog).to_be_hidden()
    expect(peek.locator(".tag.state")).to_have_text("Solved")
    expect(row).to_have_class(re.compile("gone"))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state_category) == (agent, "solved")

    page.keyboard.press("k" if row.evaluate("row => row.rowIndex") == 2 else "j")
    expect(peek.locator("h2")).to_have_text("Mail is slow")
    page.keyboard.press("a")
    dialog.locator("select[name=to]").select_option(label=str(agent))
    dialog.get_by_role("button", name="Assign").click()
    expect(page.locator("tr", has_text="Mail is slow")).to_contain_text(str(agent))
    other.refresh_from_db()
    assert other.assignee == agent


def test_an_opened_chip_counts_its_options_and_the_queue_opens_where_the_work_is(
    visit: Visit, town: Town
) -> None:
    for title, impact in (("OA does not open", 1), ("Mail is slow", 1), ("Printer", 3)):
        town.asked(title, impact=impact, urgency=impact)
    page = visit("agent")
    page.get_by_role("link", name="Queues").click()
    page.wait_for_url("**/desk/tickets/?view=free")
    page.locator(".chip-filter > summary", has_text="Priority").click()
    options = page.locator(".chip-form .check", has=page.locator(".count"))
    expect(options.filter(has_text="P1")).to_contain_text("2")
    expect(options.filter(has_text="P3")).to_contain_text("1")
    options.filter(has_text="P1").locator("input").check()
    page.locator(".chip-form").get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_day_is_chosen_by_keyboard_in_our_calendar(visit: Visit, town: Town) -> None:
    page = visit("owner")
    page.goto("/agreements/contracts/add/?starts_on=2026-01-31")
    page.get_by_label("Starts on").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".calendar:popover-open .calendar-head")).to_contain_text("2026-01")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Starts on")).to_have_value("2026-03-01")
    expect(page.get_by_label("Starts on")).to_be_focused()
