"""Pure rules of calendars: making their documents, and reading and writing hours and days as people type them."""

from zhiheng.calendars.rules.documents import (
    WORKDAYS,
    YearOfHolidays,
    calendar_document,
    days_of,
    own_exceptions,
    unannounced,
)
from zhiheng.calendars.rules.typed import (
    NotUnderstood,
    dates_from,
    dates_text,
    days_from,
    days_text,
    hours_from,
    hours_text,
    yearly_from,
    yearly_text,
)

__all__ = [
    "WORKDAYS",
    "NotUnderstood",
    "YearOfHolidays",
    "calendar_document",
    "dates_from",
    "dates_text",
    "days_from",
    "days_of",
    "days_text",
    "hours_from",
    "hours_text",
    "own_exceptions",
    "unannounced",
    "yearly_from",
    "yearly_text",
]
