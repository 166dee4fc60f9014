"""What a requester does in the portal: ask, answer with files, urge, confirm, send back; by the desk's services."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.accounts.models import Person
from zhiheng.catalog.models import Offering, Service
from zhiheng.desk import services as desk
from zhiheng.desk.choices import Channel, Level
from zhiheng.desk.models import Message, Ticket
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import Conflict, NotAllowed
from zhiheng.platform.files import attach_file
from zhiheng.platform.grants import may, require, second_look
from zhiheng.processes.choices import StateCategory
from zhiheng.processes.models import Kind

Files = Sequence[File[bytes]]


def ask(
    *,
    actor: Actor,
    person: Person,
    kind: Kind,
    title: str,
    body: str,
    urgency: int = Level.MEDIUM,
    service: Service | None = None,
    offering: Offering | None = None,
    files: Files = (),
) -> Ticket:
    """Open a ticket with its first message and files. Raises NotAllowed, InvalidInput."""
    require(actor, "add", Ticket)
    with transaction.atomic():
        ticket = desk.open_ticket(
            kind=kind, title=title, body=body, requester=person, service=service, offering=offering,
            channel=Channel.PORTAL, urgency=urgency,
        )  # fmt: skip
        first = Message.objects.filter(ticket=ticket).order_by("pk").first()
        for upload in files:
            attach_file(record=first or ticket, upload=upload)
        second_look(actor, "view", ticket)
    return ticket


def answer(*, actor: Actor, person: Person, ticket: Ticket, body: str, files: Files = ()) -> Message:
    """The requester's own words, files, or both. Raises NotAllowed, Conflict where the ticket is over."""
    require_requester(actor, person, ticket)
    with transaction.atomic():
        message = desk.reply(
            ticket=ticket, body=body or (_("See the attached file.") if files else ""), author=person,
            from_requester=True, channel=Channel.PORTAL,
        )  # fmt: skip
        for upload in files:
            attach_file(record=message, upload=upload)
    return message


def send_back(*, actor: Actor, person: Person, ticket: Ticket, reason: str, files: Files = ()) -> Message:
    """The requester does not accept the solution: the ticket is reopened with their reason. Raises Conflict."""
    if ticket.state_category not in (StateCategory.SOLVED, StateCategory.CLOSED):
        raise Conflict(gettext_lazy("This ticket is being worked on already."), code="not_solved")
    return answer(actor=actor, person=person, ticket=ticket, body=reason, files=files)


def confirm(*, actor: Actor, person: Person, ticket: Ticket) -> Ticket:
    """The requester accepts the solution. Raises NotAllowed, Conflict."""
    require_requester(actor, person, ticket)
    return desk.confirm_solution(ticket=ticket)


def urge(*, actor: Actor, person: Person, ticket: Ticket) -> Ticket:
    """The requester asks to go faster. Raises NotAllowed, Conflict."""
    require_requester(actor, person, ticket)
    return desk.urge(ticket=ticket)


def acts_for(actor: Actor, person: Person, ticket: Ticket) -> bool:
    """Whether the person speaks as the requester of this ticket; others who may see it only read here."""
    return ticket.requester_id == person.pk and may(actor, "reply", ticket)


def require_requester(actor: Actor, person: Person, ticket: Ticket) -> None:
    """Raise NotAllowed for everybody but the requester."""
    if not acts_for(actor, person, ticket):
        raise NotAllowed(gettext_lazy("Only the person who asked can answer here."), code="not_requester")
