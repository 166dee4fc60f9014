"""Finds the calendar a person names on the command line."""

import json
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

from zhiheng.measure.calendar import WorkingCalendar, always
from zhiheng.measure.errors import MeasureError

WORKDAY = [["09:00", "17:00"]]
WEEKLY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), WORKDAY)
NAMES = ("24x7", "5x8", "cn")


class CalendarError(Exception):
    """A calendar that cannot be used; `code` and `params` let the command say it in the reader's language."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def load_calendar(name: str, *, zone: str, years: range) -> WorkingCalendar:
    """The calendar of that name, or the one a .toml or .json file describes. Raises CalendarError."""
    if name == "24x7":
        return always(zone)
    if name == "5x8":
        return WorkingCalendar.from_dict({"zone": zone, "name": name, "weekly": WEEKLY})
    if name == "cn":
        # `holidays` is loaded for this name only: it costs more than reading a small export.
        exceptions = import_module("zhiheng.analyze.calendar.china").exceptions(years)
        return WorkingCalendar.from_dict(
            {"zone": zone, "name": name, "weekly": WEEKLY, "exceptions": exceptions}
        )
    return _from_file(Path(name), zone)


def _from_file(path: Path, zone: str) -> WorkingCalendar:
    if not path.is_file():
        raise CalendarError("calendar_unknown", name=str(path), names=", ".join(NAMES))
    try:
        text = path.read_text(encoding="utf-8")
        document: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        return WorkingCalendar.from_dict({"zone": zone, **document})
    except (ValueError, TypeError, UnicodeDecodeError, MeasureError) as error:
        raise CalendarError("calendar_wrong", name=path.name, reason=str(error)) from error
