"""What a definition is: texts, the formula as SQL, its estimator and its targets. Frozen values, no behaviour."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Text = dict[str, str]

# The column of tickets that places a case in the window, by cohort; None: a state at the end of the window.
COHORTS: dict[str, str | None] = {
    "received": "received_s",
    "onset": "onset_s",
    "restored": "restored_s",
    "resolved": "first_resolved_s",
    "loop": "loop_s",
    "point": None,
    "other": None,
}
DIMENSIONS = (
    "response_time",
    "functional_fulfilment",
    "reliability",
    "security",
    "supportability",
    "user_side",
    "none",
)
DIRECTIONS = ("up", "down", "band")
# The causes that the sources name for all defects, and two of ours; each typical cause of a defect is of one of them.
ROOTS: dict[str, Text] = {
    "process": {"zh": "流程不规范", "en": "irregular process"},
    "skill": {"zh": "技能参差", "en": "uneven skill"},
    "training": {"zh": "培训不持续", "en": "no continuing training"},
    "monitoring": {"zh": "监控预警不足", "en": "poor monitoring"},
    "communication": {"zh": "沟通不畅", "en": "poor communication"},
    "documents": {"zh": "文档缺失", "en": "documents"},
    "resources": {"zh": "资源不足", "en": "resources"},
}


@dataclass(frozen=True, slots=True)
class Formula:
    """One SQL that counts, and the estimator that turns the counts into a figure."""

    estimator: str
    needs: tuple[str, ...]
    unit: str
    minimum_n: int
    cohort: str
    sql: str = ""
    rows: str = ""
    kinds: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def anchor(self) -> str | None:
        """The column of tickets by which a case falls into a window."""
        return COHORTS[self.cohort]


@dataclass(frozen=True, slots=True)
class Target:
    """What is aimed at: a limit in a direction or a band, and an alarm behind it.

    `tag` says where it comes from: S stated by the sources, O our default, own of the organisation; an own one is in
    force from `since` (None: always) for all tickets or for one `group` of a `scope`.
    """

    direction: str
    value: float | None = None
    alarm: float | None = None
    low: float | None = None
    high: float | None = None
    never: bool = False
    tag: str = "O"
    since: date | None = None
    scope: str = "all"
    group: str = ""

    @property
    def aim(self) -> float | None:
        """The one limit that a figure is drawn against."""
        return self.high if self.direction == "band" else self.value


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the catalogue."""

    id: str
    name: Text
    words: Text
    formula: Formula
    target: Target
    matured_s: int
    exclusions: Text
    dimension: str
    points: tuple[float, ...]
    crosswalk: dict[str, str]
    programme: str
    second_kinds: tuple[str, ...]
    shown_with: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A figure with the two thresholds at which a defect is on watch or confirmed.

    A threshold must be passed; those named in `at` count as reached by a figure that is equal to them. One of the
    two may be missing; a figure without any is told beside the others and decides nothing.
    """

    id: str
    name: Text
    direction: str
    watch: float | None
    confirmed: float | None
    confirm_by: str
    tag: str
    indicator: str | None = None
    relative_to: float | None = None
    needs_excess: bool = False
    formula: Formula | None = None
    needs: tuple[str, ...] = ()
    at: tuple[str, ...] = ()

    @property
    def limit(self) -> float | None:
        """The first threshold there is: what separates good from bad."""
        return self.confirmed if self.watch is None else self.watch


@dataclass(frozen=True, slots=True)
class DefectCause:
    """A typical cause and the test that separates it from the others."""

    id: str
    root: str
    name: Text
    test: Text
    threshold: float | None
    formula: Formula | None
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Burden:
    """What customers bear: waiting seconds above the target, or affected tickets; and the signal that scales it."""

    unit: str
    signal: str
    sql: str
    needs: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Defect:
    """One common defect: how it is seen, why it happens, what prevents it.

    `verified_by` and `guards` name indicators, signals of the defect, or `figures` that no catalogue holds yet.
    """

    id: str
    name: Text
    symptom: Text
    level: str
    quarter: str
    owner: Text
    effect: Text
    measures: tuple[Text, ...]
    verified_by: tuple[str, ...]
    guards: tuple[str, ...]
    guard_note: Text | None
    figures: dict[str, Text]
    signals: tuple[Signal, ...]
    causes: tuple[DefectCause, ...]
    burden: Burden | None
    hash: str
