"""The China calendar: statutory holidays closed, make-up Saturdays worked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from zhiheng.analyze.calendar import CalendarError, load_calendar

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2024-10-01", 0),  # National Day
        ("2024-10-12", 8),  # a Saturday worked in exchange
        ("2024-10-13", 0),  # a Sunday
        ("2024-10-14", 8),  # a Monday
    ],
)
def test_holidays_and_make_up_days(day, hours):
    calendar = load_calendar("cn", zone=ZONE, years=range(2024, 2026))
    start = int(datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(ZONE)).timestamp())
    assert calendar.elapsed(start, start + 86_400) == hours * 3600


def test_unknown_name():
    with pytest.raises(CalendarError):
        load_calendar("9x9", zone=ZONE, years=range(2024, 2025))
