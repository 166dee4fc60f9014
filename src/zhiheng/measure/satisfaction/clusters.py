"""The interval of a mean when answers come in clusters: one person, many tickets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Integers, check_confidence, column, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

FEW_CLUSTERS = "few_clusters"
"""With so few clusters the interval is on the narrow side, t quantile or not."""
ENOUGH_CLUSTERS = 30


@dataclass(frozen=True, slots=True)
class ClusteredMean:
    """A mean with the interval that respects clusters.

    `design_effect`: its variance over that of as many independent answers; `effective_n`: answers divided by
    it. Both None where the spread is zero or the data are too few. `largest`: answers of the largest cluster.
    """

    figure: Measurement
    clusters: int
    largest: int
    standard_error: float | None
    design_effect: float | None
    effective_n: float | None

    def __str__(self) -> str:
        effect = "?" if self.design_effect is None else f"{self.design_effect:.3g}"
        return f"{self.figure}, {self.clusters} clusters, design effect {effect}"


def cluster_interval(
    values: object,
    clusters: object,
    *,
    weights: object | None = None,
    unit: str = "points",
    limits: tuple[float, float] = (-np.inf, np.inf),
    confidence: float = 0.95,
    population: str = "",
) -> ClusteredMean:
    """The (weighted) mean of `values` with a cluster-robust interval; `clusters` labels whose answer each is.

    Var = G/(G−1) Σ_g (Σ_{i∈g} w_i (x_i − x̄))² / (Σ w)², Student's t with G − 1 degrees (Liang & Zeger 1986;
    the small-sample form of Cameron & Miller 2015 for a mean). Limits are kept inside `limits`: (0, 1) for a
    share of 0/1 values, for which `unit` is "share". Fewer than 30 clusters are flagged "few_clusters"; fewer
    than 2 are not enough data. Unit: that of `values`. Errors: NaN, unequal lengths, weights below 0 or all 0.
    """
    check_confidence(confidence)
    x = floats("values", values)
    w = np.ones(x.size) if weights is None else floats("weights", weights, minimum=0)
    n = same_length(values=x, weights=w)
    codes, sizes = cluster_codes(clusters, n)
    groups, largest = int(sizes.size), int(sizes.max()) if n else 0
    total = float(w.sum())
    if n and total == 0:
        raise MeasureError("weights", "must not all be 0")
    nothing = not_enough(unit, n=n, method="cluster-student", confidence=confidence, population=population)
    if groups < 2:
        return ClusteredMean(nothing, groups, largest, None, None, None)
    mean = float(w @ x) / total
    sums = np.bincount(codes, w * (x - mean))
    error = float(np.sqrt(groups / (groups - 1) * float(sums @ sums))) / total
    flags = (FEW_CLUSTERS,) if groups < ENOUGH_CLUSTERS else ()
    if x.min() == x.max() or error <= 1e-15 * (abs(mean) + 1):
        figure = replace(nothing, value=mean, flags=(*flags, ZERO_VARIANCE))
        return ClusteredMean(figure, groups, largest, None, None, None)
    half = distributions.student_quantile(0.5 + confidence / 2, groups - 1) * error
    low, high = max(mean - half, limits[0]), min(mean + half, limits[1])
    spread = float(w @ (x - mean) ** 2) / total * n / (n - 1)
    effect = error**2 / (spread / n)
    figure = replace(nothing, value=mean, low=low, high=high, flags=flags)
    return ClusteredMean(figure, groups, largest, error, effect, n / effect)


def cluster_codes(clusters: object, n: int) -> tuple[Integers, Integers]:
    """The number of each answer's cluster, from 0, and the size of each; labels are numbers or texts, none missing."""
    labels = column("clusters", clusters)
    if labels.size != n:
        raise MeasureError("clusters", f"must label each of the {n} answers, has {labels.size}")
    if labels.dtype.kind == "O":
        if any(label is None or (isinstance(label, float) and isnan(label)) for label in labels):
            raise MeasureError("clusters", "must not be missing")
        labels = labels.astype(str)
    elif labels.dtype.kind == "f" and np.isnan(labels.astype(np.float64)).any():
        raise MeasureError("clusters", "must not be missing")
    _, codes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    return codes.astype(np.int64), sizes.astype(np.int64)
