"""Keeping the holiday years of the countries in use loaded: a notice comes with a new release of `holidays`."""

from __future__ import annotations

from zhiheng.calendars.models import Calendar, CalendarVersion
from zhiheng.calendars.services.holidays import load_holiday_year
from zhiheng.calendars.services.versions import rewrite_for_country
from zhiheng.kernel.time import now


def load_coming_years() -> list[CalendarVersion]:
    """Load this year and the next for every country in use; calendars that change get new hours. Safe to repeat."""
    in_use = Calendar.objects.filter(retired=False).exclude(country="")
    countries = sorted(set(in_use.values_list("country", flat=True)))
    written: list[CalendarVersion] = []
    for country in countries:
        years = [load_holiday_year(country=country, year=now().year + ahead) for ahead in (0, 1)]
        written.extend(rewrite_for_country(country=country, note=", ".join(str(year) for year in years)))
    return written
