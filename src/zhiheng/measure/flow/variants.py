"""Variants (distinct sequences of activities), starts and ends of cases, repeated activities."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from zhiheng.measure.flow.traces import IntArray, Traces

# A table of this many numbers is made in no time.
_TABLE_LIMIT = 1 << 20


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
    first = _first_alike(traces)
    if first is None:
        first = _first_equal(traces)
    # The first cases of each variant, in their order, and every case's place among them.
    is_first = first == np.arange(traces.case_count)
    ids = (np.cumsum(is_first) - 1)[first]
    firsts = np.flatnonzero(is_first)
    counts = np.bincount(ids, minlength=len(firsts))
    rank = np.argsort(-counts, kind="stable")
    place = np.empty(len(firsts), dtype=np.int64)
    place[rank] = np.arange(len(firsts))
    bounds = zip(traces.starts[firsts[rank]].tolist(), traces.starts[firsts[rank] + 1].tolist(), strict=True)
    sequences = tuple(tuple(traces.activity[start:end].tolist()) for start, end in bounds)
    return Variants(sequences, counts[rank].astype(np.int64), place[ids])


def _first_alike(traces: Traces) -> IntArray | None:
    # For each case the first one with its sequence, by a sum of 64 bits; None where two sequences have one sum.
    lengths = np.diff(traces.starts)
    cells = (int(traces.activity.max()) + 1) * int(lengths.max()) if len(lengths) else 0
    if not 0 < cells <= _TABLE_LIMIT:
        return None
    mixed = _mixed(cells).reshape(int(lengths.max()), -1)
    # Each activity at each step has a number of its own.
    sums = np.concatenate(
        [
            np.add.reduceat(mixed[_steps(batch), batch.activity], batch.starts[:-1])
            for batch in traces.batches()
        ]
    )
    seen: dict[int, int] = {}
    # Plain integers, one at a time.
    first = np.fromiter(
        map(seen.setdefault, array("Q", sums.tobytes()), count()), dtype=np.int64, count=len(lengths)
    )
    return first if (lengths[first] == lengths).all() and _are_equal(traces, first) else None


def _steps(traces: Traces) -> IntArray:
    # How far each event is from the first of its case.
    return np.arange(len(traces.activity)) - np.repeat(traces.starts[:-1], np.diff(traces.starts))


def _are_equal(traces: Traces, first: IntArray) -> bool:
    done = 0
    for batch in traces.batches():
        begins = traces.starts[first[done : done + batch.case_count]]
        done += batch.case_count
        others = _steps(batch) + np.repeat(begins, np.diff(batch.starts))
        if (traces.activity[others] != batch.activity).any():
            return False
    return True


def _mixed(cells: int) -> npt.NDArray[np.uint64]:
    # Numbers without a pattern, always the same ones (SplitMix64, Steele, Lea & Flood 2014).
    mixed = np.arange(1, cells + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _first_equal(traces: Traces) -> IntArray:
    # The same by comparing the sequences themselves: slower, but for any number of activities.
    width = _narrowest(traces.activity)
    data = traces.activity.astype(width).tobytes()
    # An array of the standard library gives plain integers, which slice fastest, one at a time.
    bounds = array("q", (traces.starts * np.dtype(width).itemsize).tobytes())
    seen: dict[bytes, int] = {}
    return np.fromiter(
        (seen.setdefault(data[start:end], case) for case, (start, end) in enumerate(pairwise(bounds))),
        dtype=np.int64,
        count=traces.case_count,
    )


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
    cases = np.zeros(width, dtype=np.int64)
    for batch in traces.batches():
        pairs = np.repeat(np.arange(batch.case_count) * width, np.diff(batch.starts))
        pairs += batch.activity
        pairs.sort()
        # Asked for counts too, np.unique does without numpy.ma, which takes longer to load than this to compute.
        repeated, _ = np.unique(pairs[1:][pairs[1:] == pairs[:-1]], return_counts=True)
        cases += np.bincount(repeated % width, minlength=width)
    return {int(code): int(cases[code]) for code in np.flatnonzero(cases)}


def _counted(codes: IntArray) -> dict[int, int]:
    found, counts = np.unique(codes, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _narrowest(codes: IntArray) -> type[np.uint8] | type[np.uint16] | type[np.uint32]:
    highest = int(codes.max()) if len(codes) else 0
    if highest <= np.iinfo(np.uint8).max:
        return np.uint8
    return np.uint16 if highest <= np.iinfo(np.uint16).max else np.uint32
