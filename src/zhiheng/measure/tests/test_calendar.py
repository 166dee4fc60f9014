"""Working time against an oracle that walks minute by minute and knows nothing of spans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.calendar import (
    WEEKDAYS,
    WHOLE_DAY,
    DatedException,
    Hours,
    WorkingCalendar,
    YearlyClosure,
    always,
    weekly_from,
)
from zhiheng.measure.errors import MeasureError

OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
FIVE_DAYS = weekly_from(dict.fromkeys(WEEKDAYS[:5], OFFICE))
NIGHTS = weekly_from({day: [["22:00", "06:00"]] for day in WEEKDAYS})

# The State Council's plan for 2024: spring festival 10 to 17 February, 4 and 18 February (Sundays) worked.
CHINA = WorkingCalendar(
    zone="Asia/Shanghai",
    weekly=FIVE_DAYS,
    exceptions=(
        DatedException(date(2024, 2, 10), date(2024, 2, 17), closed=True, name="春节"),
        DatedException(date(2024, 2, 4), date(2024, 2, 4), as_weekday=0, name="调休上班"),
        DatedException(date(2024, 2, 18), date(2024, 2, 18), as_weekday=0, name="调休上班"),
    ),
)
BERLIN_NIGHTS = WorkingCalendar(zone="Europe/Berlin", weekly=NIGHTS)
CALENDARS = {
    "china": CHINA,
    "berlin nights": BERLIN_NIGHTS,
    "new york, edge inside the changed hour": WorkingCalendar(
        zone="America/New_York",
        weekly=weekly_from({"sun": [["01:30", "02:30"], ["04:00", "24:00"]], "sat": [["23:00", "01:15"]]}),
    ),
    "lord howe, half an hour": WorkingCalendar(
        zone="Australia/Lord_Howe", weekly=weekly_from({d: [["00:00", "02:15"]] for d in WEEKDAYS})
    ),
    "santiago, midnight skipped": WorkingCalendar(
        zone="America/Santiago",
        weekly=weekly_from({d: [["00:00", "01:30"], ["23:30", "24:00"]] for d in WEEKDAYS}),
    ),
    "exceptions over each other": WorkingCalendar(
        zone="Europe/London",
        weekly=FIVE_DAYS,
        exceptions=(
            DatedException(date(2024, 3, 25), date(2024, 4, 5), closed=True, name="works holiday"),
            DatedException(date(2024, 3, 30), date(2024, 4, 1), hours=(Hours.parse("08:00", "10:00"),)),
            DatedException(date(2024, 3, 31), date(2024, 3, 31), hours=(Hours.parse("09:30", "11:00"),)),
            DatedException(date(2024, 3, 31), date(2024, 3, 31), as_weekday=2, name="as Wednesday"),
        ),
        yearly=(YearlyClosure((12, 24), (1, 2), "year's end"), YearlyClosure((4, 1), (4, 8))),
    ),
}


def wall_hours(calendar: WorkingCalendar, day: date) -> list[Hours]:
    """The rule of precedence, written out a second time."""
    inside = [e for e in calendar.exceptions if e.first <= day <= e.last]
    opened = [e for e in inside if not e.closed]
    if opened:
        return [
            h for e in opened for h in (e.hours if e.as_weekday is None else calendar.weekly[e.as_weekday])
        ]
    if len(inside) > 0:
        return []
    for closure in calendar.yearly:
        this = (day.month, day.day)
        wraps = closure.last < closure.first
        if (
            (closure.first <= this or this <= closure.last)
            if wraps
            else closure.first <= this <= closure.last
        ):
            return []
    return list(calendar.weekly[day.weekday()])


def walked(calendar: WorkingCalendar, start: int, end: int) -> int:
    """Open seconds by looking at the clock on the wall at every minute; for instants on whole minutes."""
    zone, total = ZoneInfo(calendar.zone), 0
    for minute in range(start, end, 60):
        wall = datetime.fromtimestamp(minute, zone)
        second = wall.hour * 3600 + wall.minute * 60
        today = wall.date()
        if any(h.start_s <= second < h.end_s for h in wall_hours(calendar, today)) or any(
            second < h.end_s - 86_400 for h in wall_hours(calendar, today - timedelta(days=1))
        ):
            total += 60
    return total


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type]


def local(zone: str, *parts: int, fold: int = 0) -> int:
    return int(datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).timestamp())  # type: ignore[arg-type, misc]


CHANGES = {
    "china": utc(2024, 2, 9),
    "berlin nights": utc(2024, 3, 31),
    "new york, edge inside the changed hour": utc(2024, 11, 3),
    "lord howe, half an hour": utc(2024, 4, 6),
    "santiago, midnight skipped": utc(2024, 9, 8),
    "exceptions over each other": utc(2024, 3, 31),
}


@pytest.mark.parametrize("name", CALENDARS)
@pytest.mark.parametrize("shift_days", [0, 182, 328])
def test_every_hour_around_a_change_equals_the_walk_on_the_wall(name: str, shift_days: int) -> None:
    calendar, centre = CALENDARS[name], CHANGES[name] + shift_days * 86_400
    for hour in range(-72, 72, 3):
        start = centre + hour * 3600 + 17 * 60
        assert calendar.elapsed(start, start + 3 * 3600) == walked(calendar, start, start + 3 * 3600), hour


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(CALENDARS)), st.integers(0, 366 * 1440), st.integers(0, 4 * 1440))
def test_elapsed_equals_the_walk(name: str, from_minute: int, minutes: int) -> None:
    start = utc(2024, 1, 1) + from_minute * 60
    assert CALENDARS[name].elapsed(start, start + minutes * 60) == walked(
        CALENDARS[name], start, start + minutes * 60
    )


calendars = st.builds(
    WorkingCalendar,
    zone=st.sampled_from(
        ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
    ),
    weekly=st.tuples(
        *[
            st.lists(
                st.builds(
                    lambda start, length: Hours(start * 900, start * 900 + length * 900),
                    st.integers(0, 95),
                    st.integers(1, 96),
                ),
                max_size=3,
            ).map(tuple)
            for _ in range(7)
        ]
    ).filter(any),
    exceptions=st.lists(
        st.builds(
            lambda day, length: DatedException(
                date(2024, 1, 1) + timedelta(days=day),
                date(2024, 1, 1) + timedelta(days=day + length),
                closed=True,
            ),
            st.integers(0, 700),
            st.integers(0, 20),
        ),
        max_size=3,
    ).map(tuple),
)
instants = st.integers(utc(2023, 6, 1), utc(2026, 6, 1))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(calendars, instants, st.integers(0, 40 * 86_400))
def test_elapsed_undoes_add(calendar: WorkingCalendar, start: int, work_s: int) -> None:
    due = calendar.add(start, work_s)
    assert calendar.elapsed(start, due) == work_s
    assert work_s == 0 or calendar.elapsed(start, due - 1) == work_s - 1  # the first such instant


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(calendars, instants, instants, instants)
def test_elapsed_is_additive_and_bounded(calendar: WorkingCalendar, a: int, b: int, c: int) -> None:
    a, b, c = sorted((a, b, c))
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert 0 <= calendar.elapsed(a, c) <= c - a
    assert calendar.elapsed(c, a, signed=True) == -calendar.elapsed(a, c)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(calendars, st.lists(st.tuples(instants, st.integers(0, 10**7)), min_size=1, max_size=20))
def test_arrays_give_what_single_questions_give(
    calendar: WorkingCalendar, rows: list[tuple[int, int]]
) -> None:
    start, work = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    due = calendar.add(start, work)
    assert due.dtype == np.int64
    assert due.tolist() == [calendar.add(s, n) for s, n in rows]
    assert calendar.elapsed(start, start + work).tolist() == [calendar.elapsed(s, s + n) for s, n in rows]
    ends = calendar.end_of_working_day(start, 2)
    assert ends.tolist() == [calendar.end_of_working_day(s, 2) for s, _ in rows]


def test_a_night_shift_loses_and_gains_the_changed_hour() -> None:
    assert (
        BERLIN_NIGHTS.elapsed(
            local("Europe/Berlin", 2024, 3, 30, 20), local("Europe/Berlin", 2024, 3, 31, 12)
        )
        == 7 * 3600
    )
    assert (
        BERLIN_NIGHTS.elapsed(
            local("Europe/Berlin", 2024, 10, 26, 20), local("Europe/Berlin", 2024, 10, 27, 12)
        )
        == 9 * 3600
    )


def test_a_full_day_is_due_at_closing_time_not_at_the_next_opening() -> None:
    friday = local("Asia/Shanghai", 2024, 2, 2, 9)
    assert CHINA.add(friday, 8 * 3600) == local("Asia/Shanghai", 2024, 2, 2, 18)
    # Saturday is closed, Sunday the 4th is made up: one second more falls on Sunday morning.
    assert CHINA.add(friday, 8 * 3600 + 1) == local("Asia/Shanghai", 2024, 2, 4, 9) + 1


def test_the_spring_festival_stands_still() -> None:
    eve, back = local("Asia/Shanghai", 2024, 2, 9, 17), local("Asia/Shanghai", 2024, 2, 18, 10)
    assert CHINA.elapsed(eve, back) == 2 * 3600
    assert CHINA.rule_on(date(2024, 2, 12)) == ("closed", "春节")


def test_by_day_explains_a_span() -> None:
    days = CHINA.by_day(local("Asia/Shanghai", 2024, 2, 9, 17), local("Asia/Shanghai", 2024, 2, 18, 10))
    assert [(d.day.day, d.work_s, d.rule) for d in days] == [
        (9, 3600, "weekly"),
        *[(n, 0, "closed") for n in range(10, 18)],
        (18, 3600, "open"),
    ]
    assert days[-1].name == "调休上班"
    yearly = CALENDARS["exceptions over each other"]
    assert yearly.rule_on(date(2024, 12, 31)) == yearly.rule_on(date(2025, 1, 2)) == ("yearly", "year's end")
    assert yearly.by_day(utc(2024, 5, 6), utc(2024, 5, 6)) == (type(days[0])(date(2024, 5, 6), 0, "weekly"),)


def test_open_spans_are_cut_at_the_ends() -> None:
    zone = "Asia/Shanghai"
    spans = CHINA.open_spans(local(zone, 2024, 2, 5, 11), local(zone, 2024, 2, 5, 14))
    assert spans == (
        (local(zone, 2024, 2, 5, 11), local(zone, 2024, 2, 5, 12)),
        (local(zone, 2024, 2, 5, 13), local(zone, 2024, 2, 5, 14)),
    )
    assert CHINA.open_spans(spans[0][0], spans[0][0]) == ()
    assert CHINA.is_open(spans[0][0])
    assert not CHINA.is_open(spans[0][1])


def test_hours_that_touch_or_overlap_are_one_span() -> None:
    shifts = [["00:00", "12:00"], ["08:00", "16:00"], ["16:00", "24:00"]]
    calendar = WorkingCalendar(zone="UTC", weekly=weekly_from({"mon": shifts, "tue": [["00:00", "06:00"]]}))
    monday = utc(2024, 2, 5)
    assert calendar.open_spans(monday, monday + 2 * 86_400) == ((monday, monday + 30 * 3600),)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ((2024, 2, 7, 10), 0, (2024, 2, 7, 18)),
        ((2024, 2, 7, 18), 0, (2024, 2, 8, 18)),  # nothing left of the day
        ((2024, 2, 10, 10), 0, (2024, 2, 18, 18)),  # a closed day
        ((2024, 2, 7, 23), 2, (2024, 2, 9, 18)),
        ((2024, 2, 9, 10), 1, (2024, 2, 18, 18)),  # over the festival to the make-up Sunday
        ((2024, 2, 9, 10), 5, (2024, 2, 22, 18)),
    ],
)
def test_working_days_end_at_the_end_of_that_day(
    start: tuple[int, ...], days: int, end: tuple[int, ...]
) -> None:
    assert CHINA.end_of_working_day(local("Asia/Shanghai", *start), days) == local("Asia/Shanghai", *end)


def test_a_night_shift_ends_on_the_morning_after() -> None:
    monday = local("Europe/Berlin", 2024, 3, 29, 12)
    assert BERLIN_NIGHTS.end_of_working_day(monday, 1) == local("Europe/Berlin", 2024, 3, 31, 6)


def test_working_days_look_ahead_as_far_as_needed() -> None:
    rare = WorkingCalendar(
        zone="UTC", exceptions=(DatedException(date(2031, 5, 5), date(2031, 5, 6), hours=(Hours(0, 3600),)),)
    )
    assert rare.end_of_working_day(utc(2024, 1, 1), 1) == utc(2031, 5, 5, 1)
    assert rare.end_of_working_day(utc(2024, 1, 1), 0) == utc(2031, 5, 5, 1)
    assert rare.add(utc(2024, 1, 1), 3601) == utc(2031, 5, 6) + 1
    assert rare.add(np.array([utc(2024, 1, 1)]), 3601).tolist() == [utc(2031, 5, 6) + 1]
    with pytest.raises(MeasureError, match="calendar: has not enough open time after 2024-01-01 00:00"):
        rare.add(utc(2024, 1, 1), 7201)


@pytest.mark.slow
def test_a_calendar_that_never_opens_says_so() -> None:
    shut = WorkingCalendar(zone="UTC")
    assert shut.elapsed(0, 10**9) == 0
    assert shut.elapsed(np.array([0]), np.array([10**9])).tolist() == [0]
    for question in (
        lambda: shut.add(0, 1),
        lambda: shut.add(np.array([0]), 1),
        lambda: shut.end_of_working_day(0, 1),
        lambda: shut.end_of_working_day(0, 0),
    ):
        with pytest.raises(MeasureError, match="not enough open time"):
            question()
    assert shut.add(5, 0) == 5
    assert shut.add(np.array([5]), 0).tolist() == [5]
    assert shut.open_spans(0, 10) == ()


def test_natural_time_never_closes() -> None:
    clock = always("Europe/Berlin")
    assert clock.never_closes
    assert clock.add(7, 10) == 17
    assert clock.elapsed(7, 17) == 10
    assert clock.elapsed(np.array([7, 8]), 17).tolist() == [10, 9]
    assert clock.add(7, np.array([1, 2])).tolist() == [8, 9]
    assert (
        clock.elapsed(local("Europe/Berlin", 2024, 3, 31, 0), local("Europe/Berlin", 2024, 4, 1, 0))
        == 23 * 3600
    )
    closed_once = WorkingCalendar(
        zone="UTC", weekly=(WHOLE_DAY,) * 7, yearly=(YearlyClosure((1, 1), (1, 1)),)
    )
    assert closed_once.elapsed(utc(2023, 12, 31), utc(2024, 1, 3)) == 2 * 86_400


def test_leap_day_closures() -> None:
    leap = WorkingCalendar(zone="UTC", weekly=(WHOLE_DAY,) * 7, yearly=(YearlyClosure((2, 29), (2, 29)),))
    assert leap.elapsed(utc(2023, 2, 27), utc(2023, 3, 3)) == 4 * 86_400
    assert leap.elapsed(utc(2024, 2, 27), utc(2024, 3, 3)) == 4 * 86_400
    assert leap.rule_on(date(2024, 2, 29))[0] == "yearly"


def test_questions_may_come_in_any_order() -> None:
    calendar = WorkingCalendar(zone="Asia/Shanghai", weekly=FIVE_DAYS)
    late = calendar.elapsed(utc(2040, 1, 2), utc(2040, 1, 9))
    early = calendar.elapsed(utc(1990, 1, 1), utc(1990, 1, 8))
    assert late == early == 5 * 8 * 3600
    assert calendar.elapsed(utc(1990, 1, 1), utc(2040, 1, 2)) == WorkingCalendar(
        zone="Asia/Shanghai", weekly=FIVE_DAYS
    ).elapsed(utc(1990, 1, 1), utc(2040, 1, 2))
    empty = np.zeros(0, dtype=np.int64)
    assert calendar.elapsed(empty, empty).size == calendar.add(empty, 5).size == 0
    assert calendar.end_of_working_day(empty, 1).size == 0


@pytest.mark.parametrize(
    ("question", "argument"),
    [
        (lambda c: c.elapsed(10, 5), "end"),
        (lambda c: c.elapsed(np.array([10]), np.array([5])), "end"),
        (lambda c: c.open_spans(10, 5), "end"),
        (lambda c: c.add(0, -1), "work_s"),
        (lambda c: c.add(np.array([0]), -1), "work_s"),
        (lambda c: c.add(10**12, 1), "start"),
        (lambda c: c.elapsed(0, 10**12), "end"),
        (lambda c: c.elapsed(np.array([-(10**12)]), 0), "start"),
        (lambda c: c.elapsed(np.array([0, 1]), np.array([5, 6, 7])), "end"),
        (lambda c: c.elapsed(np.array([0.5]), np.array([5])), "start"),
        (lambda c: c.end_of_working_day(0, -1), "days"),
    ],
)
def test_bad_questions_name_the_argument(question: object, argument: str) -> None:
    for calendar in (CHINA, always()):
        with pytest.raises(MeasureError) as caught:
            question(calendar)  # type: ignore[operator]
        assert caught.value.argument == argument
