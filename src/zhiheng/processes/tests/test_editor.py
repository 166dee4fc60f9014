"""The form of a process version: rows to a document and back, every mistake at its row, a start from the newest."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.processes import services
from zhiheng.processes.models import Kind, Process, ProcessVersion
from zhiheng.processes.records import PROCESS_VERSION
from zhiheng.processes.records.editor import DefinitionField
from zhiheng.processes.records.rows import document_from, plain, rows_of
from zhiheng.processes.rules import DefinitionError, problems_in, read_definition
from zhiheng.processes.services.defaults import SHIPPED
from zhiheng.processes.tests.samples import DOCUMENT
from zhiheng.records.routes import record_url

INCIDENT = json.loads((SHIPPED / "incident.json").read_text(encoding="utf-8"))


@pytest.fixture
def process(db: None) -> Iterator[Process]:
    with acting(SYSTEM, Cause.SETUP):
        kind = Kind.objects.create(slug="move", name=bilingual(zh="搬迁", en="Move"), prefix="MOV")
        made = Process.objects.create(slug="move", name=bilingual(zh="搬迁流程", en="Moving"), kind=kind)
    yield made


@pytest.fixture
def browser(process: Process) -> Client:
    with acting(SYSTEM, Cause.SETUP):
        person = get_user_model().objects.create_user(username="lin", name="Lin", language="en")
        role = Role.objects.create(slug="designer", name={"en": "Designer"})
        Grant.objects.create(role=role, permission="processes.*:*", scope="all")
        RoleAssignment.objects.create(role=role, person=person)
    client = Client()
    client.force_login(person)
    return client


def draft(process: Process, document: dict[str, Any] | None = None) -> ProcessVersion:
    with acting(SYSTEM, Cause.SETUP):
        return services.draft_version(process=process, document=document or DOCUMENT)


def as_sent(document: dict[str, Any]) -> dict[str, str]:
    """What a browser sends of the rows that show the document."""
    sent: dict[str, str] = {}
    for part, rows in rows_of(document, "en").items():
        for row in rows:
            at = f"document-{part}-{row.number}"
            sent |= {f"{at}-{cell}": text for cell, text in row.cells.items() if cell != "shown"}
            sent |= {f"{at}-needs_{need}": "1" for need in row.needs}
            sent |= {f"{at}-rest": row.rest} if row.rest else {}
            if row.on:
                sent |= {"document-start": str(row.number)} if part == "states" else {f"{at}-primary": "1"}
    return sent


@pytest.mark.parametrize("document", [DOCUMENT, INCIDENT])
def test_rows_make_the_document_they_show(document: dict[str, Any]) -> None:
    assert plain(document_from(as_sent(document), "document")) == plain(document)


def test_what_rows_do_not_show_is_kept() -> None:
    document = copy.deepcopy(INCIDENT)
    document["states"][2]["sop"] = ["Restart", "Check the log"]
    document["transitions"][0]["roles"] = ["lead", "duty-manager"]
    made = document_from(as_sent(document), "document")
    assert made["states"][2]["sop"] == ["Restart", "Check the log"]
    assert made["transitions"][0]["roles"] == ["lead", "duty-manager"]


def test_a_renamed_key_is_followed_by_the_moves_and_a_blank_row_is_none() -> None:
    sent = as_sent(DOCUMENT) | {"document-states-0-key": "received", "document-states-7-category": "open"}
    made = document_from(sent, "document")
    assert made["start"] == "received"
    assert [state["key"] for state in made["states"]] == ["received", "done"]
    assert made["transitions"][0]["from"] == "received"


def broken(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    return {**document, **changes}


def state(**given: Any) -> dict[str, Any]:
    return {"key": "extra", "name": {"zh": "外", "en": "Extra"}, "category": "open", **given}


def move(**given: Any) -> dict[str, Any]:
    return {"from": "done", "to": "new", "name": {"zh": "退", "en": "Back"}, **given}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (broken(start="nowhere"), [("start", None, "no_start")]),
        (broken(states=[]), [("states", None, "empty")]),
        (broken(transitions=[]), [("transitions", None, "empty")]),
        (broken(states="x"), [("states", None, "no_table")]),
        (
            broken(steps=[{"key": ""}]),
            [("steps", 0, "no_key"), ("steps", 0, "no_name"), ("steps", 0, "no_name")],
        ),
        (broken(states=[*DOCUMENT["states"], state()]), [("states", 2, "unreachable")]),
        (broken(states=[*DOCUMENT["states"], state(key="new")]), [("states", 2, "key_twice")]),
        (broken(states=[*DOCUMENT["states"], state(category="odd")]), [("states", 2, "no_category")]),
        (broken(states=[*DOCUMENT["states"], state(step="s")]), [("states", 2, "no_step")]),
        (broken(transitions=[*DOCUMENT["transitions"], move(to="x")]), [("transitions", 1, "no_state")]),
        (
            broken(transitions=[*DOCUMENT["transitions"], move(needs=["luck"])]),
            [("transitions", 1, "no_need")],
        ),
        (
            broken(transitions=[*DOCUMENT["transitions"], *DOCUMENT["transitions"]]),
            [("transitions", 1, "move_twice")],
        ),
        ([1], [("states", None, "no_table")]),
    ],
)
def test_every_mistake_is_named_with_its_row(
    document: Any, expected: list[tuple[str, int | None, str]]
) -> None:
    found = [(problem.part, problem.row, problem.code) for problem in problems_in(document)]
    assert expected[0] in found
    assert set(expected) <= set(found)
    if isinstance(document, dict):
        with pytest.raises(DefinitionError):
            read_definition(document)


@pytest.mark.parametrize("document", [DOCUMENT, INCIDENT])
def test_what_can_be_used_has_no_mistakes(document: dict[str, Any]) -> None:
    assert problems_in(document) == []


def test_a_new_version_starts_from_the_newest(browser: Client, process: Process) -> None:
    add = record_url(PROCESS_VERSION, "add")
    empty = browser.get(add).content.decode()
    assert f'href="?process={process.pk}">Moving</a>' in empty
    newest = copy.deepcopy(DOCUMENT)
    newest["states"][1]["name"]["en"] = "All moved"
    draft(process)
    draft(process, newest)
    page = browser.get(f"{add}?process={process.pk}").content.decode()
    assert 'value="All moved"' in page
    assert "Start from the newest version" not in page


def test_a_version_is_written_as_rows(browser: Client, process: Process) -> None:
    sent = as_sent(DOCUMENT) | {
        "document-states-2-key": "packed", "document-states-2-zh": "已打包", "document-states-2-en": "Packed",
        "document-states-2-category": "open", "document-transitions-1-from": "0", "document-transitions-1-to": "2",
        "document-transitions-1-zh": "打包", "document-transitions-1-en": "Pack",
    }  # fmt: skip
    answer = browser.post(
        record_url(PROCESS_VERSION, "add"), sent | {"process": str(process.pk), "note": "Boxes"}
    )
    assert answer.status_code == 302
    held = ProcessVersion.objects.get()
    assert [each["key"] for each in held.document["states"]] == ["new", "done", "packed"]
    assert held.document["transitions"][1] == {
        "from": "new",
        "to": "packed",
        "name": {"zh": "打包", "en": "Pack"},
    }
    unchanged = browser.post(
        record_url(held, "edit"), as_sent(held.document) | {"process": process.pk, "note": "Crates"}
    )
    assert unchanged.status_code == 302
    held.refresh_from_db()
    assert held.note == "Crates"


def test_a_mistake_stands_at_its_row_and_nothing_is_kept(browser: Client, process: Process) -> None:
    sent = as_sent(DOCUMENT) | {
        "document-states-1-en": "",
        "document-transitions-0-to": "",
        "process": str(process.pk),
    }
    answer = browser.post(record_url(PROCESS_VERSION, "add"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('<p class="error">Give it an English name.</p>') == 1
    assert page.count('<p class="error">Choose the state it leads to.</p>') == 1
    assert "State 2 “完成”: Give it an English name." in page
    assert 'value="完成"' in page  # what was typed is still there
    assert not ProcessVersion.objects.exists()


def test_text_is_taken_where_it_is_asked_for(browser: Client, process: Process) -> None:
    version = draft(process)
    sent = as_sent(DOCUMENT) | {"process": str(process.pk), "note": "By hand", "document-as_text": "1"}
    wrong = browser.post(record_url(version, "edit"), sent | {"document": "{broken"})
    assert wrong.status_code == 422
    assert "This is no JSON" in wrong.content.decode()
    assert "{broken" in wrong.content.decode()
    turned = json.dumps({**DOCUMENT, "states": DOCUMENT["states"][::-1]})
    assert browser.post(record_url(version, "edit"), sent | {"document": turned}).status_code == 302
    version.refresh_from_db()
    assert [each["key"] for each in version.document["states"]] == ["done", "new"]


def test_the_process_is_drawn_while_it_is_edited(browser: Client, process: Process) -> None:
    check = record_url(PROCESS_VERSION, "add") + "?check=document"
    drawn = browser.post(check, as_sent(DOCUMENT) | {"process": process.pk}).content.decode()
    assert "data-process-map" in drawn
    refused = browser.post(check, as_sent(DOCUMENT) | {"document-start": ""}).content.decode()
    assert "Choose the state in which tickets start." in refused
    assert "data-process-map" not in refused


def test_mistakes_are_said_in_chinese() -> None:
    with override("zh-hans"), pytest.raises(ValidationError, match="请选择工单从哪个状态开始"):
        DefinitionField().clean({**DOCUMENT, "start": ""})
