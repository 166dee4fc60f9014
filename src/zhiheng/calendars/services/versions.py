"""Versions of a calendar: written, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhiheng.calendars import events
from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.calendars.queries import holiday_years, working_calendar
from zhiheng.calendars.rules import calendar_document, own_exceptions
from zhiheng.calendars.services.holidays import read_year
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.errors import MeasureError
from zhiheng.platform.journal import act


def write_version(*, calendar: Calendar, document: Mapping[str, Any], note: str = "") -> CalendarVersion:
    """Freeze new hours for a calendar. Raises InvalidInput with the place in the document when it cannot be used."""
    try:
        if document.get("zone") != calendar.zone:
            raise MeasureError(
                "zone", f"must be the calendar's, {calendar.zone}, is {document.get('zone')!r}"
            )
        WorkingCalendar.from_dict(document)
    except MeasureError as error:
        raise InvalidInput(
            _("These hours cannot be used: %(why)s.") % {"why": error}, code="bad_hours", field="document"
        ) from error
    own = own_exceptions(document, of_country=document_for(calendar, document.get("weekly", {})))
    with transaction.atomic():
        # Two who write at once get two numbers.
        held = Calendar.objects.select_for_update(of=("self",)).get(pk=calendar.pk)
        latest = held.versions.aggregate(latest=Max("number"))["latest"] or 0
        with act(events.REWRITTEN, record=held, data={"note": note} if note else {}) as done:
            version = CalendarVersion(
                calendar=held, number=latest + 1, document=dict(document), own=own, note=note
            )
            version.save()
            done.data |= {"version": version.pk, "number": version.number}
    # A transaction that was undone may have parsed hours under this id, which SQLite then gives away again.
    working_calendar.cache_clear()
    return version


def document_for(
    calendar: Calendar,
    weekly: Mapping[str, Any],
    *,
    own: list[Any] | None = None,
    yearly: list[Any] | None = None,
) -> dict[str, Any]:
    """Hours of a week with the holidays of the calendar's country, and the days of the organisation's own."""
    years = holiday_years(country=calendar.country) if calendar.country else []
    return calendar_document(
        zone=calendar.zone, weekly=weekly, years=years, own=own or (), yearly=yearly or (),
        observes_make_up_days=calendar.observes_make_up_days, name=calendar.slug,
    )  # fmt: skip


def rewrite(*, calendar: Calendar, note: str = "") -> CalendarVersion | None:
    """The newest hours again, with the zone and the public holidays as they stand now; None where nothing changes."""
    newest = calendar.versions.order_by("-number").first()
    if newest is None:
        return None
    document = document_for(
        calendar, newest.document.get("weekly", {}), own=newest.own, yearly=newest.document.get("yearly", [])
    )
    if document == newest.document:
        return None
    return write_version(calendar=calendar, document=document, note=note)


def rewrite_for_country(*, country: str, note: str = "") -> list[CalendarVersion]:
    """After a year was loaded or edited: a new version of every calendar that follows the country and would change."""
    calendars = Calendar.objects.filter(country=country, retired=False)
    written = [rewrite(calendar=calendar, note=note) for calendar in calendars]
    return [version for version in written if version is not None]


def apply_holiday_year(*, holidayyear: HolidayYear) -> list[CalendarVersion]:
    """Bring a year that was loaded or edited into the calendars of its country."""
    return rewrite_for_country(country=holidayyear.country, note=str(holidayyear))


def change_calendar(*, calendar: Calendar, **values: Any) -> Calendar:
    """Change a calendar; another zone, country or use of make-up days gives it a new version. Raises InvalidInput."""
    for name, value in values.items():
        setattr(calendar, name, value)
    check_calendar(calendar)
    calendar.full_clean()
    with transaction.atomic():
        calendar.save()
        rewrite(calendar=calendar, note=", ".join(sorted(values)))
    return calendar


def create_calendar(**values: Any) -> Calendar:
    """Add a calendar; its hours come with its first version. Raises InvalidInput."""
    calendar = Calendar(**values)
    check_calendar(calendar)
    calendar.full_clean()
    calendar.save()
    return calendar


def check_calendar(calendar: Calendar) -> None:
    """Raises InvalidInput for a zone or country that does not exist."""
    try:
        WorkingCalendar(zone=calendar.zone)
    except MeasureError as error:
        raise InvalidInput(
            _("There is no time zone “%(zone)s”. Write it like Asia/Shanghai.") % {"zone": calendar.zone},
            code="unknown_zone", field="zone",
        ) from error  # fmt: skip
    if calendar.country:
        read_year(country=calendar.country, year=now().year)
