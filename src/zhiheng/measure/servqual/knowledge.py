"""Gap 1: what customers expect against what managers believe they expect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.multiplicity import holm
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement
from zhiheng.measure.servqual.answers import (
    ANSWERED_SHARE,
    SERVQUAL_DIMENSIONS,
    check_share,
    overall_scores,
    read_scale,
    read_structure,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Customers' mean expectation minus what managers believe it to be; above 0 managers underrate it."""

    name: str
    difference: Measurement
    customers: int
    managers: int
    p_value: float | None
    p_holm: float | None

    def __str__(self) -> str:
        p = "?" if self.p_holm is None else f"{self.p_holm:.3g}"
        return f"{self.name}: {self.difference}, p (Holm) {p}"


@dataclass(frozen=True, slots=True)
class KnowledgeGap:
    """Gap 1 by dimension and overall."""

    dimensions: tuple[Difference, ...]
    overall: Difference
    method: str = "welch"

    @property
    def headline(self) -> Measurement:
        """The overall difference."""
        return self.overall.difference

    @property
    def worst(self) -> str | None:
        """The dimension that managers misjudge most, either way."""
        known = [d for d in self.dimensions if d.difference.value is not None]
        return max(known, key=lambda d: abs(d.difference.value or 0.0)).name if known else None

    def __str__(self) -> str:
        return "\n".join(("gap 1, knowledge", *(str(d) for d in (*self.dimensions, self.overall))))


def knowledge_gap(
    customer_expectation: object,
    manager_expectation: object,
    *,
    dimensions: Sequence[str] = SERVQUAL_DIMENSIONS,
    scale: tuple[float, float] = (1, 7),
    answered_share: float = ANSWERED_SHARE,
    confidence: float = 0.95,
) -> KnowledgeGap:
    """Gap 1: what customers expect against what managers believe they expect, by Welch's t (Welch 1947).

    Both tables: respondents × the same items on `scale`, NaN for "don't know"; dimension scores by the rule of
    `answered_share`. Difference customers − managers in points, Satterthwaite's degrees of freedom, Holm over
    the dimensions. Managers are few: an interval that contains 0 is no proof that they know.
    `customer_expectation`, `manager_expectation`: respondents × items of either group. Unit: points of the
    scale. Errors: as for `gap_analysis`; fewer than 2 on a side: "not_enough_data". Source: Parasuraman,
    Zeithaml & Berry 1985; Welch 1947.
    """
    check_confidence(confidence)
    check_share(answered_share)
    sides = []
    for name, values in (
        ("customer_expectation", customer_expectation),
        ("manager_expectation", manager_expectation),
    ):
        table = read_scale(name, values, scale)
        structure = read_structure(dimensions, None, table.shape[1])
        scores = structure.scores(table, answered_share)
        sides.append(np.column_stack((scores, overall_scores(scores))))
    rows = [
        welch(name, one[~np.isnan(one)], two[~np.isnan(two)], confidence)
        for name, one, two in zip((*structure.dimensions, "overall"), sides[0].T, sides[1].T, strict=True)
    ]
    parts, overall = rows[:-1], rows[-1]
    tested = [i for i, row in enumerate(parts) if row.p_value is not None]
    adjusted = dict(zip(tested, holm([parts[i].p_value for i in tested]).tolist(), strict=True))
    return KnowledgeGap(
        tuple(replace(row, p_holm=adjusted.get(i)) for i, row in enumerate(parts)),
        replace(overall, p_holm=overall.p_value),
    )


def welch(name: str, first: Floats, second: Floats, confidence: float) -> Difference:
    """The difference of two independent means with unequal variances, first minus second."""
    n, m = int(first.size), int(second.size)
    empty = Measurement(None, "points", n + m, method="welch", confidence=confidence)
    if n < 2 or m < 2:
        return Difference(name, empty.flagged(NOT_ENOUGH_DATA), n, m, None, None)
    value = float(first.mean() - second.mean())
    parts = (float(first.var(ddof=1)) / n, float(second.var(ddof=1)) / m)
    error = math.sqrt(sum(parts))
    if error == 0:
        return Difference(name, replace(empty, value=value, flags=("zero_variance",)), n, m, None, None)
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1))
    half = distributions.student_quantile(0.5 + confidence / 2, degrees) * error
    figure = replace(empty, value=value, low=value - half, high=value + half)
    return Difference(name, figure, n, m, distributions.student_tail(value / error, degrees), None)
