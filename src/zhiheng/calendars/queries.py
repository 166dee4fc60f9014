"""Reading calendars: the version in force, and the working calendar that a version describes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.calendars.rules import YearOfHolidays
from zhiheng.kernel.errors import NotFound
from zhiheng.measure.calendar import WorkingCalendar, always
from zhiheng.ui.durations import NATURAL, Day

NATURAL_TIME = always()
DAY_S = 86_400


@lru_cache(maxsize=64)
def working_calendar(version_id: int | None) -> WorkingCalendar:
    """The calendar of a version; None is natural time, around the clock. A version never changes, so it is kept."""
    if version_id is None:
        return NATURAL_TIME
    return WorkingCalendar.from_dict(CalendarVersion.objects.only("document").get(pk=version_id).document)


def calendar_with(calendar_id: int) -> Calendar:
    """The calendar of that id. Raises NotFound."""
    found = Calendar.objects.filter(pk=calendar_id).first()
    if found is None:
        raise NotFound(_("This calendar does not exist (any more)."), code="no_calendar")
    return found


def holiday_years(*, country: str) -> list[YearOfHolidays]:
    """The holiday years of a country as the organisation holds them."""
    return [
        YearOfHolidays(
            year=row.year,
            closed={date.fromisoformat(day["date"]): day.get("name", "") for day in row.closed_days},
            make_up=frozenset(date.fromisoformat(day) for day in row.make_up_days),
            announced=row.announced,
        )
        for row in HolidayYear.objects.filter(country=country)
    ]


def day_lengths(*, calendar_ids: Collection[int]) -> dict[int, Day]:
    """What a day is in the newest hours of each calendar; one without hours yet is left out."""
    rows = CalendarVersion.objects.filter(calendar_id__in=calendar_ids).order_by("calendar", "number")
    newest = dict(rows.values_list("calendar_id", "pk")) if calendar_ids else {}
    return {key: _day_of(working_calendar(version)) for key, version in newest.items()}


def _day_of(calendar: WorkingCalendar) -> Day:
    """A working day is what every weekday with hours has of them; nothing where they differ."""
    lengths = [sum(hours.end_s - hours.start_s for hours in day) for day in calendar.weekly]
    if all(length == DAY_S for length in lengths):
        return NATURAL
    worked = {length for length in lengths if length}
    return Day(worked.pop() if len(worked) == 1 else None, working=True)


def version_in_force(*, calendar: Calendar) -> CalendarVersion:
    """The newest version of a calendar. Raises NotFound when it has none yet.

    Its hours are long and kept by `working_calendar`, so they are read only where somebody asks for them here.
    """
    version = calendar.versions.defer("document", "own").order_by("-number").first()
    if version is None:
        raise NotFound(
            _("The calendar %(calendar)s has no hours yet. Give it a first version.")
            % {"calendar": calendar},
            code="no_calendar_version",
        )
    return version
