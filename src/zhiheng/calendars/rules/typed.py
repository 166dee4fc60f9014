"""Hours and days as people type them, a line each, and back. Pure; whether the hours make sense is checked elsewhere.

09:00-12:00, 13:00-18:00                          hours of a weekday; nothing: closed
2026-12-31 09:00-12:00 Year-end stocktaking       a day with hours of its own
2026-12-24..2026-12-26 closed Move                days without service
2026-10-10 like-wed Make-up day                   a day worked like a Wednesday
12-25..12-26 Christmas                            closed every year
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhiheng.measure.calendar import WEEKDAYS

Table = dict[str, Any]
_BETWEEN = re.compile(r"[,，、;；]\s*|\s+")
_DASHES = re.compile(r"\s*[-–—~至]\s*")
_INTERVAL = re.compile(r"\d{1,2}:\d{2}-\d{1,2}:\d{2}")
_CLOSED = frozenset({"closed", "休", "休息"})
_LIKE = "like-"


class NotUnderstood(ValueError):  # noqa: N818 - read as a statement
    """A line that is not written as asked; ``line`` is it."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def hours_from(text: str) -> list[list[str]]:
    """The intervals of a day. Raises NotUnderstood."""
    parts = [part for part in _BETWEEN.split(_DASHES.sub("-", text.replace("：", ":").strip())) if part]
    if not all(_INTERVAL.fullmatch(part) for part in parts):
        raise NotUnderstood(text)
    return [[_padded(time) for time in part.split("-")] for part in parts]


def hours_text(hours: Iterable[Iterable[str]]) -> str:
    """The intervals as they are typed."""
    return ", ".join("-".join(interval) for interval in hours)


def days_from(text: str) -> list[Table]:
    """Dated exceptions, one a line. Raises NotUnderstood with the first line that is none."""
    return [_day(line) for line in _lines(text)]


def days_text(exceptions: Iterable[Mapping[str, Any]]) -> str:
    """Dated exceptions as they are typed."""
    return "\n".join(_joined(each, _rule_text(each)) for each in exceptions)


def yearly_from(text: str) -> list[Table]:
    """Closures of every year, one a line. Raises NotUnderstood."""
    found = []
    for line in _lines(text):
        span, _, name = line.partition(" ")
        first, last = _span(span)
        if not all(re.fullmatch(r"\d{2}-\d{2}", day) for day in (first, last)):
            raise NotUnderstood(line)
        found.append({"first": first, "last": last, "name": name.strip()})
    return found


def yearly_text(closures: Iterable[Mapping[str, Any]]) -> str:
    """Closures of every year as they are typed."""
    return "\n".join(_joined(each, "") for each in closures)


def dates_from(text: str) -> list[tuple[str, str]]:
    """Dates with a name each, one a line. Raises NotUnderstood."""
    found = []
    for line in _lines(text):
        day, _, name = line.partition(" ")
        found.append((_date(day, line), name.strip()))
    return found


def dates_text(days: Iterable[tuple[str, str]]) -> str:
    """Dates with their names as they are typed."""
    return "\n".join(f"{day} {name}".strip() for day, name in days)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(line: str) -> Table:
    span, _, rest = line.partition(" ")
    rule, _, name = rest.strip().partition(" ")
    first, last = (_date(day, line) for day in _span(span))
    table: Table = {"first": first, "last": last, "name": name.strip()}
    if rule.lower() in _CLOSED:
        return table | {"closed": True}
    if rule.lower().startswith(_LIKE) and rule.lower().removeprefix(_LIKE) in WEEKDAYS:
        return table | {"as": rule.lower().removeprefix(_LIKE)}
    try:
        hours = hours_from(rule.replace("，", ",").replace(",", " "))
    except NotUnderstood:
        hours = []
    if not hours:
        raise NotUnderstood(line)
    return table | {"open": hours}


def _rule_text(exception: Mapping[str, Any]) -> str:
    if exception.get("closed"):
        return "closed"
    if "as" in exception:
        return f"{_LIKE}{exception['as']}"
    return ",".join("-".join(interval) for interval in exception["open"])


def _joined(table: Mapping[str, Any], rule: str) -> str:
    first, last = table["first"], table.get("last", table["first"])
    span = first if first == last else f"{first}..{last}"
    return " ".join(part for part in (span, rule, table.get("name", "")) if part)


def _span(text: str) -> tuple[str, str]:
    first, dots, last = text.partition("..")
    return first, last if dots else first


def _date(text: str, line: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotUnderstood(line) from None


def _padded(time: str) -> str:
    return time.zfill(5)
