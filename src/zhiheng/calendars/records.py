"""Pages, API and imports of working calendars and holiday years."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.calendars import services
from zhiheng.calendars.models import Calendar, CalendarVersion, HolidayYear
from zhiheng.platform.grants import Everyone
from zhiheng.records import Act, Column, Fields, Menu, RecordType, Related, Section, Timeline, register


class HoursForm(forms.Form):
    """New hours of a calendar, as its next version."""

    document = forms.JSONField(
        label=_("Hours"),
        help_text=_(
            'For example {"zone": "Asia/Shanghai", "weekly": {"mon": [["09:00", "18:00"]]}, "exceptions": []}.'
        ),
    )
    note = forms.CharField(label=_("What changed and why"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, record: Calendar | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = record.versions.order_by("-number").first() if record is not None else None
        if newest is not None:
            self.fields["document"].initial = newest.document


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
            Related("versions"),
            Timeline(),
        ],
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
        panels=[Fields("calendar", "number", "document", "note", "created_at"), Timeline()],
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
