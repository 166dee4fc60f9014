"""Lists that people keep: a filter, an order and columns under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import JournaledModel


class Audience(models.TextChoices):
    """Who sees a saved view."""

    PERSON = "person", _("only me")
    TEAM = "team", _("a team")
    ALL = "all", _("everyone")


class SavedView(JournaledModel):
    """A saved list of one record type: a question, not rows; each reader gets what their grants allow."""

    record_type = models.CharField(_("record type"), max_length=100)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("query"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    audience = models.CharField(_("for"), max_length=10, choices=Audience, default=Audience.PERSON)
    # No foreign key: teams belong to a higher layer.
    team_id = models.BigIntegerField(_("team"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "record_type", "name"], name="platform_savedview_name"),
            models.CheckConstraint(
                name="platform_savedview_team",
                condition=Q(audience="team", team_id__isnull=False)
                | (~Q(audience="team") & Q(audience__in=Audience.values, team_id__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["record_type", "audience"], name="platform_savedview_type")]

    def __str__(self) -> str:
        return self.name
