"""Every registered record type: each behaviour under each state of permission, in both languages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import Entry
from zhiheng.records.declaration import RecordType
from zhiheng.records.forms.build import form_class
from zhiheng.records.models import ImportRow, ImportRun, Outcome
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url
from zhiheng.records.testing.baselines import check_baselines
from zhiheng.records.testing.people import People, read_by_everyone
from zhiheng.records.testing.samples import posted, sample, unsaved

pytestmark = pytest.mark.django_db
LABELS = sorted(record_type.label for record_type in registry)
ROWS = 3


@pytest.fixture(autouse=True)
def _by_system() -> Iterator[None]:
    with acting(SYSTEM, Cause.SETUP):
        yield


@pytest.fixture(params=LABELS)
def record_type(request: pytest.FixtureRequest) -> RecordType:
    return registry[request.param]


@pytest.fixture
def rows(record_type: RecordType) -> list[Any]:
    return [sample(record_type.model, number) for number in range(1, ROWS + 1)]


@pytest.fixture
def people(record_type: RecordType) -> People:
    return People(record_type)


def refused(response: Any) -> bool:
    """Hidden and forbidden are both refusals; a redirect leads to signing in."""
    return response.status_code in {403, 404}


def said(response: Any) -> Any:
    """Why a form was not taken."""
    context = response.context or {}
    return getattr(context.get("form"), "errors", None) or context.get("error") or response.status_code


def to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and "login" in response.url


def add_data(record_type: RecordType, number: int) -> dict[str, Any]:
    form = form_class(record_type, SYSTEM, record_type.create_fields)()
    return posted(form, unsaved(record_type.model, number), number)


def test_list(record_type: RecordType, rows: list[Any], people: People) -> None:
    url = record_url(record_type, "list")
    detail = record_url(rows[0])
    assert to_sign_in(people.anonymous.get(url))
    assert refused(people.no_role.get(url))
    seen = people.role.get(url)
    assert seen.status_code == 200
    assert f'href="{detail}"' in seen.content.decode()
    other = people.out_of_scope.get(url)
    assert (detail in other.content.decode()) == read_by_everyone(record_type)


def test_detail(record_type: RecordType, rows: list[Any], people: People) -> None:
    for page in ("detail", "peek"):
        url = record_url(rows[0], page)
        assert to_sign_in(people.anonymous.get(url))
        assert refused(people.no_role.get(url))
        assert people.role.get(url).status_code == 200
        assert refused(people.out_of_scope.get(url)) != read_by_everyone(record_type)


def test_add(record_type: RecordType, people: People) -> None:
    url, data = record_url(record_type, "add"), add_data(record_type, 77)
    assert to_sign_in(people.anonymous.post(url, data))
    assert refused(people.no_role.get(url))
    assert refused(people.no_role.post(url, data))
    if record_type.create is False:
        assert refused(people.role.get(url))
        return
    assert people.role.get(url).status_code == 200
    before = record_type.model._base_manager.count()
    added = people.role.post(url, data)
    assert added.status_code == 302, said(added)
    assert record_type.model._base_manager.count() == before + 1
    record = record_type.model._base_manager.latest("pk")
    entry = entries_for(record)[-1]
    assert (entry.actor.kind, entry.cause) == ("person", "page")
    empty = people.role.post(url, {})
    assert empty.status_code in {302, 422}


def test_add_out_of_scope(record_type: RecordType, people: People) -> None:
    browser, data = people.out_of_scope, add_data(record_type, 78)
    before = record_type.model._base_manager.count()
    answer = browser.post(record_url(record_type, "add"), data)
    if record_type.model._base_manager.count() != before:
        # What is added within one's own scope may be seen afterwards: the second look let it through.
        assert browser.get(answer.url).status_code == 200
    else:
        assert answer.status_code in {403, 404, 422}


def test_edit(record_type: RecordType, rows: list[Any], people: People) -> None:
    url = record_url(rows[0], "edit")
    record = record_type.model._base_manager.get(pk=rows[0].pk)
    data = posted(form_class(record_type, SYSTEM)(instance=record), record, 1)
    assert to_sign_in(people.anonymous.post(url, data))
    assert refused(people.no_role.get(url))
    assert refused(people.no_role.post(url, data))
    assert refused(people.out_of_scope.get(url))
    assert refused(people.out_of_scope.post(url, data))
    if record_type.change is False:
        assert refused(people.role.get(url))
        return
    assert people.role.get(url).status_code == 200
    saved = people.role.post(url, data)
    assert saved.status_code == 302, said(saved)


@pytest.mark.slow
def test_delete(record_type: RecordType, rows: list[Any], people: People) -> None:
    url = record_url(rows[-1], "delete")
    assert to_sign_in(people.anonymous.post(url))
    for browser in (people.no_role, people.out_of_scope):
        assert refused(browser.get(url))
        assert refused(browser.post(url))
    held = record_type.model._base_manager.filter(pk=rows[-1].pk)
    assert held.exists()
    if record_type.delete is False:
        assert refused(people.role.post(url))
        assert held.exists()
        return
    assert people.role.get(url).status_code == 200
    answer = people.role.post(url)
    assert answer.status_code in {302, 409}
    assert held.exists() == (answer.status_code == 409), "what is still used stays, anything else is gone"


@pytest.mark.slow
def test_bulk(record_type: RecordType, rows: list[Any], people: People) -> None:
    url, chosen = record_url(record_type, "bulk"), {"selected": [row.pk for row in rows], "act": "edit"}
    assert to_sign_in(people.anonymous.post(url, chosen))
    assert refused(people.no_role.post(url, chosen))
    page = people.role.post(url, chosen)
    if record_type.change is False:
        assert refused(page)
    else:
        assert page.status_code == 200
        assert page.content.decode().count('name="selected"') == ROWS
    for act in (act for act in record_type.acts if act.bulk):
        assert refused(people.no_role.post(url, {**chosen, "act": act.name}))
        assert people.role.post(url, {**chosen, "act": act.name}).status_code == 200


def exported(browser: Client, record_type: RecordType, query: str = "") -> Any:
    return browser.get(f"{record_url(record_type, 'export')}?format=csv{query}")


def content_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.slow
def test_export(record_type: RecordType, rows: list[Any], people: People) -> None:
    assert to_sign_in(exported(people.anonymous, record_type))
    assert refused(exported(people.no_role, record_type))
    lines = list(csv.reader(io.StringIO(content_of(exported(people.role, record_type)))))
    assert len(lines) == 1 + record_type.model._base_manager.count()
    assert Entry.objects.filter(act="records.export.made", record_type=record_type.label).exists()
    other = exported(people.out_of_scope, record_type)
    if read_by_everyone(record_type):
        assert content_of(other).count("\n") >= len(lines)
    elif not refused(other):
        assert len(list(csv.reader(io.StringIO(content_of(other))))) <= len(lines) - ROWS


@pytest.mark.slow
def test_import(record_type: RecordType, rows: list[Any], people: People) -> None:
    url = record_url(record_type, "import")
    assert to_sign_in(people.anonymous.get(url))
    assert refused(people.no_role.get(url))
    if not record_type.import_key:
        assert refused(people.role.get(url))
        return
    assert people.role.get(url).status_code == 200
    file = SimpleUploadedFile(
        "rows.csv", content_of(exported(people.role, record_type, "&fields=all")).encode()
    )
    sent = people.role.post(url, {"file": file})
    assert sent.status_code == 302, said(sent)
    assert refused(people.out_of_scope.get(sent.url)), "a run belongs to whoever started it"
    run = ImportRun.objects.get()
    columns = {f"column-{index}": run.mapping.get(head, "") for index, head in enumerate(run.heads)}
    people.role.post(sent.url, {"step": "check", **columns})
    keyed = [row for row in ImportRow.objects.all() if not row.reason.endswith("The key is missing.")]
    outcomes = {(row.outcome, row.reason) for row in keyed}
    assert outcomes <= {(Outcome.SAME, "")}, "what was exported changes nothing when it is loaded again"


def test_api(record_type: RecordType, rows: list[Any], people: People) -> None:
    if not record_type.api:
        return
    base = f"/api/v1/{record_type.app}/{record_type.plural_slug}/"
    one = f"{base}{rows[0].pk}/"
    for method, url in (("get", base), ("get", one), ("post", base), ("patch", one), ("delete", one)):
        call = {"data": "{}", "content_type": "application/json"} if method in {"post", "patch"} else {}
        assert getattr(people.anonymous, method)(url, **call).status_code in {401, 403}
        assert getattr(people.no_role, method)(url, **call).status_code in {400, 403, 404}
        if url == one and method != "get":
            assert refused(getattr(people.out_of_scope, method)(url, **call))
    listed = people.role.get(base).json()
    assert listed["count"] == record_type.model._base_manager.count()
    read = people.role.get(one).json()
    assert read["id"] == rows[0].pk
    assert not set(record_type.redact) & set(read)
    assert refused(people.out_of_scope.get(one)) != read_by_everyone(record_type)
    found = {row["id"] for row in people.out_of_scope.get(base).json().get("results", [])}
    assert (rows[0].pk in found) == read_by_everyone(record_type)
    assert record_type.model._base_manager.filter(pk=rows[0].pk).exists()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages(record_type: RecordType, rows: list[Any], language: str) -> None:
    browser = People(record_type, language).role
    pages = [record_url(record_type, "list"), record_url(rows[0]), record_url(record_type, "import")]
    if record_type.create is not False:
        pages.append(record_url(record_type, "add"))
    for url in pages:
        answer = browser.get(url)
        assert answer.headers["Content-Language"] == language
    with override(language):
        assert str(record_type.title_plural).casefold() in browser.get(pages[0]).content.decode().casefold()


def queries(browser: Client, url: str) -> int:
    """How many reads a second, warm request sends. Locks and savepoints differ between engines and do not count."""
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(url)
        if answer.streaming:
            list(answer.streaming_content)
    assert answer.status_code == 200
    statements = [query["sql"].lstrip(" (").upper() for query in captured]
    return sum(1 for text in statements if text.startswith("SELECT") and "PG_ADVISORY" not in text)


@pytest.mark.slow
def test_queries_do_not_grow_with_rows(record_type: RecordType, rows: list[Any], people: People) -> None:
    pages = {
        "list": record_url(record_type, "list"),
        "detail": record_url(rows[0]),
        "export": f"{record_url(record_type, 'export')}?format=csv",
    }
    if record_type.api:
        pages["api"] = f"/api/v1/{record_type.app}/{record_type.plural_slug}/"
    few = {page: queries(people.role, url) for page, url in pages.items()}
    for number in range(ROWS + 1, 31):
        sample(record_type.model, number)
    many = {page: queries(people.role, url) for page, url in pages.items()}
    assert many == few, "the number of queries grew with the rows"
    check_baselines(record_type, few)
