"""Pure making of a calendar document from weekly hours and the holiday years of a country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class YearOfHolidays:
    """The closed days of a year with their names, and the days worked instead."""

    year: int
    closed: Mapping[date, str]
    make_up: frozenset[date]
    announced: bool


def calendar_document(
    *,
    zone: str,
    weekly: Mapping[str, list[list[str]]],
    years: Iterable[YearOfHolidays] = (),
    observes_make_up_days: bool = True,
    name: str = "",
) -> dict[str, Any]:
    """The document that ``measure.calendar.WorkingCalendar.from_dict`` reads.

    A make-up day is worked like a Monday: it replaces a working day, whatever weekday it falls on.
    """
    exceptions: list[dict[str, Any]] = []
    for year in sorted(years, key=lambda each: each.year):
        exceptions.extend(
            {"first": day.isoformat(), "last": day.isoformat(), "closed": True, "name": text}
            for day, text in sorted(year.closed.items())
        )
        if observes_make_up_days:
            exceptions.extend(
                {"first": day.isoformat(), "last": day.isoformat(), "as": "mon", "name": "调休上班"}
                for day in sorted(year.make_up)
            )
    return {"name": name, "zone": zone, "weekly": dict(weekly), "exceptions": exceptions, "yearly": []}


def unannounced(years: Iterable[YearOfHolidays], *, needed: Iterable[int]) -> list[int]:
    """The years in use whose official notice is not loaded: their make-up days are unknown, and due dates may move."""
    known = {each.year for each in years if each.announced}
    return [year for year in needed if year not in known]
