"""Runs one claimed job to one of its ends: done, failed, cancelled, to be tried again, or given up."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django_tasks.base import TaskContext
from django_tasks.utils import get_module_path

from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting
from zhiheng.kernel.errors import DomainError
from zhiheng.platform.jobs.backend import result_of
from zhiheng.platform.jobs.definition import UnknownJob, job_named
from zhiheng.platform.jobs.queue import (
    LeaseLost,
    break_job,
    cancel_running,
    complete_job,
    give_back_job,
    refuse_job,
)
from zhiheng.platform.jobs.running import Cancelled, Running, running
from zhiheng.platform.models.jobs import Job

logger = logging.getLogger("zhiheng.jobs")


def execute_job(state: Running) -> None:
    """Run the job as whoever enqueued it and note how it ended.

    A lost lease is logged: the other worker's end counts.
    """
    job = state.job
    try:
        _run_and_note(state)
    except LeaseLost as error:
        logger.warning("%s", error)
    except (OperationalError, InterfaceError):
        # The end cannot be noted now. The lease runs out or this worker frees it; then the job runs again.
        logger.exception("job %s: the database was lost while noting its end", job.pk)
        raise


def _run_and_note(state: Running) -> None:
    job = state.job
    actor = Actor(ActorKind(job.actor_kind), job.actor_id)
    try:
        with running(state), acting(actor, Cause.JOB, correlation=job.correlation):
            result = _call(job)
    except Cancelled:
        if state.lost:
            raise LeaseLost(f"job {job.pk} attempt {job.attempt} was taken over") from None
        if state.asked:
            cancel_running(job, notes=state.notes(force=True))
        else:
            give_back_job(job, notes=state.notes(force=True))
    except (DomainError, UnknownJob) as error:
        refuse_job(job, error=str(error), kind=get_module_path(type(error)), notes=state.notes(force=True))
    except Exception as error:
        logger.exception("job %s %s attempt %s", job.pk, job.path, job.attempt)
        text = "".join(traceback.format_exception(error))
        _recover_connection()
        break_job(job, error=text, kind=get_module_path(type(error)), notes=state.notes(force=True))
    else:
        complete_job(job, result=result, notes=state.notes(force=True))


def _call(job: Job) -> Any:
    task = job_named(job.path)
    context = [TaskContext(task_result=result_of(job, task))] if task.takes_context else []
    return task.call(*context, *job.args, **job.kwargs)


def _recover_connection() -> None:
    """Drop a connection that broke under the job, so that noting the failure opens a new one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
