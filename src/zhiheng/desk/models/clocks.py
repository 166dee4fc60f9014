"""The clocks of a ticket, and the immutable row that marks each change of a clock's state."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.agreements.choices import Level, Promise
from zhiheng.agreements.models import Commitment
from zhiheng.calendars.models import CalendarVersion
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models.tickets import Ticket

LIVE = (ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED_RUNNING)


class TicketClock(models.Model):
    """One row per ticket and commitment: what ``measure.clock`` derives from the entries, kept for ordering and alarms.

    Not journaled: it holds nothing that the entries and the commitment do not say, and can be derived again.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks", verbose_name=_("ticket"))
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+", verbose_name=_("commitment"))
    # Frozen when the clock starts: a commitment edited later never changes a clock that has run.
    level = models.CharField(_("level"), max_length=8, choices=Level)
    promise = models.CharField(_("promise"), max_length=12, choices=Promise)
    target_seconds = models.PositiveIntegerField(_("target (seconds)"))
    pauses = models.BooleanField(_("pauses"), default=True)
    calendar_version = models.ForeignKey(
        CalendarVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service hours"),
    )
    state = models.CharField(_("state"), max_length=18, choices=ClockState, default=ClockState.RUNNING)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    stopped_at = models.DateTimeField(pgettext_lazy("time", "stopped"), null=True, blank=True)
    elapsed_seconds = models.PositiveBigIntegerField(_("elapsed (seconds)"), default=0)
    paused_seconds = models.PositiveBigIntegerField(_("paused (seconds)"), default=0)
    missed = models.BooleanField(_("missed"), default=False)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ("ticket", "level", "promise")
        indexes = (
            models.Index(
                fields=("due_at", "id"), name="clock_running_due", condition=Q(state=ClockState.RUNNING)
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("ticket", "commitment"), name="clock_once_per_commitment"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.level} {self.promise} {self.state}"


class ClockFlip(models.Model):
    """A clock changed its state: written once, never changed; alarms are claimed on it."""

    clock = models.ForeignKey(TicketClock, models.CASCADE, related_name="flips", verbose_name=_("clock"))
    at = models.DateTimeField(_("at"))
    old_state = models.CharField(
        pgettext_lazy("state", "from"), max_length=18, choices=ClockState, blank=True
    )
    new_state = models.CharField(pgettext_lazy("state", "to"), max_length=18, choices=ClockState)

    class Meta:
        verbose_name = _("clock change")
        verbose_name_plural = _("clock changes")
        ordering = ("clock", "id")

    def __str__(self) -> str:
        return f"{self.clock_id} {self.old_state} → {self.new_state}"
