"""A small organisation: a requester, their representative, an agent, an auditor; two services of the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.test import Client

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.accounts.services import create_person, install_shipped_roles, join_team
from zhiheng.calendars.services import install_calendars
from zhiheng.catalog.models import Offering, Service
from zhiheng.desk.models import Ticket
from zhiheng.desk.services import install_priority_matrix, open_ticket
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.platform.models import Role, RoleAssignment
from zhiheng.processes.queries import kind_named
from zhiheng.processes.services import install_processes


def actor_of(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.pk, label=person.username)


@dataclass(frozen=True)
class House:
    """What every test of this package starts from."""

    requester: Person
    colleague: Person
    representative: Person
    stranger: Person
    agent: Person
    auditor: Person
    system: Person
    quality: Person
    network: Service
    mail: Service
    vpn: Offering
    team: Team

    @contextmanager
    def as_(self, person: Person, cause: Cause = Cause.PAGE) -> Iterator[Actor]:
        """Act as this person."""
        with acting(actor_of(person), cause) as held:
            yield held.actor

    def asked(
        self, title: str = "VPN does not connect", *, by: Person | None = None, **given: object
    ) -> Ticket:
        """An incident that somebody opened in the portal."""
        person = by or self.requester
        with self.as_(person, Cause.PORTAL):
            return open_ticket(
                kind=kind_named("incident"), title=title, body="Since nine.", requester=person, team=self.team,
                service=self.network, **given,  # type: ignore[arg-type]
            )  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    with acting(SYSTEM, Cause.SETUP):
        install_shipped_roles()
        install_calendars()
        install_processes()
        install_priority_matrix()
        ours, theirs, elsewhere = (
            Organisation.objects.create(name=name) for name in ("供方", "甲公司", "乙公司")
        )
        people = {
            name: create_person(username=name, name=name.title(), organisation=organisation)
            for name, organisation in (
                ("requester", theirs), ("colleague", theirs), ("representative", theirs), ("stranger", elsewhere),
                ("agent", ours), ("auditor", ours), ("system", ours), ("quality", ours),
            )
        }  # fmt: skip
        for name, role in (
            ("representative", "customer_manager"), ("agent", "agent"), ("auditor", "audit"), ("system", "system"),
            ("quality", "quality_manager"),
        ):  # fmt: skip
            RoleAssignment(person=people[name], role=Role.objects.get(slug=role)).save()
        team = Team.objects.create(name="服务台")
        join_team(team=team, person=people["agent"])
        network = Service.objects.create(
            slug="network", name=bilingual(zh="网络接入", en="Network access"),
            summary=bilingual(zh="有线和无线", en="Wired and wireless"), team=team,
        )  # fmt: skip
        mail = Service.objects.create(slug="mail", name=bilingual(zh="企业邮箱", en="E-mail"))
        Service.objects.create(slug="inner", name=bilingual(zh="内部", en="Inner"), in_portal=False)
        vpn = Offering.objects.create(
            service=network, slug="vpn", name=bilingual(zh="申请 VPN", en="VPN access"),
            description=bilingual(zh="在家访问内网", en="Reach us from home"),
        )  # fmt: skip
    return House(**people, network=network, mail=mail, vpn=vpn, team=team)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client
