"""From a figure to work: the desk's list of what is open and overdue, filtered as the quality page is."""

from __future__ import annotations

from django.http import QueryDict

from zhiheng.desk.models import Ticket
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url
from zhiheng.web.queries.quality import Look


def overdue_url(look: Look, **narrowed: str) -> str:
    """The list of open tickets that are overdue now, with the same team, service and priority."""
    chosen = {**look.lens.chosen, **narrowed}
    address = QueryDict(mutable=True)
    team, service = (
        look.names.teams.get(chosen.get("team", "")),
        look.names.service_ids.get(chosen.get("service", "")),
    )
    for name, value in (("team", team), ("service", service), ("priority", chosen.get("priority"))):
        if value:
            address[name] = str(value)
    address["due"] = "overdue"
    address["order"] = "next_due_at"
    tickets = registry.of(Ticket)
    assert tickets is not None
    return f"{record_url(tickets, 'list')}?{address.urlencode()}"
