"""Loading years, writing versions, keeping calendars up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from zhiheng.calendars import services
from zhiheng.calendars.jobs import load_coming_years
from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.calendars.queries import calendar_with, version_in_force, working_calendar
from zhiheng.calendars.services import defaults, holidays
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import InvalidInput, NotFound
from zhiheng.kernel.time import frozen
from zhiheng.platform.journal import entries_for

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    """20 November 2026: the notice for 2026 is known, that for 2027 is not in the package."""
    with frozen(datetime(2026, 11, 20, 1, tzinfo=UTC)), acting(SYSTEM, Cause.SETUP), override("en"):
        working_calendar.cache_clear()
        yield


def worked(calendar: Calendar, day: date) -> float:
    """Hours of service on a day in Shanghai, on the version in force."""
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 8 * HOUR
    hours = working_calendar(version_in_force(calendar=calendar).pk)
    return hours.elapsed(midnight, midnight + 24 * HOUR) / HOUR


# From the notice of the State Council's office for 2026 (国办发明电〔2025〕7号).
CLOSED_2026 = {
    *(date(2026, 1, day) for day in (1, 2)),
    *(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)),
    date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 6, 19), date(2026, 9, 25),
    *(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
}  # fmt: skip
MADE_UP_2026 = {
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
}  # fmt: skip


def test_the_chinese_year_is_the_notices() -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8-cn")
    days = [
        date.fromordinal(number)
        for number in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
    ]
    weekdays_off = {day for day in days if day.weekday() < 5 and worked(calendar, day) == 0}
    weekends_on = {day for day in days if day.weekday() >= 5 and worked(calendar, day) == 8}
    assert weekdays_off == CLOSED_2026
    assert weekends_on == MADE_UP_2026
    year = HolidayYear.objects.get(country="CN", year=2026)
    assert year.announced
    assert {"date": "2026-01-01", "name": "元旦 / New Year's Day"} in year.closed_days
    assert year.make_up_days == sorted(day.isoformat() for day in MADE_UP_2026)


def test_a_year_whose_notice_is_not_out_is_marked_and_read_again() -> None:
    year = services.load_holiday_year(country="CN", year=2027)
    assert (year.announced, year.make_up_days) == (False, [])
    assert any(day["date"] == "2027-01-01" for day in year.closed_days)
    again = services.load_holiday_year(country="CN", year=2027)
    assert (again.pk, HolidayYear.objects.count()) == (year.pk, 1)


def test_an_announced_year_is_the_organisations_own() -> None:
    year = services.load_holiday_year(country="CN", year=2026)
    year.make_up_days = ["2026-01-04"]
    year.save()
    assert services.load_holiday_year(country="CN", year=2026).make_up_days == ["2026-01-04"]


def test_other_countries_have_no_notice_to_wait_for() -> None:
    year = services.load_holiday_year(country="DE", year=2031)
    assert year.announced
    assert {"date": "2031-10-03", "name": "Tag der Deutschen Einheit / German Unity Day"} in year.closed_days


def test_a_country_that_nobody_knows() -> None:
    with pytest.raises(InvalidInput, match="No public holidays are known for the country XX") as error:
        services.load_holiday_year(country="XX", year=2026)
    assert (error.value.code, error.value.field) == ("unknown_country", "country")


def test_hours_of_a_transaction_that_was_undone_are_forgotten() -> None:
    """SQLite gives the id of a row that was rolled back to the next one."""
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8-cn")
    document = calendar.versions.get().document
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        closed = {"first": "2026-11-20", "last": "2026-11-20", "closed": True, "name": "Move"}
        undone = services.write_version(
            calendar=calendar, document={**document, "exceptions": [*document["exceptions"], closed]}
        )
        assert worked(calendar, date(2026, 11, 20)) == 0
        raise ZeroDivisionError
    version = services.write_version(calendar=calendar, document=document)
    if connection.vendor == "sqlite":
        assert version.pk == undone.pk
    assert worked(calendar, date(2026, 11, 20)) == 8


def test_the_shipped_calendars_are_installed_once() -> None:
    services.install_calendars()
    services.install_calendars()
    assert Calendar.objects.count() == CalendarVersion.objects.count() == len(defaults.CALENDARS)
    around = Calendar.objects.get(slug="24x7")
    assert worked(around, date(2026, 10, 1)) == 24
    assert worked(Calendar.objects.get(slug="5x8"), date(2026, 10, 1)) == 8


def test_a_new_version_leaves_the_old_one_as_it_was() -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8")
    old = version_in_force(calendar=calendar)
    short = {**old.document, "weekly": {"mon": [["09:00", "12:00"]]}}
    new = services.write_version(calendar=calendar, document=short, note="Mornings only")
    assert (new.number, version_in_force(calendar=calendar)) == (2, new)
    assert CalendarVersion.objects.get(pk=old.pk).document == old.document
    assert worked(calendar, date(2026, 11, 23)) == 3
    entry = entries_for(calendar)[0]
    assert (entry.act, dict(entry.data)) == (
        "calendars.calendar.rewritten", {"note": "Mornings only", "version": new.pk, "number": 2},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "empty"),
        ({"weekly": {"someday": []}}, "someday"),
        ({"exceptions": [{"first": "2026-02-30", "closed": True}]}, "2026-02-30"),
        ({"lunch": "12:00"}, "lunch"),
    ],
)
def test_hours_that_cannot_be_used_are_refused_with_the_place(change: dict[str, object], why: str) -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8")
    document = {**version_in_force(calendar=calendar).document, **change}
    with pytest.raises(InvalidInput, match=why) as error:
        services.write_version(calendar=calendar, document=document)
    assert (error.value.code, error.value.field) == ("bad_hours", "document")
    assert calendar.versions.count() == 1


def test_a_loaded_year_reaches_every_calendar_of_its_country_and_keeps_own_days() -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8-cn")
    document = dict(version_in_force(calendar=calendar).document)
    own = {"first": "2026-12-31", "last": "2026-12-31", "closed": True, "name": "Stocktaking"}
    yearly = {"first": "05-04", "last": "05-04", "name": "Founding day"}
    document |= {"exceptions": [*document["exceptions"], own], "yearly": [yearly]}
    assert services.write_version(calendar=calendar, document=document).own == [own]
    assert services.rewrite_for_country(country="CN") == []  # nothing changed
    year = HolidayYear.objects.get(country="CN", year=2027)
    year.closed_days = [{"date": "2027-02-08", "name": "春节"}]
    year.make_up_days = ["2027-02-07"]
    year.save()
    [version] = services.apply_holiday_year(holidayyear=year)
    assert (version.calendar, version.number, version.own, version.note) == (calendar, 3, [own], "CN 2027")
    assert worked(calendar, date(2027, 2, 8)) == 0
    assert worked(calendar, date(2027, 2, 7)) == 8
    assert worked(calendar, date(2026, 12, 31)) == 0
    assert worked(calendar, date(2027, 5, 4)) == 0


def test_retired_calendars_and_such_without_hours_are_left_out() -> None:
    services.install_calendars()
    services.create_calendar(slug="empty", name={"en": "Empty"}, country="CN")
    calendar = Calendar.objects.get(slug="5x8-cn")
    services.change_calendar(calendar=calendar, retired=True)
    year = HolidayYear.objects.get(country="CN", year=2027)
    year.closed_days = []
    year.save()
    assert services.rewrite_for_country(country="CN") == []


def test_another_zone_or_no_make_up_days_give_a_new_version() -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8-cn")
    services.change_calendar(calendar=calendar, observes_make_up_days=False)
    assert worked(calendar, date(2026, 10, 10)) == 0
    services.change_calendar(calendar=calendar, zone="Asia/Tokyo")
    assert version_in_force(calendar=calendar).document["zone"] == "Asia/Tokyo"
    services.change_calendar(calendar=calendar, name={"zh": "改名", "en": "Renamed"})
    assert calendar.versions.count() == 3


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("zone", "Mars/Olympus", "unknown_zone"), ("country", "XX", "unknown_country")],
)
def test_a_zone_or_country_that_does_not_exist_is_refused(field: str, value: str, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        services.create_calendar(slug="mars", name={"en": "Mars"}, **{field: value})
    assert (error.value.code, error.value.field) == (code, field)
    services.install_calendars()
    with pytest.raises(InvalidInput):
        services.change_calendar(calendar=Calendar.objects.get(slug="5x8"), **{field: value})


def test_a_calendar_without_hours_says_so() -> None:
    calendar = services.create_calendar(slug="empty", name={"zh": "空", "en": "Empty"})
    with pytest.raises(NotFound, match="has no hours yet"):
        version_in_force(calendar=calendar)
    with pytest.raises(NotFound):
        calendar_with(0)


def test_the_notice_of_the_next_year_arrives_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    services.install_calendars()
    calendar = Calendar.objects.get(slug="5x8-cn")
    assert load_coming_years.func() == 0
    # A release of the package that knows the notice for 2027: 1 January is a Friday, say Saturday the 9th is worked.
    known = holidays.read_year

    def announced(*, country: str, year: int) -> holidays.YearOfHolidays:
        read = known(country=country, year=year)
        make_up = frozenset({date(2027, 1, 9)}) if year == 2027 else read.make_up
        return holidays.YearOfHolidays(read.year, read.closed, make_up, announced=True)

    monkeypatch.setattr(holidays, "read_year", announced)
    assert load_coming_years.func() == 1
    assert HolidayYear.objects.get(country="CN", year=2027).announced
    assert worked(calendar, date(2027, 1, 9)) == 8
    assert load_coming_years.func() == 0
