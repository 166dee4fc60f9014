"""A version in force is read in its form, which leads to a draft that can be changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.processes import services
from zhiheng.processes.choices import VersionStatus
from zhiheng.processes.models import Kind, Process, ProcessVersion
from zhiheng.processes.tests.samples import DOCUMENT
from zhiheng.processes.tests.test_editor import as_sent
from zhiheng.records.routes import record_url

IN_FORCE = "This version is in force"


@pytest.fixture
def version(db: None) -> ProcessVersion:
    """A version that is in force."""
    with acting(SYSTEM, Cause.SETUP):
        kind = Kind.objects.create(slug="move", name=bilingual(zh="搬迁", en="Move"), prefix="MOV")
        process = Process.objects.create(slug="move", name=bilingual(zh="搬迁流程", en="Moving"), kind=kind)
        made = services.draft_version(process=process, document=DOCUMENT, note="First")
        return services.activate_version(version=made)


def browser(*permissions: str) -> Client:
    with acting(SYSTEM, Cause.SETUP):
        person = get_user_model().objects.create_user(username="lin", name="Lin", language="en")
        role = Role.objects.create(slug="designer", name={"en": "Designer"})
        for permission in permissions:
            Grant.objects.create(role=role, permission=permission, scope="all")
        RoleAssignment.objects.create(role=role, person=person)
    client = Client()
    client.force_login(person)
    return client


def test_it_opens_to_be_read_and_leads_to_a_draft_of_it(version: ProcessVersion) -> None:
    client = browser("processes.*:*")
    page = client.get(record_url(version, "edit")).content.decode()
    assert IN_FORCE in page
    assert "<fieldset disabled>" in page
    assert 'value="完成"' in page  # what it holds can be read
    assert ">Save<" not in page
    revise = record_url(version, "act", name="revise")
    assert f'<form method="post" action="{revise}">' in page
    answer = client.post(revise)
    made = ProcessVersion.objects.latest("pk")
    assert (made.status, made.number, made.document) == (VersionStatus.DRAFT, 2, DOCUMENT)
    assert answer.headers["location"] == record_url(made, "edit")
    draft = client.get(answer.headers["location"]).content.decode()
    assert ">Save<" in draft
    assert IN_FORCE not in draft and "<fieldset disabled>" not in draft


def test_what_is_sent_from_an_older_page_changes_nothing_and_says_why(version: ProcessVersion) -> None:
    client = browser("processes.*:*")
    changed: dict[str, Any] = copy.deepcopy(DOCUMENT)
    changed["states"][1]["name"]["en"] = "All moved"
    sent = as_sent(changed) | {"process": version.process_id, "note": "Second"}
    answer = client.post(record_url(version, "edit"), sent)
    assert answer.status_code == 409
    assert IN_FORCE in answer.content.decode()
    version.refresh_from_db()
    assert (version.note, version.document) == ("First", DOCUMENT)


def test_a_retired_version_says_so_too(version: ProcessVersion) -> None:
    with acting(SYSTEM, Cause.SETUP):
        services.activate_version(version=services.revise_version(version=version))
    page = browser("processes.*:*").get(record_url(version, "edit")).content.decode()
    assert "This version was in force" in page


def test_the_way_on_is_shown_to_those_who_may_go_it(version: ProcessVersion) -> None:
    client = browser("processes.processversion:view", "processes.processversion:change")
    page = client.get(record_url(version, "edit")).content.decode()
    assert IN_FORCE in page
    assert "Copy into a new draft" not in page


def test_its_properties_are_not_edited_in_place(version: ProcessVersion) -> None:
    client = browser("processes.*:*")
    with acting(SYSTEM, Cause.SETUP):
        draft = services.revise_version(version=version)
    field = {each: record_url(each, "field", name="note") for each in (version, draft)}
    assert field[draft] in client.get(record_url(draft)).content.decode()
    assert field[version] not in client.get(record_url(version)).content.decode()
    assert client.get(field[version]).status_code == 404
