"""What is said on a ticket: public replies, private notes, the requester's own words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import acting_person
from zhiheng.desk import events
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries import speaks_for_requester
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.desk.services.messages import write_message
from zhiheng.desk.services.moving import apply_move, move_data
from zhiheng.kernel.actor import Actor, ActorKind, current
from zhiheng.kernel.errors import Conflict
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act, entries_for
from zhiheng.processes.choices import StateCategory
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Definition

# A closed ticket answered later than this is a new matter; the requester opens a new one.
REOPEN_WITHIN = timedelta(days=14)
URGE_AGAIN_AFTER = timedelta(minutes=30)
ENDED = frozenset({StateCategory.CANCELLED, StateCategory.MERGED})
# The requester's words take a ticket out of these and back to work.
AWAITING_REQUESTER = frozenset({StateCategory.WAITING_CUSTOMER, StateCategory.SOLVED, StateCategory.CLOSED})


def reply(
    *, ticket: Ticket, body: str, author: Person | None = None, from_requester: bool | None = None,
    asks_customer: bool = False, channel: str = Channel.PORTAL,
) -> Message:  # fmt: skip
    """A public message: the first by staff answers the ticket, one by the requester awaits the next reply.

    The requester's words also move the ticket: what waited for them goes back to work, a solved ticket and one
    closed a short while ago are reopened. Raises Conflict where a ticket is over for good. ``from_requester`` says
    on whose side the author stands; left out, it follows from who they are.
    """
    actor = current().actor if author is None else Actor(ActorKind.PERSON, author.pk)
    author = author or acting_person(actor)
    with locked(ticket) as held:
        at = now()
        if from_requester is None:
            from_requester = speaks_for_requester(actor, held)
        if from_requester:
            _refuse_if_over(held, at)
        definition = definition_of(held.process_version_id)
        onward = way_back(held, definition) if from_requester else None
        data: dict[str, object] = {"from_requester": from_requester, "channel": channel}
        with act(events.REPLIED, record=held, data=data) as done:
            message = write_message(
                ticket=held, body=body, author=author, from_requester=from_requester, asks_customer=asks_customer,
                channel=channel, at=at,
            )  # fmt: skip
            done.data["message"] = message.pk
            if not from_requester and held.responded_at is None:
                held.responded_at = at
            held.updated_at = at
            if onward is not None:
                done.data.update(move_data(held, definition, onward))
                apply_move(held, definition, to=onward, at=at)
            held.save()
        drive_clocks(ticket=held)
    return message


def way_back(ticket: Ticket, definition: Definition) -> str | None:
    """The state of work to which the requester's words take the ticket from here; None where it stays."""
    if ticket.state_category not in AWAITING_REQUESTER:
        return None
    moves = definition.moves_from(ticket.state)
    return next(
        (move.target for move in moves if definition.category(move.target) == StateCategory.OPEN), None
    )


def add_note(*, ticket: Ticket, body: str, author: Person | None = None) -> Message:
    """A private note: staff only, never shown or sent to the requester; it answers nothing and moves no clock."""
    author = author or acting_person(current().actor)
    with locked(ticket) as held:
        at = now()
        with act(events.NOTED, record=held) as done:
            message = write_message(ticket=held, body=body, author=author, private=True, at=at)
            done.data["message"] = message.pk
            held.updated_at = at
            held.save()
    return message


def urge(*, ticket: Ticket, reason: str = "") -> Ticket:
    """The requester asks to go faster; whoever works on it is told. Raises Conflict when over, or just urged."""
    with locked(ticket) as held:
        at = now()
        if held.resolved_at is not None or held.state_category in ENDED:
            raise Conflict(_("This ticket is not being worked on any more."), code="not_in_work")
        last = next((entry for entry in entries_for(held) if entry.act == events.URGED), None)
        if last is not None and at - last.occurred_at < URGE_AGAIN_AFTER:
            raise Conflict(
                _("You urged this ticket a moment ago. The people who work on it have been told."),
                code="urged_already",
            )
        with act(events.URGED, record=held, data={"reason": reason} if reason else {}):
            held.updated_at = at
            held.save()
    return ticket


def _refuse_if_over(ticket: Ticket, at: datetime) -> None:
    too_late = ticket.closed_at is not None and at - ticket.closed_at > REOPEN_WITHIN
    if ticket.state_category in ENDED or (ticket.state_category == StateCategory.CLOSED and too_late):
        raise Conflict(
            _("This ticket is over. Open a new one and mention %(number)s.") % {"number": ticket.number},
            code="ticket_over",
        )
