"""Fires scheduled jobs.

Once per occurrence, by whichever worker looks first; what was missed fires once, not many times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim
from django.conf import settings
from django.db import IntegrityError, transaction

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.jobs.definition import JobTask, jobs
from zhiheng.platform.jobs.queue import insert_job
from zhiheng.platform.models.jobs import Schedule

# A last occurrence further in the future than this means that the clock was wrong when it was written.
CLOCK_SLACK = timedelta(minutes=5)


def latest_occurrence(cron: str, *, after: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """The last time `cron` is due in (after, until], in `zone`; None if it is not due."""
    found = None
    for moment in CronSim(cron, after.astimezone(zone)):
        if moment > until:
            break
        found = moment
    return found


def fire_schedules() -> int:
    """Enqueue the scheduled jobs that are due. Returns how many."""
    declared = {path: task for path, task in jobs.items() if task.schedule}
    rows = {row.path: row for row in Schedule.objects.filter(path__in=declared)}
    return sum(_fire(task, rows.get(path)) for path, task in declared.items())


def _fire(task: JobTask[..., object], row: Schedule | None) -> int:
    moment, cron = now(), task.schedule or ""
    if row is None or row.cron != cron or row.last_at > moment + CLOCK_SLACK:
        # First seen, changed, or noted under a wrong clock: count from now. The occurrence key still
        # prevents doubles.
        Schedule.objects.update_or_create(path=task.module_path, defaults={"cron": cron, "last_at": moment})
        return 0
    zone = ZoneInfo(settings.TIME_ZONE)
    due = latest_occurrence(cron, after=row.last_at, until=moment, zone=zone)
    if due is None:
        return 0
    key = f"{task.module_path}@{due.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%MZ}"
    try:
        with transaction.atomic(), acting(SYSTEM, Cause.JOB):
            if not Schedule.objects.filter(pk=row.pk, last_at=row.last_at).update(last_at=due):
                return 0
            insert_job(task=task, args=[], kwargs={}, occurrence=key)
    except IntegrityError:
        Schedule.objects.filter(pk=row.pk, last_at=row.last_at).update(last_at=due)
        return 0
    return 1
