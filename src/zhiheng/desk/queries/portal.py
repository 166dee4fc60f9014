"""What a requester may follow: their tickets, and the public part of one ticket's story."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from zhiheng.accounts.models import Person
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries.around import messages_of
from zhiheng.platform.journal import EntryView, entries_for


def portal_tickets(person: Person, *, open_only: bool = False) -> QuerySet[Ticket]:
    """The tickets a person asked for, the newest first."""
    rows = (
        Ticket.objects.filter(requester=person)
        .select_related("service", "kind")
        .order_by("-received_at", "-id")
    )
    return rows.filter(closed_at=None) if open_only else rows


def portal_timeline(ticket: Ticket) -> tuple[Sequence[Message], Sequence[EntryView]]:
    """Public messages, oldest first, and public acts, oldest first. Nothing private ever leaves by this way."""
    return messages_of(ticket, private=False), list(reversed(entries_for(ticket, public=True)))
