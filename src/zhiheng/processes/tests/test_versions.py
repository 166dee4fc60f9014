"""Versions of a process: drawing up, changing, activating, copying, and what two people do at once."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import Conflict, InvalidInput, NotFound
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import frozen
from zhiheng.platform.journal import entries_for
from zhiheng.processes import services
from zhiheng.processes.models import Kind, Process, ProcessVersion
from zhiheng.processes.queries import active_version, definition_of, kind_named
from zhiheng.processes.records import PROCESS_VERSION
from zhiheng.processes.tests.samples import DOCUMENT
from zhiheng.records.forms.build import form_class

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _acting(db: None) -> Iterator[None]:
    """Everything here is set up by the platform, in English."""
    definition_of.cache_clear()
    with acting(SYSTEM, Cause.SETUP), override("en"):
        yield


@pytest.fixture
def process() -> Process:
    """The default process of a kind of its own, without any version."""
    kind = Kind(slug="move", name=bilingual(zh="搬迁", en="Move"), prefix="MOV")
    kind.save()
    made = Process(slug="move", name=bilingual(zh="搬迁流程", en="Moving"), kind=kind, is_default=True)
    made.save()
    return made


def draft(process: Process, note: str = "") -> ProcessVersion:
    return services.draft_version(process=process, document=DOCUMENT, note=note)


def statuses(process: Process) -> dict[int, str]:
    """Status by version number."""
    return dict(process.versions.order_by("number").values_list("number", "status"))


def test_drafts_are_numbered_within_their_process(process: Process) -> None:
    other = Process(slug="move-2", name=process.name, kind=process.kind)
    other.save()
    assert [draft(process).number, draft(process).number, draft(other).number] == [1, 2, 1]
    assert statuses(process) == {1: "draft", 2: "draft"}


def test_a_bad_definition_is_refused_with_its_place(process: Process) -> None:
    broken = copy.deepcopy(DOCUMENT)
    broken["start"] = "nowhere"
    with pytest.raises(InvalidInput, match="cannot be used: start") as refused:
        services.draft_version(process=process, document=broken)
    assert (refused.value.code, refused.value.field) == ("bad_definition", "document")
    version = draft(process)
    with pytest.raises(InvalidInput, match="cannot be used"):
        services.change_draft(version=version, document=broken)
    assert ProcessVersion.objects.get().document == DOCUMENT


def test_activating_retires_the_one_before(process: Process) -> None:
    with pytest.raises(NotFound, match="No active process for tickets of kind Move"):
        active_version(kind=process.kind)
    first, second = draft(process), draft(process)
    with frozen(NOON):
        services.activate_version(version=first)
    assert active_version(kind=process.kind) == first
    with frozen(NOON + timedelta(hours=1)):
        services.activate_version(version=second)
    assert statuses(process) == {1: "retired", 2: "active"}
    first.refresh_from_db()
    assert (first.activated_at, second.activated_at) == (NOON, NOON + timedelta(hours=1))
    assert active_version(kind=process.kind) == second
    assert [entry.act for entry in entries_for(second)] == [
        "processes.processversion.activated", "processes.processversion.created",
    ]  # fmt: skip
    assert entries_for(first)[0].changes == {"status": ["active", "retired"]}


def test_only_a_draft_is_activated(process: Process) -> None:
    first, second = services.activate_version(version=draft(process)), draft(process)
    services.activate_version(version=second)
    for version in (first, second):
        with pytest.raises(Conflict, match="Only a draft can be activated"):
            services.activate_version(version=version)
    assert statuses(process) == {1: "retired", 2: "active"}


def test_a_copy_from_before_the_activation_changes_nothing(process: Process) -> None:
    version = draft(process)
    older, oldest = (ProcessVersion.objects.get(pk=version.pk) for _ in range(2))
    services.activate_version(version=version)
    with pytest.raises(Conflict, match="Only a draft can be changed"):
        services.change_draft(version=older, note="Too late")
    with pytest.raises(Conflict, match="Only a draft can be activated"):
        services.activate_version(version=oldest)
    held = ProcessVersion.objects.get()
    assert (held.status, held.note) == ("active", "")


def test_changing_a_draft(process: Process) -> None:
    version = draft(process)
    assert definition_of(version.pk).start == "new"  # parsed and kept
    turned = copy.deepcopy(DOCUMENT)
    turned["start"] = "done"
    turned["transitions"] = [{**turned["transitions"][0], "from": "done", "to": "new"}]
    services.change_draft(version=version, document=turned, note="The other way round")
    assert definition_of(version.pk).start == "done"
    assert entries_for(version)[0].changes["note"] == ["", "The other way round"]
    with pytest.raises(ValidationError, match="Value 'odd' is not a valid choice"):
        services.change_draft(version=version, status="odd")


def test_a_version_that_ran_is_not_changed(process: Process) -> None:
    version = services.activate_version(version=draft(process))
    with pytest.raises(Conflict, match="copy this version into a new draft") as refused:
        services.change_draft(version=version, note="Quietly")
    assert refused.value.code == "not_a_draft"
    version.refresh_from_db()
    assert version.note == ""


def test_copying_a_version_into_a_new_draft(process: Process) -> None:
    active = services.activate_version(version=draft(process))
    copied = services.revise_version(version=active)
    assert (copied.number, copied.status, copied.document) == (2, "draft", DOCUMENT)
    assert copied.note == "Copied from version 1."
    services.change_draft(version=copied, note="Shorter")
    services.activate_version(version=copied)
    assert statuses(process) == {1: "retired", 2: "active"}


def test_what_the_platform_ships_is_installed_once() -> None:
    for _ in range(2):
        services.install_processes()
    assert statuses(kind_named("incident").processes.get()) == {1: "active"}
    assert kind_named("incident").about_faults
    assert not kind_named("request").about_faults
    with pytest.raises(NotFound, match="no ticket kind wish"):
        kind_named("wish")


def test_numbers_run_on_across_kinds() -> None:
    services.install_processes()
    incident, request = kind_named("incident"), kind_named("request")
    assert services.next_numbers(kind=incident) == ["INC-000001"]
    assert services.next_numbers(kind=request, count=3) == ["REQ-000002", "REQ-000003", "REQ-000004"]
    assert services.next_numbers(kind=incident) == ["INC-000005"]


@pytest.mark.parametrize("document", ['{"start": "x"}', "[1]"])
def test_the_form_names_the_mistake(process: Process, document: str) -> None:
    form = form_class(PROCESS_VERSION, SYSTEM)({"process": process.pk, "note": "", "document": document})
    assert not form.is_valid()
    assert "The process definition cannot be used" in form.errors["document"][0]
