"""Whether tickets kept to the process they started with, and the steps it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.analyze.log import EventLog
from zhiheng.indicators.queries.cases import event_log
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import OpenFacts, opened
from zhiheng.measure.flow import DeviationKind, ProcessDefinition, build_traces, check_conformance


@dataclass(frozen=True, slots=True)
class Design:
    """What a process version allows, by the names of its states."""

    states: frozenset[str]
    transitions: frozenset[tuple[str, str]]
    start: str


@dataclass(frozen=True, slots=True)
class Departure:
    """A step that the process does not allow; `source` or `target` is "" where it has none."""

    kind: DeviationKind
    source: str
    target: str
    cases: int


@dataclass(frozen=True, slots=True)
class Conformity:
    """How many tickets kept to their process, and how the others left it, most frequent first."""

    kept: int
    cases: int
    departures: tuple[Departure, ...]


def conformity(lens: Lens, designs: Mapping[int, Design]) -> Conformity:
    """Judge the tickets of the window, each on the version it started with; tickets of other versions are left out."""
    kept = cases = 0
    found: dict[tuple[DeviationKind, str, str], int] = {}
    with opened(lens) as held:
        for version_id in _versions(held):
            if version_id not in designs:
                continue
            log = event_log(held, lens, where=f"process_version_id = {version_id}")
            traces = build_traces(log.case_codes, log.activity_codes, log.times_s)
            judged = check_conformance(traces, _coded(designs[version_id], log))
            kept += int(np.count_nonzero(judged.conforms))
            cases += traces.case_count
            names = log.activities
            for item in judged.deviations:
                source = "" if item.source is None else names[item.source]
                target = "" if item.target is None else names[item.target]
                found[item.kind, source, target] = found.get((item.kind, source, target), 0) + item.cases
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return Conformity(kept, cases, tuple(Departure(*key, count) for key, count in ordered))


def _versions(held: OpenFacts) -> list[int]:
    rows = held.connection.execute(
        "select distinct process_version_id from tickets where process_version_id is not null order by 1"
    ).fetchall()
    return [int(version_id) for (version_id,) in rows]


def _coded(design: Design, log: EventLog) -> ProcessDefinition:
    codes = {name: code for code, name in enumerate(log.activities)}
    return ProcessDefinition(
        states=frozenset(codes[name] for name in design.states if name in codes),
        transitions=frozenset(
            (codes[a], codes[b]) for a, b in design.transitions if a in codes and b in codes
        ),
        starts=frozenset({codes[design.start]} if design.start in codes else ()),
    )
