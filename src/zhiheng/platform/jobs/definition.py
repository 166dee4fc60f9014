"""Declaring a job: a django-tasks task with a title, retries, a schedule and a unique key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from cronsim import CronSim, CronSimError
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_tasks.base import Task

from zhiheng.kernel.registry import Registry
from zhiheng.kernel.time import EPOCH

P = ParamSpec("P")
T = TypeVar("T")
UniqueKey = Callable[..., str]

DEFAULT_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task[P, T]):
    """A task as the leased backend runs it."""

    title: str | Promise = ""
    max_attempts: int = DEFAULT_ATTEMPTS
    schedule: str | None = None
    unique: UniqueKey | None = None
    bulk: bool = False
    yields: bool = False

    def unique_key(self, kwargs: dict[str, Any]) -> str | None:
        """While a job with this key is waiting or running, no second one is made."""
        return None if self.unique is None else f"{self.module_path}:{self.unique(**kwargs)}"


jobs: Registry[JobTask[Any, Any]] = Registry("job")


def job(
    *,
    title: str | Promise,
    max_attempts: int = DEFAULT_ATTEMPTS,
    schedule: str | None = None,
    unique: UniqueKey | None = None,
    priority: int = 0,
    bulk: bool = False,
    yields: bool = False,
) -> Callable[[Callable[P, T]], JobTask[P, T]]:
    """Make a module-level function a job.

    It takes JSON arguments, is idempotent, and runs as whoever enqueued it.

    `schedule` is a cron expression in the provider's time zone. Raises ValueError for one that is wrong.
    `bulk`: writes a great deal in one go. `yields`: reads all that was written, so that it does better to run after
    a bulk job than beside it; see `queue.claim_job`.
    """
    if schedule is not None:
        try:
            CronSim(schedule, EPOCH)
        except CronSimError as error:
            raise ValueError(f"schedule {schedule!r}: {error}") from error

    def declare(function: Callable[P, T]) -> JobTask[P, T]:
        task = JobTask(
            func=function,
            title=title,
            max_attempts=max_attempts,
            schedule=schedule,
            unique=unique,
            priority=priority,
            bulk=bulk,
            yields=yields,
        )
        jobs.register(task.module_path, task)
        return task

    return declare


class UnknownJob(LookupError):  # noqa: N818 - read as a statement
    """A row names a function that is no job of this version."""


def job_named(path: str) -> Task[Any, Any]:
    """The task at `path`.

    Only tasks are ever returned, so a row cannot make the worker call anything else.
    """
    if path in jobs:
        return jobs[path]
    try:
        found = import_string(path)
    except ImportError as error:
        raise UnknownJob(f"there is no job {path}") from error
    if not isinstance(found, Task):
        raise UnknownJob(f"{path} is not a job")
    return found


def title_of(path: str) -> str | Promise:
    """The job's title for pages; its path if this version does not know it."""
    return jobs[path].title if path in jobs else path
