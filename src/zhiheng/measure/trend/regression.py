"""Least squares with variances that hold for series and for groups; the models of `trend` stand on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Floats, Integers
from zhiheng.measure.result import Measurement
from zhiheng.measure.tails import t_tail, two_sided_t

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A weighted fit: coefficients, residuals, (X'WX)⁻¹ and the scores w e x, row by row."""

    coefficient: Floats
    residual: Floats
    bread: Matrix
    scores: Matrix
    variance: float
    degrees: int

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


def newey_west(fit: LeastSquares, lags: int) -> Matrix:
    """The covariance that allows for autocorrelation up to `lags` steps, Bartlett weights, × n / (n − k)
    (Newey & West 1987)."""
    meat = fit.scores.T @ fit.scores
    for lag in range(1, lags + 1):
        cross = fit.scores[lag:].T @ fit.scores[:-lag]
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.T)
    n = fit.scores.shape[0]
    result: Matrix = fit.bread @ meat @ fit.bread * (n / fit.degrees)
    return result


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
    half = two_sided_t(confidence, degrees) * error
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
    return figure, t_tail(value / error, degrees)
