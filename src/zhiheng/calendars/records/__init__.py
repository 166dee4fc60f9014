"""Pages, API and imports of working calendars and holiday years."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.calendars import services
from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.calendars.panels import Week, YearView
from zhiheng.calendars.records.forms import HolidayYearForm, HoursForm
from zhiheng.platform.grants import Everyone
from zhiheng.records import Act, Column, Fields, Menu, RecordType, Related, Section, Timeline, register

CALENDAR = register(
    RecordType(
        model=Calendar,
        scope=Everyone(),
        columns=[Column("name", grow=True), "slug", "zone", "country", "observes_make_up_days", "retired"],
        filters=["country", "retired"],
        search={"name": 3, "slug": 1},
        texts=["name"],
        form=[
            Section(_("Calendar"), ["name", "slug", "zone", "country", "observes_make_up_days", "retired"])
        ],
        panels=[
            Fields("name", "slug", "zone", "country", "observes_make_up_days", "retired"),
            YearView(),
            Related("versions"),
            Timeline(),
        ],
        create=services.create_calendar,
        change=services.change_calendar,
        acts=[Act("write_version", services.write_version, title=_("New hours"), form=HoursForm)],
        import_key=["slug"],
        menu=Menu("run", _("Calendars"), order=32, icon="calendar"),
        icon="calendar",
        small=True,
    )
)

CALENDAR_VERSION = register(
    RecordType(
        model=CalendarVersion,
        scope=Everyone(),
        columns=["calendar", "number", Column("note", grow=True), "created_at"],
        filters=["calendar"],
        form=[Section(_("Hours"), ["calendar", "document", "note"])],
        panels=[Fields("calendar", "number", "note", "created_at"), Week(), Timeline()],
        create=False,
        change=False,
        delete=False,
        small=True,
    )
)

HOLIDAY_YEAR = register(
    RecordType(
        model=HolidayYear,
        scope=Everyone(),
        columns=["country", "year", "announced", Column("source", grow=True)],
        filters=["country", "year", "announced"],
        form=[
            Section(_("Year"), ["country", "year", "announced", "source"]),
            Section(_("Days"), ["closed_days", "make_up_days"]),
        ],
        form_class=HolidayYearForm,
        panels=[Fields("country", "year", "announced", "source", "closed_days", "make_up_days"), Timeline()],
        acts=[
            Act(
                "apply",
                services.apply_holiday_year,
                title=_("Apply to calendars"),
                confirm=_(
                    "Every calendar that follows this country gets a new version; running clocks are derived again."
                ),
            )
        ],
        import_key=["country", "year"],
        menu=Menu("run", _("Holiday years"), order=34, icon="calendar-event"),
        small=True,
    )
)
