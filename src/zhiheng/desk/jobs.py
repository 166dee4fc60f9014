"""Background work of the desk."""

from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.queries import calendar_with
from zhiheng.desk.services import flip_overdue, rederive_open_clocks
from zhiheng.platform.jobs import job, progress


@job(title=_("Mark missed commitments"), schedule="* * * * *")
def mark_missed_commitments() -> int:
    """Every minute: clocks whose time is over become overdue, until none is left."""
    total = 0
    while flipped := flip_overdue():
        total += flipped
    return total


# Not unique: while one runs, hours written since it began still need one of their own.
@job(title=_("Derive running clocks again after a change of service hours"))
def rederive_clocks(calendar_id: int) -> int:
    """After a calendar got new hours: its open clocks count on them. Returns the number of tickets."""
    return rederive_open_clocks(calendar=calendar_with(calendar_id), after=lambda done: progress(done=done))
