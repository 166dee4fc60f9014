"""The board: the tickets of a list as cards by what their state means; the same filters as the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiheng.desk import queries
from zhiheng.desk.models import Ticket
from zhiheng.desk.records.forms import moves_of
from zhiheng.desk.records.tickets import TICKET
from zhiheng.desk.showing.clocks import small_clock
from zhiheng.desk.showing.states import state_name
from zhiheng.desk.views.tickets import move_button
from zhiheng.kernel.errors import DomainError, InvalidInput
from zhiheng.kernel.time import now
from zhiheng.processes.choices import StateCategory
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Transition
from zhiheng.records.listing.request import ListRequest, read_request
from zhiheng.records.listing.rows import full_condition
from zhiheng.records.routes import record_url
from zhiheng.records.services import perform_act
from zhiheng.records.views.listing import ListPage
from zhiheng.ui.components import ActButton, Clock

COLUMNS = (
    StateCategory.NEW, StateCategory.OPEN, StateCategory.WAITING_CUSTOMER, StateCategory.WAITING_SUPPLIER,
    StateCategory.WAITING_INTERNAL, StateCategory.SOLVED,
)  # fmt: skip
CARDS = 25


@dataclass(frozen=True, slots=True)
class Card:
    """One ticket with the steps its process allows."""

    ticket: Ticket
    url: str
    state: str
    clock: Clock | None
    moves: list[ActButton]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The tickets of one state category, the first due first."""

    category: str
    title: str
    cards: list[Card]
    more: bool
    list_url: str
    move_url: str

    @property
    def count(self) -> str:
        """How many cards; "25+" where there are more."""
        return f"{len(self.cards)}+" if self.more else str(len(self.cards))


class Board(ListPage):
    """`/desk/board/`."""

    record_type = TICKET

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand("view")
        asked = read_request(TICKET, dict(request.GET.lists()), self.actor)
        problems: list[InvalidInput] = list(asked.problems)
        found = {category: self._rows(asked, category) for category in COLUMNS}
        tickets = [ticket for rows in found.values() for ticket in rows[:CARDS]]
        clocks = queries.leading_clocks(tickets)
        moving = {ticket.pk: self.may("transition", ticket) for ticket in tickets}
        columns = [self._column(category, rows, clocks, moving) for category, rows in found.items()]
        context = {
            "columns": columns, "problems": problems, "chips": self.chips(asked), "tabs": self.tabs(asked),
            "asked": asked, "searchable": True, "search_kept": self._kept("q"),
            "filtered": bool(asked.applied or asked.slow or asked.words),
            "list_query": self._query(), "may_add": self.may("add"),
        }  # fmt: skip
        return self.render("desk/board.html", context)

    def tabs(self, asked: ListRequest) -> list[Any]:
        """The saved views, leading to the board instead of the list."""
        list_url, board_url = record_url(TICKET, "list"), reverse("desk:board")
        return [
            replace(tab, url=tab.url.replace(list_url, board_url))
            for tab in super().tabs(asked)
            if "view=solved" not in tab.url and "view=open" not in tab.url
        ]

    def _rows(self, asked: ListRequest, category: str) -> list[Ticket]:
        condition = full_condition(asked, self.actor) & Q(state_category=category)
        solved = category == StateCategory.SOLVED
        return queries.first_of(self.actor, condition, limit=CARDS + 1, newest=solved)

    def _column(
        self,
        category: StateCategory,
        rows: list[Ticket],
        clocks: Mapping[int, queries.RowClock],
        moving: Mapping[int, bool],
    ) -> BoardColumn:
        at = now()
        cards = []
        for ticket in rows[:CARDS]:
            clock = clocks.get(ticket.pk)
            moves = [move_button(ticket, move) for move in moves_of(ticket)] if moving[ticket.pk] else []
            shown = small_clock(clock, at=at) if clock else None
            cards.append(Card(ticket, record_url(ticket), state_name(ticket), shown, moves))
        kept = self._parameters()
        kept["state_category"] = category
        list_url = f"{record_url(TICKET, 'list')}?{kept.urlencode()}"
        move_url = reverse("desk:board_move", args=[category])
        return BoardColumn(category, str(category.label), cards, len(rows) > CARDS, list_url, move_url)


class BoardMove(ListPage):
    """`/desk/board/open/`: a card dropped on a column takes the first step that leads to that category."""

    record_type = TICKET

    def post(self, request: HttpRequest, category: str) -> HttpResponse:
        text = request.POST.get("card", "")
        ticket: Ticket = self.record(int(text)) if text.isdigit() else None  # type: ignore[assignment]
        act = TICKET.act("transition")
        if ticket is None or act is None:
            raise Http404
        if not self.may("transition", ticket):
            return HttpResponse(_("You may not move this ticket."), status=403)
        move = first_move(ticket, category)
        if move is None:
            return HttpResponse(_("The process does not lead there from here."), status=409)
        button = move_button(ticket, move)
        if button.url:
            return redirect(button.url)
        try:
            perform_act(
                record_type=TICKET,
                act=act,
                record=ticket,
                values={"to": move.target, "expected_state": ticket.state},
            )
        except DomainError as error:
            return HttpResponse(str(error), status=409)
        messages.success(request, f"{ticket.number}{_(': ')}{state_name(ticket)}")
        return redirect(request.headers.get("referer") or reverse("desk:board"))


def first_move(ticket: Ticket, category: str) -> Transition | None:
    """The step of the process that leads from where the ticket stands to a state of this category."""
    definition = definition_of(ticket.process_version_id)
    moves = [move for move in moves_of(ticket) if definition.category(move.target) == category]
    return min(moves, key=lambda move: (not move.primary, len(move.needs)), default=None)
