"""Background work: the django-tasks API over our own leased table.

Import from here: `job`, `enqueue`, `enqueue_many`, `progress`, `report`, `cancelled`, `checkpoint`, `current_job`,
`paced`, `cancel_job`, `retry_job`, `run_waiting_jobs` (tests, commands). Modules named `jobs` are discovered in
every app. A job is idempotent, takes JSON arguments, runs as whoever enqueued it (cause `job`) and is
visible to workers when the caller's transaction commits.
"""

from zhiheng.platform.jobs.api import enqueue, enqueue_many, run_waiting_jobs
from zhiheng.platform.jobs.definition import JobTask, job, jobs, title_of
from zhiheng.platform.jobs.pace import paced
from zhiheng.platform.jobs.queue import cancel_job, retry_job
from zhiheng.platform.jobs.running import Cancelled, cancelled, checkpoint, current_job, progress, report

__all__ = [
    "Cancelled",
    "JobTask",
    "cancel_job",
    "cancelled",
    "checkpoint",
    "current_job",
    "enqueue",
    "enqueue_many",
    "job",
    "jobs",
    "paced",
    "progress",
    "report",
    "retry_job",
    "run_waiting_jobs",
    "title_of",
]
