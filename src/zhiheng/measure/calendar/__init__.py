"""Working time: the service hours of a calendar, how much of it has passed, and when an amount of it is over.

Public: `WorkingCalendar` (`add`, `elapsed`, `end_of_working_day`, `open_spans`, `by_day`, `from_dict`,
`to_dict`), `always`, and its parts `Hours`, `DatedException`, `YearlyClosure`. Instants are epoch seconds;
wall time exists only inside.
"""

from zhiheng.measure.calendar.rules import (
    WEEKDAYS,
    WHOLE_DAY,
    DatedException,
    Hours,
    YearlyClosure,
    weekly_from,
)
from zhiheng.measure.calendar.working import DayShare, WorkingCalendar, always

__all__ = [
    "WEEKDAYS",
    "WHOLE_DAY",
    "DatedException",
    "DayShare",
    "Hours",
    "WorkingCalendar",
    "YearlyClosure",
    "always",
    "weekly_from",
]
