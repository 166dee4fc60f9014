"""Hours and days as people type them: read, refused, and written back."""

from __future__ import annotations

from typing import Any

import pytest

from zhiheng.calendars.rules import (
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


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", []),
        ("9:00-12:00", [["09:00", "12:00"]]),
        ("09:00 - 12:00, 13:00–18:00", [["09:00", "12:00"], ["13:00", "18:00"]]),
        ("09：00至12：00、13:00-18:00", [["09:00", "12:00"], ["13:00", "18:00"]]),
        ("22:00-06:00", [["22:00", "06:00"]]),
    ],
)
def test_hours(text: str, hours: list[list[str]]) -> None:
    assert hours_from(text) == hours
    assert hours_from(hours_text(hours)) == hours


@pytest.mark.parametrize(
    ("line", "table"),
    [
        (
            "2026-12-31 09:00-10:00,11:00-12:00 Year end",
            {
                "first": "2026-12-31", "last": "2026-12-31", "name": "Year end",
                "open": [["09:00", "10:00"], ["11:00", "12:00"]],
            },
        ),
        (
            "2026-12-24..2026-12-26 closed Move to B",
            {"first": "2026-12-24", "last": "2026-12-26", "name": "Move to B", "closed": True},
        ),
        ("2026-12-24 休", {"first": "2026-12-24", "last": "2026-12-24", "name": "", "closed": True}),
        ("2026-10-10 like-wed", {"first": "2026-10-10", "last": "2026-10-10", "name": "", "as": "wed"}),
    ],
)  # fmt: skip
def test_days(line: str, table: dict[str, Any]) -> None:
    assert days_from(f"\n {line} \n") == [table]
    assert days_from(days_text([table])) == [table]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (hours_from, "nine to five"),
        (days_from, "2026-13-01 closed"),
        (days_from, "2026-12-24 perhaps"),
        (days_from, "2026-12-24"),
        (days_from, "2026-12-24 like-someday"),
        (yearly_from, "25 December"),
        (dates_from, "soon"),
    ],
)
def test_what_is_not_understood_is_named(read: Any, text: str) -> None:
    with pytest.raises(NotUnderstood) as error:
        read(text)
    assert error.value.line == text


def test_closures_of_every_year_and_named_dates() -> None:
    closures = [
        {"first": "12-25", "last": "12-26", "name": "Christmas"},
        {"first": "05-04", "last": "05-04", "name": ""},
    ]
    assert yearly_from("12-25..12-26 Christmas\n05-04") == closures
    assert yearly_text(closures) == "12-25..12-26 Christmas\n05-04"
    dates = [("2026-10-01", "National Day"), ("2026-10-02", "")]
    assert dates_from(dates_text(dates)) == dates
