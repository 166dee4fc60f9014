"""What is said on a ticket: public replies, private notes, the requester's own words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.desk import events
from zhiheng.desk.choices import Channel, Visibility
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act


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
    """Store a message inside an act that the caller has opened. Raises InvalidInput when there is no text."""
    if not body.strip():
        raise InvalidInput(_("Write a text first."), code="required", field="body")
    message = Message(
        ticket=ticket, author=author, from_requester=from_requester, channel=channel, body=body.strip(),
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC, asks_customer=asks_customer, sent_at=at or now(),
    )  # fmt: skip
    message.save()
    return message


def reply(
    *, ticket: Ticket, body: str, author: Person | None, from_requester: bool = False, asks_customer: bool = False,
    channel: str = Channel.PORTAL,
) -> Message:  # fmt: skip
    """A public message. The first by staff answers the ticket; one by the requester starts the wait for the next reply."""
    with locked(ticket) as held:
        at = now()
        with act(
            events.REPLIED, record=held, data={"from_requester": from_requester, "channel": channel}
        ) as done:
            message = write_message(
                ticket=held, body=body, author=author, from_requester=from_requester, asks_customer=asks_customer,
                channel=channel, at=at,
            )  # fmt: skip
            done.data["message"] = message.pk
            if not from_requester and held.responded_at is None:
                held.responded_at = at
            held.updated_at = at
            held.save()
        drive_clocks(ticket=held)
    return message


def add_note(*, ticket: Ticket, body: str, author: Person | None) -> Message:
    """A private note: staff only, never shown or sent to the requester; it answers nothing and moves no clock."""
    with locked(ticket) as held:
        at = now()
        with act(events.NOTED, record=held) as done:
            message = write_message(ticket=held, body=body, author=author, private=True, at=at)
            done.data["message"] = message.pk
            held.updated_at = at
            held.save()
    return message
