"""What a definition is: texts, the formula as SQL, its estimator and its targets. Frozen values, no behaviour."""

from dataclasses import dataclass, field
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
    """What is aimed at: a limit in a direction or a band, and an alarm behind it."""

    direction: str
    value: float | None = None
    alarm: float | None = None
    low: float | None = None
    high: float | None = None
    never: bool = False
    tag: str = "O"


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
    """A figure with the two thresholds at which a defect is on watch or confirmed."""

    id: str
    name: Text
    direction: str
    watch: float
    confirmed: float | None
    confirm_by: str
    tag: str
    indicator: str | None = None
    relative_to: float | None = None
    needs_excess: bool = False
    formula: Formula | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefectCause:
    """A typical cause and the test that separates it from the others."""

    id: str
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
    """One common defect: how it is seen, why it happens, what prevents it."""

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
    signals: tuple[Signal, ...]
    causes: tuple[DefectCause, ...]
    burden: Burden | None
    hash: str
