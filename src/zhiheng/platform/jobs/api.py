"""Enqueuing a job, and running what waits in this thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django_tasks.base import Task

from zhiheng.platform.jobs.execute import execute_job
from zhiheng.platform.jobs.queue import claim_job, insert_job, insert_jobs
from zhiheng.platform.jobs.running import Running
from zhiheng.platform.models.jobs import Job


def enqueue(task: Task[..., Any], **kwargs: Any) -> Job:
    """Add a job as the current actor, in the caller's transaction.

    Raises NoActor, TypeError for what is not JSON.
    """
    task.get_backend().validate_task(task)
    return insert_job(task=task, args=[], kwargs=kwargs)


def enqueue_many(
    task: Task[..., Any], calls: Sequence[dict[str, Any]], *, correlations: Sequence[UUID] | None = None
) -> list[Job]:
    """Add one job for each set of arguments, in one statement. Raises ValueError for a task that is unique.

    `correlations` names the operation that each belongs to, where it is not the current one.
    """
    task.get_backend().validate_task(task)
    return insert_jobs(task=task, calls=calls, correlations=correlations)


def run_waiting_jobs(*, limit: int = 1000) -> int:
    """Run the jobs that are due in this thread, also those they enqueue.

    For tests and commands, not for workers.
    """
    owner = uuid4()
    for count in range(limit):
        job = claim_job(owner=owner)
        if job is None:
            return count
        execute_job(Running(job))
    return limit
