"""A live server on a small seeded organisation, and people who visit it with the system's Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, expect, sync_playwright

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.accounts.services import join_team
from zhiheng.catalog.models import Service
from zhiheng.config.defaults import install_defaults
from zhiheng.desk.models import Ticket
from zhiheng.desk.services import open_ticket
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.platform.jobs import run_waiting_jobs
from zhiheng.processes.queries import definition_of, kind_named
from zhiheng.ui import build
from zhiheng.web.services.demo import set_up_demo

# A browser that calls nobody: these switches keep Chromium from its own background traffic.
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Town:
    """The demo's people without its log: two teams, two services, something to ask for."""

    first: Team
    second: Team
    network: Service

    def person(self, username: str) -> Person:
        return Person.objects.get(username=username)

    @contextmanager
    def as_(self, username: str, cause: Cause = Cause.PAGE) -> Iterator[None]:
        """Act as this person."""
        with acting(Actor(ActorKind.PERSON, self.person(username).pk, label=username), cause):
            yield

    def asked(self, title: str, **given: Any) -> Ticket:
        """An incident of the demo's user, on the first team's queue."""
        values = {"team": self.first, "service": self.network, **given}
        with self.as_("user", Cause.PORTAL):
            return open_ticket(
                kind=kind_named("incident"),
                title=title,
                body="Since nine.",
                requester=self.person("user"),
                **values,
            )


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """Seeds the database of this test; its files and facts lie in a folder of their own."""
    build.build()
    settings.DEMO = True
    settings.FILES_ROOT, settings.MIRROR_ROOT = tmp_path / "files", tmp_path / "mirror"
    definition_of.cache_clear()  # keyed by ids, which begin anew with each flushed database
    with acting(SYSTEM, Cause.SETUP), translation.override("en"):
        install_defaults()
        set_up_demo()
        first, second = Team.objects.create(name="First line"), Team.objects.create(name="Second line")
        for name, team in (("agent", first), ("engineer", second), ("lead", second)):
            join_team(team=team, person=Person.objects.get(username=name))
        network = Service.objects.get(slug="network")
        network.team = first
        network.save()
        assert Organisation.objects.count() == 2
    yield Town(first, second, network)
    definition_of.cache_clear()


@pytest.fixture
def work_off() -> Callable[[], int]:
    """Run what waits in the background, as a worker would."""
    return run_waiting_jobs


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the journeys of a file."""
    patch = pytest.MonkeyPatch()
    # Playwright drives its own event loop in this thread; nothing of ours runs in it.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield opened
        opened.close()
    patch.undo()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: Any, town: Town) -> Iterator[Visit]:
    """`visit("agent")` opens a window, signs in by the card of the demo and returns the page.

    Whatever the console of any window complains about (a refused script or style, an error) fails the test.
    """
    complaints: list[str] = []
    contexts = []

    def open_window(
        username: str, *, javascript: bool = True, phone: bool = False, language: str = "en-GB"
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=language, java_script_enabled=javascript, reduced_motion="reduce",
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        page.locator(f"form:has(input[name=login][value={username}]) button").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def says(page: Page, words: str) -> None:
    """The toast of the page says this."""
    expect(page.locator("#toasts")).to_contain_text(words)
