"""A process owner promises a time in working days and draws a new version of a process, row by row."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from zhiheng.agreements.models import Commitment
from zhiheng.processes.models import Process, ProcessVersion


def test_a_time_is_promised_in_working_days(visit: Visit) -> None:
    page = visit("owner")
    page.goto("/agreements/commitments/add/")
    page.fill("input[name=name_zh]", "网络恢复")
    page.fill("input[name=name_en]", "Network restored")
    page.select_option("select[name=promise]", "restoration")
    page.select_option("select[name=kind]", label="Incident")
    page.fill("input[name=target_seconds]", "2 days off")
    page.locator("input[name=order]").focus()
    expect(page.locator("#errors-target_seconds")).to_contain_text("is no duration. Write it like 4 h")
    page.fill("input[name=target_seconds]", "1 working day")
    page.locator("input[name=order]").focus()
    expect(page.locator("#errors-target_seconds")).to_contain_text("Natural time has no working days")
    page.select_option("select[name=calendar]", label="5×8, Chinese working days")
    page.locator("input[name=target_seconds]").focus()
    page.locator("input[name=order]").focus()
    expect(page.locator("#errors-target_seconds")).to_be_empty()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())
    expect(page.locator("#property-target_seconds")).to_contain_text("1 working day")
    expect(page.locator("#property-kind")).to_contain_text("Incident")
    assert Commitment.objects.get(name__en="Network restored").target_seconds == 8 * 3600


def test_a_process_gets_a_state_and_a_way_into_it(visit: Visit) -> None:
    page = visit("owner")
    page.goto("/processes/versions/add/")
    page.get_by_role("link", name="Incident, default process").click()
    states, moves = page.locator("[data-rows=states]"), page.locator("[data-rows=transitions]")
    rows = states.locator("[data-row]")
    expect(page.locator(".edit-row.spare")).to_have_count(0)  # the script has begun
    before = rows.count()
    page.get_by_role("button", name="Add a state").click()
    expect(rows).to_have_count(before + 1)
    added = rows.last
    added.get_by_label("Key", exact=True).fill("on_site")
    added.get_by_label("Chinese name").fill("现场处理")
    added.get_by_label("English name").fill("On site")
    added.locator("select[name$=-category]").select_option(label="Open")
    expect(page.locator(".definition-drawn")).to_contain_text("No move leads from the start to this state.")
    for start, end, zh, en in (
        ("In progress", "On site", "上门", "Go there"),
        ("On site", "Solved", "解决", "Solve"),
    ):
        page.get_by_role("button", name="Add a move").click()
        move = moves.locator("[data-row]").last
        move.locator("select[name$=-from]").select_option(label=start)
        move.locator("select[name$=-to]").select_option(label=end)
        move.get_by_label("Chinese name").fill(zh)
        move.get_by_label("English name").fill(en)
    moves.locator("[data-row]").last.get_by_label("solution").check()
    added.get_by_label("English name").fill("At the customer")
    expect(moves.locator("[data-row]").last.locator("select[name$=-from] option:checked")).to_have_text(
        "At the customer"
    )
    expect(page.locator(".definition-drawn [data-process-map]")).to_be_visible()
    page.fill("textarea[name=note]", "Visits are a state of their own.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())
    version = ProcessVersion.objects.get(note="Visits are a state of their own.")
    assert version.status == "draft"
    assert version.document["states"][-1]["key"] == "on_site"
    assert version.document["transitions"][-1] == {
        "from": "on_site", "to": "solved", "name": {"zh": "解决", "en": "Solve"}, "needs": ["solution"],
    }  # fmt: skip


def test_rows_are_lines_on_a_phone_until_they_are_opened(visit: Visit) -> None:
    page = visit("owner", phone=True)
    process = Process.objects.get(slug="incident-default")
    page.goto(f"/processes/versions/add/?process={process.pk}")
    states = page.locator("[data-rows=states] [data-row]")
    second = states.nth(1)
    name = second.get_by_label("English name")
    expect(second.locator(".row-title")).to_have_text("Dispatched Open")
    expect(name).to_be_hidden()
    second.locator("[data-row-open]").click()
    name.fill("Sent to a team")
    expect(second.locator(".row-title")).to_have_text("Sent to a team Open")
    move = page.locator("[data-rows=transitions] [data-row]").first
    expect(move.locator(".row-title")).to_have_text("New → Sent to a team Accept and dispatch")
    second.locator("[data-row-open]").press("Enter")
    expect(name).to_be_hidden()
    page.get_by_role("button", name="Add a state").click()
    expect(states.last.get_by_label("English name")).to_be_visible()


def test_a_version_in_force_is_read_and_copied(visit: Visit) -> None:
    page = visit("owner", phone=True)
    version = ProcessVersion.objects.get(process__slug="incident-default", status="active")
    page.goto(f"/processes/versions/{version.pk}/edit/")
    row = page.locator("[data-rows=states] [data-row]").first
    row.locator("[data-row-open]").click()
    expect(row.get_by_label("English name")).to_be_disabled()
    expect(page.get_by_role("button", name="Add a state")).to_be_hidden()
    page.get_by_role("button", name="Copy into a new draft").click()
    page.wait_for_url(lambda url: url.endswith("/edit/") and f"/{version.pk}/" not in url)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()


def test_a_large_map_can_be_read_on_a_phone(visit: Visit) -> None:
    page = visit("owner", phone=True)
    version = ProcessVersion.objects.filter(process__slug="incident-default").latest("pk")
    page.goto(f"/processes/versions/{version.pk}/")
    canvas = page.locator(".map-canvas")
    expect(canvas).to_have_attribute("data-scale", "0.80")
    expect(page.locator(".map-hint")).to_be_visible()
