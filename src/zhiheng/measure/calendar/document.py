"""A working calendar as a JSON or TOML document, and back.

    zone = "Asia/Shanghai"
    name = "5x8"
    weekly = { mon = [["09:00", "12:00"], ["13:00", "18:00"]], sat = [["22:00", "06:00"]] }
    exceptions = [
      { first = "2026-10-01", last = "2026-10-07", closed = true, name = "国庆节" },
      { first = "2026-10-10", as = "wed", name = "调休上班" },
      { first = "2026-12-31", open = [["09:00", "12:00"]] },
    ]
    yearly = [{ first = "12-25", last = "12-26" }]

`last` may be left out for a single day; TOML dates are taken as well as texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from zhiheng.measure.calendar.rules import (
    WEEKDAYS,
    DatedException,
    Hours,
    YearlyClosure,
    hours_from,
    weekly_from,
)
from zhiheng.measure.errors import MeasureError


class Parts(TypedDict):
    """The arguments of a `WorkingCalendar`."""

    zone: str
    name: str
    weekly: tuple[tuple[Hours, ...], ...]
    exceptions: tuple[DatedException, ...]
    yearly: tuple[YearlyClosure, ...]


def parts_of(document: Mapping[str, object]) -> Parts:
    """The parts of a calendar that a document describes; a mistake is named with its place."""
    _only("calendar", document, {"zone", "name", "weekly", "exceptions", "yearly"})
    weekly = document.get("weekly", {})
    if not isinstance(weekly, Mapping):
        raise MeasureError("weekly", "must be a table of days")
    return {
        "zone": _text("zone", document.get("zone")),
        "name": _text("name", document.get("name", "")),
        "weekly": weekly_from(weekly),
        "exceptions": tuple(_exception(*item) for item in _tables("exceptions", document)),
        "yearly": tuple(_closure(*item) for item in _tables("yearly", document)),
    }


def document_of(
    zone: str,
    name: str,
    weekly: Sequence[tuple[Hours, ...]],
    exceptions: Sequence[DatedException],
    yearly: Sequence[YearlyClosure],
) -> dict[str, object]:
    """The document of a calendar, plain values only."""
    return {
        "zone": zone,
        "name": name,
        "weekly": {day: _pairs(hours) for day, hours in zip(WEEKDAYS, weekly, strict=True) if hours},
        "exceptions": [_exception_document(exception) for exception in exceptions],
        "yearly": [
            {
                "first": "{:02d}-{:02d}".format(*c.first),
                "last": "{:02d}-{:02d}".format(*c.last),
                "name": c.name,
            }
            for c in yearly
        ],
    }


def _exception(place: str, table: Mapping[str, object]) -> DatedException:
    _only(place, table, {"first", "last", "closed", "open", "as", "name"})
    first = _date(f"{place}.first", table.get("first"))
    weekday = table.get("as")
    if weekday is not None and weekday not in WEEKDAYS:
        raise MeasureError(f"{place}.as", f"must be one of {', '.join(WEEKDAYS)}, is {weekday!r}")
    closed = table.get("closed", False)
    if not isinstance(closed, bool):
        raise MeasureError(f"{place}.closed", f"must be true or false, is {closed!r}")
    try:
        return DatedException(
            first=first,
            last=_date(f"{place}.last", table.get("last", first)),
            closed=closed,
            hours=hours_from(f"{place}.open", table.get("open", ())),
            as_weekday=None if weekday is None else WEEKDAYS.index(str(weekday)),
            name=_text(f"{place}.name", table.get("name", "")),
        )
    except MeasureError as error:
        raise MeasureError(_within(place, error.argument), error.rule) from None


def _closure(place: str, table: Mapping[str, object]) -> YearlyClosure:
    _only(place, table, {"first", "last", "name"})
    first = _month_day(f"{place}.first", table.get("first"))
    last = _month_day(f"{place}.last", table["last"]) if "last" in table else first
    try:
        return YearlyClosure(first, last, _text(f"{place}.name", table.get("name", "")))
    except MeasureError as error:
        raise MeasureError(_within(place, error.argument), error.rule) from None


def _exception_document(exception: DatedException) -> dict[str, object]:
    document: dict[str, object] = {
        "first": exception.first.isoformat(),
        "last": exception.last.isoformat(),
        "name": exception.name,
    }
    if exception.closed:
        document["closed"] = True
    elif exception.as_weekday is not None:
        document["as"] = WEEKDAYS[exception.as_weekday]
    else:
        document["open"] = _pairs(exception.hours)
    return document


def _pairs(hours: Sequence[Hours]) -> list[list[str]]:
    return [list(interval.texts()) for interval in hours]


def _tables(key: str, document: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    items = document.get(key, ())
    if not isinstance(items, list | tuple) or not all(isinstance(item, Mapping) for item in items):
        raise MeasureError(key, "must be a list of tables")
    for index, item in enumerate(items):
        yield f"{key}[{index}]", item


def _only(place: str, table: Mapping[str, object], known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise MeasureError(place, f"unknown key {unknown[0]!r}, keys are {', '.join(sorted(known))}")


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise MeasureError(place, f"must be a text, is {value!r}")
    return value


def _date(place: str, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(place, value))
    except ValueError:
        raise MeasureError(place, f'must be a date like "2026-10-01", is {value!r}') from None


def _month_day(place: str, value: object) -> tuple[int, int]:
    month, _, day = _text(place, value).partition("-")
    if not (month.isdigit() and day.isdigit()):
        raise MeasureError(place, f'must be a day like "12-25", is {value!r}')
    return int(month), int(day)


def _within(place: str, argument: str) -> str:
    return argument if argument.startswith(place) else place
