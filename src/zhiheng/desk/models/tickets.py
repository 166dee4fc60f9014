"""The ticket: one table for every kind of work item."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.accounts.models import Organisation, Team
from zhiheng.agreements.models import Contract
from zhiheng.catalog.models import Offering, Service
from zhiheng.desk.choices import Channel, Level, Priority, ServiceEffect
from zhiheng.platform.journal import JournaledModel
from zhiheng.processes.choices import FINAL, StateCategory
from zhiheng.processes.models import Kind, ProcessVersion

NOT_OPEN = (*sorted(FINAL), StateCategory.SOLVED)
INDEXED = ~Q(state_category__in=list(NOT_OPEN))
IS_OPEN = ~Q(state_category__one_of=NOT_OPEN)
"""Tickets on which work is still owed: what `INDEXED` says, in the words in which SQLite recognises it."""


class Ticket(JournaledModel):
    """A work item. ``kind`` never changes; its state moves only by ``services.transition``."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="tickets", verbose_name=_("kind"))
    title = models.CharField(_("title"), max_length=240)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="requested_tickets",
        verbose_name=_("requester"),
    )  # fmt: skip
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("customer"),
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("contract")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("service")
    )
    offering = models.ForeignKey(
        Offering, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offering")
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, default=Channel.PORTAL)
    category = models.CharField(_("category"), max_length=80, blank=True)
    subcategory = models.CharField(_("subcategory"), max_length=80, blank=True)
    symptom = models.CharField(_("symptom"), max_length=80, blank=True)
    location = models.CharField(_("location"), max_length=80, blank=True)
    cause_code = models.CharField(_("cause of the fault"), max_length=80, blank=True)
    solution = models.TextField(_("solution"), blank=True)
    service_effect = models.CharField(
        _("effect on the service"),
        max_length=10,
        choices=ServiceEffect,
        default=ServiceEffect.UNKNOWN,
        blank=True,
    )

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level, default=Level.MEDIUM)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.P3)
    highest_priority = models.PositiveSmallIntegerField(
        _("highest priority held"), choices=Priority, default=Priority.P3
    )
    process_version = models.ForeignKey(
        ProcessVersion, models.PROTECT, related_name="tickets", verbose_name=_("process version")
    )
    state = models.CharField(_("state"), max_length=60)
    state_category = models.CharField(
        _("state category"), max_length=20, choices=StateCategory, default=StateCategory.NEW
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_tickets",
        verbose_name=_("assignee"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )

    onset_at = models.DateTimeField(_("fault began"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    registered_at = models.DateTimeField(_("registered"))
    responded_at = models.DateTimeField(_("answered"), null=True, blank=True)
    restored_at = models.DateTimeField(_("service restored"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed by the requester"), null=True, blank=True)
    closed_at = models.DateTimeField(pgettext_lazy("time", "closed"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("due"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last changed"))

    reopen_count = models.PositiveIntegerField(_("times reopened"), default=0)
    confidential = models.BooleanField(_("confidential"), default=False)
    is_test = models.BooleanField(_("test or spam"), default=False)
    external_ref = models.CharField(_("number in the source system"), max_length=120, blank=True)
    # What history brought along that the desk itself never writes; facts say so beside the figure.
    response_is_proxy = models.BooleanField(_("answer time is a proxy"), default=False)
    met_in_source = models.BooleanField(_("commitment met, as the source says"), null=True, blank=True)
    hand_overs_in_source = models.PositiveIntegerField(
        _("hand-overs, as the source counts"), null=True, blank=True
    )

    # Derived from the clocks, which are derived from the entries.
    journal_omit = frozenset({"next_due_at", "updated_at"})

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ("-received_at", "-id")
        indexes = (
            models.Index(fields=("kind", "-received_at", "-id"), name="ticket_kind_received"),
            models.Index(fields=("-received_at", "-id"), name="ticket_received"),
            models.Index(fields=("state_category", "-received_at", "-id"), name="ticket_category_received"),
            models.Index(fields=("team", "-received_at", "-id"), name="ticket_team_received"),
            models.Index(fields=("assignee", "-received_at", "-id"), name="ticket_assignee_received"),
            models.Index(fields=("requester", "-received_at", "-id"), name="ticket_requester_received"),
            models.Index(fields=("organisation", "-received_at", "-id"), name="ticket_organisation_received"),
            models.Index(fields=("service", "-received_at", "-id"), name="ticket_service_received"),
            models.Index(fields=("priority", "-received_at", "-id"), name="ticket_priority_received"),
            models.Index(fields=("contract", "-received_at", "-id"), name="ticket_contract_received"),
            models.Index(fields=("category", "-received_at", "-id"), name="ticket_category_text_received"),
            models.Index(F("next_due_at"), F("id"), name="ticket_open_due", condition=INDEXED),
            # Few tickets of many are due: the list of all by it reads these first, and then the others by key.
            models.Index(
                fields=("next_due_at", "id"), name="ticket_due", condition=Q(next_due_at__isnull=False)
            ),
            models.Index(
                F("team"), F("next_due_at"), F("id"), name="ticket_team_open_due", condition=INDEXED
            ),
            models.Index(
                F("assignee"), F("next_due_at"), F("id"), name="ticket_assignee_open_due", condition=INDEXED
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("external_ref",), condition=~Q(external_ref=""), name="ticket_external_ref_once"
            ),
            models.CheckConstraint(
                condition=Q(highest_priority__lte=F("priority")), name="ticket_highest_priority_is_highest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
