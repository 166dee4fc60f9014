"""A small desk: a customer with promises, two teams, an engineer, an agent, a requester. All times are in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.accounts.services import create_person, install_shipped_roles, join_team
from zhiheng.agreements.models import Commitment
from zhiheng.calendars.models import Calendar
from zhiheng.calendars.services import install_calendars
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.services import install_priority_matrix, open_ticket
from zhiheng.indicators.tests.forgetting import forget_answers
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import frozen
from zhiheng.platform.models import Role, RoleAssignment
from zhiheng.processes.models import Kind
from zhiheng.processes.queries import definition_of, kind_named
from zhiheng.processes.services import install_processes

# Friday 20 November 2026, 09:00 in Shanghai: the 5×8 calendar opens at this moment.
NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = 3600


@dataclass(frozen=True)
class Desk:
    """What every test of the desk starts from."""

    customer: Organisation
    other: Organisation
    team: Team
    second: Team
    agent: Person
    engineer: Person
    stranger: Person
    requester: Person
    incident: Kind
    request: Kind

    @contextmanager
    def at(self, hours: float, person: Person | None = None) -> Iterator[datetime]:
        """``hours`` after nine, as this person (default: the engineer)."""
        moment = NINE + timedelta(hours=hours)
        with frozen(moment), acting(actor_of(person or self.engineer), Cause.PAGE):
            yield moment

    def opened(self, hours: float = 0, **given: Any) -> Ticket:
        """A ticket the requester opened, on the network team's queue."""
        values = {
            "kind": self.incident, "title": "OA does not open", "body": "Since nine.", "requester": self.requester,
            "team": self.team, **given,
        }  # fmt: skip
        with self.at(hours, self.requester):
            return open_ticket(**values)

    def clock(self, ticket: Ticket, promise: str) -> TicketClock:
        """The ticket's clock that is not cancelled."""
        rows = TicketClock.objects.filter(ticket=ticket, promise=promise).exclude(state="cancelled")
        return rows.get()


def actor_of(person: Person) -> Actor:
    """The person as an actor."""
    return Actor(ActorKind.PERSON, person.pk)


def give_role(person: Person, slug: str) -> None:
    """Let a person hold a shipped role."""
    RoleAssignment.objects.create(role=Role.objects.get(slug=slug), person=person)


def promise(
    name: str, kind: str, hours: float, customer: Organisation, *, calendar: str = "5x8-cn", **given: Any
) -> Commitment:
    """A commitment to the customer."""
    commitment = Commitment(
        name=bilingual(zh=name, en=name), promise=kind, target_seconds=int(hours * HOUR), organisation=customer,
        calendar=Calendar.objects.get(slug=calendar) if calendar else None, **given,
    )  # fmt: skip
    commitment.save()
    return commitment


def build_desk() -> Desk:
    """Write the small desk."""
    with frozen(NINE - timedelta(days=1)), acting(SYSTEM, Cause.SETUP):
        definition_of.cache_clear()
        install_shipped_roles()
        install_calendars()
        install_processes()
        install_priority_matrix()
        customer, other = Organisation(name="Customer"), Organisation(name="Other")
        customer.save()
        other.save()
        team, second = Team(name="Network"), Team(name="Hosts")
        team.save()
        second.save()
        people = {
            name: create_person(username=name, name=name.capitalize(), language="en", organisation=organisation)
            for name, organisation in (
                ("agent", None), ("engineer", None), ("stranger", None), ("requester", customer),
            )
        }  # fmt: skip
        give_role(people["agent"], "agent")
        give_role(people["engineer"], "engineer")
        give_role(people["stranger"], "engineer")
        for name in ("agent", "engineer"):
            join_team(person=people[name], team=team)
        join_team(person=people["stranger"], team=second)
        promise("Response", "response", 2, customer, pauses=False, order=10)
        promise("Next reply", "next_reply", 4, customer, pauses=False, order=20)
        promise("P1", "resolution", 4, customer, priority=1, order=30)
        promise("Others", "resolution", 16, customer, order=40)
        return Desk(
            customer=customer, other=other, team=team, second=second, incident=kind_named("incident"),
            request=kind_named("request"), **people,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Messages are compared in English whatever language the installation speaks."""
    with override("en"):
        yield


@pytest.fixture
def desk(db: None) -> Desk:
    return build_desk()


@pytest.fixture
def own_mirror(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The facts of this test alone: it loads its tickets as the system does, onto the processes that are shipped."""
    settings.MIRROR_ROOT = tmp_path / "mirror"
    with acting(SYSTEM, Cause.SETUP):
        install_processes()
        yield
    forget_answers()
