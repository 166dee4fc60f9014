"""The job table as a queue.

Enqueue, claim, finish, try again, cancel. Every change of a running job is fenced.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from zhiheng.kernel.actor import current
from zhiheng.kernel.time import now
from zhiheng.platform.jobs.definition import DEFAULT_ATTEMPTS, JobTask, jobs
from zhiheng.platform.models.jobs import LIVE, Job, JobState

FIRST_RETRY_SECONDS = 10.0
LAST_RETRY_SECONDS = 3600.0
ERROR_CHARACTERS = 20_000

APPEND_OWNER = {
    "sqlite": "json_insert(workers, '$[#]', %s)",
    "postgresql": "workers || to_jsonb(%s::text)",
}
SKIP_LOCKED = {"sqlite": "", "postgresql": "FOR UPDATE SKIP LOCKED"}
CLAIM = """
    UPDATE platform_job
    SET state = 'running', owner = %s, attempt = attempt + 1, attempted_at = %s,
        started_at = coalesce(started_at, %s), workers = {append}
    WHERE id = (
        SELECT id FROM platform_job
        WHERE state = 'waiting' AND (run_at IS NULL OR run_at <= %s) {held}
        ORDER BY priority DESC, id LIMIT 1 {lock}
    )
    RETURNING *
"""


HELD = "AND NOT (path IN ({paths}) AND enqueued_at > %s)"
PATIENCE = timedelta(minutes=10)
"""So long a job that yields waits for bulk jobs to end. An import of hours delays the facts and the seals, no more."""


def insert_job(
    *,
    task: Task[Any, Any],
    args: list[Any],
    kwargs: dict[str, Any],
    occurrence: str | None = None,
) -> Job:
    """Add a job in the open transaction, as the current actor.

    Returns the live one if `unique` says there is one.
    """
    row = _row(task, args, kwargs, occurrence)
    if row.unique_key is not None:
        return _insert_unique(row, row.unique_key)
    row.save(force_insert=True)
    return row


def insert_jobs(
    *, task: Task[Any, Any], calls: Sequence[dict[str, Any]], correlations: Sequence[UUID] | None = None
) -> list[Job]:
    """Add a job for each set of arguments, in one statement; `correlations` has one of each, or all are current.

    Raises ValueError for a task that is unique, and where calls and correlations differ in number.
    """
    rows = [_row(task, [], kwargs) for kwargs in calls]
    if correlations is not None:
        for row, correlation in zip(rows, correlations, strict=True):
            row.correlation = correlation
    if any(row.unique_key is not None for row in rows):
        raise ValueError(f"{task.module_path} is unique: enqueue it one by one")
    return Job.objects.bulk_create(rows)


def _row(task: Task[Any, Any], args: list[Any], kwargs: dict[str, Any], occurrence: str | None = None) -> Job:
    who = current()
    return Job(
        path=task.module_path,
        queue=task.queue_name,
        priority=task.priority,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        run_at=task.run_after,
        max_attempts=task.max_attempts if isinstance(task, JobTask) else DEFAULT_ATTEMPTS,
        unique_key=task.unique_key(kwargs) if isinstance(task, JobTask) else None,
        occurrence=occurrence,
        actor_kind=who.actor.kind.value,
        actor_id=who.actor.id,
        correlation=who.correlation,
        enqueued_at=now(),
    )


def _insert_unique(row: Job, key: str) -> Job:
    while True:
        live = Job.objects.filter(unique_key=key, state__in=LIVE).first()
        if live is not None:
            return live
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            row.pk = None  # another enqueued it between look and insert; it may even be done by now
            continue
        return row


def claim_job(*, owner: UUID) -> Job | None:
    """Take the next job that is due, in one statement, or None.

    While a bulk job runs, one that yields is passed over until it has waited for `PATIENCE`.
    """
    moment = now()
    due = Q(run_at=None) | Q(run_at__lte=moment)
    waiting = Job.objects.filter(due, state=JobState.WAITING)
    # On SQLite an UPDATE takes the only write lock, so an idle worker looks first.
    if not waiting.exists():
        return None
    held = _held_paths()
    if held and not waiting.exclude(path__in=held, enqueued_at__gt=moment - PATIENCE).exists():
        return None
    adapt = connection.ops.adapt_datetimefield_value
    stamp = adapt(moment)
    statement = CLAIM.format(
        append=APPEND_OWNER[connection.vendor],
        lock=SKIP_LOCKED[connection.vendor],
        held=HELD.format(paths=", ".join(["%s"] * len(held))) if held else "",
    )
    owner_value = owner if connection.features.has_native_uuid_field else owner.hex
    values = [
        owner_value,
        stamp,
        stamp,
        owner.hex,
        stamp,
        *held,
        *([adapt(moment - PATIENCE)] if held else []),
    ]
    with transaction.atomic():
        claimed = Job.objects.raw(statement, values)
        return next(iter(claimed), None)


def _held_paths() -> list[str]:
    """The jobs that yield, while a bulk job runs."""
    bulk = [path for path, task in jobs.items() if task.bulk]
    if not bulk or not Job.objects.filter(state=JobState.RUNNING, path__in=bulk).exists():
        return []
    return [path for path, task in jobs.items() if task.yields]


class LeaseLost(Exception):  # noqa: N818 - read as a statement
    """Another worker took the job over; what this one did no longer counts."""


def _settle(job: Job, **values: Any) -> None:
    """Change a running job if it is still ours: same owner, same attempt. Raises LeaseLost."""
    ours = Job.objects.filter(pk=job.pk, owner=job.owner, attempt=job.attempt, state=JobState.RUNNING)
    if ours.update(**values) != 1:
        raise LeaseLost(f"job {job.pk} attempt {job.attempt} was taken over")


def complete_job(job: Job, *, result: Any, notes: dict[str, Any]) -> None:
    """Note that the job is done."""
    _settle(job, state=JobState.DONE, result=normalize_json(result), finished_at=now(), owner=None, **notes)


def cancel_running(job: Job, *, notes: dict[str, Any]) -> None:
    """Note that the job stopped because somebody asked."""
    _settle(job, state=JobState.CANCELLED, finished_at=now(), owner=None, **notes)


def refuse_job(job: Job, *, error: str, kind: str, notes: dict[str, Any]) -> None:
    """Note an answer that another attempt would not change."""
    _settle(job, state=JobState.FAILED, error=error, error_class=kind, finished_at=now(), owner=None, **notes)


def break_job(job: Job, *, error: str, kind: str, notes: dict[str, Any]) -> None:
    """Note a failed attempt: wait and try again, or give up after the last."""
    values: dict[str, Any] = {"error": error[-ERROR_CHARACTERS:], "error_class": kind, "owner": None, **notes}
    if job.attempt >= job.max_attempts:
        _settle(job, state=JobState.DEAD, finished_at=now(), **values)
    else:
        _settle(job, state=JobState.WAITING, run_at=_next_attempt(job.attempt), **values)


def give_back_job(job: Job, *, notes: dict[str, Any]) -> None:
    """Put a job back that stopped because its worker stops. That attempt does not count against it."""
    _settle(job, state=JobState.WAITING, run_at=None, owner=None, max_attempts=job.max_attempts + 1, **notes)


def _next_attempt(attempt: int) -> datetime:
    seconds = min(FIRST_RETRY_SECONDS * 2 ** (attempt - 1), LAST_RETRY_SECONDS)
    return now() + timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries


def keep_notes(job: Job, *, notes: dict[str, Any]) -> bool:
    """Store progress and log of a running job. Returns whether somebody asked to cancel. Raises LeaseLost."""
    if notes:
        _settle(job, **notes)
    held = Job.objects.filter(pk=job.pk, owner=job.owner, attempt=job.attempt)
    asked = held.values_list("cancel_requested", flat=True).first()
    if asked is None:
        raise LeaseLost(f"job {job.pk} attempt {job.attempt} was taken over")
    return asked


def free_jobs_of(owners: list[UUID]) -> int:
    """Give the running jobs of dead workers back; those without an attempt left are given up."""
    lost = Job.objects.filter(state=JobState.RUNNING, owner__in=owners)
    count = 0
    for job in lost.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked):
        error = "the worker died" if not job.error else job.error
        try:
            if job.cancel_requested:
                cancel_running(job, notes={})
            elif job.attempt >= job.max_attempts:
                _settle(
                    job,
                    state=JobState.DEAD,
                    error=error,
                    error_class="WorkerDied",
                    finished_at=now(),
                    owner=None,
                )
            else:
                _settle(
                    job,
                    state=JobState.WAITING,
                    error=error,
                    error_class="WorkerDied",
                    run_at=None,
                    owner=None,
                )
        except LeaseLost:
            continue
        count += 1
    return count


def cancel_job(*, job_id: int) -> bool:
    """Cancel a waiting job, or ask a running one to stop. Returns whether it was live."""
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job_id, state=JobState.WAITING)
        if waiting.update(state=JobState.CANCELLED, finished_at=now(), cancel_requested=True):
            return True
        return bool(Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(cancel_requested=True))


def retry_job(*, job_id: int) -> bool:
    """Put a failed, dead or cancelled job back, with all its attempts. Returns whether it was one."""
    over = Job.objects.filter(pk=job_id, state__in=[JobState.FAILED, JobState.DEAD, JobState.CANCELLED])
    reset = {"attempt": 0, "run_at": None, "finished_at": None, "cancel_requested": False}
    try:
        with transaction.atomic():
            return bool(over.update(state=JobState.WAITING, **reset))
    except IntegrityError:
        return False  # a job with the same unique key is live: it does the work


def remove_finished(*, before: datetime) -> int:
    """Delete jobs that ended well before that time; failed and dead ones stay until somebody looks."""
    over = Job.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=before)
    return over.delete()[0]
