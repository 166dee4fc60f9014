"""Jobs: what runs, waits, failed or was given up; cancel, try again, read the log."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiheng.kernel.actor import Actor, ActorKind, current
from zhiheng.kernel.errors import NotAllowed
from zhiheng.kernel.time import now
from zhiheng.platform.jobs import cancel_job, retry_job, title_of
from zhiheng.platform.models import Job
from zhiheng.platform.models.jobs import JobState
from zhiheng.ui import components
from zhiheng.ui.formatting import coarse_duration, since, stamp
from zhiheng.web.queries import work
from zhiheng.web.views.page import person_of, signed_in_page

CARD_STATES = {state.value: components.JobState(state.value) for state in JobState}
AGAIN = frozenset({JobState.FAILED, JobState.DEAD, JobState.CANCELLED})
ENOUGH_TO_GUESS = 0.02


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The jobs that the person may see, by state."""
    actor = current().actor
    state = request.GET.get("state", "")
    state = state if state in JobState.values else ""
    before = request.GET.get("before", "")
    rows, older = work.job_page(actor, state=state, before=int(before) if before.isdecimal() else None)
    context = {
        "jobs": [card_of(job, actor) for job in rows], "older": older, "state": state,
        "tabs": _tabs(state, work.counts(actor)), "all": work.sees_all_jobs(actor),
    }  # fmt: skip
    return render(request, "web/operations/jobs.html", context)


@signed_in_page
@require_GET
def detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: progress, log, error, result. With `HX-Request` only its card, for polling."""
    actor = current().actor
    job = _job(actor, job_id)
    context = {"job": job, "card": card_of(job, actor), "properties": _properties(job, request)}
    polled = request.headers.get("HX-Request") and request.GET.get("part") == "card"
    return render(request, "web/operations/job_card.html" if polled else "web/operations/job.html", context)


@signed_in_page
@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stop a job that waits or runs."""
    job = _steered(job_id)
    if cancel_job(job_id=job.pk):
        messages.success(request, _("The job stops at its next checkpoint."))
    else:
        messages.info(request, _("The job had ended already."))
    return redirect("web:job", job_id=job.pk)


@signed_in_page
@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a job that ended badly back."""
    job = _steered(job_id)
    if retry_job(job_id=job.pk):
        messages.success(request, _("The job waits to be run again."))
    else:
        messages.info(request, _("It runs already, or another job does the same work."))
    return redirect("web:job", job_id=job.pk)


def card_of(job: Job, actor: Actor) -> components.JobCard:
    """A job as a card."""
    steered = work.may_steer(actor, job)
    live = job.state in (JobState.WAITING, JobState.RUNNING)
    return components.JobCard(
        name=title_of(job.path),
        state=CARD_STATES[job.state],
        done=job.progress_done if job.progress_total else None,
        total=job.progress_total,
        doing=job.progress_note or _waiting_words(job),
        remaining_s=_remaining_s(job),
        url=reverse("web:job", args=[job.pk]),
        poll_url=reverse("web:job", args=[job.pk]) + "?part=card",
        cancel_url=reverse("web:job_cancel", args=[job.pk]) if live and steered else "",
        retry_url=reverse("web:job_retry", args=[job.pk]) if job.state in AGAIN and steered else "",
        result=_result(job),
        when=_when(job),
        error=job.error.strip().splitlines()[-1][:300] if job.error and job.state != JobState.DONE else "",
    )


def _when(job: Job) -> str:
    """When it ended and how long it took; when it begins while it waits for its time."""
    if job.finished_at is None:
        return ""
    ended = since(job.finished_at)
    if job.attempted_at is None:
        return ended
    took = (job.finished_at - job.attempted_at).total_seconds()
    return f"{ended} · {coarse_duration(took)}" if took >= 1 else ended


def _waiting_words(job: Job) -> str:
    if job.state != JobState.WAITING or job.run_at is None:
        return ""
    return _("tried again") if job.attempt else _("not before its time")


def _remaining_s(job: Job) -> float | None:
    """By the rate so far; nothing while too little is done to tell."""
    if job.state != JobState.RUNNING or not job.progress_total or job.attempted_at is None:
        return None
    share = min(1.0, job.progress_done / job.progress_total)
    spent = (now() - job.attempted_at).total_seconds()
    return None if share < ENOUGH_TO_GUESS else spent * (1 - share) / share


def _result(job: Job) -> components.Link | None:
    """A job that leads somewhere says so in its result, as `link`."""
    if isinstance(job.result, dict) and isinstance(job.result.get("link"), str):
        link = job.result["link"]
        if link.startswith("/") and not link.startswith("//"):
            return components.Link(_("Result"), link)
    return None


def _properties(job: Job, request: HttpRequest) -> components.Properties:
    pairs: tuple[tuple[str, str], ...] = (
        (_("State"), job.get_state_display()),
        (_("Started by"), _starter(job, request)),
        (_("Enqueued"), stamp(job.enqueued_at)),
        (_("Started"), stamp(job.started_at)),
        (_("Ended"), stamp(job.finished_at)),
        (_("Attempt"), f"{job.attempt} / {job.max_attempts}"),
        (_("Kind of error"), job.error_class),
    )
    rows = tuple(components.Property(label, value) for label, value in pairs if value)
    return components.Properties(rows, across=True)


def _starter(job: Job, request: HttpRequest) -> str:
    if job.actor_kind != ActorKind.PERSON.value:
        return _("the system") if job.actor_kind == ActorKind.SYSTEM.value else job.actor_kind
    return _("you") if job.actor_id == person_of(request).pk else _("a person")


def _tabs(state: str, counts: dict[str, int]) -> components.Tabs:
    base = reverse("web:jobs")
    names = [
        ("", base, _("All")),
        *((each.value, f"{base}?state={each.value}", str(each.label).capitalize()) for each in JobState),
    ]
    return components.Tabs(
        tuple(
            components.Tab(label, url, current=name == state, count=counts.get(name) or None)
            for name, url, label in names
        ),
        label=_("Jobs by state"),
    )


def _job(actor: Actor, job_id: int) -> Job:
    found = work.job_with(actor, job_id)
    if found is None:
        raise Http404
    return found


def _steered(job_id: int) -> Job:
    actor = current().actor
    job = _job(actor, job_id)
    if not work.may_steer(actor, job):
        raise NotAllowed(_("Only the person who started it, or a system administrator, may do this."))
    return job
