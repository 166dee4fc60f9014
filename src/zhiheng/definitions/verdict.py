"""Verdict of a target: the point value decides, the interval can add doubt, and too little data is a verdict too."""

from dataclasses import dataclass
from typing import Literal

from zhiheng.definitions.definition import Target
from zhiheng.measure.result import Measurement

State = Literal["met", "not_met", "no_target", "not_enough_data", "not_computable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`uncertain` is set when the interval holds the target; `missing` names the columns a source lacks."""

    state: State
    uncertain: bool = False
    alarm: bool = False
    missing: tuple[str, ...] = ()


def judge(
    measurement: Measurement, target: Target, *, minimum_n: int, missing: tuple[str, ...] = ()
) -> Verdict:
    """Judge a figure against a target."""
    if missing:
        return Verdict("not_computable", missing=missing)
    if "no_key" in measurement.flags:
        return Verdict("not_computable", missing=("key",))
    if measurement.value is None or measurement.n < minimum_n or "too_many_without_key" in measurement.flags:
        return Verdict("not_enough_data")
    edges = _edges(target)
    if not edges:
        return Verdict("no_target")
    value = measurement.value
    met = all(_reaches(value, limit, direction) for limit, direction in edges)
    doubt = any(_holds(measurement, limit) for limit, _ in edges)
    alarmed = target.alarm is not None and not _reaches(value, target.alarm, target.direction)
    return Verdict("met" if met else "not_met", uncertain=doubt, alarm=alarmed)


def _edges(target: Target) -> list[tuple[float, str]]:
    if target.direction == "band":
        limits = ((target.low, "up"), (target.high, "down"))
    else:
        limits = ((target.value, target.direction), (None, ""))
    return [(limit, direction) for limit, direction in limits if limit is not None]


def _reaches(value: float, limit: float, direction: str) -> bool:
    return value >= limit if direction == "up" else value <= limit


def _holds(measurement: Measurement, limit: float) -> bool:
    low, high = measurement.low, measurement.high
    if low is None and high is None:
        return False
    # A limit on the edge of its scale (100 %) is not doubted by an interval that merely ends there.
    return (low is None or low < limit) and (high is None or limit < high)
