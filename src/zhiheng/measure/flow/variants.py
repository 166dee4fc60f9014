"""Variants (distinct sequences of activities), starts and ends of cases, repeated activities."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zhiheng.measure.flow.traces import IntArray, Traces


@dataclass(frozen=True, slots=True)
class Variants:
    """Every variant, most frequent first (ties: the one seen first).

    `sequences[v]` holds activity codes, `counts[v]` its cases; `of_case` gives the variant of each case in
    the order of `Traces.case_codes`.
    """

    sequences: tuple[tuple[int, ...], ...]
    counts: IntArray
    of_case: IntArray

    def __len__(self) -> int:
        return len(self.sequences)


def variants(traces: Traces) -> Variants:
    """Group cases by their exact sequence of activities."""
    width = _narrowest(traces.activity)
    data = traces.activity.astype(width).tobytes()
    # An array of the standard library gives plain integers, which slice fastest, one at a time.
    bounds = array("q", (traces.starts * np.dtype(width).itemsize).tobytes())
    seen: dict[bytes, int] = {}
    ids = np.fromiter(
        (seen.setdefault(data[start:end], len(seen)) for start, end in pairwise(bounds)),
        dtype=np.int64,
        count=traces.case_count,
    )
    counts = np.bincount(ids, minlength=len(seen))
    rank = np.argsort(-counts, kind="stable")
    place = np.empty(len(seen), dtype=np.int64)
    place[rank] = np.arange(len(seen))
    keys = list(seen)
    sequences = tuple(tuple(np.frombuffer(keys[i], dtype=width).tolist()) for i in rank)
    return Variants(sequences, counts[rank].astype(np.int64), place[ids])


def start_activities(traces: Traces) -> dict[int, int]:
    """Return how many cases begin with each activity."""
    return _counted(traces.activity[traces.starts[:-1]])


def end_activities(traces: Traces) -> dict[int, int]:
    """Return how many cases end with each activity."""
    return _counted(traces.activity[traces.starts[1:] - 1])


def rework(traces: Traces) -> dict[int, int]:
    """Return, for each activity, how many cases did it more than once (activities never repeated are absent).

    Every further event of the activity counts as a repetition, also when it follows directly.
    """
    if not len(traces.activity):
        return {}
    width = int(traces.activity.max()) + 1
    pairs = np.repeat(np.arange(traces.case_count) * width, np.diff(traces.starts))
    pairs += traces.activity
    pairs.sort()
    # Asked for counts too, np.unique does without numpy.ma, which takes longer to load than this to compute.
    repeated, _ = np.unique(pairs[1:][pairs[1:] == pairs[:-1]], return_counts=True)
    return _counted(repeated % width)


def _counted(codes: IntArray) -> dict[int, int]:
    found, counts = np.unique(codes, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _narrowest(codes: IntArray) -> type[np.uint8] | type[np.uint16] | type[np.uint32]:
    highest = int(codes.max()) if len(codes) else 0
    if highest <= np.iinfo(np.uint8).max:
        return np.uint8
    return np.uint16 if highest <= np.iinfo(np.uint16).max else np.uint32
