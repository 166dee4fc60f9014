"""Pure making of a calendar document: weekly hours, days of the organisation's own, the holiday years of a country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
MAKE_UP = "调休上班 / make-up working day"

Table = dict[str, Any]


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
    own: Sequence[Table] = (),
    yearly: Sequence[Table] = (),
    observes_make_up_days: bool = True,
    name: str = "",
) -> Table:
    """The document that ``measure.calendar.WorkingCalendar.from_dict`` reads.

    A make-up day is worked like the first working day of the week, whatever weekday it falls on. What the
    organisation says itself of a day (``own``) stands in place of what the country says of it.
    """
    said = {day for exception in own for day in days_of(exception)}
    make_up_as = next((day for day in WORKDAYS if weekly.get(day)), WORKDAYS[0])
    exceptions: list[Table] = []
    for year in sorted(years, key=lambda each: each.year):
        exceptions.extend(
            {"first": day.isoformat(), "last": day.isoformat(), "closed": True, "name": text}
            for day, text in sorted(year.closed.items())
            if day not in said
        )
        if observes_make_up_days:
            exceptions.extend(
                {"first": day.isoformat(), "last": day.isoformat(), "as": make_up_as, "name": MAKE_UP}
                for day in sorted(year.make_up)
                if day not in said
            )
    return {
        "name": name, "zone": zone, "weekly": dict(weekly), "exceptions": [*exceptions, *own], "yearly": list(yearly),
    }  # fmt: skip


def days_of(exception: Table) -> list[date]:
    """The dates of a dated exception."""
    first = date.fromisoformat(exception["first"])
    last = date.fromisoformat(exception["last"]) if "last" in exception else first
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def own_exceptions(document: Mapping[str, Any], *, of_country: Mapping[str, Any]) -> list[Table]:
    """What a document says of days beyond the exceptions that its country's years give."""
    given = of_country["exceptions"]
    return [dict(each) for each in document.get("exceptions", ()) if each not in given]


def unannounced(years: Iterable[YearOfHolidays], *, needed: Iterable[int]) -> list[int]:
    """The years in use whose official notice is not loaded: their make-up days are unknown, and due dates may move."""
    known = {each.year for each in years if each.announced}
    return [year for year in needed if year not in known]
