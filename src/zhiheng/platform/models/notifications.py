"""What a person was told, what they want to be told, and which records they watch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import JournaledModel


class Notification(models.Model):
    """One line in a person's inbox, made from one journal entry."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    # No foreign key: the journal may be archived while the line is still in the inbox.
    entry_id = models.BigIntegerField(_("entry"))
    act = models.CharField(_("act"), max_length=100)
    record_type = models.CharField(_("record type"), max_length=100)
    record_id = models.BigIntegerField(_("record"))
    title = models.CharField(_("title"), max_length=300)
    actor_name = models.CharField(_("by"), max_length=150, blank=True)
    in_app = models.BooleanField(_("in the inbox"), default=True)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["person", "entry_id"], name="platform_notification_once")
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="platform_notification_inbox"),
            models.Index(
                fields=["person"],
                condition=models.Q(read_at=None, in_app=True),
                name="platform_notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NotificationPreference(JournaledModel):
    """Whether a person wants to hear of acts like "desk.ticket.*"; the longest matching pattern decides."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notification_preferences",
        verbose_name=_("person"),
    )
    acts = models.CharField(_("acts"), max_length=100)
    in_app = models.BooleanField(_("in the inbox"), default=True)
    by_mail = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        ordering = ["acts"]
        constraints = [
            models.UniqueConstraint(fields=["person", "acts"], name="platform_notificationpreference_once")
        ]

    def __str__(self) -> str:
        return self.acts


class Watch(JournaledModel):
    """A person follows a record and hears of its acts."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches", verbose_name=_("person")
    )
    record_type = models.CharField(_("record type"), max_length=100)
    record_id = models.BigIntegerField(_("record"))

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "person"], name="platform_watch_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}: {self.person}"
