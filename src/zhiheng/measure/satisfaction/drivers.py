"""What drives satisfaction: the share of its variance that each attribute explains, fair to correlated ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, count, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.resampling import percentile_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE
from zhiheng.measure.satisfaction.shares import (
    bootstrap_shares,
    correlations,
    is_constant,
    lmg_shares,
    random_orders,
    sampled_shares,
)

MOST_EXACT = 15
"""Up to here all orders are averaged, by way of 2^15 regressions; beyond, orders are sampled."""
MOST_ATTRIBUTES = 100
DEFAULT_PAIRS = 100
_LEAST_SPREAD = 1e-12  # of a share; less is rounding


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
    order_pairs: int = DEFAULT_PAIRS,
    confidence: float = 0.95,
) -> Drivers:
    """Each attribute's share of R²: its gain in R² averaged over all orders of entry (Lindeman, Merenda & Gold
    1980; the Shapley value of the regression).

    `attributes` is answers × attributes, `outcome` the overall rating. Shares are never negative and add up to
    R²; two copies of one attribute share its part. With `seed`, percentile intervals from `replicates`
    bootstrap samples (0: none) of answers, or of whole `clusters`. With more than 15 attributes the mean is
    over `order_pairs` random orders and their reverses, drawn from `seed`. Least-squares slopes stand beside
    the shares to show what collinearity does (None, "collinear", where they are not unique). A share is
    association: it promises nothing about what a change would do. Fewer answers than attributes + 2, or a
    constant outcome: not enough data. Unit: shares of variance. Errors: NaN, unequal lengths, names that are
    not one for each, more than 100 attributes.
    """
    check_confidence(confidence)
    x, y = matrix("attributes", attributes), floats("outcome", outcome)
    if len(x) != y.size:
        raise MeasureError("outcome", f"must have one value per row of attributes ({len(x)}), has {y.size}")
    if not 1 <= x.shape[1] <= MOST_ATTRIBUTES:
        raise MeasureError("attributes", f"must have 1 to {MOST_ATTRIBUTES} columns, has {x.shape[1]}")
    labels = checked_names("names", names, x.shape[1])
    shares_of, method = _way(x.shape[1], seed, count("order_pairs", order_pairs, minimum=1))
    drawing = seed is not None and count("replicates", replicates) > 0
    n, method = int(y.size), f"{method}-bootstrap-percentile" if drawing else method
    flags = tuple(
        f"{ZERO_VARIANCE}:{name}" for name, flat in zip(labels, is_constant(x), strict=True) if flat
    )
    nothing = not_enough("share", n=n, method=method, confidence=confidence)
    if n < x.shape[1] + 2 or is_constant(y[:, None])[0]:
        empty = tuple(Driver(name, nothing, None, None) for name in labels)
        return Drivers(empty, None, None, n, method, (NOT_ENOUGH_DATA, *flags))
    shares = shares_of(correlations(np.column_stack((x, y))))[0].tolist()
    limits: list[tuple[float | None, float | None]] = [(None, None)] * len(labels)
    if seed is not None and drawing:
        drawn = bootstrap_shares(x, y, clusters, shares_of, replicates=replicates, seed=seed)
        limits = [_limits(replicate, confidence) for replicate in drawn.T]
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


def variance_shares(
    attributes: Floats, outcome: Floats, clusters: object | None, *, replicates: int, seed: int
) -> Floats:
    """replicates × attributes: the shares of `drivers` in each of its bootstrap samples for the same seed."""
    shares_of, _ = _way(attributes.shape[1], seed, DEFAULT_PAIRS)
    return bootstrap_shares(attributes, outcome, clusters, shares_of, replicates=replicates, seed=seed)


def _way(p: int, seed: int | None, pairs: int) -> tuple[Callable[[Floats], Floats], str]:
    """How the shares of p attributes are computed, and what that is called."""
    if p <= MOST_EXACT:
        return lmg_shares, "lmg"
    if seed is None:
        raise MeasureError("seed", f"must be given for more than {MOST_EXACT} attributes")
    return partial(sampled_shares, orders=random_orders(p, pairs=pairs, seed=seed)), "lmg-sampled"


def _limits(drawn: Floats, confidence: float) -> tuple[float | None, float | None]:
    """The percentile interval; none where all replicates agree, as with a single cluster."""
    if np.ptp(drawn) <= _LEAST_SPREAD:
        return None, None
    return percentile_interval(drawn, confidence=confidence)


def _least_squares(x: Floats, y: Floats) -> tuple[tuple[float | None, ...], float | None]:
    """Slopes and intercept, None where the attributes do not determine them."""
    centre = x.mean(axis=0)
    design = x - centre
    if np.linalg.matrix_rank(design) < x.shape[1]:
        return (None,) * x.shape[1], None
    slopes = np.linalg.lstsq(design, y - y.mean(), rcond=None)[0]
    return tuple(slopes.tolist()), float(y.mean() - centre @ slopes)
