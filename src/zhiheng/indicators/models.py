"""Stored measurements (what was published, from which snapshot, by which definition) and own targets."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.targets import TargetError, own_target
from zhiheng.indicators.choices import TargetScope
from zhiheng.indicators.groups import is_known_group
from zhiheng.kernel.text import LANGUAGES, localized
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
    judged_by = models.JSONField(_("judged by the target"), default=dict)
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


class Target(JournaledModel):
    """What the organisation aims at with an indicator, from a day on. Its direction is the definition's.

    A row is a version: a later one takes over on its day, and periods that ended before keep this one.
    """

    indicator = models.CharField(_("indicator"), max_length=60)
    scope = models.CharField(
        pgettext_lazy("of a target", "applies to"),
        max_length=12,
        choices=TargetScope,
        default=TargetScope.ALL,
        help_text=_(
            "The target of a service goes before that of a team, that of a team before that of a priority, and all of "
            "them before that of all tickets."
        ),
    )
    group = models.CharField(
        _("group"),
        max_length=160,
        blank=True,
        help_text=_(
            "The key of the service as in its address, the name of the team, or the number of the priority. "
            "Empty for all tickets."
        ),
    )
    in_force_from = models.DateField(
        _("in force from"), help_text=_("A period is judged by the target in force on its last day.")
    )
    value = models.FloatField(
        _("target"), null=True, blank=True, help_text=_("In the unit of the indicator; 95 % is written 0.95.")
    )
    alarm = models.FloatField(
        _("alarm"), null=True, blank=True, help_text=_("Worse than the target; beyond it the figure alarms.")
    )
    low = models.FloatField(
        _("lower limit"), null=True, blank=True, help_text=_("Only where the aim is to stay within a band.")
    )
    high = models.FloatField(_("upper limit"), null=True, blank=True)
    note = models.CharField(pgettext_lazy("of a target", "reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("indicator", "scope", "group", "-in_force_from", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "scope", "group", "in_force_from"), name="target_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(scope=TargetScope.ALL, group="")
                | (~models.Q(scope=TargetScope.ALL) & ~models.Q(group="")),
                name="target_names_its_group",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False)
                | models.Q(alarm__isnull=False)
                | models.Q(low__isnull=False)
                | models.Q(high__isnull=False),
                name="target_limits_something",
            ),
        )

    def __str__(self) -> str:
        known = load_indicators().get(self.indicator)
        name = self.indicator if known is None else localized(known.name)
        return f"{name} {self.in_force_from:%Y-%m-%d}"

    @property
    def limits(self) -> dict[str, float | None]:
        """Its limits under the names that files of targets use."""
        return {"target": self.value, "alarm": self.alarm, "low": self.low, "high": self.high}

    def clean(self) -> None:
        """Refuse what the indicator does not allow, at the field at fault."""
        known = load_indicators().get(self.indicator)
        if known is None:
            raise ValidationError({"indicator": _("There is no such indicator.")})
        try:
            own_target(known, self.limits, where="", scope=self.scope, group=self.group)
        except TargetError as error:
            field = "value" if error.field == "target" else error.field
            labels = {each.name: str(each.verbose_name) for each in self._meta.concrete_fields}
            words = {"name": localized(known.name), "field": labels[field]}
            told = localized({language: error.rule_in(language, **words) for language in LANGUAGES})
            raise ValidationError({field: told}) from error
        if self.group and not is_known_group(self.scope, self.group):
            raise ValidationError({"group": _("There is no such group.")})
