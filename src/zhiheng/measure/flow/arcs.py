"""Directly-follows arcs and waiting per activity, with exact duration quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.flow.traces import BATCH_CASES, IntArray, Traces

FloatArray = npt.NDArray[np.float64]
DEFAULT_QUANTILES = (0.5, 0.9)
# A counting table of this many cells is cheaper than sorting the pairs.
_TABLE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Arc:
    """How often `target` directly followed `source` in a case, and the seconds between them."""

    source: int
    target: int
    count: int
    total_s: int
    quantiles_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """How long cases stayed in an activity until their next event; `share` is of all waiting in the log."""

    activity: int
    count: int
    total_s: int
    share: float
    quantiles_s: tuple[float, ...]


def directly_follows(traces: Traces, *, quantiles: Sequence[float] = DEFAULT_QUANTILES) -> list[Arc]:
    """Return every arc, most frequent first (then by codes).

    Quantiles in [0, 1] are of seconds, by linear interpolation between order statistics (Hyndman–Fan 7).
    """
    width = _width(traces)
    groups = _grouped(
        traces, lambda batch: batch.activity[:-1] * width + batch.activity[1:], width * width, quantiles
    )
    arcs = [Arc(key // width, key % width, count, total, values) for key, count, total, values in groups]
    return sorted(arcs, key=lambda arc: (-arc.count, arc.source, arc.target))


def bottlenecks(traces: Traces, *, quantiles: Sequence[float] = DEFAULT_QUANTILES) -> list[Wait]:
    """Return the activities by total time until the next event of the case, longest first.

    The last event of a case waits for nothing and is not counted.
    """
    groups = _grouped(traces, lambda batch: batch.activity[:-1], _width(traces), quantiles)
    whole = sum(total for _, _, total, _ in groups)
    waits = [
        Wait(key, count, total, total / whole if whole else 0.0, values)
        for key, count, total, values in groups
    ]
    return sorted(waits, key=lambda wait: (-wait.total_s, wait.activity))


def _width(traces: Traces) -> int:
    return int(traces.activity.max()) + 1 if len(traces.activity) else 0


def _grouped(
    traces: Traces, key_of: Callable[[Traces], IntArray], limit: int, quantiles: Sequence[float]
) -> list[tuple[int, int, int, tuple[float, ...]]]:
    # Per distinct key of an event that another follows: count of such events, sum and quantiles of the seconds
    # between them. One sort of (dense key, gap) packed into an integer.
    if any(not 0 <= q <= 1 for q in quantiles):
        raise MeasureError("quantiles", "must lie between 0 and 1")
    size = len(traces.activity) - traces.case_count
    if not size:
        return []
    found, counts, span = _counted(traces, key_of, limit)
    table = None
    if limit <= _TABLE_LIMIT:
        table = np.zeros(limit, dtype=np.int64)
        table[found] = np.arange(len(found))
    groups = np.empty(size, dtype=np.int64)
    done = 0
    for batch in traces.batches():
        follows = batch.follows()
        keys = key_of(batch)[follows]
        packed = np.searchsorted(found, keys) if table is None else table[keys]
        packed *= span
        packed += np.diff(batch.time_s)[follows]
        groups[done : done + len(packed)] = packed
        done += len(packed)
    groups.sort()
    ends = np.cumsum(counts)
    starts = ends - counts
    gaps_sorted = np.remainder(groups, span, out=groups)
    totals = np.add.reduceat(gaps_sorted, starts)
    columns = [_quantile(gaps_sorted, starts, counts, q) for q in quantiles]
    return [
        (int(found[i]), int(counts[i]), int(totals[i]), tuple(float(column[i]) for column in columns))
        for i in range(len(found))
    ]


def _counted(
    traces: Traces, key_of: Callable[[Traces], IntArray], limit: int
) -> tuple[IntArray, IntArray, int]:
    # The keys that occur, how often each does, and more seconds than any gap has.
    longest, parts = 0, []
    counts = np.zeros(limit if limit <= _TABLE_LIMIT else 0, dtype=np.int64)
    # A large table is not worth its while for a few cases.
    for batch in traces.batches(max(BATCH_CASES, len(counts))):
        follows = batch.follows()
        keys = key_of(batch)[follows]
        longest = max(longest, int(np.diff(batch.time_s)[follows].max(initial=0)))
        if len(counts):
            counts += np.bincount(keys, minlength=limit)
        else:
            parts.append(keys)
    if len(counts):
        found = np.flatnonzero(counts)
        return found, counts[found], longest + 1
    found, many = np.unique(np.concatenate(parts), return_counts=True)
    return found, many, longest + 1


def _quantile(values: IntArray, starts: IntArray, counts: IntArray, q: float) -> FloatArray:
    position = (counts - 1) * q
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    low, high = values[starts + below], values[starts + above]
    result: FloatArray = low + (high - low) * (position - below)
    return result
