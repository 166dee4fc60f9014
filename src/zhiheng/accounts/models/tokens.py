"""API tokens: a person's key for programs, narrower than the person and with an end."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models.people import Person
from zhiheng.platform.journal import JournaledModel


class ApiToken(JournaledModel):
    """A token. Only a digest of its secret is kept; the secret is shown once, when it is made."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16, unique=True)
    digest = models.CharField(max_length=64, editable=False)
    permissions = models.JSONField(
        _("permissions"),
        default=list,
        help_text=_("What it may do, at most; never more than the person may."),
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)

    # When it was last used is bookkeeping, written at most once a day.
    journal_omit = frozenset({"last_used_on"})
    journal_masked = frozenset({"digest"})

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
