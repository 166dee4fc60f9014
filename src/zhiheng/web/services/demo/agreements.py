"""What the sample provider has promised its customer: the commitments of the sources, and one per priority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhiheng.accounts.models import Organisation
from zhiheng.agreements.models import Commitment, Contract
from zhiheng.calendars.models import Calendar
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import now

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Promised:
    zh: str
    en: str
    promise: str
    hours: int
    priority: int | None = None
    calendar: str = ""
    pauses: bool = True


PROMISES = (
    Promised("关键故障恢复", "Critical faults restored", "restoration", 4, priority=1),
    Promised("首次响应", "First response", "response", 2, calendar="5x8-cn", pauses=False),
    Promised("一级解决", "P1 resolved", "resolution", 8, priority=1, calendar="24x7"),
    Promised("二级解决", "P2 resolved", "resolution", 24, priority=2, calendar="24x7"),
    Promised("三级解决", "P3 resolved", "resolution", 40, priority=3, calendar="5x8-cn"),
    Promised("其他解决", "Others resolved", "resolution", 80, calendar="5x8-cn"),
    Promised("再次答复", "Next reply", "next_reply", 8, calendar="5x8-cn", pauses=False),
)


def install_agreements(*, customer: Organisation) -> Contract:
    """The sample contract with its commitments, once."""
    contract = Contract.objects.filter(number="DEMO-2026").first()
    if contract is not None:
        return contract
    contract = Contract(
        number="DEMO-2026",
        name="运维服务 Operations",
        organisation=customer,
        starts_on=date(now().year - 1, 1, 1),
    )
    contract.save()
    for order, each in enumerate(PROMISES, start=1):
        Commitment(
            name=bilingual(zh=each.zh, en=each.en), order=order * 10, promise=each.promise,
            target_seconds=each.hours * HOUR, priority=each.priority, pauses=each.pauses, organisation=customer,
            calendar=Calendar.objects.get(slug=each.calendar) if each.calendar else None,
        ).save()  # fmt: skip
    return contract
