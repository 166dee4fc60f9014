"""A calendar's page: hours typed as a week, the days of a year, and what is not announced yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from zhiheng.calendars import services
from zhiheng.calendars.models import Calendar, HolidayYear
from zhiheng.calendars.queries import version_in_force
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import frozen
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.records.routes import record_url

WEEK = {"mon": "9:00-12:00, 13:00-18:00", "sat": "10:00-14:00", "note": "Saturdays"}


@pytest.fixture
def browser(db: None) -> Iterator[Client]:
    with frozen(datetime(2026, 11, 20, 1, tzinfo=UTC)):
        with acting(SYSTEM, Cause.SETUP):
            services.install_calendars()
            person = get_user_model().objects.create_user(username="lin", name="Lin", language="en")
            role = Role.objects.create(slug="planner", name={"en": "Planner"})
            Grant.objects.create(role=role, permission="calendars.*:*", scope="all")
            RoleAssignment.objects.create(role=role, person=person)
        client = Client()
        client.force_login(person)
        yield client


def calendar() -> Calendar:
    return Calendar.objects.get(slug="5x8-cn")


def test_the_year_shows_holidays_and_make_up_days(browser: Client) -> None:
    page = browser.get(record_url(calendar())).content.decode()
    assert "<td>2026-10-01</td>" in page
    assert "National Day" in page
    assert "国庆节" not in page  # kept with both names, shown in the language of the page
    assert "<td>2026-10-10</td><td>Sat</td><td>open by exception</td>" in page
    assert "is not loaded" not in page


def test_a_year_that_is_not_announced_is_said_to_be(browser: Client) -> None:
    url = record_url(calendar())
    assert "public holidays for 2027 is not loaded" in browser.get(f"{url}?year=2027").content.decode()
    assert "<td>2026-10-01</td>" in browser.get(f"{url}?year=soon").content.decode()
    around = browser.get(record_url(Calendar.objects.get(slug="24x7"))).content.decode()
    assert "Every day of this year is like its weekday." in around


def test_a_calendar_without_hours_says_how_to_give_it_some(browser: Client) -> None:
    with acting(SYSTEM, Cause.SETUP):
        empty = services.create_calendar(slug="empty", name={"en": "Empty"})
    assert "has no hours yet" in browser.get(record_url(empty)).content.decode()


def test_hours_are_typed_as_a_week(browser: Client) -> None:
    url = record_url(calendar(), "act", name="write_version")
    shown = browser.get(url).content.decode()
    assert 'value="09:00-12:00, 13:00-18:00"' in shown
    own = "2026-12-31 09:00-12:00 Stocktaking\n2026-10-10 closed"
    assert browser.post(url, {**WEEK, "own": own, "yearly": "05-04 Founding day"}).status_code == 302
    version = version_in_force(calendar=calendar())
    assert (version.number, version.note) == (2, "Saturdays")
    assert version.document["weekly"] == {
        "mon": [["09:00", "12:00"], ["13:00", "18:00"]], "sat": [["10:00", "14:00"]],
    }  # fmt: skip
    assert [each["first"] for each in version.own] == ["2026-12-31", "2026-10-10"]
    assert version.document["yearly"] == [{"first": "05-04", "last": "05-04", "name": "Founding day"}]
    days = [each for each in version.document["exceptions"] if each["first"] == "2026-10-10"]
    assert days == [{"first": "2026-10-10", "last": "2026-10-10", "name": "", "closed": True}]
    again = browser.get(url).content.decode()
    assert "2026-12-31 09:00-12:00 Stocktaking" in again


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mon": "nine to five"}, "This is not understood: “nine to five”"),
        ({"mon": "09:00-09:00"}, "These hours cannot be used"),
        ({"own": "2026-12-31"}, "This is not understood: “2026-12-31”"),
        ({"note": ""}, "required"),
    ],
)
def test_a_line_that_is_not_understood_is_named(browser: Client, typed: dict[str, Any], said: str) -> None:
    answer = browser.post(record_url(calendar(), "act", name="write_version"), {**WEEK, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert calendar().versions.count() == 1


def test_a_holiday_year_is_edited_as_lines(browser: Client) -> None:
    year = HolidayYear.objects.get(country="CN", year=2027)
    url = record_url(year, "edit")
    assert "2027-01-01 元旦 / New Year" in browser.get(url).content.decode()
    given = {
        "country": "CN", "year": "2027", "announced": "on", "source": "Notice", "make_up_days": "2027-02-07",
        "closed_days": "2027-01-01 元旦\n2027-02-08",
    }  # fmt: skip
    assert browser.post(url, given).status_code == 302
    year.refresh_from_db()
    assert (year.announced, year.make_up_days) == (True, ["2027-02-07"])
    assert year.closed_days == [{"date": "2027-01-01", "name": "元旦"}, {"date": "2027-02-08", "name": ""}]
    refused = browser.post(url, {**given, "closed_days": "New Year"})
    assert refused.status_code == 422
    assert browser.post(record_url(year, "act", name="apply")).status_code == 302
    assert version_in_force(calendar=calendar()).number == 2
