"""How numbers, durations, quantities, dates and times are written, the same on pages, in exports and in
reports.

Digits group by comma and dates read `2026-11-20 14:05` in both languages; only words differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from zhiheng.kernel.time import now

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
"""What names a browser or system in the line that browsers send: the first that is found, as many name others too."""
NBSP = "\u00a0"
_JOINT = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u3400-\u9fff])")
NOTHING = "—"
MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as it is shown: the number, and the unit behind it in smaller type."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number}{NBSP}{self.unit}" if self.unit else self.number


@dataclass(frozen=True, slots=True)
class Unit:
    """How one unit of `measure` is shown: `factor` to the shown unit, decimals, and its word."""

    word: object
    decimals: int
    factor: float = 1.0


UNITS: dict[str, Unit] = {
    "share": Unit("%", 1, 100.0),
    "percent": Unit("%", 1),
    "points": Unit(gettext_lazy("points"), 1),
    "h": Unit(gettext_lazy("h"), 1),
    "min": Unit(gettext_lazy("min"), 0),
    "s": Unit(gettext_lazy("s"), 0),
    "d": Unit(gettext_lazy("d"), 1),
    "count": Unit("", 0),
    "ratio": Unit("", 2),
    "score": Unit(gettext_lazy("points"), 1),
    "per_day": Unit(gettext_lazy("a day"), 1),
}


def spaced(text: str) -> str:
    """A space where Chinese and Latin text meet: 新建 API 令牌, as a name put into a sentence brings either."""
    return _JOINT.sub(" ", text)


def number(value: float | None, decimals: int = 0) -> str:
    """`1,842`, `2.4`; a dash for nothing; a true minus sign."""
    if value is None:
        return NOTHING
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        rounded_to_zero = not any(digit in text for digit in "123456789")
        return text[1:] if rounded_to_zero else "−" + text[1:]
    return text


def quantity(value: float | None, unit: str, decimals: int | None = None) -> Quantity:
    """`quantity(0.912, "share")` is 91.2 %. An unknown unit is shown as it is."""
    shown = UNITS.get(unit, Unit(unit, 2))
    if value is None:
        return Quantity(NOTHING)
    places = shown.decimals if decimals is None else decimals
    return Quantity(number(value * shown.factor, places), str(shown.word))


def duration(seconds: float | None, day_s: int = DAY) -> str:
    """`0:18`, `3:22`, `1 d 6:10`: days and h:mm, rounded down to the minute. `day_s` is the length of a
    service day.
    """
    if seconds is None:
        return NOTHING
    days, rest = divmod(int(abs(seconds)), day_s)
    text = f"{rest // HOUR}:{rest % HOUR // MINUTE:02d}"
    if days:
        shown = pgettext("days in a duration", "%(count)s d") % {"count": f"{days:,}"}
        text = f"{shown} {text}".replace(" ", NBSP)
    return f"−{text}" if seconds < 0 and int(abs(seconds)) >= MINUTE else text


def coarse_duration(seconds: float) -> str:
    """The largest whole unit, never torn apart at the end of a line: `12 s`, `4 min`, `3 h`, `2 d`."""
    size = int(abs(seconds))
    words, unit = gettext("%(count)s d"), DAY
    if size < MINUTE:
        words, unit = gettext("%(count)s s"), 1
    elif size < HOUR:
        words, unit = gettext("%(count)s min"), MINUTE
    elif size < DAY:
        words, unit = gettext("%(count)s h"), HOUR
    return (words % {"count": size // unit}).replace(" ", NBSP)


def stamp(at: datetime | None) -> str:
    """`2026-11-20 14:05` in the active time zone."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else NOTHING


def short_stamp(at: datetime | None, today: date | None = None) -> str:
    """`14:05` for today, `11-20 14:05` within the year, else in full."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at)
    reference = today or timezone.localdate(now())
    if local.date() == reference:
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M" if local.year == reference.year else "%Y-%m-%d %H:%M")


def day(value: date | datetime | None) -> str:
    """`2026-11-20`."""
    if value is None:
        return NOTHING
    return (timezone.localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def weekday(value: date) -> str:
    """`Mon`, 周一."""
    names = (
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    )
    return names[value.weekday()]


def since(at: datetime | None, reference: datetime | None = None) -> str:
    """`just now`, `4 min ago`, `in 2 h`; beyond 30 days the date."""
    if at is None:
        return NOTHING
    seconds = ((reference or now()) - at).total_seconds()
    if abs(seconds) < MINUTE:
        return gettext("just now")
    if abs(seconds) > 30 * DAY:
        return day(at)
    pattern = gettext("%(time)s ago") if seconds > 0 else gettext("in %(time)s")
    return pattern % {"time": coarse_duration(seconds)}


def file_size(size: int) -> str:
    """`812 B`, `3.4 MB` (powers of 1000)."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:,.0f}{NBSP}{unit}" if unit == "B" else f"{value:,.1f}{NBSP}{unit}"
        value /= 1000
    raise AssertionError("unreachable")


def rows(count: int) -> str:
    """`1 row`, `1,842 rows`."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def browser(sent: str) -> str:
    """`Firefox · Windows` from the line a browser sends of itself; the line where it names none that we know."""
    found = [next((name for mark, name in known if mark in sent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or sent or NOTHING
