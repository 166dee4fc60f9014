"""Opening a ticket, by its requester or on their behalf."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.agreements.models import Contract
from zhiheng.catalog.models import Offering, Service
from zhiheng.desk import events
from zhiheng.desk.choices import Channel, Level, ServiceEffect
from zhiheng.desk.models import Ticket
from zhiheng.desk.queries import priority_for
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.messages import write_message
from zhiheng.kernel.actor import ActorKind, current
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes.models import Kind
from zhiheng.processes.queries import active_version, definition_of
from zhiheng.processes.services import next_numbers


def open_ticket(
    *,
    kind: Kind,
    title: str,
    body: str = "",
    requester: Person | None = None,
    organisation: Organisation | None = None,
    contract: Contract | None = None,
    service: Service | None = None,
    offering: Offering | None = None,
    team: Team | None = None,
    assignee: Person | None = None,
    channel: str = Channel.PORTAL,
    category: str = "",
    subcategory: str = "",
    impact: int = Level.MEDIUM,
    urgency: int = Level.MEDIUM,
    service_effect: str = ServiceEffect.UNKNOWN,
    received_at: datetime | None = None,
    onset_at: datetime | None = None,
    confidential: bool = False,
) -> Ticket:
    """Open a ticket on the active process of its kind and start its clocks.

    ``received_at`` is when the request reached us (a call taken an hour ago), not when it is typed in. What is
    left out follows from what is given: customer from the requester, team from the offering or the service,
    priority from the matrix.
    Raises InvalidInput when the title is empty or a time lies in the future.
    """
    at = now()
    received = received_at or at
    if not title.strip():
        raise InvalidInput(
            _("Give the ticket a title: one line that says what is wrong or wanted."),
            code="required",
            field="title",
        )
    for field, moment in (("received_at", received_at), ("onset_at", onset_at)):
        if moment is not None and moment > at:
            raise InvalidInput(_("This time lies in the future."), code="in_future", field=field)
    service = service or (offering.service if offering else None)
    team = team or (offering.team if offering else None) or (service.team if service else None)
    organisation = organisation or (requester.organisation if requester else None)
    with transaction.atomic():
        version = active_version(kind=kind)
        definition = definition_of(version.pk)
        priority = priority_for(kind=kind.slug, impact=impact, urgency=urgency)
        who = current().actor
        ticket = Ticket(
            number=next_numbers(kind=kind)[0], kind=kind, title=title.strip(), requester=requester,
            registered_by_id=who.id if who.kind == ActorKind.PERSON else None,
            organisation=organisation, contract=contract, service=service, offering=offering, team=team,
            assignee=assignee, channel=channel, category=category, subcategory=subcategory,
            impact=impact, urgency=urgency, priority=priority, highest_priority=priority,
            service_effect=service_effect, process_version=version, state=definition.start,
            state_category=definition.category(definition.start), onset_at=onset_at, received_at=received,
            registered_at=at, updated_at=at, confidential=confidential,
        )  # fmt: skip
        data = {
            "to": ticket.state, "to_category": ticket.state_category, "kind": kind.slug,
            "team": ticket.team_id, "assignee": ticket.assignee_id,
        }  # fmt: skip
        with act(events.OPENED, record=ticket, data=data, occurred_at=received):
            ticket.save()
            if body.strip():
                write_message(
                    ticket=ticket,
                    body=body,
                    author=requester,
                    from_requester=True,
                    channel=channel,
                    at=received,
                )
        drive_clocks(ticket=ticket)
    return ticket
