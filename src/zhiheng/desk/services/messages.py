"""Writing one message down inside an act that the caller has opened."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.desk.choices import Channel, Visibility
from zhiheng.desk.models import Message, Ticket
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now


def write_message(
    *,
    ticket: Ticket,
    body: str,
    author: Person | None,
    from_requester: bool = False,
    private: bool = False,
    asks_customer: bool = False,
    channel: str = Channel.PORTAL,
    at: datetime | None = None,
) -> Message:
    """Store a message. Raises InvalidInput when there is no text."""
    if not body.strip():
        raise InvalidInput(_("Write a text first."), code="required", field="body")
    message = Message(
        ticket=ticket, author=author, from_requester=from_requester, channel=channel, body=body.strip(),
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC, asks_customer=asks_customer,
        sent_at=at or now(),
    )  # fmt: skip
    message.save()
    return message
