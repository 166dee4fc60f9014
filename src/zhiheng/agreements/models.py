"""Contracts, the commitments they hold, and exemptions. Policy only: the clocks that run on it belong to the desk."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.accounts.models import Organisation
from zhiheng.agreements.choices import ExemptionGround, ExemptionState, Level, OnPolicyChange, Promise
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


class Exemption(JournaledModel):
    """Tickets received in a period that figures leave out, once somebody else than who proposed it approves.

    What they must share (commitment, customer, service, kind) stands in the four fields; empty means any.
    """

    ground = models.CharField(_("ground"), max_length=16, choices=ExemptionGround)
    reason = models.TextField(
        _("reason"), help_text=_("What happened, and why the provider does not answer for it.")
    )
    evidence = models.TextField(
        _("evidence"), help_text=_("What proves it: a notice, a record, a letter of the customer.")
    )
    starts_at = models.DateTimeField(
        pgettext_lazy("period", "from"), help_text=_("Tickets received from then on are exempt.")
    )
    ends_at = models.DateTimeField(
        _("until"), help_text=_("Tickets received from then on are not exempt any more.")
    )
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exemptions",
        verbose_name=_("commitment"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exemptions",
        verbose_name=_("customer"),
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="exemptions", verbose_name=_("service")
    )
    kind = models.SlugField(_("ticket kind"), max_length=40, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExemptionState, default=ExemptionState.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        ordering = ("-starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="exemption_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ExemptionState.PROPOSED, decided_by=None, decided_at=None)
                | models.Q(
                    state__in=(ExemptionState.APPROVED, ExemptionState.REFUSED),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="exemption_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="exemption_decided_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {timezone.localtime(self.starts_at):%Y-%m-%d}"

    def clean(self) -> None:
        """Refuse an empty period at its end."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The period must end after it begins.")})
