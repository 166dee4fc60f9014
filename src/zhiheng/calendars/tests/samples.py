"""Values of sample rows that the kinds of their fields do not tell."""

from __future__ import annotations

from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.kernel.text import bilingual
from zhiheng.records.testing import sample_values

HOURS = {"zone": "Asia/Shanghai", "weekly": {"mon": [["09:00", "18:00"]]}}

sample_values(
    Calendar,
    lambda number: {
        "name": bilingual(zh=f"日历 {number}", en=f"Calendar {number}"),
        "zone": "Asia/Shanghai",
        "country": "",
    },
)
sample_values(CalendarVersion, lambda number: {"document": HOURS})
sample_values(
    HolidayYear,
    lambda number: {"country": "CN", "year": 2100 + number, "closed_days": [], "make_up_days": []},
)
