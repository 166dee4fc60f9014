"""Roles, what they grant, who holds them, and whom a confidential record concerns."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel


class Administrative(models.TextChoices):
    """The three administrative roles; no person holds two of them."""

    NONE = "", _("none")
    SYSTEM = "system", _("system administration")
    SECURITY = "security", _("security administration")
    AUDIT = "audit", _("audit administration")


class ScopeName(models.TextChoices):
    """How far a grant reaches."""

    OWN = "own", _("own")
    TEAM = "team", _("team")
    ORGANISATION = "organisation", _("organisation")
    SERVICE = "service", _("service")
    CONTRACT = "contract", _("contract")
    ALL = "all", _("all")


class Role(JournaledModel):
    """A named set of grants."""

    slug = models.SlugField(_("identifier"), max_length=60, unique=True)
    name = models.JSONField(_("name"), default=dict)
    description = models.JSONField(_("description"), default=dict, blank=True)
    administrative = models.CharField(
        _("administrative"), max_length=10, choices=Administrative, default=Administrative.NONE, blank=True
    )
    held_by_everyone = models.BooleanField(
        _("held by everyone"),
        default=False,
        help_text=_("Every active person holds it without an assignment."),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="platform_role_administrative_known",
                condition=Q(administrative__in=Administrative.values),
            ),
            models.CheckConstraint(
                name="platform_role_administrative_not_everyone",
                condition=Q(administrative="") | Q(held_by_everyone=False),
                violation_error_message=_("An administrative role cannot be held by everyone."),
            ),
        ]

    def __str__(self) -> str:
        return localized(self.name) or self.slug


class Grant(JournaledModel):
    """One permission of a role, within a scope."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants", verbose_name=_("role"))
    permission = models.CharField(_("permission"), max_length=150)
    scope = models.CharField(_("scope"), max_length=12, choices=ScopeName, default=ScopeName.OWN)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["role", "permission", "scope"]
        constraints = [
            models.UniqueConstraint(fields=["role", "permission", "scope"], name="platform_grant_once"),
            models.CheckConstraint(
                name="platform_grant_scope_known", condition=Q(scope__in=ScopeName.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.permission} · {self.get_scope_display()}"


class RoleAssignment(JournaledModel):
    """A person holds a role, for a time or until it is ended."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_assignments", verbose_name=_("person")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("role"))
    # Copied from the role when saved, so that the database itself refuses a second administrative role.
    administrative = models.CharField(
        max_length=10, choices=Administrative, default="", blank=True, editable=False
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["person", "role"]
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="platform_roleassignment_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(administrative=""),
                name="platform_roleassignment_one_administrative",
                violation_error_message=_("A person may hold only one of the three administrative roles."),
            ),
            models.CheckConstraint(
                name="platform_roleassignment_period",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lt=models.F("valid_until")),
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def save(self, **kwargs: Any) -> None:
        """Save with the role's administrative mark."""
        self.administrative = self.role.administrative
        super().save(**kwargs)

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class ConcernedPerson(JournaledModel):
    """A person whom a record is about; while the record is confidential they do not see it."""

    record_type = models.CharField(_("record type"), max_length=100)
    record_id = models.BigIntegerField(_("record"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("concerned person")
        verbose_name_plural = _("concerned persons")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "record_type", "record_id"], name="platform_concernedperson_once"
            )
        ]
        indexes = [models.Index(fields=["record_type", "record_id"], name="platform_concerned_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}: {self.person}"
