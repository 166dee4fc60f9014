"""Sample rows for the tests that are generated from the declarations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhiheng.desk.models import PriorityRule, Ticket
from zhiheng.kernel.time import now
from zhiheng.processes.models import Kind
from zhiheng.processes.queries import active_version
from zhiheng.processes.services import install_processes
from zhiheng.records.testing.samples import sample_values, sampler


@sampler(Ticket)
def ticket(number: int) -> Ticket:
    """A new ticket without requester, team and customer: nobody's own."""
    install_processes()
    kind = Kind.objects.get(slug="incident")
    at = now() - timedelta(minutes=number)
    made = Ticket(
        number=f"INC-{number:06d}", kind=kind, title=f"Sample {number}", process_version=active_version(kind=kind),
        state="new", state_category="new", received_at=at, registered_at=at, updated_at=at,
        external_ref=f"sample:{number}", category=f"category-{number}",
    )  # fmt: skip
    made.save()
    return made


@sampler(PriorityRule)
def priority_rule(number: int) -> PriorityRule:
    """One cell of a kind of its own."""
    rule = PriorityRule(kind=f"kind-{number}", impact=1, urgency=1 + number % 4, priority=1 + number % 5)
    rule.save()
    return rule


def ticket_values(_number: int) -> dict[str, Any]:
    """A kind whose process is active."""
    install_processes()
    return {"kind": Kind.objects.get(slug="incident")}


sample_values(Ticket, ticket_values)
