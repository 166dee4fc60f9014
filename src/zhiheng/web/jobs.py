"""Background work of the demo."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.platform.jobs import enqueue, job
from zhiheng.web.services.demo import load_sample


@job(title=_("Load the sample organisation"), unique=lambda path: path, bulk=True)
def load_demo(path: str) -> dict[str, int]:
    """Load the sample log; idempotent, so that a killed worker's successor goes on where it stopped."""
    result = load_sample(path=Path(path))
    enqueue(refresh_mirror)  # so that the overview shows the organisation now, not in ten minutes
    return {"tickets": result.tickets, "entries": result.entries}
