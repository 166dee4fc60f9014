"""Dates in filters: days (`2026-11-20`), ranges (`2026-11-01..2026-11-20`) and relative periods (`last-7d`).

Bounds are half-open and lie in the time zone in force, as whole days do for the person who looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.records.fields import FieldInfo, Kind

Bounds = tuple[Any, Any]
_SPAN = re.compile(r"(last|next)-(\d{1,4})(h|d|w)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _first_of_month(day: date, months: int = 0) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _quarter(day: date, quarters: int = 0) -> date:
    return _first_of_month(day, -((day.month - 1) % 3) + 3 * quarters)


def _monday(day: date, weeks: int = 0) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


_NAMED: dict[str, tuple[Any, Callable[[date], tuple[date, date]]]] = {
    "today": (_("today"), lambda day: (day, day + timedelta(days=1))),
    "yesterday": (_("yesterday"), lambda day: (day - timedelta(days=1), day)),
    "tomorrow": (_("tomorrow"), lambda day: (day + timedelta(days=1), day + timedelta(days=2))),
    "this-week": (_("this week"), lambda day: (_monday(day), _monday(day, 1))),
    "last-week": (_("last week"), lambda day: (_monday(day, -1), _monday(day))),
    "this-month": (_("this month"), lambda day: (_first_of_month(day), _first_of_month(day, 1))),
    "last-month": (_("last month"), lambda day: (_first_of_month(day, -1), _first_of_month(day))),
    "this-quarter": (_("this quarter"), lambda day: (_quarter(day), _quarter(day, 1))),
    "last-quarter": (_("last quarter"), lambda day: (_quarter(day, -1), _quarter(day))),
    "this-year": (_("this year"), lambda day: (date(day.year, 1, 1), date(day.year + 1, 1, 1))),
}
_SPANS = {
    "last-24h": _("last 24 hours"),
    "last-7d": _("last 7 days"),
    "last-30d": _("last 30 days"),
    "last-90d": _("last 90 days"),
    "next-24h": _("next 24 hours"),
    "next-7d": _("next 7 days"),
    "past": _("before now"),
}


def period_choices() -> list[tuple[str, Any]]:
    """The relative periods a person can choose from."""
    return [*((key, words) for key, (words, _bounds) in _NAMED.items()), *_SPANS.items()]


def period_words(text: str) -> str:
    """How a period reads on a chip."""
    if text in _NAMED:
        return str(_NAMED[text][0])
    return str(_SPANS.get(text, text.replace("..", " – ")))


def period_bounds(text: str, *, field: FieldInfo) -> Bounds:
    """Start and end (exclusive, None = open) of a period. Raises InvalidInput."""
    if text == "past":
        return None, _moment(now(), field)
    if text in _NAMED:
        first, last = _NAMED[text][1](timezone.localdate(now()))
        return _start(first, field), _start(last, field)
    if match := _SPAN.fullmatch(text):
        span = int(match[2]) * _UNITS[match[3]]
        at = now()
        return (
            (_moment(at - span, field), None)
            if match[1] == "last"
            else (_moment(at, field), _moment(at + span, field))
        )
    if ".." in text:
        first_text, last_text = text.split("..", 1)
        return (
            day_bounds(first_text, field=field)[0] if first_text else None,
            day_bounds(last_text, field=field)[1] if last_text else None,
        )
    return day_bounds(text, field=field)


def day_bounds(text: str, *, field: FieldInfo) -> Bounds:
    """Start and end (exclusive) of a day; a moment with a time is its own start and end. Raises InvalidInput."""
    try:
        if day := parse_date(text):
            return _start(day, field), _start(day + timedelta(days=1), field)
        if moment := parse_datetime(text):
            aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
            return _moment(aware, field), _moment(aware, field)
    except (ValueError, OverflowError):
        pass  # "2026-02-30" has the form of a date and is none
    raise InvalidInput(
        _("“%(value)s” is not a date; write it as 2026-11-20.") % {"value": text[:60]},
        code="filter_date",
        field=field.path,
    )


def _start(day: date, field: FieldInfo) -> Any:
    return timezone.make_aware(datetime.combine(day, time.min)) if field.kind is Kind.DATETIME else day


def _moment(at: datetime, field: FieldInfo) -> Any:
    return at if field.kind is Kind.DATETIME else timezone.localdate(at)
