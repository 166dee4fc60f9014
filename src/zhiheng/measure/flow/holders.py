"""Who holds a case: hand-overs from one holder (team, person) to another, and A-B-A ping-pong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.flow.traces import IntArray, Traces


@dataclass(frozen=True, slots=True)
class HandOverArc:
    """How often cases went from one holder to another."""

    source: int
    target: int
    count: int


@dataclass(frozen=True, slots=True)
class HandOvers:
    """Changes of holder. Per case, in the order of `Traces.case_codes`: `changes` and `returns`.

    A change is two different holders in a row, events without a holder left out; a return is A-B-A: a case
    that comes back to the holder it has just left. `arcs` are most frequent first.
    """

    changes: IntArray
    returns: IntArray
    arcs: tuple[HandOverArc, ...]

    @property
    def ping_pong(self) -> npt.NDArray[np.bool_]:
        """Return whether each case went A-B-A at least once."""
        return self.returns > 0


def hand_overs(traces: Traces, holder: npt.ArrayLike) -> HandOvers:
    """Follow the holder of each case; codes in the order the log was given, -1 = not known."""
    holders = np.asarray(holder, dtype=np.int64)
    if len(holders) != len(traces.order):
        raise MeasureError("holder", "must have one code per event")
    places = np.repeat(np.arange(traces.case_count), np.diff(traces.starts))
    sorted_holders = holders[traces.order]
    known = sorted_holders >= 0
    places, sorted_holders = places[known], sorted_holders[known]
    # Keep the first event of each stay, so that neighbours within a case always differ.
    stay = np.ones(len(places), dtype=np.bool_)
    stay[1:] = (places[1:] != places[:-1]) | (sorted_holders[1:] != sorted_holders[:-1])
    places, sorted_holders = places[stay], sorted_holders[stay]
    moved = places[1:] == places[:-1]
    back = (places[2:] == places[:-2]) & (sorted_holders[2:] == sorted_holders[:-2])
    return HandOvers(
        np.bincount(places[1:][moved], minlength=traces.case_count).astype(np.int64),
        np.bincount(places[2:][back], minlength=traces.case_count).astype(np.int64),
        _arcs(sorted_holders[:-1][moved], sorted_holders[1:][moved]),
    )


def _arcs(sources: IntArray, targets: IntArray) -> tuple[HandOverArc, ...]:
    if not len(sources):
        return ()
    width = int(max(sources.max(), targets.max())) + 1
    found, counts = np.unique(sources * width + targets, return_counts=True)
    arcs = [
        HandOverArc(int(key) // width, int(key) % width, int(n)) for key, n in zip(found, counts, strict=True)
    ]
    return tuple(sorted(arcs, key=lambda arc: (-arc.count, arc.source, arc.target)))
