"""Composing roles, giving them to people, the three administrative roles, and the roles that are shipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from zhiheng.accounts.services import change_role, give_role, install_shipped_roles, take_role
from zhiheng.accounts.services.roles import shipped_roles
from zhiheng.kernel.actor import Cause, acting
from zhiheng.kernel.errors import Conflict, InvalidInput, NotAllowed
from zhiheng.kernel.time import now
from zhiheng.platform.grants import Own, may, parse, register_scopes, withdraw_scopes
from zhiheng.platform.grants.checks import check_grants, check_scopes
from zhiheng.platform.grants.rules import refusal
from zhiheng.platform.grants.services import change_grant, grant_permission
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import Grant, Role, RoleAssignment

pytestmark = pytest.mark.usefixtures("as_system", "db")


@pytest.fixture
def roles() -> dict[str, Role]:
    return {role.slug: role for role in install_shipped_roles()}


def test_shipped_roles_respect_the_separation() -> None:
    for role in shipped_roles():
        assert set(role.name) == set(role.description) == {"zh", "en"}
        for scope, permission in role.grants:
            assert not refusal(role.administrative, parse(permission)), f"{role.slug} {scope} {permission}"
    assert {role.administrative for role in shipped_roles()} == {"", "system", "security", "audit"}


def test_shipped_roles_are_installed_once_and_never_overwritten(roles: dict[str, Role]) -> None:
    roles["agent"].grants.all().delete()
    assert install_shipped_roles() == []
    assert not roles["agent"].grants.exists()


def test_an_unknown_permission_is_refused_with_what_to_write(roles: dict[str, Role]) -> None:
    with pytest.raises(InvalidInput) as refused:
        grant_permission(role=roles["agent"], permission="accounts.person:frobnicate", scope="all")
    assert (refused.value.code, refused.value.field) == ("unknown_permission", "permission")
    with pytest.raises(InvalidInput) as refused:
        grant_permission(role=roles["agent"], permission="accounts.person:view", scope="galaxy")
    assert refused.value.code == "unknown_scope"


def test_a_reserved_permission_is_refused_outside_its_role(roles: dict[str, Role]) -> None:
    with pytest.raises(InvalidInput) as refused:
        grant_permission(role=roles["system"], permission="platform.roleassignment:add", scope="all")
    assert refused.value.code == "reserved_for_security"
    grant = grant_permission(role=roles["system"], permission="accounts.person:view", scope="own")
    assert grant_permission(role=roles["system"], permission="accounts.person:view", scope="own") == grant
    assert change_grant(grant=grant, permission="accounts.team:view", scope="team").scope == "team"
    with pytest.raises(InvalidInput):
        change_grant(grant=grant, permission="platform.role:change", scope="all")


@pytest.mark.parametrize(
    ("first", "second"), [("system", "security"), ("security", "audit"), ("audit", "system")]
)
def test_nobody_holds_two_administrative_roles(
    world: Any, roles: dict[str, Role], first: str, second: str
) -> None:
    give_role(person=world.person, role=roles[first])
    give_role(person=world.person, role=roles["agent"])
    with pytest.raises(Conflict) as refused:
        give_role(person=world.person, role=roles[second])
    assert refused.value.code == "administrative_roles_are_separate"
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment(person=world.person, role=roles[second]).save()


def test_nobody_changes_their_own_roles(world: Any, roles: dict[str, Role]) -> None:
    assignment = give_role(person=world.person, role=roles["security"])
    with acting(world.actor, Cause.PAGE):
        with pytest.raises(NotAllowed):
            give_role(person=world.person, role=roles["agent"])
        with pytest.raises(NotAllowed):
            take_role(roleassignment=assignment)
        give_role(person=world.stranger, role=roles["agent"])
    take_role(roleassignment=assignment)
    assert not RoleAssignment.objects.filter(person=world.person).exists()


def test_giving_a_role_again_changes_its_period(world: Any, roles: dict[str, Role]) -> None:
    until = now() + timedelta(days=7)
    first = give_role(person=world.person, role=roles["agent"])
    again = give_role(person=world.person, role=roles["agent"], valid_until=until)
    assert (again.pk, again.valid_until) == (first.pk, until)
    assert entries_for(again)[0].act == "platform.roleassignment.changed"
    with pytest.raises(InvalidInput):
        give_role(person=world.person, role=roles["agent"], valid_from=until, valid_until=until)


def test_a_role_in_use_keeps_its_mark(roles: dict[str, Role]) -> None:
    with pytest.raises(Conflict):
        change_role(role=roles["agent"], administrative="system")
    assert change_role(role=roles["agent"], name={"zh": "坐席", "en": "Agent"}).name["en"] == "Agent"


def test_security_administration_gives_roles_on_its_pages_and_the_agent_does_not(
    world: Any, roles: dict[str, Role]
) -> None:
    give_role(person=world.person, role=roles["security"])
    give_role(person=world.stranger, role=roles["agent"])
    url = reverse("records:platform.roleassignment:add")
    values = {"person": world.stranger.pk, "role": roles["engineer"].pk}
    answers = []
    for person in (world.stranger, world.person):
        browser = Client()
        browser.force_login(person)
        answers.append(browser.post(url, values).status_code)
    assert answers == [403, 302]
    assert set(RoleAssignment.objects.filter(person=world.stranger).values_list("role__slug", flat=True)) == {
        "agent", "engineer",
    }  # fmt: skip


def test_the_audit_role_reads_everything_and_changes_nothing(world: Any, roles: dict[str, Role]) -> None:
    give_role(person=world.person, role=roles["audit"])
    subjects = (world.stranger, world.teams[0], roles["agent"])
    assert all(may(world.actor, "view", each) for each in subjects)
    assert not any(
        may(world.actor, act, each) for each in subjects for act in ("change", "delete", "add", "import")
    )


@pytest.fixture
def misdeclared(cases: Any) -> Iterator[Any]:
    register_scopes(cases, [Own("nobody"), Own("team__lead")], confidential="secret")
    yield cases
    withdraw_scopes(cases)


def test_checks_name_a_field_that_does_not_exist(misdeclared: Any) -> None:
    messages = [message.msg for message in check_scopes(None) if message.obj is misdeclared]
    assert [word in message for word, message in zip(("nobody", "team__lead", "secret"), messages, strict=True)] == [
        True, True, True,
    ]  # fmt: skip


def test_checks_name_grants_that_grant_nothing_or_too_much(roles: dict[str, Role]) -> None:
    Grant.objects.all().delete()
    Grant.objects.create(role=roles["agent"], permission="no.such:view", scope="all")
    Grant.objects.create(role=roles["agent"], permission="platform.grant:add", scope="all")
    Grant.objects.create(role=roles["agent"], permission="accounts.person:view", scope="all")
    found = {message.id for message in check_grants(None, databases=["default"])}
    assert found == {"zhiheng.grants.W001", "zhiheng.grants.E002"}
    assert list(check_grants(None, databases=None)) == []


def test_shipped_declarations_pass_the_checks() -> None:
    assert not [message for message in check_scopes(None) if message.id.startswith("zhiheng.grants")]
    call_command("check", "--tag", "models")
