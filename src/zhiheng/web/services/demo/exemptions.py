"""Exemptions of the demo: one approved, one refused, one that waits, so that figures stand with and without tickets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from zhiheng.accounts.models import Organisation, Person
from zhiheng.agreements.choices import ExemptionGround
from zhiheng.agreements.models import Exemption
from zhiheng.agreements.services import approve_exemption, propose_exemption, refuse_exemption
from zhiheng.kernel.actor import Actor, ActorKind, acting, current
from zhiheng.kernel.time import now

PROPOSER, DECIDER = "lead", "quality"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is proposed, from a moment of a week that lies `weeks_ago`, and what becomes of it."""

    ground: ExemptionGround
    reason: str
    evidence: str
    weeks_ago: int
    weekday: int
    begins: time
    hours: int
    decide: Callable[..., object] | None = None


CLAIMS = (
    Claimed(
        ExemptionGround.CUSTOMER,
        "客户机房计划外停电一天半，网络与终端全部中断，恢复供电前无法处理。\n"
        "Power failure of a day and a half in the customer's machine room; nothing could be restored before it ended.",
        "客户动力部门停电通知 2026-031 号 / Notice 2026-031 of the customer's facility department",
        weeks_ago=3, weekday=2, begins=time(8), hours=36, decide=approve_exemption,
    ),
    Claimed(
        ExemptionGround.MAINTENANCE,
        "邮件系统升级期间的来单。\nTickets received while the mail system was upgraded.",
        "变更单摘录，无客户确认 / Extract of the change record, without the customer's agreement",
        weeks_ago=4, weekday=4, begins=time(13), hours=4, decide=refuse_exemption,
    ),
    Claimed(
        ExemptionGround.FORCE_MAJEURE,
        "市政施工挖断运营商主干光缆。\nRoadworks cut the carrier's trunk cable.",
        "运营商故障报告与施工单位说明 / The carrier's fault report and the builder's statement",
        weeks_ago=2, weekday=0, begins=time(8), hours=6,
    ),
)  # fmt: skip


def install_exemptions(*, customer: Organisation) -> None:
    """The sample exemptions, once: a team lead proposes, the quality manager decides."""
    if Exemption.objects.filter(organisation=customer).exists():
        return
    proposer, decider = (
        Actor(ActorKind.PERSON, Person.objects.get(username=username).pk) for username in (PROPOSER, DECIDER)
    )
    for claim in CLAIMS:
        starts_at = _moment(claim)
        with acting(proposer, current().cause):
            exemption = propose_exemption(
                actor=proposer, ground=claim.ground, reason=claim.reason, evidence=claim.evidence,
                organisation=customer, starts_at=starts_at, ends_at=starts_at + timedelta(hours=claim.hours),
            )  # fmt: skip
        if claim.decide is not None:
            with acting(decider, current().cause), transaction.atomic():
                claim.decide(exemption=exemption, actor=decider)


def _moment(claim: Claimed) -> datetime:
    """The log is moved by whole weeks: a working day of a week that is over has tickets whenever this is set up."""
    today = timezone.localtime(now()).date()
    day = today - timedelta(days=today.weekday() - claim.weekday, weeks=claim.weeks_ago)
    return timezone.make_aware(datetime.combine(day, claim.begins))
