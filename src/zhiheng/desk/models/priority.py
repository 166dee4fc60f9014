"""The matrix that makes a priority of impact and urgency."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.desk.choices import Level, Priority
from zhiheng.platform.journal import JournaledModel


class PriorityRule(JournaledModel):
    """One cell of the matrix; a cell of a kind goes before the same cell of all kinds."""

    kind = models.SlugField(_("ticket kind"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)

    class Meta:
        verbose_name = _("priority rule")
        verbose_name_plural = _("priority matrix")
        ordering = ("kind", "impact", "urgency")
        constraints = (
            models.UniqueConstraint(fields=("kind", "impact", "urgency"), name="priority_rule_once_per_cell"),
        )

    def __str__(self) -> str:
        return f"{self.impact} × {self.urgency} → {self.priority}"
