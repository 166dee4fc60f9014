"""The tree of organisations: provider, customers, suppliers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.choices import OrganisationKind, Tier
from zhiheng.platform.journal import JournaledModel


class Organisation(JournaledModel):
    """A unit of a customer, a supplier or the provider itself. Retired once something hangs on it."""

    name = models.CharField(_("name"), max_length=150)
    code = models.CharField(_("code"), max_length=40, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=OrganisationKind, default=OrganisationKind.CUSTOMER
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.NONE, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="accounts_organisation_code"
            ),
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~Q(external_ref=""),
                name="accounts_organisation_external_ref",
            ),
            models.CheckConstraint(
                name="accounts_organisation_not_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
                violation_error_message=_("An organisation cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a place in the tree below itself."""
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("This organisation lies below the one you are editing.")})
            seen.add(above.pk)
            above = above.parent
