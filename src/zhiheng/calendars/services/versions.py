"""Versions of a calendar: written, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.calendars.rules import calendar_document
from zhiheng.calendars.services.holidays import stored_years
from zhiheng.kernel.errors import InvalidInput
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.errors import MeasureError


def write_version(*, calendar: Calendar, document: Mapping[str, Any], note: str = "") -> CalendarVersion:
    """Freeze new hours for a calendar. Raises InvalidInput with the place in the document when it cannot be used."""
    try:
        WorkingCalendar.from_dict(document)
    except MeasureError as error:
        raise InvalidInput(
            _("These hours cannot be used: %(why)s.") % {"why": error}, code="bad_hours", field="document"
        ) from error
    with transaction.atomic():
        latest = calendar.versions.aggregate(latest=Max("number"))["latest"] or 0
        version = CalendarVersion(calendar=calendar, number=latest + 1, document=dict(document), note=note)
        version.save()
    return version


def rewrite_for_country(*, country: str, note: str = "") -> list[CalendarVersion]:
    """After a year was loaded or edited: a new version of every calendar that follows the country and would change."""
    written: list[CalendarVersion] = []
    for calendar in Calendar.objects.filter(country=country, retired=False):
        newest = calendar.versions.order_by("-number").first()
        if newest is None:
            continue
        document = calendar_document(
            zone=calendar.zone, weekly=newest.document.get("weekly", {}), years=stored_years(country=country),
            observes_make_up_days=calendar.observes_make_up_days, name=calendar.slug,
        )  # fmt: skip
        if document != newest.document:
            written.append(write_version(calendar=calendar, document=document, note=note))
    return written


def apply_holiday_year(*, holidayyear: HolidayYear) -> list[CalendarVersion]:
    """Bring a year that was loaded or edited into the calendars of its country."""
    return rewrite_for_country(country=holidayyear.country, note=str(holidayyear))
