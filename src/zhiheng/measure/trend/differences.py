"""What a measure did to those it touched, beyond what happened to those it did not: difference in differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import (
    Booleans,
    Floats,
    Integers,
    booleans,
    check_confidence,
    column,
    floats,
    same_length,
)
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.trend.regression import Matrix, clustered, estimate, least_squares

FEW_CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class DifferenceInDifferences:
    """The effect: change of the treated less change of the untouched, with both changes and the four means.

    `means`: treated before, treated after, untouched before, untouched after (None for an empty cell). `parallel_p`:
    the test that both moved alike before the measure; None unless periods were given.
    """

    effect: Measurement
    p_value: float | None
    means: tuple[float | None, ...]
    counts: tuple[int, ...]
    clusters: int | None
    parallel_p: float | None
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        p = "" if self.p_value is None else f", p={self.p_value:.3g}"
        notes = "" if self.clusters is None else f", clusters={self.clusters}"
        return f"effect {self.effect}{p}{notes}"


def difference_in_differences(
    values: object,
    treated: object,
    after: object,
    *,
    cluster: object | None = None,
    period: object | None = None,
    confidence: float = 0.95,
    unit: str = "change",
) -> DifferenceInDifferences:
    """(ȳ treated after − ȳ treated before) − (ȳ untouched after − ȳ untouched before) (Card & Krueger 1994).

    One row per case, or per unit and period; `treated` and `after` are flags. `cluster` labels what is observed
    again and again (team, customer): variance by cluster with t limits of G − 1 degrees, "few_clusters" under 10;
    without it each row is taken as independent and the limits are Welch's. `period` (numbers) gives a test whether
    both groups had the same slope before: "trends_differ" with p < 0.05. The effect is causal only if both would have
    moved alike without the measure; the test cannot prove that. Not enough data with fewer than two rows in a cell.

    Unit: that of `values`; `unit` names it. Errors: NaN, unequal lengths, flags other than true and false.
    """
    check_confidence(confidence)
    y, touched, late = floats("values", values), booleans("treated", treated), booleans("after", after)
    n = same_length(values=y, treated=touched, after=late)
    groups = None if cluster is None else _codes(cluster, y)
    time = None if period is None else floats("period", period)
    if time is not None:
        same_length(values=y, period=time)
    cells = [y[(touched == t) & (late == a)] for t, a in ((1, 0), (1, 1), (0, 0), (0, 1))]
    counts = tuple(int(cell.size) for cell in cells)
    means = tuple(float(cell.mean()) if cell.size else None for cell in cells)
    clusters = None if groups is None else int(groups.max(initial=-1)) + 1
    method = "difference in differences, " + ("welch" if groups is None else "clustered")
    if min(counts) < 2 or (clusters is not None and clusters < 3):
        nothing = not_enough(unit, n=n, method=method, confidence=confidence)
        return DifferenceInDifferences(nothing, None, means, counts, clusters, None, (NOT_ENOUGH_DATA,))
    value = float(cells[1].mean() - cells[0].mean() - cells[3].mean() + cells[2].mean())
    variance, degrees = _welch(cells) if groups is None else _by_cluster(y, touched, late, groups)
    effect, p_value = estimate(value, variance, degrees, unit=unit, n=n, method=method, confidence=confidence)
    parallel = None if time is None else _parallel(y, touched, late, time, groups)
    flags = (
        ("few_clusters", clusters is not None and clusters < FEW_CLUSTERS),
        ("trends_differ", parallel is not None and parallel < 0.05),
    )
    raised = tuple(name for name, on in flags if on)
    return DifferenceInDifferences(
        effect.flagged(*raised), p_value, means, counts, clusters, parallel, flags=raised
    )


def _codes(cluster: object, y: Floats) -> Integers:
    labels = column("cluster", cluster)
    same_length(values=y, cluster=labels)
    codes: Integers = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return codes


def _welch(cells: list[Floats]) -> tuple[float, float]:
    """Variance of the sum of four means and its degrees of freedom (Satterthwaite 1946)."""
    parts = [float(cell.var(ddof=1)) / cell.size for cell in cells]
    spread = sum(part**2 / (cell.size - 1) for part, cell in zip(parts, cells, strict=True))
    degrees = sum(parts) ** 2 / spread if spread else float(sum(cell.size - 1 for cell in cells))
    return sum(parts), degrees


def _by_cluster(y: Floats, touched: Booleans, late: Booleans, groups: Integers) -> tuple[float, float]:
    design = np.column_stack((np.ones(y.size), touched, late, touched & late)).astype(float)
    fit = least_squares(design, y, np.ones(y.size))
    assert fit is not None  # every cell has rows, so the four columns are independent
    return float(clustered(fit, groups)[3, 3]), float(groups.max())


def _parallel(
    y: Floats, touched: Booleans, late: Booleans, time: Floats, groups: Integers | None
) -> float | None:
    """p of equal slopes before the measure; None where the periods before do not show one."""
    before = ~late
    t, own = time[before], touched[before].astype(float)
    design: Matrix = np.column_stack((np.ones(t.size), own, t - t.mean(), own * (t - t.mean())))
    fit = least_squares(design, y[before], np.ones(t.size))
    if fit is None:
        return None
    if groups is None:
        covariance, degrees = fit.ordinary, float(fit.degrees)
    else:
        codes = np.unique(groups[before], return_inverse=True)[1]
        if codes.max() < 2:
            return None
        covariance, degrees = clustered(fit, codes), float(codes.max())
    value = float(fit.coefficient[3])
    return estimate(
        value, float(covariance[3, 3]), degrees, unit="slope", n=t.size, method="slope", confidence=0.95
    )[1]
