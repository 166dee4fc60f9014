"""Background work of the desk."""

from django.utils.translation import gettext_lazy as _

from zhiheng.desk.services import flip_overdue
from zhiheng.platform.jobs import job


@job(title=_("Mark missed commitments"), schedule="* * * * *")
def mark_missed_commitments() -> int:
    """Every minute: clocks whose time is over become overdue, until none is left."""
    total = 0
    while flipped := flip_overdue():
        total += flipped
    return total
