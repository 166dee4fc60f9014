"""The platform's own jobs on jobs: finished ones are removed after a month."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.time import now
from zhiheng.platform.jobs.definition import job
from zhiheng.platform.jobs.queue import remove_finished

KEEP = timedelta(days=30)


@job(title=_("Remove old finished jobs"), schedule="17 3 * * *", unique=lambda: "all")
def remove_old_jobs() -> int:
    """Delete jobs that ended well more than 30 days ago. Returns how many."""
    return remove_finished(before=now() - KEEP)
