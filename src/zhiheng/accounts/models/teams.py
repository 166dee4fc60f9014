"""Support teams and who belongs to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.choices import TeamRole
from zhiheng.accounts.models.organisations import Organisation
from zhiheng.accounts.models.people import Person
from zhiheng.platform.journal import JournaledModel


class Team(JournaledModel):
    """A support team: it holds tickets and has a queue."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teams",
        verbose_name=_("organisation"),
    )
    line = models.PositiveSmallIntegerField(
        _("line"),
        default=2,
        help_text=_("1 is the service desk itself; 2 and above work on what it hands over."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_ref"], condition=~Q(external_ref=""), name="accounts_team_external_ref"
            ),
            models.CheckConstraint(name="accounts_team_line", condition=Q(line__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(JournaledModel):
    """A person belongs to a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=TeamRole, default=TeamRole.MEMBER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["team", "person"]
        constraints = [models.UniqueConstraint(fields=["person", "team"], name="accounts_membership_once")]

    def __str__(self) -> str:
        return f"{self.team}: {self.person}"
