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

ALREADY = _("These tickets are already linked in this way.")


def link_tickets(*, ticket: Ticket, target: Ticket, link_type: str = LinkType.RELATES) -> TicketLink:
    """Say that ``ticket`` relates to, blocks … ``target``. Raises InvalidInput with itself, Conflict when linked."""
    if ticket.pk == target.pk:
        raise InvalidInput(_("A ticket cannot be linked to itself."), code="same_ticket", field="target")
    if TicketLink.objects.filter(source=ticket, target=target, link_type=link_type).exists():
        raise Conflict(ALREADY, code="already_linked", field="target")
    data = {"target": target.pk, "number": target.number, "link_type": link_type}
    try:
        with transaction.atomic(), act(events.LINKED, record=ticket, data=data):
            link = TicketLink(source=ticket, target=target, link_type=link_type)
            link.save()
    except IntegrityError as error:  # two people linked at the same moment
        raise Conflict(ALREADY, code="already_linked", field="target") from error
    return link


def unlink_tickets(*, link: TicketLink) -> None:
    """Take a link off again."""
    data = {"target": link.target_id, "number": link.target.number, "link_type": link.link_type}
    with act(events.UNLINKED, record=link.source, data=data):
        link.delete()


def attach_item(*, ticket: Ticket, item: ConfigurationItem) -> TicketItem:
    """Say which configuration item the ticket concerns; saying it twice changes nothing."""
    existing = TicketItem.objects.filter(ticket=ticket, item=item).first()
    if existing is not None:
        return existing
    with act(events.ATTACHED, record=ticket, data={"item": item.pk, "name": str(item)}):
        link = TicketItem(ticket=ticket, item=item)
        link.save()
    return link


def detach_item(*, link: TicketItem) -> None:
    """Say that the ticket does not concern the item after all."""
    with act(events.DETACHED, record=link.ticket, data={"item": link.item_id, "name": str(link.item)}):
        link.delete()
