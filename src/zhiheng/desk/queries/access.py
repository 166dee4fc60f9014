"""Who on a ticket reads what the requester must not: private notes and acts that are not public."""

from __future__ import annotations

from django.db.models import Model

from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import may

VIEW_PRIVATE = "view_private"


def reads_private(actor: Actor, ticket: Model) -> bool:
    """True for those who work on the ticket, and for whoever was granted the reading of private texts."""
    return may(actor, "note", ticket) or may(actor, VIEW_PRIVATE, ticket)


def works_the_desk(actor: Actor) -> bool:
    """Whether the person works on tickets at all; a requester, whose place is the portal, does not."""
    return may(actor, "note", Ticket) or may(actor, VIEW_PRIVATE, Ticket)
