"""Background work of calendars."""

from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.services import load_coming_years as load
from zhiheng.platform.jobs import job


@job(title=_("Load the public holidays of the coming year"), schedule="20 3 * * *")
def load_coming_years() -> int:
    """Once a night. Returns how many calendars got new hours."""
    return len(load())
