"""People, a tree of organisations, and a table of cases that exists in tests only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.accounts.services import create_person, join_team
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.platform.grants import (
    Contract,
    Own,
    Service,
    register_scopes,
    withdraw_scopes,
)
from zhiheng.platform.grants import (
    Organisation as InOrganisation,
)
from zhiheng.platform.grants import (
    Team as InTeam,
)
from zhiheng.platform.models import Grant, Role, RoleAssignment

with isolate_apps("zhiheng.accounts"):

    class Case(models.Model):
        """Stands for any record with an owner, a team, an organisation, a kind and a confidential mark."""

        requester = models.BigIntegerField(null=True)
        assignee = models.BigIntegerField(null=True)
        team = models.BigIntegerField(null=True, db_index=True)
        organisation = models.BigIntegerField(null=True, db_index=True)
        service = models.BigIntegerField(null=True)
        contract = models.BigIntegerField(null=True)
        kind = models.CharField(max_length=20, default="incident")
        confidential = models.BooleanField(default=False)
        received = models.IntegerField(default=0, db_index=True)

        class Meta:
            app_label = "accounts"
            db_table = "accounts_test_case"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Case)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(Case)


@pytest.fixture
def cases() -> Iterator[type[Case]]:
    """The table, declared to grants as a domain would declare it."""
    register_scopes(
        Case,
        [
            Own("requester"),
            Own("assignee"),
            InTeam("team"),
            InOrganisation("organisation"),
            Service("service"),
            Contract("contract"),
        ],
        confidential="confidential",
        kind_field="kind",
        fact_key="case_id",
        actions={"assign": "Assign"},
    )
    yield Case
    withdraw_scopes(Case)


@pytest.fixture
def as_system() -> Iterator[None]:
    """Writes of the test's preparation are the system's."""
    with acting(SYSTEM, Cause.SETUP):
        yield


@dataclass
class World:
    """A small organisation: one person in two teams, a customer with a part, a stranger."""

    person: Person
    stranger: Person
    teams: list[Team]
    other_team: Team
    root: Organisation
    part: Organisation
    elsewhere: Organisation
    roles: list[Role] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return actor_for(self.person)

    def grant(self, *grants: tuple[str, str], to: Person | None = None) -> Role:
        """Give the person (or another) a role with these permissions and scopes."""
        role = Role.objects.create(slug=f"role-{Role.objects.count()}", name={"zh": "角色", "en": "Role"})
        for permission, scope in grants:
            Grant.objects.create(role=role, permission=permission, scope=scope)
        RoleAssignment(person=to or self.person, role=role).save()
        return role


def actor_for(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.pk, label=person.username)


@pytest.fixture
def world(db: None, as_system: None) -> World:
    root = Organisation.objects.create(name="甲公司")
    part = Organisation.objects.create(name="甲公司华东", parent=root)
    elsewhere = Organisation.objects.create(name="乙公司")
    person = create_person(username="lin", name="林晓", organisation=root, email="lin@example.com")
    stranger = create_person(username="wu", name="吴敏", organisation=elsewhere)
    teams = [Team.objects.create(name=name) for name in ("网络组", "主机组")]
    other_team = Team.objects.create(name="数据库组")
    for team in teams:
        join_team(team=team, person=person)
    return World(person, stranger, teams, other_team, root, part, elsewhere)
