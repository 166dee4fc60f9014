"""The frame: palette, language, theme, the drawer of a phone, live numbers, error pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Town, Visit


def open_look(page: Page) -> None:
    page.get_by_role("button", name="Language and theme").click()


@pytest.mark.parametrize(("typed", "heading"), [("jobs", "Jobs"), ("zy", "Jobs")])
def test_the_palette_goes_to_a_page_by_english_or_pinyin(visit: Visit, typed: str, heading: str) -> None:
    page = visit("admin")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    page.locator(".palette-item", has_text="Jobs").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_the_palette_finds_a_ticket(visit: Visit, town: Town) -> None:
    town.asked("Projector flickers in room 12")
    page = visit("agent")
    page.keyboard.press("Control+k")
    page.keyboard.type("projector")
    page.locator(".palette-item", has_text="Projector flickers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Projector flickers in room 12")


def test_language_and_theme_are_changed_and_kept(visit: Visit) -> None:
    page = visit("user")
    open_look(page)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您需要什么帮助？")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[popovertarget=look-menu]").click()
    page.locator("[data-theme-choice][value=dark]").click()
    page.goto("/portal/tickets/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    expect(page.get_by_role("heading", level=1)).to_have_text("我的申请")


def test_a_phone_has_a_drawer_and_nothing_runs_over(visit: Visit, town: Town) -> None:
    ticket = town.asked("OA does not open, and the title of this ticket is rather long for a phone")
    page = visit("agent", phone=True)
    expect(page.locator("#nav")).to_be_hidden()
    page.locator("[data-drawer-open]").click()
    page.locator("#nav").get_by_role("link", name="Queues").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Queues")
    for path in ("/desk/", "/desk/tickets/", f"/desk/tickets/{ticket.pk}/", "/settings/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_queue_of_a_phone_is_cards(visit: Visit, town: Town) -> None:
    ticket = town.asked("OA does not open, and the title of this ticket is rather long for a phone")
    page = visit("agent", phone=True)
    page.goto("/desk/tickets/")
    card = page.locator(f'[data-row="{ticket.pk}"]')
    for shown in (ticket.number, ticket.title, "New"):
        expect(card.get_by_text(shown, exact=True)).to_be_visible()
    expect(card.locator("td:visible")).to_have_count(4 + card.locator(".clock").count())
    inner = page.locator(".table-wrap").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert inner[0] <= inner[1], "the list scrolls sideways"
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_without_javascript_an_agent_still_works(visit: Visit, town: Town) -> None:
    ticket = town.asked("OA does not open")
    page = visit("agent", javascript=False)
    page.goto(f"/desk/tickets/{ticket.pk}/")
    page.get_by_role("button", name="Take").click()
    page.locator(".ticket-composer textarea").fill("We are looking into it.")
    page.locator(".ticket-composer button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("We are looking into it.")


def test_an_auditor_reads_what_changed(visit: Visit, town: Town) -> None:
    town.asked("OA does not open")
    page = visit("audit")
    page.goto("/journal/?act=desk.ticket.opened")
    page.locator("tbody .row-link").first.click()
    expect(page.locator("table.diff")).to_contain_text("OA does not open")
