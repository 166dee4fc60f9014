"""My work: what is due next, what I hold, what waits unclaimed in my teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhiheng.desk import queries
from zhiheng.desk.models import Ticket
from zhiheng.desk.queries import queues
from zhiheng.desk.records.tickets import TICKET
from zhiheng.desk.showing.clocks import small_clock
from zhiheng.desk.showing.states import state_name
from zhiheng.kernel.time import now
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView
from zhiheng.ui.components import Clock

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in a short list."""

    ticket: Ticket
    url: str
    state: str
    clock: Clock | None
    claim_url: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """A short list with the way to all of it."""

    name: str
    title: str
    lines: list[Line]
    count: int
    all_url: str
    empty: str


class MyWork(RecordView):
    """`/desk/`: the home of those who work on tickets."""

    record_type = TICKET

    def get(self, _request: HttpRequest) -> HttpResponse:
        self.demand("view")
        found = [
            ("mine", _("My work"), queries.mine(self.actor), _("Nothing is assigned to you.")),
            (
                "teams", _("Free in my teams"), queries.free_in_my_teams(self.actor),
                _("Every ticket of your teams has somebody."),
            ),
        ]  # fmt: skip
        lists = [
            (name, title, condition, empty, self._first(condition)) for name, title, condition, empty in found
        ]
        tickets = {ticket.pk: ticket for *_, rows in lists for ticket in rows}
        clocks, at = queries.leading_clocks(tickets.values()), now()
        list_url = record_url(TICKET, "list")
        shown = [
            Queue(
                name, title, [self._line(ticket, clocks, at, free=name == "teams") for ticket in rows],
                queries.count_of(self.actor, condition),
                f"{list_url}?view={'free' if name == 'teams' else name}", empty,
            )
            for name, title, condition, empty, rows in lists
        ]  # fmt: skip
        late = queries.count_of(self.actor, queries.mine(self.actor) & queues.overdue(self.actor))
        context: dict[str, Any] = {
            "queues": shown,
            "late": late,
            "next": shown[0].lines[0] if shown[0].lines else None,
        }
        return self.render("desk/my_work.html", context)

    def _first(self, condition: Q) -> list[Ticket]:
        return queries.first_of(self.actor, condition, limit=SHOWN)

    def _line(self, ticket: Ticket, clocks: Any, at: Any, *, free: bool) -> Line:
        clock = clocks.get(ticket.pk)
        claim = record_url(ticket, "act", name="claim") if free and self.may("claim", ticket) else ""
        return Line(
            ticket,
            record_url(ticket),
            state_name(ticket),
            small_clock(clock, at=at) if clock else None,
            claim,
        )
