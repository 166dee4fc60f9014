"""Making a calendar of weekly hours and holiday years."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from zhiheng.calendars.rules import (
    WORKDAYS,
    YearOfHolidays,
    calendar_document,
    own_exceptions,
    unannounced,
)
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
    return worked(WorkingCalendar.from_dict(document), day)


def worked(calendar: WorkingCalendar, day: date) -> int:
    """Open seconds of a day in Shanghai."""
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


def test_what_the_organisation_says_of_a_day_stands_in_place_of_the_holiday() -> None:
    own = [
        {"first": "2026-01-02", "open": [["10:00", "12:00"]]},
        {"first": "2026-01-04", "last": "2026-01-04", "closed": True},
    ]
    document = calendar_document(zone="Asia/Shanghai", weekly=WEEKLY, years=[YEAR], own=own)
    assert [each["first"] for each in document["exceptions"]] == ["2026-01-01", "2026-01-02", "2026-01-04"]
    calendar = WorkingCalendar.from_dict(document)
    assert [worked(calendar, date(2026, 1, day)) for day in (1, 2, 4, 5)] == [0, 2 * 3600, 0, 8 * 3600]


def test_own_days_are_told_from_those_of_the_country() -> None:
    own = [{"first": "2026-12-31", "last": "2026-12-31", "closed": True, "name": "Stocktaking"}]
    country = calendar_document(zone="Asia/Shanghai", weekly=WEEKLY, years=[YEAR])
    document = calendar_document(zone="Asia/Shanghai", weekly=WEEKLY, years=[YEAR], own=own)
    assert own_exceptions(document, of_country=country) == own


@pytest.mark.parametrize(
    ("weekly", "hours"), [({"tue": [["08:00", "12:00"]], "sat": [["08:00", "18:00"]]}, 4), ({}, 0)]
)
def test_a_make_up_day_is_worked_like_the_first_working_day_of_the_week(
    weekly: dict[str, list[list[str]]], hours: int
) -> None:
    document = calendar_document(zone="Asia/Shanghai", weekly=weekly, years=[YEAR])
    assert worked(WorkingCalendar.from_dict(document), date(2026, 1, 4)) == hours * 3600
