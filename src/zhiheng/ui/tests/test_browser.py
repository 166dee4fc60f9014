"""The bundle in headless Chromium, on the gallery: no database, no sign-in, the real policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from zhiheng.ui import build
from zhiheng.ui.navigation import Group, NavItem, anyone, register_nav
from zhiheng.ui.tests.registries import empty_frame

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
MIDDLEWARE = [
    "zhiheng.ui.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The gallery, served from a thread."""
    build.build()
    patch = pytest.MonkeyPatch()
    empty_frame(patch)
    register_nav(
        NavItem(
            group=Group.MEASURE, label="质量总览", url_name="ui:counters", icon="gauge", permission=anyone
        )
    )
    settings = override_settings(
        ROOT_URLCONF="zhiheng.ui.tests.urls", MIDDLEWARE=MIDDLEWARE, DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"]
    )
    settings.enable()
    http = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=_Quiet)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()
    settings.disable()
    patch.undo()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A fresh English page on the gallery that fails the test for anything the console complains about."""
    context = browser.new_context(base_url=server, viewport={"width": 1440, "height": 1000}, locale="en-GB")
    context.add_cookies([{"name": "django_language", "value": "en", "url": server}])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto("/gallery/")
    expect(opened.locator("html")).to_have_class("js")
    opened.evaluate("document.activeElement.blur()")
    yield opened
    assert complaints == []
    context.close()


def test_charts_and_the_process_map_are_drawn_within_the_policy(page: Page) -> None:
    expect(page.locator("#chart-line canvas")).to_be_visible()
    expect(page.locator("#map canvas").first).to_be_visible()
    with page.expect_download() as saved:
        page.locator("[data-chart]").first.get_by_role("button", name="Save as CSV").click()
    text = saved.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("W34,1.8,")


def test_palette_goes_to_a_page_by_pinyin_initials(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("zlzl")
    expect(page.locator(".palette-item")).to_have_text(["质量总览Measure"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/ui/counters/")


def test_list_is_worked_by_keys(page: Page) -> None:
    rows = page.locator("[data-row]")
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(rows.nth(1)).to_have_class("current")
    expect(page.locator("[data-act-bar]")).to_be_visible()
    rows.nth(4).locator("input").click(modifiers=["Shift"])
    expect(page.locator("[data-act-count]")).to_have_text("4 selected")
    page.locator("[data-pick-none]").click()
    expect(page.locator("[data-act-bar]")).to_be_hidden()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    # A click on a box picks; the current row stays, and the key went up from it.
    expect(page).to_have_url(re.compile("#ticket-0$"))


def test_all_keys_are_listed(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    shown = page.locator("#keys-list kbd").all_inner_texts()
    assert {"j", "k", "o", "Enter", "x", "a", "s", "r", "n", "e", "c", "/", "?"} <= set(shown)
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#top-search")).to_be_focused()


def test_clock_shows_how_it_was_derived(page: Page) -> None:
    page.locator("button.clock").click()
    derivation = page.locator("#clock-sample")
    expect(derivation).to_be_visible()
    expect(derivation).to_contain_text("2026-11-20 Fri")
    box = derivation.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 1440


def test_leaving_unsaved_asks_and_the_draft_is_kept(page: Page) -> None:
    field = page.get_by_label("Description")
    field.fill("half a thought")
    page.locator(".brand").first.click()
    expect(page.locator("#confirm-dialog")).to_be_visible()
    page.locator("#confirm-dialog [data-dialog-close]").click()
    expect(page.locator("#confirm-dialog")).to_be_hidden()
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "half a thought" in kept
    assert "csrfmiddlewaretoken" not in kept
    page.evaluate("localStorage.clear()")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")


def test_theme_changes_at_once_and_is_kept(page: Page) -> None:
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("[popovertarget=look-menu]").click()
    page.locator("[data-theme-choice][value=dark]").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_long_select_is_a_search(page: Page) -> None:
    box = page.get_by_role("combobox", name="Service")
    box.fill("12")
    page.keyboard.press("Enter")
    assert page.locator("select[name=service]").evaluate("select => select.value") == "12"
    expect(box).to_have_value("服务 12")


def test_phone_has_a_drawer_and_nothing_runs_over(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#nav")).to_be_hidden()
    page.locator("[data-drawer-open]").click()
    expect(page.locator("#nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
