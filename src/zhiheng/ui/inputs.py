"""Inputs that speak our language instead of the browser's: a day, a moment, files.

Native date and file controls take their words and their order of day and month from the browser, not from the page.
A day is text here, written as everywhere else; the bundle puts a calendar beside it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAY = r"\d{4}-\d{1,2}-\d{1,2}"
MOMENT = DAY + r"[ T]\d{1,2}:\d{2}"


class DayInput(forms.DateInput):
    """A day, written 2026-11-20."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shape = {"data-date": "day", "placeholder": "2026-11-20", "pattern": DAY, "maxlength": 10}
        words = {"autocomplete": "off", "title": _("A date such as 2026-11-20")}
        super().__init__({**shape, **words, **(attrs or {})}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A date and time to the minute, written 2026-11-20 14:05."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shape = {"data-date": "minute", "placeholder": "2026-11-20 14:05", "pattern": MOMENT, "maxlength": 16}
        words = {"autocomplete": "off", "title": _("A date and time such as 2026-11-20 14:05")}
        super().__init__({**shape, **words, **(attrs or {})}, format="%Y-%m-%d %H:%M")


class FilesInput(forms.ClearableFileInput):
    """One or several files, chosen by a button of ours."""

    allow_multiple_selected = True
    template_name = "ui/inputs/files.html"
