"""Who reads what on a ticket: private notes and acts that are not public; and whom its acts are for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from zhiheng.accounts.models import Membership
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.platform.grants import may, person_of

VIEW_PRIVATE = "view_private"


def reads_private(actor: Actor, ticket: Model) -> bool:
    """True for those who work on the ticket, and for whoever was granted the reading of private texts."""
    return may(actor, "note", ticket) or may(actor, VIEW_PRIVATE, ticket)


def works_the_desk(actor: Actor) -> bool:
    """Whether the person works on tickets at all; a requester, whose place is the portal, does not."""
    return may(actor, "note", Ticket) or may(actor, VIEW_PRIVATE, Ticket)


def speaks_for_requester(actor: Actor, ticket: Ticket) -> bool:
    """Whether what this actor says on a ticket is the requester's side speaking, not the desk answering.

    True for the requester, unless they also work on it, and for everybody else without a right of the desk on it.
    A token speaks as its person whatever it was limited to; the platform itself speaks for the desk.
    """
    person_id = person_of(actor)
    if person_id is None:
        return False
    if person_id == ticket.requester_id:
        return person_id != ticket.assignee_id
    return not reads_private(Actor(ActorKind.PERSON, person_id), ticket)


def persons_concerned(ticket: Ticket, *, requester: bool) -> Iterator[int]:
    """Who works on a ticket, its assignee or, while it has none, its team; and, where asked, its requester."""
    if requester and ticket.requester_id is not None:
        yield ticket.requester_id
    if ticket.assignee_id is not None:
        yield ticket.assignee_id
    elif ticket.team_id is not None:
        yield from Membership.objects.filter(team_id=ticket.team_id).values_list("person_id", flat=True)
