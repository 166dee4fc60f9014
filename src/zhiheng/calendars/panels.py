"""Panels of working calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.models import Calendar, CalendarVersion
from zhiheng.calendars.queries import holiday_years, working_calendar
from zhiheng.calendars.rules import unannounced
from zhiheng.kernel.time import now
from zhiheng.measure.calendar import WEEKDAYS
from zhiheng.records import Panel
from zhiheng.records.panels import RecordPage
from zhiheng.ui.components import Notice
from zhiheng.ui.formatting import weekday

RULES = {"closed": _("closed"), "yearly": _("closed every year"), "open": _("open by exception")}
AROUND = (2000, 2100)
MONDAY = date(2024, 1, 1)
"""Any Monday: it gives the weekdays their names."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not like its weekday."""

    day: date
    rule: Any
    name: str
    hours: float


@dataclass(frozen=True, slots=True)
class Week(Panel):
    """The hours of each weekday in a version."""

    template: ClassVar[str] = "calendars/panels/week.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        return {"week": week_of(page.record)}


@dataclass(frozen=True, slots=True)
class YearView(Panel):
    """The days of a year that differ from the week: holidays, make-up days, one's own; and what is not known yet."""

    template: ClassVar[str] = "calendars/panels/year.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        calendar: Calendar = page.record
        newest = calendar.versions.order_by("-number").first()
        if newest is None:
            return {
                "missing": Notice(
                    _("This calendar has no hours yet. Give it some with “New hours”."), tone="risk"
                )
            }
        asked = page.request.GET.get("year", "")
        this_year = now().year
        year = (
            min(max(int(asked), AROUND[0]), AROUND[1]) if asked.isdecimal() and len(asked) == 4 else this_year
        )
        return {
            "week": week_of(newest), "year": year, "before": year - 1, "after": year + 1, "version": newest.number,
            "days": special_days(newest.pk, year=year), "warning": not_announced(calendar, year=year),
        }  # fmt: skip


def week_of(version: CalendarVersion) -> list[tuple[str, list[str]]]:
    """The name of each weekday with its hours as `09:00–12:00`."""
    weekly = version.document.get("weekly", {})
    return [
        (weekday(MONDAY + timedelta(days=place)), ["–".join(span) for span in weekly.get(name, [])])
        for place, name in enumerate(WEEKDAYS)
    ]


def special_days(version: int, *, year: int) -> list[SpecialDay]:
    """The days of the year whose hours an exception or a yearly closure decides, in order."""
    hours = working_calendar(version)
    zone = ZoneInfo(hours.zone)
    first, last = (
        int(datetime(each, 1, 1, tzinfo=zone).astimezone(UTC).timestamp()) for each in (year, year + 1)
    )
    return [
        SpecialDay(
            share.day,
            RULES[share.rule],
            _in_language(share.name),
            timedelta(seconds=share.work_s) / timedelta(hours=1),
        )
        for share in hours.by_day(first, last)
        if share.rule in RULES
    ]


def _in_language(name: str) -> str:
    """The names of public holidays are kept as `中文 / English`; the page shows the one it is written in."""
    chinese, _slash, english = name.partition(" / ")
    return chinese if not english or (get_language() or "").startswith("zh") else english


def not_announced(calendar: Calendar, *, year: int) -> Notice | None:
    """A warning while the official notice of the year is not loaded."""
    if not calendar.country or not unannounced(holiday_years(country=calendar.country), needed=[year]):
        return None
    words = _(
        "The official notice of public holidays for %(year)s is not loaded. Its make-up days are unknown, so due "
        "times in that year may still move."
    )
    return Notice(words % {"year": year}, tone="risk")
