"""Tables of background work: jobs, the workers that lease them, and when scheduled jobs last fired."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """`failed` is an answer of the job (retrying cannot help); `dead` means that every attempt broke."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    DEAD = "dead", _("given up")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (JobState.WAITING, JobState.RUNNING)


class Worker(models.Model):
    """A live worker process. `beat` grows while it lives; others judge it by that, never by a date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(_("name"), max_length=200)
    beat = models.BigIntegerField(_("beats"), default=0)
    started_at = models.DateTimeField(_("started at"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """One piece of background work.

    It must be idempotent: a worker may die after the work and before the note of it.
    """

    path = models.CharField(_("function"), max_length=200)
    queue = models.CharField(_("queue"), max_length=40, default="default")
    priority = models.SmallIntegerField(_("priority"), default=0)
    args = models.JSONField(_("positional arguments"), default=list)
    kwargs = models.JSONField(_("arguments"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    # Null means at once, so that a clock that jumps back delays only what was meant to wait.
    run_at = models.DateTimeField(_("not before"), null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"), default=3)
    owner = models.UUIDField(_("worker"), null=True, blank=True)
    workers = models.JSONField(_("workers so far"), default=list)
    unique_key = models.CharField(_("unique key"), max_length=200, null=True, blank=True)
    occurrence = models.CharField(
        _("scheduled occurrence"), max_length=240, null=True, blank=True, unique=True
    )

    actor_kind = models.CharField(_("actor kind"), max_length=12)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    correlation = models.UUIDField(_("correlation"))

    progress_done = models.BigIntegerField(_("done so far"), default=0)
    progress_total = models.BigIntegerField(_("to do"), null=True, blank=True)
    progress_note = models.CharField(_("progress note"), max_length=300, blank=True)
    log = models.TextField(_("log"), blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    error_class = models.CharField(_("kind of error"), max_length=200, blank=True)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)

    enqueued_at = models.DateTimeField(_("enqueued at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    attempted_at = models.DateTimeField(_("last attempt at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_unique_live",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(owner__isnull=False),
                name="job_running_is_owned",
            ),
        ]
        indexes = [
            models.Index(fields=["-priority", "id"], condition=models.Q(state="waiting"), name="job_waiting"),
            models.Index(fields=["owner"], condition=models.Q(state="running"), name="job_running"),
            models.Index(fields=["state", "-id"], name="job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.path} {self.state}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing will run any more."""
        return self.state not in LIVE


class Schedule(models.Model):
    """When a scheduled job last fired. One row per job; firing is a compare-and-set on `last_at`."""

    path = models.CharField(_("function"), max_length=200, unique=True)
    cron = models.CharField(_("schedule"), max_length=100)
    last_at = models.DateTimeField(_("last occurrence"))

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return f"{self.path} {self.cron}"
