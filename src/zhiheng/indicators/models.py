"""Stored measurements: what was published, from which snapshot and by which definition."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.platform.journal import JournaledModel


class StoredMeasurement(JournaledModel):
    """One figure as it was published. It pins its snapshot and can be computed again to the same bits."""

    indicator = models.CharField(_("indicator"), max_length=60)
    definition_hash = models.CharField(_("definition"), max_length=64)
    snapshot = models.CharField(_("snapshot"), max_length=80)
    snapshot_hash = models.CharField(_("content of the snapshot"), max_length=64)
    scope = models.CharField(_("grouped by"), max_length=20, default="all")
    group = models.CharField(_("group"), max_length=160, blank=True)
    starts_at = models.DateTimeField(pgettext_lazy("period", "from"))
    ends_at = models.DateTimeField(_("until"))
    cut_at = models.DateTimeField(_("known until"))
    unit = models.CharField(_("unit"), max_length=20)
    value = models.FloatField(_("value"), null=True, blank=True)
    n = models.PositiveBigIntegerField(_("n"))
    numerator = models.BigIntegerField(_("numerator"), null=True, blank=True)
    denominator = models.BigIntegerField(_("denominator"), null=True, blank=True)
    low = models.FloatField(_("lower limit"), null=True, blank=True)
    high = models.FloatField(_("upper limit"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=60, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20)
    uncertain = models.BooleanField(_("uncertain"), default=False)
    flags = models.JSONField(_("flags"), default=list)
    measured_at = models.DateTimeField(_("measured"))

    class Meta:
        verbose_name = _("stored figure")
        verbose_name_plural = _("stored figures")
        ordering = ("-starts_at", "indicator", "scope", "group", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "definition_hash", "scope", "group", "starts_at", "ends_at"),
                name="figure_stored_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.scope}:{self.group} {self.starts_at:%Y-%m}"
