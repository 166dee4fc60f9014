"""A calendar as a document: what is read back is equal, and a mistake is named with its place."""

from __future__ import annotations

import json
import tomllib
from datetime import date

import pytest

from zhiheng.measure.calendar import DatedException, Hours, WorkingCalendar, YearlyClosure
from zhiheng.measure.errors import MeasureError

TOML = """
zone = "Asia/Shanghai"
name = "5x8"
exceptions = [
  { first = 2026-10-01, last = "2026-10-07", closed = true, name = "国庆节" },
  { first = "2026-10-10", as = "mon", name = "调休上班" },
  { first = 2026-12-31T00:00:00, open = [["09:00", "12:00"]] },
]
yearly = [{ first = "12-25", last = "01-02", name = "year's end" }, { first = "02-29" }]

[weekly]
mon = [["13:00", "18:00"], ["09:00", "12:00"]]
sat = [["22:00", "06:00:30"]]
sun = [["00:00", "24:00"]]
"""


def test_a_document_is_read_and_written_back() -> None:
    calendar = WorkingCalendar.from_dict(tomllib.loads(TOML))
    assert calendar.weekly[0] == (Hours(9 * 3600, 12 * 3600), Hours(13 * 3600, 18 * 3600))
    assert calendar.weekly[5] == (Hours(22 * 3600, 30 * 3600 + 30),)
    assert calendar.weekly[6] == (Hours(0, 86_400),)
    assert calendar.exceptions[1] == DatedException(
        date(2026, 10, 10), date(2026, 10, 10), as_weekday=0, name="调休上班"
    )
    assert calendar.yearly == (YearlyClosure((12, 25), (1, 2), "year's end"), YearlyClosure((2, 29), (2, 29)))
    again = WorkingCalendar.from_dict(json.loads(json.dumps(calendar.to_dict())))
    assert again == calendar
    assert hash(again) == hash(calendar)


def test_an_hour_needs_no_document() -> None:
    assert WorkingCalendar.from_dict({"zone": "UTC"}) == WorkingCalendar(zone="UTC")
    assert Hours.parse("22:00", "22:00:01").texts() == ("22:00", "22:00:01")


@pytest.mark.parametrize(
    ("change", "argument", "rule"),
    [
        ({"zone": "Mars/Olympus"}, "zone", "not an IANA time zone"),
        ({"zone": "../etc"}, "zone", "not an IANA time zone"),
        ({"zone": 8}, "zone", "must be a text"),
        ({"colour": "red"}, "calendar", "unknown key 'colour'"),
        ({"weekly": []}, "weekly", "must be a table of days"),
        ({"weekly": {"monday": []}}, "weekly", "unknown day 'monday'"),
        ({"weekly": {"mon": "09:00-17:00"}}, "weekly.mon", "must be a list"),
        ({"weekly": {"mon": [["09:00"]]}}, "weekly.mon", "has ['09:00']"),
        ({"weekly": {"mon": [["9am", "17:00"]]}}, "weekly.mon", '"9am" is not a time'),
        ({"weekly": {"mon": [["09:60", "17:00"]]}}, "weekly.mon", '"09:60" is not a time between'),
        ({"weekly": {"mon": [["09:00", "24:01"]]}}, "weekly.mon", '"24:01" is not a time between'),
        ({"weekly": {"mon": [["24:00", "06:00"]]}}, "weekly.mon", "must start between"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon", "is empty"),
        ({"exceptions": {}}, "exceptions", "must be a list of tables"),
        ({"exceptions": [[]]}, "exceptions", "must be a list of tables"),
        ({"exceptions": [{"closed": True}]}, "exceptions[0].first", "must be a date"),
        ({"exceptions": [{"first": "1.10.2026", "closed": True}]}, "exceptions[0].first", "must be a date"),
        ({"exceptions": [{"first": "2026-10-01", "closed": 1}]}, "exceptions[0].closed", "true or false"),
        ({"exceptions": [{"first": "2026-10-01", "as": "Monday"}]}, "exceptions[0].as", "must be one of"),
        ({"exceptions": [{"first": "2026-10-01"}]}, "exceptions[0]", "exactly one of"),
        ({"exceptions": [{"first": "2026-10-01", "open": [["x", "y"]]}]}, "exceptions[0].open", "not a time"),
        (
            {"exceptions": [{"first": "2026-10-02", "last": "2026-10-01", "closed": True}]},
            "exceptions[0]",
            "ends before it starts",
        ),
        ({"yearly": [{"first": "13-01"}]}, "yearly[0]", "no day 13-01"),
        ({"yearly": [{"first": "Xmas"}]}, "yearly[0].first", "must be a day like"),
        ({"yearly": [{"first": "12-25", "on": 1}]}, "yearly[0]", "unknown key 'on'"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: dict[str, object], argument: str, rule: str) -> None:
    with pytest.raises(MeasureError) as caught:
        WorkingCalendar.from_dict({"zone": "UTC", **change})
    assert caught.value.argument == argument
    assert rule in caught.value.rule


def test_parts_made_by_hand_are_checked_too() -> None:
    with pytest.raises(MeasureError, match="within 24 hours"):
        Hours(0, 90_000)
    with pytest.raises(MeasureError, match="as_weekday must be 0"):
        DatedException(date(2026, 1, 1), date(2026, 1, 1), as_weekday=7)
    with pytest.raises(MeasureError, match="must hold 7 days"):
        WorkingCalendar(zone="UTC", weekly=((),))
