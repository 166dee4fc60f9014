"""The working calendar: how much service time lies between two instants, and when an amount of it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import overload
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Integers, seconds
from zhiheng.measure.calendar.document import document_of, parts_of
from zhiheng.measure.calendar.rules import DAY_S, WHOLE_DAY, DatedException, Hours, YearlyClosure
from zhiheng.measure.calendar.timeline import Timeline, build_timeline, hours_by_day
from zhiheng.measure.calendar.zone import offset_table, zone_named
from zhiheng.measure.errors import MeasureError

_FIRST_S = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
_LAST_S = int(datetime(2400, 1, 1, tzinfo=UTC).timestamp())
_MARGIN_S = 400 * DAY_S
_NO_HOURS: tuple[tuple[Hours, ...], ...] = ((),) * 7


@dataclass(frozen=True, slots=True)
class DayShare:
    """What one calendar day contributes to a span: its open seconds inside the span, and what decided its
    hours.

    `rule` is "weekly", "yearly", "closed" or "open"; `name` that of the exception or closure.
    """

    day: date
    work_s: int
    rule: str
    name: str = ""


@dataclass(frozen=True)
class WorkingCalendar:
    """Service hours in a time zone. Immutable; the spans of the years in use are worked out once and kept.

    Precedence for the hours that *begin* on a date: dated open > dated closed > yearly closure > weekly. A
    night shift belongs to the date on which it begins and runs to its end even when the next date is closed.
    Instants are whole epoch seconds (UTC) between the years 1900 and 2399.
    """

    zone: str
    weekly: tuple[tuple[Hours, ...], ...] = _NO_HOURS
    exceptions: tuple[DatedException, ...] = ()
    yearly: tuple[YearlyClosure, ...] = ()
    name: str = ""
    _kept: list[Timeline] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if len(self.weekly) != 7:
            raise MeasureError("weekly", f"must hold 7 days from Monday on, holds {len(self.weekly)}")
        object.__setattr__(self, "weekly", tuple(tuple(sorted(day)) for day in self.weekly))

    @classmethod
    def from_dict(cls, document: Mapping[str, object]) -> WorkingCalendar:
        """The calendar that a JSON or TOML document describes; see `document`."""
        return cls(**parts_of(document))

    def to_dict(self) -> dict[str, object]:
        """Plain values that `from_dict` reads back to an equal calendar."""
        return document_of(self.zone, self.name, self.weekly, self.exceptions, self.yearly)

    @cached_property
    def never_closes(self) -> bool:
        """Whether this is plain 24 × 7 time."""
        return not self.exceptions and not self.yearly and all(day == WHOLE_DAY for day in self.weekly)

    @overload
    def elapsed(self, start: int, end: int, *, signed: bool = False) -> int: ...
    @overload
    def elapsed(
        self, start: NDArray[np.integer], end: NDArray[np.integer] | int, *, signed: bool = False
    ) -> Integers: ...
    @overload
    def elapsed(self, start: int, end: NDArray[np.integer], *, signed: bool = False) -> Integers: ...
    def elapsed(
        self, start: NDArray[np.integer] | int, end: NDArray[np.integer] | int, *, signed: bool = False
    ) -> Integers | int:
        """The open seconds from `start` to `end`, scalars or int64 arrays of one length.

        An end before its start is an error, or with `signed` a negative figure.
        """
        if isinstance(start, int) and isinstance(end, int):
            return self._elapsed_one(start, end, signed=signed)
        a, b = _paired(start=_instants("start", start), end=_instants("end", end))
        if not signed and (b < a).any():
            raise MeasureError("end", "must not lie before start")
        if self.never_closes:
            result: Integers = b - a
        elif not a.size:
            result = np.zeros(0, dtype=np.int64)
        else:
            timeline = self._covering(int(min(a.min(), b.min())), int(max(a.max(), b.max())))
            result = timeline.open_until(b) - timeline.open_until(a)
        return result if np.ndim(start) or np.ndim(end) else int(result[0])

    @overload
    def add(self, start: int, work_s: int) -> int: ...
    @overload
    def add(self, start: NDArray[np.integer], work_s: NDArray[np.integer] | int) -> Integers: ...
    @overload
    def add(self, start: int, work_s: NDArray[np.integer]) -> Integers: ...
    def add(self, start: NDArray[np.integer] | int, work_s: NDArray[np.integer] | int) -> Integers | int:
        """The first instant at which `work_s` open seconds have passed since `start`; `start` itself for 0.

        So a target that fills the day is due at closing time, never at the next opening.
        """
        if isinstance(start, int) and isinstance(work_s, int):
            return self._add_one(start, work_s)
        a, n = _paired(start=_instants("start", start), work_s=seconds("work_s", np.atleast_1d(work_s)))
        if (n < 0).any():
            raise MeasureError("work_s", f"must not be negative, is {int(n.min())}")
        if self.never_closes:
            result: Integers = a + n
        elif not a.size:
            result = np.zeros(0, dtype=np.int64)
        else:
            timeline, totals = self._holding(a, n)
            due = timeline.reached(np.maximum(totals, 1)) if timeline.total else a
            result = np.where(n == 0, a, due)
        return result if np.ndim(start) or np.ndim(work_s) else int(result[0])

    @overload
    def end_of_working_day(self, start: int, days: int) -> int: ...
    @overload
    def end_of_working_day(self, start: NDArray[np.integer], days: int) -> Integers: ...
    def end_of_working_day(self, start: NDArray[np.integer] | int, days: int) -> Integers | int:
        """The end of the `days`-th working day after the local date of `start`.

        For 0 it is the end of that date's own work, or of the next working day's where that date has none
        left. A working day is a date on which open hours begin; its end is theirs, past midnight for a night
        shift.
        """
        a = _instants("start", start)
        if days < 0:
            raise MeasureError("days", f"must not be negative, is {days}")
        if not a.size:
            return a
        ahead = (days + 14) * DAY_S
        while True:
            timeline = self._covering(int(a.min()), int(a.max()) + ahead)
            local = timeline.offsets.wall(a) // DAY_S
            index = np.searchsorted(timeline.days, local, side="right") + days - 1
            if days == 0:
                index = self._day_still_open(timeline, a, local)
            # The last day may reach past the edge of the timeline, so it is not trusted.
            if index.max() < timeline.days.size - 1:
                ends = timeline.day_end[index]
                return ends if np.ndim(start) else int(ends[0])
            ahead = self._further(timeline, ahead, int(a.max()))

    def is_open(self, instant: int) -> bool:
        """Whether the service is on at that instant."""
        return self.elapsed(instant, instant + 1) == 1

    def open_spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The open spans between two instants, cut at them."""
        a, b = _ordered(start, end)
        if a == b:
            return ()
        timeline = self._covering(a, b)
        low, high = np.searchsorted(timeline.end, a, side="right"), np.searchsorted(timeline.start, b)
        return tuple(
            (max(from_s, a), min(to_s, b))
            for from_s, to_s in zip(
                timeline.start[low:high].tolist(), timeline.end[low:high].tolist(), strict=True
            )
        )

    def by_day(self, start: int, end: int) -> tuple[DayShare, ...]:
        """How a span is made up: each local date it touches with its open seconds and the rule behind its
        hours.

        A night shift's seconds after midnight stand under the date on which they pass.
        """
        a, b = _ordered(start, end)
        zone = zone_named(self.zone)
        first, last = (datetime.fromtimestamp(t, zone).date() for t in (a, max(a, b - 1)))
        days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 2)]
        edges = np.clip(np.array([_midnight(day, zone) for day in days], dtype=np.int64), a, b)
        worked = self.elapsed(edges[:-1], edges[1:]).tolist()
        return tuple(
            DayShare(day, work_s, *self.rule_on(day)) for day, work_s in zip(days[:-1], worked, strict=True)
        )

    def rule_on(self, day: date) -> tuple[str, str]:
        """Which rule decides the hours that begin on a date, and its name."""
        hits = [e for e in self.exceptions if e.first <= day <= e.last]
        for rule, matching in (
            ("open", [e.name for e in hits if not e.closed]),
            ("closed", [e.name for e in hits if e.closed]),
            ("yearly", [c.name for c in self.yearly if _closes(c, day)]),
        ):
            if matching:
                return rule, " · ".join(name for name in matching if name)
        return "weekly", ""

    def _elapsed_one(self, start: int, end: int, *, signed: bool) -> int:
        _check_instant("start", start)
        _check_instant("end", end)
        if end < start and not signed:
            raise MeasureError("end", "must not lie before start")
        if self.never_closes:
            return end - start
        timeline = self._covering(min(start, end), max(start, end))
        return timeline.open_until_one(end) - timeline.open_until_one(start)

    def _add_one(self, start: int, work_s: int) -> int:
        _check_instant("start", start)
        if work_s < 0:
            raise MeasureError("work_s", f"must not be negative, is {work_s}")
        if self.never_closes or work_s == 0:
            return start + work_s
        ahead = 2 * work_s + _MARGIN_S
        while True:
            timeline = self._covering(start, start + ahead)
            total = timeline.open_until_one(start) + work_s
            if total <= timeline.total:
                return timeline.reached_one(total)
            ahead = self._further(timeline, ahead, start)

    def _holding(self, start: Integers, work_s: Integers) -> tuple[Timeline, Integers]:
        """A timeline long enough for `work_s` after each `start`, and the totals to look up in it."""
        ahead = 2 * int(work_s.max()) + _MARGIN_S
        while True:
            timeline = self._covering(int(start.min()), int(start.max()) + ahead)
            totals = timeline.open_until(start) + work_s
            if (totals[work_s > 0] <= timeline.total).all():
                return timeline, totals
            ahead = self._further(timeline, ahead, int(start.max()))

    def _further(self, timeline: Timeline, ahead: int, latest: int) -> int:
        if timeline.last_s >= _LAST_S:
            moment = datetime.fromtimestamp(latest, UTC)
            raise MeasureError("calendar", f"has not enough open time after {moment:%Y-%m-%d %H:%M} UTC")
        return ahead * 4

    def _day_still_open(self, timeline: Timeline, start: Integers, local: Integers) -> Integers:
        index = np.searchsorted(timeline.days, local, side="left")
        inside = np.minimum(index, timeline.days.size - 1)
        over = (
            (timeline.days[inside] == local) & (timeline.day_end[inside] <= start)
            if timeline.days.size
            else np.zeros(start.size, dtype=np.bool_)
        )
        return index + over

    def _covering(self, first_s: int, last_s: int) -> Timeline:
        """A timeline that holds both instants; it only grows, so that use in any order stays cheap."""
        last_s = min(last_s, _LAST_S)
        kept = self._kept[0] if self._kept else None
        if kept is not None and kept.first_s <= first_s and last_s <= kept.last_s:
            return kept
        if kept is not None:
            first_s, last_s = min(first_s, kept.first_s), max(last_s, kept.last_s)
        timeline = self._build(max(first_s - _MARGIN_S, _FIRST_S), min(last_s + _MARGIN_S, _LAST_S))
        self._kept[:] = [timeline]  # one assignment: threads see the old or the new, both right
        return timeline

    def _build(self, first_s: int, last_s: int) -> Timeline:
        days = np.arange(first_s // DAY_S - 2, last_s // DAY_S + 2, dtype=np.int64)
        by_day = hours_by_day(days, self.weekly, self.exceptions, self.yearly)
        return build_timeline(offset_table(zone_named(self.zone), first_s, last_s), by_day, first_s, last_s)


def _check_instant(argument: str, instant: int) -> None:
    if not _FIRST_S <= instant <= _LAST_S - DAY_S:
        raise MeasureError(argument, "must lie between the years 1900 and 2399, in epoch seconds")


def _instants(argument: str, value: NDArray[np.integer] | int) -> Integers:
    instants = seconds(argument, np.atleast_1d(value))
    if instants.size:
        _check_instant(argument, int(instants.min()))
        _check_instant(argument, int(instants.max()))
    return instants


def _paired(**arrays: Integers) -> tuple[Integers, Integers]:
    (_, first), (name, second) = arrays.items()
    if first.size != second.size and 1 not in (first.size, second.size):
        raise MeasureError(name, f"must be as long as start ({first.size}), has {second.size}")
    a, b = np.broadcast_arrays(first, second)
    return a, b


def _ordered(start: int, end: int) -> tuple[int, int]:
    _check_instant("start", start)
    _check_instant("end", end)
    if end < start:
        raise MeasureError("end", "must not lie before start")
    return start, end


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def _closes(closure: YearlyClosure, day: date) -> bool:
    return any(first <= day <= last for first, last in closure.ranges(day.year, day.year))


def always(zone: str = "UTC", *, name: str = "24x7") -> WorkingCalendar:
    """Natural time: the calendar that never closes."""
    return WorkingCalendar(zone=zone, weekly=(WHOLE_DAY,) * 7, name=name)
