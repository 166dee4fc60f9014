"""Scans many groups for one signal: one-sided tests, false discoveries held by Benjamini–Hochberg."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.measure.result import Measurement

FALSE_DISCOVERIES = 0.10
WORST = 3
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """A group on the bad side of the threshold; `significant` after correcting for all groups that were scanned."""

    scope: str
    name: str
    measurement: Measurement
    p_value: float
    significant: bool


def scan_groups(
    findings: Sequence[tuple[str, str, Measurement]], *, watch: float, direction: str
) -> tuple[GroupFinding, ...]:
    """The worst groups: significant ones first, then by how sure it is. Each is (scope, name, figure)."""
    p_values = [one_sided_p(figure, watch=watch, direction=direction) for _, _, figure in findings]
    kept = benjamini_hochberg(p_values, level=FALSE_DISCOVERIES)
    result = [
        GroupFinding(scope=scope, name=name, measurement=figure, p_value=p, significant=passes)
        for (scope, name, figure), p, passes in zip(findings, p_values, kept, strict=True)
        if _on_bad_side(figure, watch, direction)
    ]
    result.sort(
        key=lambda item: (not item.significant, -_distance(item.measurement, watch), item.scope, item.name)
    )
    return tuple(result[:WORST])


def benjamini_hochberg(p_values: Sequence[float], *, level: float) -> list[bool]:
    """Which hypotheses are rejected at a false discovery rate (Benjamini & Hochberg 1995)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    last = -1
    for rank, place in enumerate(order, start=1):
        if p_values[place] <= level * rank / len(p_values):
            last = rank
    rejected = set(order[: max(last, 0)])
    return [place in rejected for place in range(len(p_values))]


def one_sided_p(figure: Measurement, *, watch: float, direction: str) -> float:
    """The chance of a figure at least this bad were the threshold true: a score test, else from the interval."""
    assert figure.value is not None
    if figure.numerator is not None and figure.denominator and 0 < watch < 1:
        error = math.sqrt(watch * (1 - watch) / figure.denominator)
    elif figure.low is not None and figure.high is not None:
        error = (figure.high - figure.low) / (2 * Z95)
    else:
        return 1.0
    if error <= 0:
        return 0.0 if _on_bad_side(figure, watch, direction) else 1.0
    z = (figure.value - watch) / error
    return 0.5 * math.erfc((z if direction == "up" else -z) / math.sqrt(2))


def _on_bad_side(figure: Measurement, watch: float, direction: str) -> bool:
    assert figure.value is not None
    return figure.value > watch if direction == "up" else figure.value < watch


def _distance(figure: Measurement, watch: float) -> float:
    assert figure.value is not None
    return abs(figure.value - watch)
