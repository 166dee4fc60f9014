"""An event log sorted into traces: by case, then time, ties by the order given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.measure.errors import MeasureError

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
BATCH_CASES = 1 << 13


@dataclass(frozen=True, slots=True)
class Traces:
    """Events sorted by case code, time, and the order given; cases without events do not appear.

    `order[i]` is the place of sorted event i in the arrays given; `activity`, `time_s` are sorted; `case_codes`
    and `starts` have one entry per case that has events, ascending, and `starts` the number of events at the end.
    """

    order: IntArray
    case_codes: IntArray
    activity: IntArray
    time_s: IntArray
    starts: IntArray

    @property
    def case_count(self) -> int:
        """Return the number of cases that have events."""
        return len(self.starts) - 1

    @property
    def case(self) -> IntArray:
        """Return the case code of each sorted event; made anew each time."""
        return np.repeat(self.case_codes, np.diff(self.starts))

    @property
    def first_s(self) -> IntArray:
        """Return the second of each case's first event, in the order of `case_codes`."""
        return self.time_s[self.starts[:-1]]

    @property
    def last_s(self) -> IntArray:
        """Return the second of each case's last event, in the order of `case_codes`."""
        return self.time_s[self.starts[1:] - 1]

    @property
    def durations_s(self) -> IntArray:
        """Return the seconds from first to last event of each case, in the order of `case_codes`."""
        return self.last_s - self.first_s

    @property
    def last_event(self) -> IntArray:
        """Return the place, in the arrays given, of each case's last event."""
        return self.order[self.starts[1:] - 1]

    def batches(self, cases: int = BATCH_CASES) -> Iterator[Traces]:
        """Yield the same traces a few cases at a time, in their order; one batch without cases when there are none.

        What is made of a batch stays small beside the log, and in the cache. `order` holds places in the arrays given.
        """
        for first in range(0, max(self.case_count, 1), cases):
            starts = self.starts[first : first + cases + 1]
            events = slice(starts[0], starts[-1])
            yield Traces(
                self.order[events],
                self.case_codes[first : first + cases],
                self.activity[events],
                self.time_s[events],
                starts - starts[0],
            )

    def follows(self) -> BoolArray:
        """Return, for each sorted event but the last, whether the next one belongs to the same case."""
        same = np.ones(max(len(self.order) - 1, 0), dtype=np.bool_)
        same[self.starts[1:-1] - 1] = False
        return same


def build_traces(case: npt.ArrayLike, activity: npt.ArrayLike, time_s: npt.ArrayLike) -> Traces:
    """Sort events into traces.

    Arrays of equal length, in log order: non-negative integer codes and UTC seconds. Raises MeasureError.
    """
    cases, activities, times = (_integers(item) for item in (case, activity, time_s))
    if not len(cases) == len(activities) == len(times):
        raise MeasureError("case, activity, time_s", "must have the same length")
    if len(cases) and min(cases.min(), activities.min()) < 0:
        raise MeasureError("case, activity", "codes must not be negative")
    order = _order(cases, times)
    sorted_case = cases[order]
    boundaries = np.flatnonzero(sorted_case[1:] != sorted_case[:-1]) + 1
    ends = [len(cases)] if len(cases) else []
    starts = np.concatenate(([0], boundaries, ends)).astype(np.int64)
    return Traces(
        order, _wide(sorted_case[starts[:-1]]), _wide(activities[order]), _wide(times[order]), starts
    )


def _integers(values: npt.ArrayLike) -> npt.NDArray[Any]:
    # Integers as narrow as they come: a large log is widened only once it is in order.
    array = np.asarray(values)
    return array if array.dtype.kind == "i" else array.astype(np.int64)


def _wide(values: npt.NDArray[Any]) -> IntArray:
    return values.astype(np.int64, copy=False)


def _order(cases: npt.NDArray[Any], times: npt.NDArray[Any]) -> IntArray:
    # One integer key sorts case and time together; a stable merge sort of a nearly sorted log is linear.
    if not len(cases):
        return np.zeros(0, dtype=np.int64)
    span = int(times.max()) - int(times.min()) + 1
    if (int(cases.max()) + 1) * span > np.iinfo(np.int64).max:
        raise MeasureError("case, time_s", "case codes times the span of time must fit in 63 bits")
    key = cases.astype(np.int64)
    key *= span
    key += times
    key -= int(times.min())
    return np.argsort(key, kind="stable").astype(np.int64, copy=False)
