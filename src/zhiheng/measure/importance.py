"""Importance against performance: which attributes to improve first, and of which nobody can say yet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.satisfaction.clusters import cluster_codes
from zhiheng.measure.satisfaction.drivers import drivers, variance_shares
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

__all__ = ["Ellipse", "ImportancePerformance", "ImportancePoint", "importance_performance"]

Quadrant = Literal["concentrate", "keep_up", "low_priority", "possible_overkill"]
Crosshair = Literal["data", "scale"]
Kind = Literal["stated", "derived"]

STATED: Kind = "stated"
DERIVED: Kind = "derived"
_UNITS: dict[Kind, str] = {"stated": "points", "derived": "share"}

UNCERTAIN = "uncertain"
"""The interval of the point crosses a line, so its quadrant may be another one."""


@dataclass(frozen=True, slots=True)
class Ellipse:
    """The confidence region of a point: half axes in units of the axes, `angle` of the first from the
    performance axis, in radians."""

    performance: float
    importance: float
    major: float
    minor: float
    angle: float


@dataclass(frozen=True, slots=True)
class ImportancePoint:
    """One attribute. `quadrant` is where the point lies, `label` the same or "uncertain".

    `gap`: stated importance less performance, in points of the scale; None for derived importance, which has
    another unit.
    """

    name: str
    importance: Measurement
    performance: Measurement
    quadrant: Quadrant | None
    certain: bool
    gap: Measurement | None
    ellipse: Ellipse | None

    @property
    def label(self) -> str:
        """The quadrant where it is certain."""
        return self.quadrant if self.certain and self.quadrant else UNCERTAIN

    def __str__(self) -> str:
        return f"{self.name}: {self.label}, importance {self.importance}, performance {self.performance}"


@dataclass(frozen=True, slots=True)
class ImportancePerformance:
    """All attributes in the order given, and where the two lines of the crosshair lie (None: not enough data)."""

    points: tuple[ImportancePoint, ...]
    importance_line: float | None
    performance_line: float | None
    kind: Kind
    crosshair: Crosshair
    n: int
    flags: tuple[str, ...] = ()

    def in_quadrant(self, quadrant: Quadrant) -> tuple[str, ...]:
        """The attributes that certainly lie there."""
        return tuple(point.name for point in self.points if point.label == quadrant)

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        head = f"{self.kind} importance against performance, lines of {self.crosshair} (n={self.n}{notes})"
        return "; ".join((head, *(str(point) for point in self.points)))


def importance_performance(
    performance: object,
    *,
    seed: int,
    importance: object | None = None,
    outcome: object | None = None,
    names: Sequence[str] | None = None,
    crosshair: Crosshair = "data",
    scale: tuple[float, float] | None = None,
    clusters: object | None = None,
    replicates: int = 2000,
    confidence: float = 0.95,
) -> ImportancePerformance:
    """Where each attribute stands on importance × performance (Martilla & James 1977), with its uncertainty.

    `performance` is answers × attributes. Importance is either stated, `importance` of the same shape, or
    derived: each attribute's share of the variance of `outcome` (`satisfaction.drivers`). Lines: "data", the
    means over all attributes (relative: something is always below), or "scale", the middle of `scale` (worst,
    best), for a share of variance still the mean. Quadrants: important and below → "concentrate"; important and
    above → "keep_up"; else "low_priority" and "possible_overkill". A point whose percentile interval (from
    `replicates` bootstrap samples of answers, or of whole `clusters`) touches a line is "uncertain". Stated and
    derived importance often disagree: people state what is expected of them. Fewer than 2 answers, or for
    derived importance than attributes + 2: not enough data; rows with gaps are left out by the caller. Drawn
    with `seed`. Unit: points, or a share of variance for derived importance. Errors: NaN, unequal shapes, both
    or neither kind of importance, a scale without its crosshair.
    """
    check_confidence(confidence)
    rated = matrix("performance", performance)
    if (importance is None) == (outcome is None):
        raise MeasureError("importance", "must be given, or outcome instead of it")
    _check_lines(crosshair, scale)
    if not rated.shape[1]:
        raise MeasureError("performance", "must have at least one column")
    labels = checked_names("names", names, rated.shape[1])
    n, kind = len(rated), STATED if outcome is None else DERIVED
    if outcome is None:
        axes = _stated(rated, importance, clusters, replicates=replicates, seed=seed)
    else:
        axes = _derived(rated, outcome, clusters, replicates=replicates, seed=seed)
    if axes is None:
        nothing = tuple(_no_point(name, kind, n, confidence) for name in labels)
        return ImportancePerformance(nothing, None, None, kind, crosshair, n, (NOT_ENOUGH_DATA,))
    lines = float(axes.importance.mean()), float(axes.performance.mean())
    if scale is not None:
        middle = (scale[0] + scale[1]) / 2
        lines = (middle if kind == STATED else lines[0], middle)
    points = tuple(
        _point(name, axes, i, lines=lines, n=n, confidence=confidence) for i, name in enumerate(labels)
    )
    return ImportancePerformance(points, *lines, kind, crosshair, n)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Both coordinates of each attribute, and of each attribute in each replicate."""

    kind: Kind
    importance: Floats
    performance: Floats
    importance_drawn: Floats
    performance_drawn: Floats


