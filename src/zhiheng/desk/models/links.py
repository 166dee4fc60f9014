"""What a ticket hangs together with: other tickets and configuration items."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.desk.choices import LinkType
from zhiheng.desk.models.tickets import Ticket
from zhiheng.platform.journal import JournaledModel


class TicketLink(JournaledModel):
    """``source`` <relates to / blocks / …> ``target``."""

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="links_out", verbose_name=_("ticket"))
    target = models.ForeignKey(
        Ticket, models.CASCADE, related_name="links_in", verbose_name=_("other ticket")
    )
    link_type = models.CharField(_("relation"), max_length=12, choices=LinkType, default=LinkType.RELATES)

    class Meta:
        verbose_name = _("ticket link")
        verbose_name_plural = _("ticket links")
        ordering = ("source", "id")
        constraints = (
            models.UniqueConstraint(fields=("source", "target", "link_type"), name="ticket_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_link_not_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.link_type} {self.target_id}"


class TicketItem(JournaledModel):
    """A configuration item that a ticket concerns."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="items", verbose_name=_("ticket"))
    item = models.ForeignKey(
        ConfigurationItem, models.PROTECT, related_name="tickets", verbose_name=_("configuration item")
    )

    class Meta:
        verbose_name = _("item of a ticket")
        verbose_name_plural = _("items of tickets")
        ordering = ("ticket", "id")
        constraints = (models.UniqueConstraint(fields=("ticket", "item"), name="ticket_item_once"),)

    def __str__(self) -> str:
        return f"{self.ticket_id} – {self.item_id}"
