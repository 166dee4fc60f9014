"""Making a calendar of weekly hours and holiday years."""

from __future__ import annotations

from datetime import UTC, date, datetime

from zhiheng.calendars.rules import WORKDAYS, YearOfHolidays, calendar_document, unannounced
from zhiheng.measure.calendar import WorkingCalendar

# From the official notice for 2026: 2 January is off, Sunday 4 January is worked instead.
YEAR = YearOfHolidays(
    2026,
    {date(2026, 1, 1): "元旦", date(2026, 1, 2): "休息日"},
    frozenset({date(2026, 1, 4)}),
    announced=True,
)
WEEKLY = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WORKDAYS}


def open_on(day: date, *, observes: bool) -> int:
    document = calendar_document(
        zone="Asia/Shanghai", weekly=WEEKLY, years=[YEAR], observes_make_up_days=observes
    )
    calendar = WorkingCalendar.from_dict(document)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 8 * 3600
    return calendar.elapsed(midnight, midnight + 86_400)


def test_a_holiday_is_closed_and_its_make_up_day_is_worked() -> None:
    assert open_on(date(2026, 1, 2), observes=True) == 0
    assert open_on(date(2026, 1, 4), observes=True) == 8 * 3600
    assert open_on(date(2026, 1, 5), observes=True) == 8 * 3600


def test_a_calendar_may_leave_make_up_days_out() -> None:
    assert open_on(date(2026, 1, 4), observes=False) == 0


def test_a_year_without_its_notice_is_named() -> None:
    assert unannounced(
        [YEAR, YearOfHolidays(2027, {}, frozenset(), announced=False)], needed=[2026, 2027, 2028]
    ) == [2027, 2028]
