"""Service hours by name (24x7, 5x8, cn) or from a TOML or JSON file. Public: `load_calendar`, `CalendarError`."""

from zhiheng.analyze.calendar.named import CalendarError, load_calendar

__all__ = ["CalendarError", "load_calendar"]
