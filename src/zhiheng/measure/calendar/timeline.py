"""Open time as sorted UTC spans with running totals, so that both questions become two binary searches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from zhiheng.measure.arrays import Integers
from zhiheng.measure.calendar.rules import DAY_S, DatedException, Hours, YearlyClosure
from zhiheng.measure.calendar.zone import OffsetTable

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The open spans between `first_s` and `last_s`; `before[i]` is the open time up to `start[i]`.

    `days` are the working days (days since 1970, wall time) and `day_end` the instant at which the work of
    each ends.
    """

    first_s: int
    last_s: int
    start: Integers
    end: Integers
    before: Integers
    days: Integers
    day_end: Integers
    offsets: OffsetTable
    spans: tuple[list[int], list[int], list[int]]  # start, end, before: plain integers for single questions

    @property
    def total(self) -> int:
        """All its open seconds."""
        start, end, before = self.spans
        return before[-1] + end[-1] - start[-1] if start else 0

    def open_until(self, instants: Integers) -> Integers:
        """The open seconds between the start of the timeline and each instant."""
        if not self.start.size:
            return np.zeros(instants.shape, dtype=np.int64)
        index = np.maximum(np.searchsorted(self.start, instants, side="right") - 1, 0)
        worked = np.minimum(instants, self.end[index]) - self.start[index]
        result: Integers = self.before[index] + np.maximum(worked, 0)
        return result

    def open_until_one(self, instant: int) -> int:
        """`open_until` for one instant; NumPy would take ten times as long."""
        start, end, before = self.spans
        index = bisect_right(start, instant) - 1
        return before[index] + min(instant, end[index]) - start[index] if index >= 0 else 0

    def reached_one(self, total: int) -> int:
        """`reached` for one total."""
        start, _, before = self.spans
        index = bisect_left(before, total) - 1
        return start[index] + total - before[index]

    def reached(self, totals: Integers) -> Integers:
        """The first instant at which the open time reaches each total (1 ≤ total ≤ `self.total`)."""
        index = np.searchsorted(self.before, totals, side="left") - 1
        return self.start[index] + (totals - self.before[index])


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def hours_by_day(
    days: Integers,
    weekly: Sequence[tuple[Hours, ...]],
    exceptions: Sequence[DatedException],
    yearly: Sequence[YearlyClosure],
) -> list[tuple[tuple[Hours, ...], Integers]]:
    """Which hours hold on which days: dated open before dated closed before yearly before weekly.

    All matching ranges apply: a day in several open ranges has the hours of all of them.
    """
    first, last = int(days[0]), int(days[-1])
    pattern = (days + 3) % 7  # 1970-01-01 was a Thursday
    kinds: list[tuple[Hours, ...]] = list(weekly)
    closed = -1

    def positions(start: date, end: date) -> slice:
        return slice(max(day_number(start) - first, 0), max(min(day_number(end), last) - first + 1, 0))

    years = (date.fromordinal(first + _EPOCH).year, date.fromordinal(last + _EPOCH).year)
    for closure in yearly:
        for start, end in closure.ranges(*years):
            pattern[positions(start, end)] = closed
    for exception in exceptions:
        if exception.closed:
            pattern[positions(exception.first, exception.last)] = closed
    extra: dict[int, tuple[Hours, ...]] = {}
    for exception in exceptions:
        if not exception.closed:
            hours = exception.hours if exception.as_weekday is None else tuple(weekly[exception.as_weekday])
            span = positions(exception.first, exception.last)
            for position in range(*span.indices(days.size)):
                extra[position] = tuple(sorted({*extra.get(position, ()), *hours}))
    numbers: dict[tuple[Hours, ...], int] = {}
    for position, hours in extra.items():
        if hours not in numbers:
            numbers[hours] = len(kinds)
            kinds.append(hours)
        pattern[position] = numbers[hours]
    return [(hours, days[pattern == number]) for number, hours in enumerate(kinds)]


def build_timeline(
    offsets: OffsetTable, by_day: Sequence[tuple[tuple[Hours, ...], Integers]], first_s: int, last_s: int
) -> Timeline:
    """The timeline of wall-time hours in a zone.

    An instant is open when the clock on the wall then shows a time inside the hours: an hour that the clocks
    skip is not worked, an hour that they repeat is worked twice.
    """
    starts, ends, days = _wall_intervals(by_day)
    pieces: list[tuple[Integers, Integers, Integers]] = []
    for segment_start, segment_end, offset in zip(
        offsets.start.tolist(), offsets.end.tolist(), offsets.offset.tolist(), strict=True
    ):
        low = np.searchsorted(starts, segment_start + offset - 2 * DAY_S)
        high = np.searchsorted(starts, segment_end + offset)
        from_s = np.maximum(starts[low:high] - offset, segment_start)
        to_s = np.minimum(ends[low:high] - offset, segment_end)
        kept = to_s > from_s
        pieces.append((from_s[kept], to_s[kept], days[low:high][kept]))
    start, end, day = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    work_days, position = np.unique(day, return_inverse=True)
    day_end = np.full(work_days.size, np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(day_end, position, end)
    start, end = _merged(start, end)
    before = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(end - start)))[: start.size]
    spans = start.tolist(), end.tolist(), before.tolist()
    return Timeline(first_s, last_s, start, end, before, work_days, day_end, offsets, spans)


def _wall_intervals(
    by_day: Sequence[tuple[tuple[Hours, ...], Integers]],
) -> tuple[Integers, Integers, Integers]:
    none = np.zeros(0, dtype=np.int64)
    starts, ends, days = [none], [none], [none]
    for hours, on_days in by_day:
        for interval in hours:
            starts.append(on_days * DAY_S + interval.start_s)
            ends.append(on_days * DAY_S + interval.end_s)
            days.append(on_days)
    start, end, day = np.concatenate(starts), np.concatenate(ends), np.concatenate(days)
    order = np.argsort(start, kind="stable")
    return start[order], end[order], day[order]


def _merged(start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """The union of intervals as disjoint, sorted, non-touching ones."""
    if not start.size:
        return start, end
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order])
    first = np.concatenate(([True], start[1:] > end[:-1]))
    last = np.concatenate((first[1:], [True]))
    return start[first], end[last]
