"""One person for each role, shown on the sign-in page of the demo only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.accounts.services import create_person
from zhiheng.kernel.text import bilingual, localized
from zhiheng.platform.models import Role, RoleAssignment

DEMO_PASSWORD = "zhiheng-demo"  # noqa: S105 - printed on the sign-in page of the demo


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as; ``role`` empty: a user of the customer, who holds what everyone holds."""

    username: str
    name: str
    role: str
    duty: dict[str, str]
    at_customer: bool = False
    in_teams: int = 0


PEOPLE = (
    DemoPerson("agent", "林晓", "agent", bilingual(zh="服务台坐席：受理、派单、答复", en="Service desk agent: accepts, dispatches, answers"), in_teams=3),
    DemoPerson("engineer", "周航", "engineer", bilingual(zh="工程师：处理本组工单", en="Engineer: works on the team's tickets"), in_teams=1),
    DemoPerson("lead", "陈岚", "team_lead", bilingual(zh="组长：看全部、调配本组", en="Team lead: sees all, moves the team's work"), in_teams=1),
    DemoPerson("quality", "沈衡", "quality_manager", bilingual(zh="服务质量经理：指标、通病、改进", en="Service quality manager: indicators, defects, improvement")),
    DemoPerson("owner", "韩越", "process_owner", bilingual(zh="流程负责人：流程、目录、协议", en="Process owner: processes, catalogue, agreements")),
    DemoPerson("customer", "吴敏", "customer_manager", bilingual(zh="客户代表：看本单位的工单", en="Customer representative: sees the organisation's tickets"), at_customer=True),
    DemoPerson("user", "许宁", "", bilingual(zh="用户：提交申请、跟踪进度", en="User: opens requests and follows them"), at_customer=True),
    DemoPerson("admin", "系统管理员", "system", bilingual(zh="系统管理员：人员、作业", en="System administrator: people, jobs")),
    DemoPerson("security", "安全管理员", "security", bilingual(zh="安全管理员：角色与授权", en="Security administrator: roles and grants")),
    DemoPerson("audit", "审计管理员", "audit", bilingual(zh="审计管理员：只读全部与操作日志", en="Auditor: reads everything and the journal")),
)  # fmt: skip


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
