"""Directly-follows arcs and waiting per activity, with exact duration quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.flow.traces import IntArray, Traces

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
    follows = traces.follows()
    if not follows.any():
        return []
    width = int(traces.activity.max()) + 1
    groups = _grouped(
        _pairs(traces, width)[follows], np.diff(traces.time_s)[follows], width * width, quantiles
    )
    arcs = [Arc(key // width, key % width, count, total, values) for key, count, total, values in groups]
    return sorted(arcs, key=lambda arc: (-arc.count, arc.source, arc.target))


def bottlenecks(traces: Traces, *, quantiles: Sequence[float] = DEFAULT_QUANTILES) -> list[Wait]:
    """Return the activities by total time until the next event of the case, longest first.

    The last event of a case waits for nothing and is not counted.
    """
    follows = traces.follows()
    if not follows.any():
        return []
    groups = _grouped(
        traces.activity[:-1][follows],
        np.diff(traces.time_s)[follows],
        int(traces.activity.max()) + 1,
        quantiles,
    )
    whole = sum(total for _, _, total, _ in groups)
    waits = [
        Wait(key, count, total, total / whole if whole else 0.0, values)
        for key, count, total, values in groups
    ]
    return sorted(waits, key=lambda wait: (-wait.total_s, wait.activity))


def _pairs(traces: Traces, width: int) -> IntArray:
    # Each activity with the next one as one number.
    pairs = traces.activity[:-1] * width
    pairs += traces.activity[1:]
    return pairs


def _grouped(
    keys: IntArray, gaps: IntArray, limit: int, quantiles: Sequence[float]
) -> list[tuple[int, int, int, tuple[float, ...]]]:
    # Per distinct key: count, sum and quantiles. One sort of (dense key, gap) packed into an integer.
    if any(not 0 <= q <= 1 for q in quantiles):
        raise MeasureError("quantiles", "must lie between 0 and 1")
    if limit <= _TABLE_LIMIT:
        counts = np.bincount(keys, minlength=limit)
        found = np.flatnonzero(counts)
        counts = counts[found]
        dense = np.empty(limit, dtype=np.int64)
        dense[found] = np.arange(len(found))
        groups = dense[keys]
        del keys
    else:
        found, groups, counts = np.unique(keys, return_inverse=True, return_counts=True)
    # In place: of a large log, each of these arrays is large.
    span = int(gaps.max()) + 1
    groups *= span
    groups += gaps
    del gaps
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


def _quantile(values: IntArray, starts: IntArray, counts: IntArray, q: float) -> FloatArray:
    position = (counts - 1) * q
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, counts - 1)
    low, high = values[starts + below], values[starts + above]
    result: FloatArray = low + (high - low) * (position - below)
    return result
