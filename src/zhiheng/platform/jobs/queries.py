"""Reading jobs: for pages and for whoever waits for one."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from zhiheng.kernel.actor import Actor
from zhiheng.platform.models.jobs import LIVE, Job, JobState


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """What the actor enqueued, newest first."""
    return Job.objects.filter(actor_kind=actor.kind.value, actor_id=actor.id).order_by("-id")


def live_jobs() -> QuerySet[Job]:
    """Waiting and running jobs, next first."""
    return Job.objects.filter(state__in=LIVE).order_by("-priority", "id")


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were given up: dead letters."""
    return Job.objects.filter(state=JobState.DEAD).order_by("-id")


def jobs_by_state() -> dict[str, int]:
    """How many jobs are in each state."""
    counted = Job.objects.order_by().values_list("state").annotate(Count("id"))
    return dict.fromkeys(JobState.values, 0) | dict(counted)
