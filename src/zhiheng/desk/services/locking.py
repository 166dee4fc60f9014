"""One way to take a ticket's row for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from zhiheng.desk.models import Ticket


@contextmanager
def locked(ticket: Ticket) -> Iterator[Ticket]:
    """The ticket as it stands in the database, locked until the transaction ends; ``ticket`` shows the same then.

    SQLite's writer holds the whole database from the first statement on, so a fresh read is enough there.
    """
    with transaction.atomic():
        held = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("kind", "process_version")
            .get(pk=ticket.pk)
        )
        yield held
    for field in held._meta.concrete_fields:
        setattr(ticket, field.attname, getattr(held, field.attname))
