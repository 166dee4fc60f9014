"""The calendars every installation starts with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from zhiheng.calendars.models import Calendar
from zhiheng.calendars.rules import WORKDAYS
from zhiheng.calendars.services.holidays import load_holiday_year
from zhiheng.calendars.services.versions import document_for, write_version
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import now

Weekly = dict[str, list[list[str]]]
OFFICE_HOURS: Weekly = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WORKDAYS}
ROUND_THE_CLOCK: Weekly = {day: [["00:00", "24:00"]] for day in (*WORKDAYS, "sat", "sun")}


@dataclass(frozen=True, slots=True)
class ShippedCalendar:
    slug: str
    zh: str
    en: str
    weekly: Weekly
    country: str = ""


CALENDARS = (
    ShippedCalendar("24x7", "7×24 全天候", "24×7", ROUND_THE_CLOCK),
    ShippedCalendar("5x8-cn", "5×8 中国工作日", "5×8, Chinese working days", OFFICE_HOURS, country="CN"),
    ShippedCalendar("5x8", "5×8（不含节假日规则）", "5×8, no public holidays", OFFICE_HOURS),
)


def install_calendars() -> None:
    """Add the shipped calendars where they are missing, with the holidays of last year, this year and the next."""
    for shipped in CALENDARS:
        if Calendar.objects.filter(slug=shipped.slug).exists():
            continue
        if shipped.country:
            for year in range(now().year - 1, now().year + 2):
                load_holiday_year(country=shipped.country, year=year)
        calendar = Calendar(
            slug=shipped.slug, name=bilingual(zh=shipped.zh, en=shipped.en), country=shipped.country
        )
        calendar.save()
        write_version(
            calendar=calendar,
            document=document_for(calendar, shipped.weekly),
            note=gettext("Shipped with the product"),
        )
