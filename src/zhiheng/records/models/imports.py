"""A file on its way in: the run and its rows. What the run does to records is journaled with the records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """Where a run stands. Only `staged` can be applied, only `applied` can be undone."""

    UPLOADED = "uploaded", _("uploaded")
    STAGING = "staging", _("being checked")
    STAGED = "staged", _("checked")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


class Outcome(models.TextChoices):
    """What a row would do, or why it does nothing."""

    ADD = "add", _("adds")
    CHANGE = "change", pgettext_lazy("outcome", "changes")
    SAME = "same", _("is the same")
    BAD = "bad", _("cannot be used")


class ImportRun(models.Model):
    """One upload of one file into one record type. `correlation` ties its journal entries together."""

    record_type = models.CharField(max_length=100)
    started_by_kind = models.CharField(max_length=12)
    started_by_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    correlation = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.UPLOADED)
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    job_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["record_type", "-id"], name="records_importrun_type"),)

    def __str__(self) -> str:
        return f"{self.file_name} → {self.record_type}"


class ImportRow(models.Model):
    """One line of the file. `changes` holds {field: [before, after]} as the journal would."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    outcome = models.CharField(max_length=6, choices=Outcome)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    record_id = models.BigIntegerField(null=True)
    applied = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "line"), name="records_importrow_line"),)
        indexes = (models.Index(fields=["run", "outcome", "line"], name="records_importrow_outcome"),)

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"
