"""Takes the pictures of the README and the docs from a running demo, with the system's Chromium.

python scripts/screenshots.py --base http://127.0.0.1:8000 [--password WORD] [PICTURE …]
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
    person: str = "quality"
    story: str = ""  # the language of the conversation that is shown


SHOTS = (
    Shot("overview", "/quality/"),
    Shot("overview-zh", "/quality/", language="zh-CN"),
    Shot("overview-dark", "/quality/", scheme="dark"),
    Shot("queue", "/desk/tickets/", person="agent"),
    Shot("queue-zh", "/desk/tickets/", language="zh-CN", person="agent"),
    Shot("ticket", "", person="agent", story="en"),
    Shot("ticket-zh", "", language="zh-CN", person="agent", story="zh"),
    Shot("process", "/processes/versions/add/?process=2", person="owner"),
    Shot("portal-phone", "/portal/", width=390, height=844, person="user"),
)


@dataclass(frozen=True)
class Story:
    """A fault as its user tells it, and what the agent writes: (who reads it, text) in order."""

    title: str
    body: str
    said: tuple[tuple[str, str], ...]


STORIES = {
    "en": Story(
        "VPN drops every few minutes",
        "Since this morning the connection breaks off about every five minutes. Two colleagues here see the same.",
        (
            ("reply", "Thank you. I see the breaks in the gateway's log and am looking for the cause."),
            ("note", "Gateway 2 renegotiates every 300 s since last night's change. Asked the network team."),
            ("reply", "You are on the other gateway now. Please tell us whether the connection holds."),
        ),
    ),
    "zh": Story(
        "VPN 每隔几分钟就断开",
        "从今天早上起，连接大约每五分钟断一次，旁边两位同事也是一样。",
        (
            ("reply", "已收到。网关日志里能看到断开的记录，正在查原因。"),
            ("note", "2 号网关自昨晚变更后每 300 秒重新协商一次，已请网络组核对。"),
            ("reply", "已为您切换到另一台网关，请确认连接是否稳定。"),
        ),
    ),
}


def tell(browser: Browser, story: Story, *, states: dict[str, Any], base: str) -> str:
    """The address of the story's ticket for the agent; opened and answered through the pages unless it is there."""
    agent = browser.new_context(storage_state=states["agent"]).new_page()
    agent.goto(f"{base}/desk/tickets/")
    row = agent.locator("tr[data-url]", has_text=story.title)
    if row.count() == 0:
        user = browser.new_context(storage_state=states["user"]).new_page()
        user.goto(f"{base}/portal/new/")
        user.check("input[name=kind][value=incident]")
        user.select_option("select[name=service]", "network")
        user.fill("input[name=title]", story.title)
        user.fill("textarea[name=body]", story.body)
        user.locator("main form button.go").click()
        user.wait_for_url("**/portal/tickets/*-*/")
        agent.reload()
        _answer(agent, story, address=base + str(row.first.get_attribute("data-url")))
        agent.goto(f"{base}/desk/tickets/")
    return str(row.first.get_attribute("data-url"))


def _answer(page: Page, story: Story, *, address: str) -> None:
    page.goto(address)
    page.locator("button[formaction$='/act/claim/']").click()
    page.wait_for_load_state("networkidle")
    for way, words in story.said:
        page.locator(f"label:has(input[name=say][value={way}])").click()
        page.fill("#composer textarea", words)
        page.click("#composer button[type=submit]")
        page.wait_for_load_state("networkidle")
        page.goto(address)


def sign_in(page: Page, *, base: str, person: str, password: str) -> None:
    """Sign in through the form, as a person would."""
    page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", person)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_load_state("networkidle")
    if "login" in page.url:
        raise SystemExit(f"screenshots.py: {person} could not sign in at {base}")


def take(browser: Browser, shot: Shot, *, states: dict[str, Any], base: str) -> None:
    """Take one picture, in a fresh window that is signed in already."""
    context = browser.new_context(
        storage_state=states[shot.person],
        locale=shot.language,
        color_scheme="dark" if shot.scheme == "dark" else "light",
        viewport={"width": shot.width, "height": shot.height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    path = shot.path
    if shot.story:
        path = tell(browser, STORIES[shot.story], states=states, base=base)
    response = page.goto(base + path, wait_until="networkidle")
    if response is None or not response.ok:
        raise SystemExit(f"screenshots.py: {path} answered {response.status if response else 'nothing'}")
    page.screenshot(path=TARGET / f"{shot.name}.png")
    sys.stdout.write(f"docs/images/{shot.name}.png\n")
    context.close()


def main() -> None:
    """Sign in once for each person, take every picture (or the ones named)."""
    parser = argparse.ArgumentParser(description="Takes the pictures of README and docs from a running demo.")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default="zhiheng-demo")
    parser.add_argument("names", nargs="*", help="only these pictures")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("screenshots.py: no Chromium found: apt install chromium")
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        states: dict[str, Any] = {}
        for person in sorted({shot.person for shot in SHOTS} | {"user"}):
            context = browser.new_context(locale="en")
            sign_in(context.new_page(), base=options.base, person=person, password=options.password)
            states[person] = context.storage_state()
        for shot in SHOTS:
            if not options.names or shot.name in options.names:
                take(browser, shot, states=states, base=options.base)
        browser.close()


if __name__ == "__main__":
    main()
