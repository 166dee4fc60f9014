"""The django-tasks backend over our leased table: call sites use the standard API, `task.enqueue(...)`."""

from __future__ import annotations

from typing import Any, ParamSpec, TypeVar

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from zhiheng.platform.jobs.definition import JobTask, UnknownJob, job_named
from zhiheng.platform.jobs.queue import insert_job
from zhiheng.platform.models.jobs import Job, JobState

P = ParamSpec("P")
T = TypeVar("T")

STATUS = {
    JobState.WAITING: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
    JobState.FAILED: TaskResultStatus.FAILED,
    JobState.DEAD: TaskResultStatus.FAILED,
    JobState.CANCELLED: TaskResultStatus.FAILED,
}


class LeasedBackend(BaseTaskBackend):
    """Jobs are rows: enqueued in the caller's transaction, visible to workers when it commits."""

    task_class = JobTask
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Task[P, T], args: Any, kwargs: Any) -> TaskResult[T]:
        """Add a job. It belongs to the current actor."""
        self.validate_task(task)
        return result_of(insert_job(task=task, args=list(args), kwargs=dict(kwargs)), task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """The job of that id. Raises TaskResultDoesNotExist."""
        try:
            job = Job.objects.get(pk=int(result_id))
            return result_of(job, job_named(job.path))
        except (Job.DoesNotExist, ValueError, UnknownJob) as error:
            raise TaskResultDoesNotExist(result_id) from error


def result_of(job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
    """A job as django-tasks shows it."""
    errors = [TaskError(exception_class_path=job.error_class, traceback=job.error)] if job.error_class else []
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[JobState(job.state)],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.attempted_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=task.backend,
        errors=errors,
        worker_ids=list(job.workers),
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
