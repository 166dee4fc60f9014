"""When a case was answered, resolved, reopened and closed, read from the categories of its states. Pure arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

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
    parts = [_read_batch(batch, categories) for batch in traces.batches()]
    return Lifecycle(
        *(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(Lifecycle))
    )


def _read_batch(traces: Traces, categories: Sequence[str | None]) -> Lifecycle:
    done = _among(traces, categories, DONE)
    first_done = _first_places(traces, done, traces.starts[:-1])
    working = ~_among(traces, categories, ENDED)
    # "After" is by order: a state of work that stands behind the first solution in the case.
    reopened = _first_places(traces, working, np.where(first_done < 0, traces.starts[1:], first_done))
    return Lifecycle(
        left_new_s=first_time(traces, ~_among(traces, categories, ("new",))),
        first_resolved_s=_times_at(traces, first_done),
        first_reopened_s=_times_at(traces, reopened),
        resolved_s=_trailing(traces, done),
        closed_s=_trailing(traces, _among(traces, categories, ("closed",))),
    )


def first_time(traces: Traces, wanted: Booleans) -> Integers:
    """The time of the first wanted event of each case, NEVER without one."""
    return _times_at(traces, _first_places(traces, wanted, traces.starts[:-1]))


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


def _first_places(traces: Traces, wanted: Booleans, since: Integers) -> Integers:
    """The place of each case's first wanted event at or behind its place `since`, -1 without one."""
    places = np.flatnonzero(wanted)
    at = np.searchsorted(places, since)
    found = np.full(traces.case_count, -1, dtype=np.int64)
    held = at < len(places)
    found[held] = places[at[held]]
    return np.where(found < traces.starts[1:], found, -1)


def _times_at(traces: Traces, places: Integers) -> Integers:
    result: Integers = np.full(traces.case_count, NEVER, dtype=np.int64)
    held = places >= 0
    result[held] = traces.time_s[places[held]]
    return result


def _trailing(traces: Traces, wanted: Booleans) -> Integers:
    """The time of the first event of the unbroken run of wanted events that ends a case."""
    others = np.flatnonzero(~wanted)
    before = np.searchsorted(others, traces.starts[1:])
    first = traces.starts[:-1].copy()
    held = before > 0
    first[held] = np.maximum(first[held], others[before[held] - 1] + 1)
    return _times_at(traces, np.where(first < traces.starts[1:], first, -1))
