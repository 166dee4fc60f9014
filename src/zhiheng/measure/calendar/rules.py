"""What a working calendar is made of: hours of a day, weekly hours, dated exceptions, yearly closures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhiheng.measure.errors import MeasureError

DAY_S = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One interval of a day, in seconds after its midnight on the wall; beyond 86,400 is the next day."""

    start_s: int
    end_s: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < DAY_S:
            raise MeasureError("hours", f"must start between 00:00 and 23:59:59, starts at {self.start_s} s")
        if not self.start_s < self.end_s <= self.start_s + DAY_S:
            raise MeasureError("hours", "must end after they start and within 24 hours of it")

    @classmethod
    def parse(cls, start: str, end: str) -> Hours:
        """Hours from "09:00" and "17:30"; "24:00" ends the day, an end before the start is the day after."""
        start_s, end_s = _clock_time(start), _clock_time(end)
        if start_s == end_s:
            raise MeasureError(
                "hours", f'"{start}" to "{end}" is empty; write "00:00" to "24:00" for a whole day'
            )
        return cls(start_s, end_s if end_s > start_s else end_s + DAY_S)

    def texts(self) -> tuple[str, str]:
        """The two texts that `parse` reads back."""
        end_s = self.end_s if self.end_s <= DAY_S else self.end_s - DAY_S
        return _clock_text(self.start_s), _clock_text(end_s)


WHOLE_DAY = (Hours(0, DAY_S),)


@dataclass(frozen=True, slots=True)
class DatedException:
    """The dates `first` to `last` are closed, open with `hours`, or worked like a weekday (0 = Monday)."""

    first: date
    last: date
    closed: bool = False
    hours: tuple[Hours, ...] = ()
    as_weekday: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise MeasureError("exceptions", f"{self.first} to {self.last} ends before it starts")
        if self.closed + bool(self.hours) + (self.as_weekday is not None) != 1:
            raise MeasureError(
                "exceptions", f"{self.first} must be exactly one of closed, open hours, as a weekday"
            )
        if self.as_weekday is not None and not 0 <= self.as_weekday <= 6:
            raise MeasureError("exceptions", f"as_weekday must be 0 (Monday) to 6, is {self.as_weekday}")


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Closed every year from (month, day) `first` to `last`, both included; may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]
    name: str = ""

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(2000, month, day)  # a leap year: 29 February closes in leap years only
            except ValueError:
                raise MeasureError("yearly", f"there is no day {month:02d}-{day:02d}") from None

    def ranges(self, first_year: int, last_year: int) -> Iterable[tuple[date, date]]:
        """The dated ranges that touch the years given."""
        wraps = self.last < self.first
        for year in range(first_year - 1, last_year + 1):
            yield _day_in(year, self.first, later=True), _day_in(year + wraps, self.last, later=False)


def weekly_from(texts: Mapping[str, object]) -> tuple[tuple[Hours, ...], ...]:
    """The seven days' hours from {"mon": [["09:00", "17:00"]], …}; a day left out is closed."""
    unknown = sorted(set(texts) - set(WEEKDAYS))
    if unknown:
        raise MeasureError("weekly", f"unknown day {unknown[0]!r}, days are {', '.join(WEEKDAYS)}")
    return tuple(hours_from(f"weekly.{day}", texts.get(day, ())) for day in WEEKDAYS)


def hours_from(argument: str, pairs: object) -> tuple[Hours, ...]:
    """Hours from a list of ["09:00", "17:00"] pairs, sorted."""
    if not isinstance(pairs, list | tuple):
        raise MeasureError(argument, 'must be a list of ["start", "end"] pairs')
    found = []
    for pair in pairs:
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(t, str) for t in pair)):
            raise MeasureError(argument, f'must be a list of ["start", "end"] pairs, has {pair!r}')
        try:
            found.append(Hours.parse(*pair))
        except MeasureError as error:
            raise MeasureError(argument, error.rule) from None
    return tuple(sorted(found))


def _day_in(year: int, month_day: tuple[int, int], *, later: bool) -> date:
    month, day = month_day
    try:
        return date(year, month, day)
    except ValueError:  # 29 February in a common year: start on 1 March, end on 28 February
        return date(year, 3, 1) if later else date(year, 2, 28)


def _clock_time(text: str) -> int:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() for part in parts):
        raise MeasureError("hours", f'"{text}" is not a time like "09:00"')
    hour, minute, second = (*map(int, parts), 0)[:3]
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY_S:
        raise MeasureError("hours", f'"{text}" is not a time between "00:00" and "24:00"')
    return total


def _clock_text(total: int) -> str:
    hour, minute, second = total // 3600, total // 60 % 60, total % 60
    return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")
