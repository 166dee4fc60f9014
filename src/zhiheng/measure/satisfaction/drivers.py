"""What drives satisfaction: the share of its variance that each attribute explains, fair to correlated ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.resampling import percentile_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE
from zhiheng.measure.satisfaction.shares import bootstrap_shares, correlations, is_constant, lmg_shares

MOST_ATTRIBUTES = 15
"""2^15 regressions; with more attributes, group them first."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One attribute: `share` of the outcome's variance, `portion` of all that is explained, raw slope beside it."""

    name: str
    share: Measurement
    portion: float | None
    slope: float | None

    def __str__(self) -> str:
        return f"{self.name}: {self.share}"


@dataclass(frozen=True, slots=True)
class Drivers:
    """All attributes in the order given; their shares add up to `r_squared`. Slopes and intercept by least squares."""

    drivers: tuple[Driver, ...]
    r_squared: float | None
    intercept: float | None
    n: int
    method: str
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.r_squared is None:
            return f"drivers: {', '.join(self.flags)} (n={self.n})"
        ranked = sorted(self.drivers, key=lambda driver: -(driver.share.value or 0.0))
        return f"R² {self.r_squared:.2%} (n={self.n}): " + "; ".join(str(driver) for driver in ranked)


def drivers(
    attributes: object,
    outcome: object,
    *,
    names: Sequence[str] | None = None,
    seed: int | None = None,
    clusters: object | None = None,
    replicates: int = 1000,
    confidence: float = 0.95,
) -> Drivers:
    """Each attribute's share of R²: its gain in R² averaged over all orders of entry (Lindeman, Merenda & Gold
    1980; the Shapley value of the regression).

    `attributes` is answers × attributes (at most 15), `outcome` the overall rating. Shares are never negative
    and add up to R²; two copies of one attribute share its part. With `seed`, percentile intervals from
    `replicates` bootstrap samples of answers, or of whole `clusters`. Least-squares slopes stand beside them
    to show what collinearity does (None, "collinear", where they are not unique). A share is association: it
    promises nothing about what a change would do. Fewer answers than attributes + 2: not enough data.
    """
    check_confidence(confidence)
    x, y = matrix("attributes", attributes), floats("outcome", outcome)
    if len(x) != y.size:
        raise MeasureError("outcome", f"must have one value per row of attributes ({len(x)}), has {y.size}")
    if not 1 <= x.shape[1] <= MOST_ATTRIBUTES:
        raise MeasureError("attributes", f"must have 1 to {MOST_ATTRIBUTES} columns, has {x.shape[1]}")
    labels = checked_names("names", names, x.shape[1])
    n, method = int(y.size), "lmg" if seed is None else "lmg-bootstrap-percentile"
    flags = tuple(
        f"{ZERO_VARIANCE}:{name}" for name, flat in zip(labels, is_constant(x), strict=True) if flat
    )
    nothing = not_enough("share", n=n, method=method, confidence=confidence)
    if n < x.shape[1] + 2 or is_constant(y[:, None])[0]:
        empty = tuple(Driver(name, nothing, None, None) for name in labels)
        return Drivers(empty, None, None, n, method, (NOT_ENOUGH_DATA, *flags))
    shares = lmg_shares(correlations(np.column_stack((x, y))))[0].tolist()
    limits: list[tuple[float | None, float | None]] = [(None, None)] * len(labels)
    if seed is not None:
        drawn = bootstrap_shares(x, y, clusters, replicates=replicates, seed=seed)
        limits = [percentile_interval(replicate, confidence=confidence) for replicate in drawn.T]
    slopes, intercept = _least_squares(x, y)
    total = sum(shares)
    table = tuple(
        Driver(
            name, replace(nothing, value=v, low=low, high=high, flags=()), v / total if total else None, slope
        )
        for name, v, (low, high), slope in zip(labels, shares, limits, slopes, strict=True)
    )
    flags = flags if intercept is not None else (*flags, "collinear")
    return Drivers(table, total, intercept, n, method, flags)


def _least_squares(x: Floats, y: Floats) -> tuple[tuple[float | None, ...], float | None]:
    """Slopes and intercept, None where the attributes do not determine them."""
    centre = x.mean(axis=0)
    design = x - centre
    if np.linalg.matrix_rank(design) < x.shape[1]:
        return (None,) * x.shape[1], None
    slopes = np.linalg.lstsq(design, y - y.mean(), rcond=None)[0]
    return tuple(slopes.tolist()), float(y.mean() - centre @ slopes)
