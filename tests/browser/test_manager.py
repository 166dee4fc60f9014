"""A manager finds the worst team on the quality overview and opens its late tickets in three clicks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Town, Visit
from zhiheng.accounts.models import Team
from zhiheng.desk import services as desk
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import frozen, now

EACH = 32
"""Tickets of a team: above the 30 that the indicator asks for."""


def history(town: Town, team: Team, *, days_to_solve: float) -> None:
    """Tickets of a team from three to six weeks ago, each solved after so many days."""
    start = now() - timedelta(days=42)
    for number in range(EACH):
        received = start + timedelta(hours=number * 10)
        with frozen(received):
            ticket = town.asked(f"{team.name} {number}", team=team)
        with frozen(received + timedelta(days=days_to_solve)), acting(SYSTEM, Cause.RULE):
            desk.transition(ticket=ticket, to="solved", solution="Done.")


def test_the_worst_team_and_its_late_tickets_in_three_clicks(
    visit: Visit, town: Town, work_off: Callable[[], int]
) -> None:
    history(town, town.first, days_to_solve=0.05)
    history(town, town.second, days_to_solve=25)
    page = visit("quality")
    page.wait_for_url("**/quality/")
    page.get_by_role("button", name="Build the facts now").click()
    work_off()
    page.goto("/quality/")
    page.get_by_role("link", name="Second line holds").click()  # first click
    expect(page.locator(".answer")).to_contain_text("speak against")
    expect(page.locator("tbody tr")).to_have_count(EACH)
    page.locator("tbody .row-link").first.click()  # second click
    page.wait_for_url("**/desk/tickets/*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second line")
    assert Ticket.objects.filter(team=town.second).count() == EACH
