"""Whose a service is: its owner's and its team's; grants of that scope reach it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.catalog.models import Service
from zhiheng.catalog.queries import service_ids_of
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.grants.holdings import holdings_of, remembering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_system() -> Iterator[None]:
    with acting(SYSTEM, Cause.SETUP):
        yield


def actor_of(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.pk)


def service(slug: str, **given: object) -> Service:
    return Service.objects.create(slug=slug, name={"en": slug}, **given)


def test_a_service_is_its_owners_and_its_teams() -> None:
    owner, member, stranger = (
        Person.objects.create(username=name) for name in ("owner", "member", "stranger")
    )
    team, other = Team.objects.create(name="Mail"), Team.objects.create(name="Network")
    Membership.objects.create(person=member, team=team)
    owned, answered = service("owned", owner=owner, team=other), service("answered", team=team)
    service("nobodys")
    assert service_ids_of(actor_of(owner)) == {owned.pk}
    assert service_ids_of(actor_of(member)) == {answered.pk}
    assert service_ids_of(actor_of(stranger)) == set()
    assert service_ids_of(SYSTEM) == set()


def test_grants_ask_this_question_and_forget_the_answer_when_a_service_changes_hands() -> None:
    person = Person.objects.create(username="owner")
    mail = service("mail", owner=person)
    with remembering():
        assert set(holdings_of(actor_of(person)).ids("service")) == {mail.pk}
        mail.owner = None
        mail.save()
        assert set(holdings_of(actor_of(person)).ids("service")) == set()


def test_a_retired_team_answers_for_nothing() -> None:
    person = Person.objects.create(username="member")
    team = Team.objects.create(name="Mail")
    Membership.objects.create(person=person, team=team)
    service("mail", team=team)
    team.retired_at = now()
    team.save()
    assert service_ids_of(actor_of(person)) == set()
