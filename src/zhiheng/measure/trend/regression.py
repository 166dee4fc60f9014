"""Least squares with variances that hold for series and for groups; the models of `trend` stand on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, Integers
from zhiheng.measure.result import Measurement

Matrix = NDArray[np.float64]

STRONGEST = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A weighted fit: coefficients, residuals, (X'WX)⁻¹, the scores w e x row by row, and the residual variance."""

    coefficient: Floats
    residual: Floats
    bread: Matrix
    scores: Matrix
    variance: float
    degrees: float

    @property
    def ordinary(self) -> Matrix:
        """The covariance for independent errors of one variance."""
        return self.variance * self.bread


def least_squares(design: Matrix, y: Floats, weights: Floats) -> LeastSquares | None:
    """The fit of y on the columns of `design`; None where they determine each other or leave no degree of freedom."""
    n, k = design.shape
    if n <= k:
        return None
    root = np.sqrt(weights)[:, None]
    scale = np.abs(design * root).max(axis=0)
    if not scale.all() or np.linalg.matrix_rank(design * root / scale) < k:
        return None
    q, r = np.linalg.qr(design * root)
    inverse = np.linalg.inv(r)
    coefficient = inverse @ (q.T @ (y * root[:, 0]))
    residual = y - design @ coefficient
    # What is left of an exact fit is rounding, not variation.
    residual = np.where(np.abs(residual) <= 1e-12 * max(float(np.abs(y).max()), 1e-300), 0.0, residual)
    return LeastSquares(
        coefficient=coefficient,
        residual=residual,
        bread=inverse @ inverse.T,
        scores=design * (weights * residual)[:, None],
        variance=float(weights @ residual**2) / (n - k),
        degrees=n - k,
    )


def autocorrelated_least_squares(
    design: Matrix, y: Floats, weights: Floats, step: Floats
) -> tuple[LeastSquares, float] | None:
    """Generalised least squares with errors correlated ρ^(distance in steps), and the ρ from 0 to 0.95 of the
    highest restricted likelihood (Patterson & Thompson 1971).

    Restricted, because residuals of a short series hide autocorrelation: plain residuals of 26 points with ρ = 0.5
    show half of it. Degrees of freedom shrink with it to (n − k)(1 − ρ) / (1 + ρ), what as many independent points
    are worth for a mean (Bayley & Hammersley 1946). None as for `least_squares`.
    """
    plain = least_squares(design, y, weights)
    if plain is None or plain.variance == 0:
        return None if plain is None else (plain, 0.0)
    rows, target = design * np.sqrt(weights)[:, None], y * np.sqrt(weights)
    gap = np.diff(step)

    def likelihood(rho: float) -> float:
        x, z, scale = _independent(rows, target, gap, rho)
        q, r = np.linalg.qr(x)
        rest = z - q @ (q.T @ z)
        spread = float(np.log(np.abs(np.diag(r))).sum()) + scale
        left = float(z.size - x.shape[1])
        return -spread - left / 2 * math.log(float(rest @ rest))

    rho = _highest(likelihood)
    x, z, _ = _independent(rows, target, gap, rho)
    fit = least_squares(x, z, np.ones(z.size))
    assert fit is not None  # the transformation is invertible, so the rank is that of the plain fit
    residual = y - design @ fit.coefficient
    return replace(fit, residual=residual, degrees=fit.degrees * (1 - rho) / (1 + rho)), rho


def _independent(rows: Matrix, target: Floats, gap: Floats, rho: float) -> tuple[Matrix, Floats, float]:
    """Each row less what the row before foretells, in units of what is left; and Σ log of those units."""
    link = rho**gap
    left = np.sqrt(1 - link**2)
    x, z = rows.copy(), target.copy()
    x[1:] = (rows[1:] - link[:, None] * rows[:-1]) / left[:, None]
    z[1:] = (target[1:] - link * target[:-1]) / left
    return x, z, float(np.log(left).sum())


def _highest(curve: Callable[[float], float]) -> float:
    """Where a curve over 0 … 0.95 is highest: the best of twenty places, then golden sections about it."""
    places = np.linspace(0.0, STRONGEST, 20).tolist()
    best = int(np.argmax([curve(place) for place in places]))
    low, high = places[max(best - 1, 0)], places[min(best + 1, len(places) - 1)]
    golden = (math.sqrt(5) - 1) / 2
    one, two = high - golden * (high - low), low + golden * (high - low)
    at_one, at_two = curve(one), curve(two)
    while high - low > 1e-6:
        if at_one >= at_two:
            high, two, at_two = two, one, at_one
            one = high - golden * (high - low)
            at_one = curve(one)
        else:
            low, one, at_one = one, two, at_two
            two = low + golden * (high - low)
            at_two = curve(two)
    return (low + high) / 2 if low > 0 else 0.0


def clustered(fit: LeastSquares, groups: Integers) -> Matrix:
    """The covariance that allows for any dependence within groups coded from 0, × G/(G−1) × (n−1)/(n−k)
    (Liang & Zeger 1986)."""
    n, size = fit.scores.shape[0], int(groups.max()) + 1
    sums = np.zeros((size, fit.scores.shape[1]))
    np.add.at(sums, groups, fit.scores)
    factor = size / (size - 1) * (n - 1) / fit.degrees
    result: Matrix = fit.bread @ (sums.T @ sums) @ fit.bread * factor
    return result


def estimate(
    value: float, variance: float, degrees: float, *, unit: str, n: int, method: str, confidence: float
) -> tuple[Measurement, float]:
    """A figure with its t interval, and the two-sided p of no effect; without variation p is 0 or 1."""
    error = math.sqrt(max(variance, 0.0))
    half = distributions.student_quantile((1 + confidence) / 2, degrees) * error
    figure = Measurement(
        value=value,
        unit=unit,
        n=n,
        low=value - half,
        high=value + half,
        method=method,
        confidence=confidence,
    )
    if error == 0:
        return figure.flagged("zero_variance"), 1.0 if value == 0 else 0.0
    return figure, distributions.student_tail(value / error, degrees)
