"""Background work as its page shows it: one's own jobs, or all of them for whoever administers the system."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import may
from zhiheng.platform.jobs.queries import jobs_by_state, jobs_of
from zhiheng.platform.models import Job
from zhiheng.platform.models.jobs import LIVE

PAGE = 30
BADGE_CAP = 100


def sees_all_jobs(actor: Actor) -> bool:
    """Whether the person sees the jobs of everybody."""
    return may(actor, "view", Job)


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """The jobs that the person may see, newest first."""
    return Job.objects.order_by("-id") if sees_all_jobs(actor) else jobs_of(actor)


def live_count(actor: Actor) -> int:
    """How many of them wait or run, for the counter of the frame."""
    return visible_jobs(actor).filter(state__in=LIVE).order_by().values("pk")[:BADGE_CAP].count()


def job_page(actor: Actor, *, state: str, before: int | None) -> tuple[list[Job], int | None]:
    """A page of jobs in one state ("" for all), and the id that the next page begins after."""
    rows = visible_jobs(actor).defer("log", "error")
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def counts(actor: Actor) -> dict[str, int]:
    """How many jobs are in each state; only for those who see all."""
    return jobs_by_state() if sees_all_jobs(actor) else {}


def job_with(actor: Actor, job_id: int) -> Job | None:
    """One job, if the person may see it."""
    return visible_jobs(actor).filter(pk=job_id).first()


def may_steer(actor: Actor, job: Job) -> bool:
    """Whether the person may cancel it or try it again: their own, or by grant."""
    own = (job.actor_kind, job.actor_id) == (actor.kind.value, actor.id)
    return own or may(actor, "change", Job)


def last_of(path: str) -> Job | None:
    """The newest job of a function."""
    return Job.objects.filter(path=path).order_by("-id").first()
