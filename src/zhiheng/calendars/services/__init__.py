"""Named acts on calendars: loading a country's year, writing a new version, the shipped calendars."""

from zhiheng.calendars.services.defaults import install_calendars
from zhiheng.calendars.services.holidays import load_holiday_year
from zhiheng.calendars.services.upkeep import load_coming_years
from zhiheng.calendars.services.versions import (
    apply_holiday_year,
    change_calendar,
    create_calendar,
    document_for,
    rewrite_for_country,
    write_version,
)

__all__ = [
    "apply_holiday_year",
    "change_calendar",
    "create_calendar",
    "document_for",
    "install_calendars",
    "load_coming_years",
    "load_holiday_year",
    "rewrite_for_country",
    "write_version",
]
