"""Which tickets make a queue: conditions for the tabs of the list, the board, my work and the badges."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from zhiheng.accounts.queries import team_ids_of
from zhiheng.desk.models import Ticket
from zhiheng.desk.models.tickets import IS_OPEN
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.time import now
from zhiheng.platform.grants import count_visible, page_of, person_of
from zhiheng.processes.choices import StateCategory

NEAR_DUE = timedelta(hours=4)
RECENT = timedelta(days=7)
BADGE_CAP = 1000
DONE = (StateCategory.SOLVED, StateCategory.CLOSED)


def all_open(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    """Tickets on which work is still owed."""
    return IS_OPEN


def mine(actor: Actor) -> Q:
    """Open tickets that the person works on."""
    return IS_OPEN & Q(assignee_id=person_of(actor))


def unassigned(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    """Open tickets that nobody works on."""
    return IS_OPEN & Q(assignee=None)


def of_my_teams(actor: Actor) -> Q:
    """Open tickets of the person's teams."""
    return IS_OPEN & Q(team_id__in=team_ids_of(actor))


def free_in_my_teams(actor: Actor) -> Q:
    """Open tickets of the person's teams that nobody works on."""
    return of_my_teams(actor) & Q(assignee=None)


def first_queue(actor: Actor) -> str:
    """The view where a person's work is: their own tickets, else those free in their teams, else all open ones."""
    for name, condition in (("mine", mine(actor)), ("free", free_in_my_teams(actor))):
        if first_of(actor, condition, limit=1):
            return name
    return "open"


def due_soon(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    """Open tickets with a commitment that is overdue or due within the next hours."""
    return IS_OPEN & Q(next_due_at__lt=now() + NEAR_DUE)


def overdue(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    """Open tickets whose next commitment is overdue."""
    return IS_OPEN & Q(next_due_at__lt=now())


def recently_solved(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    """Tickets solved within the last days."""
    return Q(state_category__in=DONE, resolved_at__gte=now() - RECENT)


def first_of(actor: Actor, condition: Q, *, limit: int, newest: bool = False) -> list[Ticket]:
    """The first tickets of a queue that the person may see: the earliest due, or the newest."""
    rows = Ticket.objects.filter(condition).select_related("organisation", "assignee", "team", "requester")
    order: list[str | OrderBy] = [F("next_due_at").asc(nulls_last=True), "pk"]
    if newest:
        order = ["-received_at", "-pk"]
    return list(page_of(actor, "view", rows.defer("solution"), order=order, limit=limit))


def count_of(actor: Actor, condition: Q) -> int:
    """How many tickets of a queue the person may see, counted no further than the badge shows.

    The order keeps the planner on the index of open tickets: without it a table whose open tickets are the
    newest is read from its oldest row on.
    """
    open_first = Ticket.objects.filter(condition).order_by("next_due_at", "pk")
    return count_visible(actor, "view", open_first, cap=BADGE_CAP)
