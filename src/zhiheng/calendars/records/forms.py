"""Forms of calendars: hours as a week of lines, days as lines, instead of documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext_lazy as _

from zhiheng.calendars.models import Calendar
from zhiheng.calendars.rules import (
    NotUnderstood,
    dates_from,
    dates_text,
    days_from,
    days_text,
    hours_from,
    hours_text,
    yearly_from,
    yearly_text,
)
from zhiheng.calendars.services import document_for
from zhiheng.measure.calendar import WEEKDAYS
from zhiheng.records.forms.build import RecordForm


class TypedField(forms.CharField):
    """Lines that a person types, read and written by a pair of pure functions."""

    def __init__(self, *, read: Callable[[str], Any], write: Callable[[Any], str], **options: Any) -> None:
        super().__init__(required=False, **options)
        self.read, self.write = read, write

    def prepare_value(self, value: Any) -> Any:
        """A stored value as it is typed; what was typed wrongly comes back as it was."""
        return value if isinstance(value, str) or value is None else self.write(value)

    def to_python(self, value: Any) -> Any:
        """What was typed, as it is stored. A document (from the API or a file) is taken as it is."""
        text = value if isinstance(value, str) else json.dumps(value or [])
        try:
            return json.loads(text) if text.lstrip().startswith("[") else self.read(text)
        except (NotUnderstood, json.JSONDecodeError) as error:
            line = error.line if isinstance(error, NotUnderstood) else text
            raise ValidationError(
                _("This is not understood: “%(line)s”. Write it like the example."),
                code="not_understood",
                params={"line": line[:80]},
            ) from error

    def validate(self, value: Any) -> None:
        """Nothing is a value: a day without hours is closed."""

    def run_validators(self, value: Any) -> None:
        """The lines were checked while they were read."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as stored, so that another way of writing the same is no change."""
        return bool(self.to_python(data) != (initial or []))


def lines(rows: int) -> forms.Textarea:
    """Room for so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class HoursForm(forms.Form):
    """New hours of a calendar, as its next version: the week, days of one's own, closures of every year."""

    def __init__(self, *args: Any, record: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        newest = record.versions.order_by("-number").first()
        held = newest.document if newest is not None else {}
        for number, day in enumerate(WEEKDAYS):
            self.fields[day] = TypedField(
                label=DAY_NAMES[number], read=hours_from, write=hours_text,
                initial=held.get("weekly", {}).get(day, []),
            )  # fmt: skip
        self.fields[WEEKDAYS[0]].help_text = _("For example 09:00-12:00, 13:00-18:00. Nothing: closed.")
        self.fields["own"] = TypedField(
            label=_("Days of your own"), read=days_from, write=days_text, widget=lines(4),
            initial=newest.own if newest is not None else [],
            help_text=_(
                "One a line: “2026-12-31 09:00-12:00 Stocktaking”, “2026-12-24..2026-12-26 closed Move”, "
                "“2026-10-10 like-wed”. Public holidays come by themselves."
            ),
        )  # fmt: skip
        self.fields["yearly"] = TypedField(
            label=_("Closed every year"), read=yearly_from, write=yearly_text, widget=lines(2),
            initial=held.get("yearly", []), help_text=_("One a line: “12-25..12-26 Christmas”."),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("What changed and why"), widget=lines(2))

    def clean(self) -> dict[str, Any]:
        """What the service takes: the document, and why."""
        given = self.cleaned_data
        weekly = {day: given[day] for day in WEEKDAYS if given.get(day)}
        document = document_for(self.record, weekly, own=given.get("own"), yearly=given.get("yearly"))
        return {"document": document, "note": given.get("note", "")}


def named_dates(text: str) -> list[dict[str, str]]:
    """Closed days as a holiday year stores them."""
    return [{"date": day, "name": name} for day, name in dates_from(text)]


def plain_dates(text: str) -> list[str]:
    """Make-up days as a holiday year stores them."""
    return [day for day, _name in dates_from(text)]


class HolidayYearForm(RecordForm):
    """A holiday year with its days as lines."""

    closed_days = TypedField(
        label=_("closed days"), read=named_dates, widget=lines(12),
        help_text=_("One a line: “2026-10-01 National Day”."),
        write=lambda days: dates_text((day["date"], day.get("name", "")) for day in days),
    )  # fmt: skip
    make_up_days = TypedField(
        label=_("make-up working days"), read=plain_dates, widget=lines(4), help_text=_("One date a line."),
        write=lambda days: dates_text((day, "") for day in days),
    )  # fmt: skip
