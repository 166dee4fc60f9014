"""Promised times as people write them: `4 h`, `2 d 4 h`, 1 个工作日. Reading and writing, in both languages.

A day is 24 hours in natural time. In service hours only a *working day* is written, as long as the hours of one; where
the days differ in length, hours and minutes remain. Seconds stay what is stored, sent and exported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, ngettext

from zhiheng.kernel.errors import InvalidInput
from zhiheng.ui.formatting import DAY, HOUR, MINUTE, NBSP

LONGEST_S = 2_147_483_647
"""What a column of 32 bits holds: 68 years."""


@dataclass(frozen=True, slots=True)
class Day:
    """How long a day is, in seconds; `working` where service hours make it. `None`: days differ, so none is written."""

    seconds: int | None = DAY
    working: bool = False


NATURAL = Day()
NO_DAYS = Day(None)
"""Hours and minutes only: for a duration of which nobody says what a day of it is."""

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([^\W\d_零又]+)")
_CLOCK = re.compile(r"(\d+):([0-5]\d)")
_JOINTS = re.compile(r"[,，、\s]+|\band\b|又|零")
_SIZES: dict[str, int] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒钟"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "时", "小时", "个小时", "钟头", "个钟头"), HOUR),
}
_DAYS = frozenset({"d", "day", "days", "天", "日"})
_WORKING_DAYS = frozenset({"wd", "workday", "workdays", "workingday", "workingdays", "工作日", "个工作日"})


def spelled(seconds: int, day: Day = NO_DAYS, *, space: str = NBSP) -> str:
    """`2 d 4 h`, `1 working day`, `30 min`; parts that are zero are left out. `space` stands between all words."""
    size = abs(seconds)
    parts = []
    if day.seconds and size >= day.seconds:
        days, size = divmod(size, day.seconds)
        parts.append(_days(days, working=day.working))
    hours, rest = divmod(size, HOUR)
    minutes, left = divmod(rest, MINUTE)
    parts += [gettext("%(count)s h") % {"count": f"{hours:,}"}] if hours else []
    parts += [gettext("%(count)s min") % {"count": minutes}] if minutes else []
    parts += [gettext("%(count)s s") % {"count": left}] if left or not parts else []
    text = space.join(parts).replace(" ", space)
    return f"−{text}" if seconds < 0 else text


def read_duration(text: str, day: Day = NATURAL) -> int:
    """The seconds that a person wrote. Raises InvalidInput saying what is wrong and how it is written."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("working day", "workingday")
    if clock := _CLOCK.fullmatch(plain):
        return _whole(int(clock[1]) * HOUR + int(clock[2]) * MINUTE, text)
    if re.fullmatch(r"[\d.]+", plain):
        raise _refused(
            "no_unit", gettext_lazy("“%(text)s” has no unit. Write it like %(example)s."), text, day
        )
    parts = _PART.findall(plain)
    if not parts or _JOINTS.sub("", _PART.sub("", plain)):
        raise _refused(
            "no_duration", gettext_lazy("“%(text)s” is no duration. Write it like %(example)s."), text, day
        )
    return _whole(sum(float(count) * _size(unit, text, day) for count, unit in parts), text)


def example(day: Day) -> str:
    """How a duration is written where a day is that long, in the reader's language."""
    if day.seconds is None:
        return gettext("4 h or 30 min")
    return gettext("4 h, 30 min or 1 working day") if day.working else gettext("4 h, 30 min or 2 d 4 h")


def _size(unit: str, text: str, day: Day) -> int:
    if unit in _SIZES:
        return _SIZES[unit]
    if unit in _DAYS and day.seconds and not day.working:
        return day.seconds
    if unit in _WORKING_DAYS and day.seconds and day.working:
        return day.seconds
    if unit in _WORKING_DAYS and not day.working:
        words = gettext_lazy(
            "Natural time has no working days. Choose service hours, or write it like %(example)s."
        )
        raise _refused("no_working_days", words, text, day)
    if unit in _DAYS | _WORKING_DAYS and day.seconds is None:
        words = gettext_lazy("The days of these service hours differ in length. Write it like %(example)s.")
        raise _refused("days_differ", words, text, day)
    if unit in _DAYS:
        words = gettext_lazy("In service hours, say working days or hours. Write it like %(example)s.")
        raise _refused("which_day", words, text, day)
    raise _refused(
        "no_duration", gettext_lazy("“%(text)s” is no duration. Write it like %(example)s."), text, day
    )


def _whole(seconds: float, text: str) -> int:
    if seconds > LONGEST_S:
        raise _refused("too_long", gettext_lazy("“%(text)s” is too long a time."), text, NATURAL)
    return round(seconds)


def _refused(code: str, words: object, text: str, day: Day) -> InvalidInput:
    return InvalidInput(str(words) % {"text": text.strip()[:60], "example": example(day)}, code=code)


def _days(count: int, *, working: bool) -> str:
    if working:
        return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": f"{count:,}"}
    return gettext("%(count)s d") % {"count": f"{count:,}"}
