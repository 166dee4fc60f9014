"""What hangs on one ticket: its messages, its links to other tickets, the configuration items it concerns."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from django.db.models import Q

from zhiheng.accounts.models import Person
from zhiheng.desk.choices import BACKWARD, Visibility
from zhiheng.desk.models import Message, Ticket, TicketItem, TicketLink
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import visible_to

Linked: TypeAlias = tuple[TicketLink, str, Ticket]
"""A link, what it says read from the ticket's side, and the other ticket."""


def messages_of(ticket: Ticket, *, private: bool) -> list[Message]:
    """The messages of a ticket, oldest first; private notes only when asked for."""
    rows = Message.objects.filter(ticket=ticket).select_related("author")
    return list(rows if private else rows.filter(visibility=Visibility.PUBLIC))


def links_of(ticket: Ticket, *, actor: Actor) -> list[Linked]:
    """The links of a ticket in both directions, without those to tickets the actor may not see.

    Most tickets have none, so the other tickets are asked for only where there are.
    """
    links = list(TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)))
    if not links:
        return []
    ids = {link.target_id if link.source_id == ticket.pk else link.source_id for link in links}
    others = visible_to(actor, "view", Ticket.objects.filter(pk__in=ids)).in_bulk()
    out = [
        (link, link.get_link_type_display(), others[link.target_id])
        for link in links
        if link.source_id == ticket.pk and link.target_id in others
    ]
    back = [
        (link, str(BACKWARD[link.link_type]), others[link.source_id])
        for link in links
        if link.source_id != ticket.pk and link.source_id in others
    ]
    return [*out, *back]


def link_of(ticket: Ticket, *, key: int) -> TicketLink | None:
    """The link with this key, if it hangs on the ticket."""
    links = TicketLink.objects.select_related("source", "target")
    return links.filter(pk=key, source=ticket).first() or links.filter(pk=key, target=ticket).first()


def items_of(ticket: Ticket) -> list[TicketItem]:
    """The configuration items a ticket concerns."""
    return list(TicketItem.objects.filter(ticket=ticket).select_related("item"))


def item_of(ticket: Ticket, *, key: int) -> TicketItem | None:
    """The attached item with this key, if it hangs on the ticket."""
    return TicketItem.objects.select_related("item", "ticket").filter(pk=key, ticket=ticket).first()


def persons_of(ids: Collection[int]) -> list[Person]:
    """The persons with these ids."""
    return list(Person.objects.filter(pk__in=ids)) if ids else []
