"""Takes the pictures of the README and the docs from a running demo, with the system's Chromium.

python scripts/screenshots.py --base http://127.0.0.1:8000 [--person NAME] [--password WORD]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).resolve().parents[1] / "docs/images"
# A browser that calls nobody: these switches keep Chromium from its own background traffic.
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One picture: file, page, and how it is looked at."""

    name: str
    path: str
    language: str = "en"
    scheme: str = "light"
    width: int = 1440
    height: int = 900
    click: str = ""  # a selector whose first match is opened before the picture is taken


SHOTS = (
    Shot("overview", "/quality/"),
    Shot("overview-zh", "/quality/", language="zh-CN"),
    Shot("overview-dark", "/quality/", scheme="dark"),
    Shot("queue", "/desk/tickets/"),
    Shot("queue-zh", "/desk/tickets/", language="zh-CN"),
    Shot("ticket", "/desk/tickets/", click="main table tbody tr a[href*='/desk/tickets/']"),
    Shot(
        "ticket-zh", "/desk/tickets/", language="zh-CN", click="main table tbody tr a[href*='/desk/tickets/']"
    ),
    Shot("portal-phone", "/portal/", width=390, height=844),
)


def sign_in(page: Page, *, base: str, person: str, password: str) -> None:
    """Sign in through the form, as a person would."""
    page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", person)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_load_state("networkidle")
    if "login" in page.url:
        raise SystemExit(f"screenshots.py: {person} could not sign in at {base}")


def take(browser: Browser, shot: Shot, *, state: Any, base: str) -> None:
    """Take one picture, in a fresh window that is signed in already."""
    context = browser.new_context(
        storage_state=state,
        locale=shot.language,
        color_scheme="dark" if shot.scheme == "dark" else "light",
        viewport={"width": shot.width, "height": shot.height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    response = page.goto(base + shot.path, wait_until="networkidle")
    if response is None or not response.ok:
        raise SystemExit(f"screenshots.py: {shot.path} answered {response.status if response else 'nothing'}")
    if shot.click:
        page.locator(shot.click).first.click()
        page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{shot.name}.png")
    sys.stdout.write(f"docs/images/{shot.name}.png\n")
    context.close()


def main() -> None:
    """Sign in once, take every picture (or the ones named)."""
    parser = argparse.ArgumentParser(description="Takes the pictures of README and docs from a running demo.")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--person", default="quality", help="who signs in")
    parser.add_argument("--password", default="zhiheng-demo")
    parser.add_argument("names", nargs="*", help="only these pictures")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("screenshots.py: no Chromium found: apt install chromium")
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        context = browser.new_context(locale="en")
        sign_in(context.new_page(), base=options.base, person=options.person, password=options.password)
        state = context.storage_state()
        for shot in SHOTS:
            if not options.names or shot.name in options.names:
                take(browser, shot, state=state, base=options.base)
        browser.close()


if __name__ == "__main__":
    main()
