"""One person for each role, shown on the sign-in page of the demo only."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.accounts.services import create_person
from zhiheng.kernel.text import localized
from zhiheng.platform.models import Role, RoleAssignment

DEMO_PASSWORD = "zhiheng-demo"  # noqa: S105 - printed on the sign-in page of the demo


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as; ``role`` empty: a user of the customer, who holds what everyone holds."""

    username: str
    name: str
    duty: dict[str, str]
    role: str = ""
    at_customer: bool = False
    in_teams: int = 0


def read_people() -> tuple[DemoPerson, ...]:
    """The people of `people.toml`."""
    tables = tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))
    return tuple(DemoPerson(username=username, **table) for username, table in tables.items())


PEOPLE = read_people()


def demo_people() -> list[dict[str, str]]:
    """Who can be signed in as, for the sign-in page; empty unless this is the demo."""
    if not settings.DEMO:
        return []
    return [
        {
            "username": each.username,
            "name": each.name,
            "duty": localized(each.duty),
            "password": DEMO_PASSWORD,
        }
        for each in PEOPLE
    ]


def install_people(*, customer: Organisation, provider: Organisation) -> None:
    """Add the demo people that are missing, each with its role."""
    for each in PEOPLE:
        if Person.objects.filter(username=each.username).exists():
            continue
        person = create_person(
            username=each.username, name=each.name, password=DEMO_PASSWORD,
            organisation=customer if each.at_customer else provider, email=f"{each.username}@demo.invalid",
        )  # fmt: skip
        if each.role:
            RoleAssignment(person=person, role=Role.objects.get(slug=each.role)).save()


def join_busiest_teams() -> None:
    """Put the demo people into the teams that hold most open tickets, so that their queues are alive."""
    busiest = list(Team.objects.raw(_BUSIEST))
    for each in PEOPLE:
        person = Person.objects.get(username=each.username)
        for team in busiest[: each.in_teams]:
            if not Membership.objects.filter(team=team, person=person).exists():
                Membership(team=team, person=person).save()


_BUSIEST = """
select team.id, count(*) as open_tickets from accounts_team team join desk_ticket ticket on ticket.team_id = team.id
where ticket.state_category not in ('solved', 'closed', 'cancelled', 'merged')
group by team.id order by open_tickets desc, team.id limit 5
"""
