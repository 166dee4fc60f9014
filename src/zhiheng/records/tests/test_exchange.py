"""Files out and in: what leaves can be loaded again, a bad row stops nothing, a run can be undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from zhiheng.platform.jobs import run_waiting_jobs
from zhiheng.platform.models import Entry
from zhiheng.records.declaration import RecordType
from zhiheng.records.exchange import runs
from zhiheng.records.exchange.planning import Plan, Planner
from zhiheng.records.models import ImportRow, ImportRun, Outcome, RunState
from zhiheng.records.tests.shop.models import Category, Order

pytestmark = pytest.mark.django_db

HEAD = "Code,Name (zh),Name (en),Parent,Retired\r\n"


def upload(browser: Any, url: str, text: str, name: str = "rows.csv") -> str:
    """Send a file; answers the address of the run."""
    sent = browser.post(f"{url}import/", {"file": SimpleUploadedFile(name, text.encode())})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent.url)


def check(browser: Any, run_url: str) -> ImportRun:
    """Accept the guessed columns and check the rows."""
    run = ImportRun.objects.latest("pk")
    columns = {f"column-{index}": run.mapping.get(head, "") for index, head in enumerate(run.heads)}
    assert browser.post(run_url, {"step": "check", **columns}).status_code == 302
    run.refresh_from_db()
    return run


def test_a_file_is_checked_applied_and_undone(
    person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    browser = signed_in(person("clerk", "shop.category:*"))
    Category.objects.create(code="net", name={"zh": "网络", "en": "Net"})
    Category.objects.create(code="same", name={"zh": "同", "en": "Same"})
    rows = (
        "net,网络,Network,,no\r\n"
        "same,同,Same,,否\r\n"
        "lan,局域网,LAN,net,是\r\n"
        "wifi,无线,Wi-Fi,lan,no\r\n"
        "bad,坏,Bad,nowhere,no\r\n"
        "lan,again,Again,,no\r\n"
        ",nokey,No key,,no\r\n"
    )
    run_url = upload(browser, "/shop/categories/", HEAD + rows)
    run = check(browser, run_url)
    assert run.state == RunState.STAGED
    assert list(run.rows.order_by("line").values_list("line", "outcome")) == [
        (2, Outcome.CHANGE),
        (3, Outcome.SAME),
        (4, Outcome.ADD),
        (5, Outcome.ADD),
        (6, Outcome.BAD),
        (7, Outcome.BAD),
        (8, Outcome.BAD),
    ]
    assert Category.objects.count() == 2, "checking writes nothing"
    page = browser.get(run_url).content.decode()
    assert "Network" in page
    assert "names no single" in page
    bad = browser.get(f"{run_url}?bad=1").content.decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(bad))] == ["line", "6", "7", "8"]

    browser.post(run_url, {"step": "apply"})
    run_waiting_jobs()
    run.refresh_from_db()
    assert run.state == RunState.APPLIED
    assert Category.objects.get(code="net").name["en"] == "Network"
    assert Category.objects.get(code="wifi").parent.code == "lan"
    assert Category.objects.get(code="lan").retired
    entries = Entry.objects.filter(correlation=run.correlation)
    assert {entry.cause for entry in entries} == {"import"}
    assert entries.count() == 3

    Category.objects.filter(code="net").update(retired=True)  # a field that the run did not touch
    browser.post(run_url, {"step": "undo"})
    run_waiting_jobs()
    assert sorted(Category.objects.values_list("code", flat=True)) == ["net", "same"]
    assert Category.objects.get(code="net").name["en"] == "Net"


def test_the_difference_names_linked_records(
    person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    browser = signed_in(person("clerk", "shop.category:*"))
    lan, wan = (Category.objects.create(code=code, name={"zh": code, "en": code}) for code in ("lan", "wan"))
    Category.objects.create(code="wifi", name={"zh": "无线", "en": "Wi-Fi"}, parent=lan)
    run_url = upload(browser, "/shop/categories/", HEAD + "wifi,无线,Wi-Fi,wan,no\r\n")
    assert check(browser, run_url).rows.get().changes == {"parent": [lan.pk, wan.pk]}
    page = browser.get(run_url).content.decode()
    assert "Parent: <del>lan</del> <ins>wan</ins>" in page


def test_undo_leaves_what_was_changed_since(
    person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    browser = signed_in(person("clerk", "shop.category:*"))
    run_url = upload(browser, "/shop/categories/", HEAD + "lan,局域网,LAN,,no\r\n")
    check(browser, run_url)
    browser.post(run_url, {"step": "apply"})
    run_waiting_jobs()
    record = Category.objects.get(code="lan")
    record.name = {"zh": "改", "en": "Changed"}
    record.save()
    browser.post(run_url, {"step": "undo"})
    run_waiting_jobs()
    assert Category.objects.filter(code="lan").exists()
    assert "changed since" in ImportRun.objects.get().rows.get().reason


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_an_export_loads_again_without_a_difference(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any], format_: str
) -> None:
    owner = person("owner")
    browser = signed_in(person("clerk", "*:*"))
    net = Category.objects.create(code="net", name={"zh": "网络", "en": "Net"})
    orders(2, category=net, owner=owner, weight="12.50", urgent=True, due_at="2026-11-20T06:05:00Z")
    first = orders(1, title="=1+1", note="two\nlines", ordered_on="2026-11-20")[0]
    sent = browser.get(f"/shop/orders/export/?format={format_}&fields=all")
    content = b"".join(sent.streaming_content) if sent.streaming else sent.content
    assert b"secret" not in content.lower() or format_ == "xlsx"
    if format_ == "csv":
        assert "'=1+1" in content.decode("utf-8-sig")
    file = SimpleUploadedFile(f"orders.{format_}", content)
    run_url = browser.post("/shop/orders/import/", {"file": file}).url
    run = check(browser, run_url)
    assert {row.outcome: row.reason for row in run.rows.all()} == {Outcome.SAME: ""}
    assert run.rows.count() == 3
    assert Order.objects.get(pk=first.pk).title == "=1+1"


def test_a_long_export_is_a_job(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr("zhiheng.records.exchange.export.INLINE_ROWS", 5)
    monkeypatch.setattr("zhiheng.records.exchange.export.BATCH", 4)
    browser = signed_in(person("clerk", "shop.order:*"))
    orders(11)
    sent = browser.get("/shop/orders/export/?format=csv&order=number")
    assert sent.status_code == 302
    run_waiting_jobs()
    assert b"11" in browser.get(sent.url).content
    got = browser.get(f"{sent.url}?download=1")
    lines = list(csv.reader(io.StringIO(b"".join(got.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [f"O-{number:04d}" for number in range(1, 12)]
    other = signed_in(person("other", "shop.order:*"))
    assert other.get(sent.url).status_code == 404


def test_a_record_that_another_import_made_meanwhile_is_changed(
    person: Callable[..., Any], signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(person("clerk", "shop.category:*"))
    run_url = upload(browser, "/shop/categories/", HEAD + "net,网络,Network,,no\r\nlan,局域网,LAN,,no\r\n")
    check(browser, run_url)
    write, left = runs._write, ["net", "lan"]

    def late(record_type: RecordType, plan: Plan) -> Any:
        code = plan.values.get("code")
        if code not in left:
            return write(record_type, plan)
        left.remove(code)
        raise IntegrityError("UNIQUE constraint failed: shop_category.code")

    written = runs._written

    def after_another(record_type: RecordType, planner: Planner, row: ImportRow) -> Any:
        try:
            return written(record_type, planner, row)
        except IntegrityError:
            if row.cells[0] == "net":
                Category.objects.create(code="net", name={"zh": "网", "en": "Net"})
            raise

    monkeypatch.setattr(runs, "_write", late)
    monkeypatch.setattr(runs, "_written", after_another)
    browser.post(run_url, {"step": "apply"})
    run_waiting_jobs()
    rows = ImportRun.objects.latest("pk").rows.order_by("line")
    assert [(row.outcome, row.applied) for row in rows] == [(Outcome.CHANGE, True), (Outcome.ADD, True)]
    assert Category.objects.get(code="net").name == {"zh": "网络", "en": "Network"}
    assert Category.objects.count() == 2
