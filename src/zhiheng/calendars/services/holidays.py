"""Public holidays and make-up days of a country and year, from the `holidays` package; editable afterwards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from holidays import country_holidays, list_supported_countries
from holidays.countries.china import ChinaStaticHolidays

from zhiheng.calendars.models import HolidayYear
from zhiheng.calendars.rules import YearOfHolidays
from zhiheng.kernel.errors import InvalidInput


def load_holiday_year(*, country: str, year: int) -> HolidayYear:
    """Read a year's days and store them, unless the stored year was announced already: then it is the organisation's.

    A Chinese year counts as announced only when the notice with its make-up days is known. Raises InvalidInput for
    a country that the package does not know.
    """
    known = HolidayYear.objects.filter(country=country, year=year).first()
    if known is not None and known.announced:
        return known
    found = read_year(country=country, year=year)
    stored = known or HolidayYear(country=country, year=year)
    stored.announced = found.announced
    stored.source = "holidays"
    stored.closed_days = [
        {"date": day.isoformat(), "name": name} for day, name in sorted(found.closed.items())
    ]
    stored.make_up_days = [day.isoformat() for day in sorted(found.make_up)]
    stored.save()
    return stored


def read_year(*, country: str, year: int) -> YearOfHolidays:
    """The year as the package knows it. Raises InvalidInput for an unknown country."""
    if country not in list_supported_countries():
        raise InvalidInput(
            _("No public holidays are known for the country %(country)s.") % {"country": country},
            code="unknown_country", field="country",
        )  # fmt: skip
    found = country_holidays(country, years=year, language="en_US")
    language = "zh_CN" if "zh_CN" in found.supported_languages else found.default_language
    local = country_holidays(country, years=year, language=language)
    names = {day: name if local[day] == name else f"{local[day]} / {name}" for day, name in found.items()}
    make_up = frozenset(day for day in found.weekend_workdays if day.year == year)
    announced = country != "CN" or year in ChinaStaticHolidays.special_public_holidays
    return YearOfHolidays(year, names, make_up, announced)
