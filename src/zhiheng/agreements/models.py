"""Contracts and the commitments they hold. Policy only: the clocks that run on it belong to the desk."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Organisation
from zhiheng.agreements.choices import Level, OnPolicyChange, Promise
from zhiheng.calendars.models import Calendar
from zhiheng.catalog.models import Service
from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel


class Contract(JournaledModel):
    """A contract or project: what commitments, reports and quotas of a customer hang on."""

    number = models.CharField(_("contract number"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts", verbose_name=_("customer")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account manager"),
    )
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Commitment(JournaledModel):
    """A promised time. ``rules.choose`` decides which applies to a ticket: in order, the first match per promise."""

    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("The first that matches applies.")
    )
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.SLA)
    promise = models.CharField(_("promise"), max_length=12, choices=Promise)
    target_seconds = models.PositiveIntegerField(_("target (seconds)"), validators=[MinValueValidator(60)])
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, blank=True, related_name="commitments",
        verbose_name=_("service hours"), help_text=_("Empty: natural time, around the clock."),
    )  # fmt: skip
    pauses = models.BooleanField(
        _("pauses while waiting for the customer"),
        default=True,
        help_text=_("Waiting inside or for a supplier never pauses."),
    )
    on_policy_change = models.CharField(
        _("when it comes to apply later"),
        max_length=12,
        choices=OnPolicyChange,
        default=OnPolicyChange.KEEP_START,
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("contract"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("customer"),
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("service")
    )
    kind = models.SlugField(_("ticket kind"), max_length=40, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), null=True, blank=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(target_seconds__gte=60), name="commitment_target_a_minute_at_least"
            ),
        )

    def __str__(self) -> str:
        return localized(self.name)
