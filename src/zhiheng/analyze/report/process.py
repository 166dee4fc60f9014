"""What of the report needs no definitions: where it comes from, and the figures of process mining."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhiheng import __version__
from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.figures.durations import case_figures, duration_figures
from zhiheng.analyze.figures.flow import flow_figures, log_figures
from zhiheng.analyze.mappings.model import TIME_ROLES

if TYPE_CHECKING:
    from zhiheng.definitions.definition import Target

SCHEMA = "zhiheng-analyze/1"
# The figures that can be asked for alone, with the roles they need beside case, activity and times.
ROLES_OF: Mapping[str, tuple[str, ...]] = {
    "log": (),
    "flow": ("team",),
    "durations": (),
    "cases": ("team", "priority", "reopen_count", "reassignment_count"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a log: the window, the zone and calendar it is seen in, and an organisation's own targets."""

    from_s: int
    to_s: int
    zone: str
    calendar: str
    targets: Mapping[str, Sequence[Target]] = field(default_factory=dict)
    trends: bool = False


def roles_for(figures: Collection[str]) -> frozenset[str]:
    """The roles of a log that some figures need. Times are among them always: they say what stands in for what."""
    return frozenset(TIME_ROLES).union(*(ROLES_OF[name] for name in figures))


def opening(facts: CaseFacts, question: Question) -> dict[str, Any]:
    """What every report begins with."""
    return {
        "schema": SCHEMA,
        "program": {"name": "zhiheng", "version": __version__},
        "source": {
            "files": list(facts.log.sources),
            "mapping": {"name": facts.log.mapping.name, "columns": facts.log.mapping.columns},
            "stand_ins": facts.stand_ins,
        },
        "window": {
            "from_s": question.from_s,
            "to_s": question.to_s,
            "cut_s": facts.cut_s,
            "timezone": question.zone,
            "calendar": question.calendar,
        },
    }


def process_figures(facts: CaseFacts, question: Question, figures: Collection[str]) -> dict[str, Any]:
    """The figures of these names."""
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "log": lambda: log_figures(facts),
        "flow": lambda: flow_figures(facts),
        "durations": lambda: duration_figures(facts),
        "cases": lambda: case_figures(facts, from_s=question.from_s, to_s=question.to_s),
    }
    return {name: make() for name, make in makers.items() if name in figures}


def process_report(facts: CaseFacts, question: Question, figures: Collection[str]) -> dict[str, Any]:
    """A report of these figures only; `figures` in it says so."""
    return {
        **opening(facts, question),
        "figures": [name for name in ROLES_OF if name in figures],
        **process_figures(facts, question, figures),
        "data_quality": [note.as_dict() for note in facts.log.quality],
    }