def _check_lines(crosshair: str, scale: tuple[float, float] | None) -> None:
    if crosshair not in ("data", "scale"):
        raise MeasureError("crosshair", f'must be "data" or "scale", is {crosshair!r}')
    if (scale is None) != (crosshair == "data"):
        raise MeasureError("scale", 'must be given for the crosshair "scale", and for nothing else')
    if scale is not None and not scale[0] < scale[1]:
        raise MeasureError("scale", f"must name the worst and then a higher best, is {scale!r}")


def _stated(
    rated: Floats, importance: object, clusters: object | None, *, replicates: int, seed: int
) -> _Axes | None:
    stated = matrix("importance", importance)
    if stated.shape != rated.shape:
        raise MeasureError("importance", f"must be {len(rated)} × {rated.shape[1]} like performance")
    both = np.hstack((stated, rated))
    drawn = _drawn_means(both, clusters, replicates=replicates, seed=seed)
    if drawn is None:
        return None
    k, means = rated.shape[1], both.mean(axis=0)
    return _Axes(STATED, means[:k], means[k:], drawn[:, :k], drawn[:, k:])


def _derived(
    rated: Floats, outcome: object, clusters: object | None, *, replicates: int, seed: int
) -> _Axes | None:
    y = floats("outcome", outcome)
    found = drivers(rated, y, seed=seed, replicates=0)
    drawn = _drawn_means(rated, clusters, replicates=replicates, seed=seed)
    if found.r_squared is None or drawn is None:
        return None
    # The same seed draws the same answers, so that both coordinates of a replicate belong together.
    shares = variance_shares(rated, y, clusters, replicates=replicates, seed=seed)
    importance = np.array([driver.share.value for driver in found.drivers])
    return _Axes(DERIVED, importance, rated.mean(axis=0), shares, drawn)


def _drawn_means(values: Floats, clusters: object | None, *, replicates: int, seed: int) -> Floats | None:
    """replicates × columns: the means of samples of rows or clusters; None with fewer than two to draw."""
    sums, sizes = values, np.ones(len(values))
    if clusters is not None:
        codes, members = cluster_codes(clusters, len(values))
        sums, sizes = np.zeros((members.size, values.shape[1])), members.astype(np.float64)
        np.add.at(sums, codes, values)
    if len(sums) < 2:
        return None
    draws = bootstrap_counts(len(sums), replicates=replicates, seed=seed)
    return np.concatenate([counts @ sums / (counts @ sizes)[:, None] for counts in draws])


def _point(
    name: str, axes: _Axes, i: int, *, lines: tuple[float, float], n: int, confidence: float
) -> ImportancePoint:
    unit = _UNITS[axes.kind]
    x, y = axes.performance_drawn[:, i], axes.importance_drawn[:, i]
    performance = _figure(float(axes.performance[i]), x, "points", n, confidence)
    importance = _figure(float(axes.importance[i]), y, unit, n, confidence)
    gap = None
    if axes.kind == STATED:
        gap = _figure(float(axes.importance[i] - axes.performance[i]), y - x, unit, n, confidence)
    high, good = axes.importance[i] >= lines[0], axes.performance[i] >= lines[1]
    quadrant: Quadrant
    if high:
        quadrant = "keep_up" if good else "concentrate"
    else:
        quadrant = "possible_overkill" if good else "low_priority"
    certain = not (_touches(importance, lines[0]) or _touches(performance, lines[1]))
    ellipse = _ellipse(x, y, float(axes.performance[i]), float(axes.importance[i]), confidence)
    return ImportancePoint(name, importance, performance, quadrant, certain, gap, ellipse)


def _no_point(name: str, kind: Kind, n: int, confidence: float) -> ImportancePoint:
    importance, performance = (
        not_enough(unit, n=n, method="bootstrap-percentile", confidence=confidence)
        for unit in (_UNITS[kind], "points")
    )
    return ImportancePoint(name, importance, performance, None, False, None, None)


def _figure(value: float, drawn: Floats, unit: str, n: int, confidence: float) -> Measurement:
    flat = drawn.min() == drawn.max()
    low, high = (None, None) if flat else percentile_interval(drawn, confidence=confidence)
    return Measurement(
        value=value,
        unit=unit,
        n=n,
        low=low,
        high=high,
        method="bootstrap-percentile",
        confidence=confidence,
        flags=(ZERO_VARIANCE,) if flat else (),
    )


def _touches(figure: Measurement, line: float) -> bool:
    return figure.low is None or figure.high is None or figure.low <= line <= figure.high


def _ellipse(x: Floats, y: Floats, performance: float, importance: float, confidence: float) -> Ellipse:
    """The region of a bivariate normal with the replicates' covariance; −2 ln(1 − c) is its chi-square quantile."""
    variances, axes = np.linalg.eigh(np.cov(x, y))
    radius = math.sqrt(-2 * math.log1p(-confidence))
    minor, major = (radius * np.sqrt(np.maximum(variances, 0.0))).tolist()
    direction = axes[:, 1] if axes[0, 1] >= 0 else -axes[:, 1]
    return Ellipse(performance, importance, major, minor, float(np.arctan2(direction[1], direction[0])))
