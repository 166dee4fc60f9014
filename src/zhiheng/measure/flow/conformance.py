"""Whether each case kept to a process definition, and at which step it first left it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from zhiheng.measure.flow.traces import IntArray, Traces


class DeviationKind(StrEnum):
    """How a case leaves its definition."""

    UNKNOWN_STATE = "unknown_state"
    WRONG_START = "wrong_start"
    FORBIDDEN_TRANSITION = "forbidden_transition"
    WRONG_END = "wrong_end"


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """States, allowed transitions, and the states in which a case may start and end, all as codes.

    A state followed by itself is no transition (an update), unless `repeats_count` says it must be allowed by
    name. Without `ends` a case may end, or still be, anywhere.
    """

    states: frozenset[int]
    transitions: frozenset[tuple[int, int]]
    starts: frozenset[int]
    ends: frozenset[int] | None = None
    repeats_count: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """One step that the definition does not allow, and how many cases took it at least once.

    `source` is None for a wrong start or an unknown state, `target` is None for a wrong end. An unknown state
    is named once, not also as a wrong start, end or transition.
    """

    kind: DeviationKind
    source: int | None
    target: int | None
    cases: int
    events: int


@dataclass(frozen=True, slots=True)
class Conformance:
    """The verdict on each case, in the order of `Traces.case_codes`.

    `first_event[c]` is the place, in the arrays given, of the event at which case c first deviates, or -1.
    `deviations` are the distinct forbidden steps, by number of cases.
    """

    conforms: npt.NDArray[np.bool_]
    first_event: IntArray
    deviations: tuple[Deviation, ...]

    @property
    def rate(self) -> float | None:
        """Return the share of cases that conform; None without cases."""
        return float(self.conforms.mean()) if len(self.conforms) else None


def check_conformance(traces: Traces, definition: ProcessDefinition) -> Conformance:
    """Check every case against the definition; every deviating step is found, not only the first."""
    places = np.repeat(np.arange(traces.case_count), np.diff(traces.starts))
    first, last = traces.starts[:-1], traces.starts[1:] - 1
    found = [
        *_unknown(traces, definition),
        *_forbidden(traces, definition),
        *_edges(traces, first, definition, definition.starts, DeviationKind.WRONG_START),
    ]
    if definition.ends is not None:
        found += _edges(traces, last, definition, definition.ends, DeviationKind.WRONG_END)
    worst = np.full(traces.case_count, len(traces.order), dtype=np.int64)
    deviations = []
    for kind, source, target, events in found:
        cases = places[events]
        np.minimum.at(worst, cases, events)
        deviations.append(Deviation(kind, source, target, len(np.unique(cases)), len(events)))
    conforms = worst == len(traces.order)
    first_event = np.full(traces.case_count, -1, dtype=np.int64)
    first_event[~conforms] = traces.order[worst[~conforms]]
    deviations.sort(key=lambda item: (-item.cases, item.kind.value, str(item.source), str(item.target)))
    return Conformance(conforms, first_event, tuple(deviations))


_Found = tuple[DeviationKind, int | None, int | None, IntArray]


def _unknown(traces: Traces, definition: ProcessDefinition) -> list[_Found]:
    return [
        (DeviationKind.UNKNOWN_STATE, None, code, np.flatnonzero(traces.activity == code))
        for code in np.unique(traces.activity).tolist()
        if code not in definition.states
    ]


def _forbidden(traces: Traces, definition: ProcessDefinition) -> list[_Found]:
    steps = np.flatnonzero(traces.follows())
    if not len(steps):
        return []
    width = int(traces.activity.max()) + 1
    keys = traces.activity[steps] * width + traces.activity[steps + 1]
    found: list[_Found] = []
    for key in np.unique(keys).tolist():
        source, target = divmod(key, width)
        allowed = (source, target) in definition.transitions or (
            source == target and not definition.repeats_count
        )
        if not allowed and source in definition.states and target in definition.states:
            found.append((DeviationKind.FORBIDDEN_TRANSITION, source, target, steps[keys == key] + 1))
    return found


def _edges(
    traces: Traces,
    events: IntArray,
    definition: ProcessDefinition,
    allowed: frozenset[int],
    kind: DeviationKind,
) -> list[_Found]:
    codes = traces.activity[events]
    start = kind is DeviationKind.WRONG_START
    return [
        (kind, None if start else code, code if start else None, events[codes == code])
        for code in np.unique(codes).tolist()
        if code in definition.states and code not in allowed
    ]
