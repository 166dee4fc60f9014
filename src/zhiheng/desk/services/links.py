"""Linking tickets with one another and with configuration items."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.desk import events
from zhiheng.desk.choices import LinkType
from zhiheng.desk.models import Ticket, TicketItem, TicketLink
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.platform.journal import act


def link_tickets(*, source: Ticket, target: Ticket, link_type: str = LinkType.RELATES) -> TicketLink:
    """Link two tickets. Raises InvalidInput for a ticket with itself, Conflict when the link exists."""
    if source.pk == target.pk:
        raise InvalidInput(_("A ticket cannot be linked to itself."), code="same_ticket", field="target")
    if TicketLink.objects.filter(source=source, target=target, link_type=link_type).exists():
        raise Conflict(
            _("These tickets are already linked in this way."), code="already_linked", field="target"
        )
    data = {"target": target.pk, "link_type": link_type}
    try:
        with transaction.atomic(), act(events.LINKED, record=source, data=data):
            link = TicketLink(source=source, target=target, link_type=link_type)
            link.save()
    except IntegrityError as error:  # two people linked at the same moment
        raise Conflict(
            _("These tickets are already linked in this way."), code="already_linked", field="target"
        ) from error
    return link


def attach_item(*, ticket: Ticket, item: ConfigurationItem) -> TicketItem:
    """Say which configuration item the ticket concerns; saying it twice changes nothing."""
    existing = TicketItem.objects.filter(ticket=ticket, item=item).first()
    if existing is not None:
        return existing
    link = TicketItem(ticket=ticket, item=item)
    link.save()
    return link
