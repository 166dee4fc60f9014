"""When a case was answered, resolved, reopened and closed, read from the categories of its states. Pure arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Integers
from zhiheng.measure.flow import Traces

NEVER = np.iinfo(np.int64).max
DONE = ("solved", "closed")
ENDED = (*DONE, "cancelled", "merged")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Moments of each case in seconds (NEVER where there is none), in the order of the traces."""

    left_new_s: Integers
    first_resolved_s: Integers
    first_reopened_s: Integers
    resolved_s: Integers
    closed_s: Integers


def read_lifecycle(traces: Traces, categories: Sequence[str | None]) -> Lifecycle:
    """Follow the state categories of every case; an unmapped state counts as work."""
    done = _among(traces, categories, DONE)
    first_done = first_time(traces, done)
    working = ~_among(traces, categories, ENDED)
    after_done = traces.time_s >= np.repeat(first_done, np.diff(traces.starts))
    # "After" is by order: a state of work that stands behind the first solution in the case.
    seen = np.logical_and(_cumulative(traces, done), after_done)
    return Lifecycle(
        left_new_s=first_time(traces, ~_among(traces, categories, ("new",))),
        first_resolved_s=first_done,
        first_reopened_s=first_time(traces, working & seen),
        resolved_s=_trailing(traces, done),
        closed_s=_trailing(traces, _among(traces, categories, ("closed",))),
    )


def first_time(traces: Traces, wanted: Booleans) -> Integers:
    """The time of the first wanted event of each case, NEVER without one."""
    if not traces.case_count:
        return np.zeros(0, dtype=np.int64)
    times = np.where(wanted, traces.time_s, NEVER)
    result: Integers = np.minimum.reduceat(times, traces.starts[:-1])
    return result


def any_of(traces: Traces, wanted: Booleans) -> Booleans:
    """Whether a case has a wanted event."""
    if not traces.case_count:
        return np.zeros(0, dtype=np.bool_)
    result: Booleans = np.logical_or.reduceat(wanted, traces.starts[:-1])
    return result


def time_in(
    traces: Traces, categories: Sequence[str | None], category: str, *, until_s: Integers
) -> Integers:
    """The seconds each case spent in states of a category, up to its own `until_s`."""
    if not traces.case_count:
        return np.zeros(0, dtype=np.int64)
    limits = np.repeat(until_s, np.diff(traces.starts))
    following = np.append(traces.time_s[1:], 0)
    following[traces.starts[1:] - 1] = until_s
    ends = np.minimum(following, limits)
    spans = np.where(_among(traces, categories, (category,)), np.maximum(ends - traces.time_s, 0), 0)
    result: Integers = np.add.reduceat(spans, traces.starts[:-1])
    return result


def _among(traces: Traces, categories: Sequence[str | None], wanted: Sequence[str]) -> Booleans:
    chosen = np.array([category in wanted for category in categories] or [False], dtype=np.bool_)
    result: Booleans = chosen[traces.activity]
    return result


def _cumulative(traces: Traces, wanted: Booleans) -> Booleans:
    """Whether a wanted event stands at or before this place in its case."""
    total = np.cumsum(wanted)
    before = np.concatenate(([0], total))[traces.starts[:-1]]
    result: Booleans = total > np.repeat(before, np.diff(traces.starts))
    return result


def _trailing(traces: Traces, wanted: Booleans) -> Integers:
    """The time of the first event of the unbroken run of wanted events that ends a case."""
    places = np.arange(len(wanted))
    last_other = (
        np.maximum.reduceat(np.where(wanted, -1, places), traces.starts[:-1]) if len(wanted) else places
    )
    first = np.maximum(last_other + 1, traces.starts[:-1])
    held = first < traces.starts[1:]
    result: Integers = np.full(traces.case_count, NEVER, dtype=np.int64)
    result[held] = traces.time_s[first[held]]
    return result
