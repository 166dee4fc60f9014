"""What was said on a ticket, to the requester or among staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.desk.choices import Channel, Visibility
from zhiheng.desk.models.tickets import Ticket
from zhiheng.platform.journal import JournaledModel


class Message(JournaledModel):
    """One message. Its text is written once; entries refer to it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", verbose_name=_("ticket"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    from_requester = models.BooleanField(_("from the requester's side"), default=False)
    visibility = models.CharField(
        _("visibility"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.PORTAL)
    body = models.TextField(_("text"))
    asks_customer = models.BooleanField(_("asks the requester a question"), default=False)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("sent_at", "id")
        indexes = (models.Index(fields=("ticket", "sent_at", "id"), name="message_ticket_sent"),)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.body[:40]}"
