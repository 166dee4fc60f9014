"""Penalty-reward contrasts: Kano's factors from an ordinary satisfaction survey, without the Kano form."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Booleans, Floats, check_confidence, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

METHOD = "penalty-reward-ols-hc3"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One attribute: what low ratings cost and high ratings bring, in points of satisfaction.

    `asymmetry` = reward + penalty: above 0 the attribute delights more than it annoys.
    """

    name: str
    penalty: Measurement
    reward: Measurement
    asymmetry: Measurement
    category: str | None
    flags: tuple[str, ...]

    def __str__(self) -> str:
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: {self.category or '?'}, penalty {self.penalty}, reward {self.reward}{notes}"


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """The contrasts of all attributes from one regression, with its share of explained variance."""

    contrasts: tuple[Contrast, ...]
    n: int
    explained: float | None
    confidence: float
    method: str = METHOD
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = "" if not self.flags else f" ({', '.join(self.flags)})"
        return "\n".join((f"{self.method}, n={self.n}{notes}", *(str(c) for c in self.contrasts)))


@dataclass(frozen=True, slots=True)
class Regression:
    """Least squares with the heteroscedasticity-consistent covariance HC3; columns that are absent are NaN."""

    coefficients: Floats
    covariance: Floats
    degrees: int
    explained: float


def penalty_reward(
    ratings: object,
    satisfaction: object,
    *,
    low: float,
    high: float,
    names: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> PenaltyReward:
    """What low and high ratings of each attribute do to overall satisfaction, against middling ones (Brandt 1987).

    Least squares of `satisfaction` (one per respondent) on two dummies per attribute of `ratings` (respondents
    × attributes): rating ≤ `low` (penalty) and ≥ `high` (reward); t intervals with HC3 errors (MacKinnon &
    White 1985). Category: penalty only M, reward only A, both O, neither I. Flags of an attribute: "uncertain"
    (M or A though the asymmetry's interval contains 0), "no_low", "no_high" (fewer than 2 such ratings),
    "wrong_sign". Attributes that move together blur each other; a survey shows association, not cause. Unit:
    points of overall satisfaction. Errors: NaN, unequal lengths, `low` not below `high`; "collinear" attributes
    are flagged.
    """
    check_confidence(confidence)
    table, outcome = matrix("ratings", ratings), floats("satisfaction", satisfaction)
    n, k = table.shape
    if outcome.size != n:
        raise MeasureError("satisfaction", f"must be as long as ratings has rows ({n}), has {outcome.size}")
    if not k:
        raise MeasureError("ratings", "must have at least one attribute (column)")
    if not low < high:
        raise MeasureError("high", f"must lie above low ({low:g}), is {high:g}")
    labels = checked_names("names", names, k)
    dummies = np.concatenate((table <= low, table >= high), axis=1)
    used = dummies.sum(axis=0) >= 2
    fit = _regress(dummies[:, used].astype(np.float64), outcome)
    empty = Measurement(None, "points", n, method=METHOD, confidence=confidence)
    if isinstance(fit, str):
        empty = empty.flagged(fit)
        rows = tuple(Contrast(label, empty, empty, empty, None, (fit,)) for label in labels)
        return PenaltyReward(rows, n, None, confidence, flags=(fit,))
    spread = _spread(fit, used)
    contrasts = tuple(_contrast(label, i, spread, empty) for i, label in enumerate(labels))
    return PenaltyReward(contrasts, n, fit.explained, confidence)


def _regress(dummies: Floats, outcome: Floats) -> Regression | str:
    """The fit with an intercept, or the flag that says why there is none."""
    n, columns = dummies.shape[0], dummies.shape[1] + 1
    if n <= columns:
        return NOT_ENOUGH_DATA
    design = np.column_stack((np.ones(n), dummies))
    if (outcome == outcome[0]).all():
        return "zero_variance"
    if np.linalg.matrix_rank(design) < columns:
        return "collinear"
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ (design.T @ outcome)
    residuals = outcome - design @ coefficients
    free = 1 - np.einsum("ij,jk,ik->i", design, bread, design)
    # A row that alone decides a coefficient (leverage 1) has no residual and no say about its error.
    scaled = np.divide(residuals, free, out=np.zeros(n), where=free > 1e-9)
    filling = design * scaled[:, None]
    centred = outcome - outcome.mean()
    return Regression(
        coefficients=coefficients[1:],
        covariance=(bread @ (filling.T @ filling) @ bread)[1:, 1:],
        degrees=n - columns,
        explained=1 - float(residuals @ residuals) / float(centred @ centred),
    )


def _spread(fit: Regression, used: Booleans) -> Regression:
    """The fit with a place for every dummy; NaN for those left out."""
    coefficients = np.full(used.size, np.nan)
    coefficients[used] = fit.coefficients
    covariance = np.full((used.size, used.size), np.nan)
    covariance[np.ix_(used, used)] = fit.covariance
    return Regression(coefficients, covariance, fit.degrees, fit.explained)


def _contrast(name: str, i: int, fit: Regression, empty: Measurement) -> Contrast:
    attributes = fit.coefficients.size // 2
    low, high = i, attributes + i
    penalty, reward, asymmetry = (_sum_of(chosen, fit, empty) for chosen in ([low], [high], [low, high]))
    costs = penalty.high is not None and penalty.high < 0
    brings = reward.low is not None and reward.low > 0
    category = {(True, True): "O", (True, False): "M", (False, True): "A", (False, False): "I"}[costs, brings]
    raised = {
        "no_low": penalty.value is None,
        "no_high": reward.value is None,
        "wrong_sign": (penalty.low or 0) > 0 or (reward.high or 0) < 0,
        "uncertain": category in "MA" and _contains_zero(asymmetry),
    }
    flags = tuple(flag for flag, up in raised.items() if up)
    complete = penalty.value is not None and reward.value is not None
    return Contrast(name, penalty, reward, asymmetry, category if complete else None, flags)


def _sum_of(chosen: list[int], fit: Regression, empty: Measurement) -> Measurement:
    """The sum of the chosen coefficients with its t interval."""
    value = float(fit.coefficients[chosen].sum())
    if np.isnan(value):
        return empty.flagged(NOT_ENOUGH_DATA)
    variance = float(fit.covariance[np.ix_(chosen, chosen)].sum())
    half = distributions.student_quantile(0.5 + empty.confidence / 2, fit.degrees) * math.sqrt(
        max(variance, 0.0)
    )
    return replace(empty, value=value, low=value - half, high=value + half)


def _contains_zero(figure: Measurement) -> bool:
    return figure.low is None or figure.high is None or figure.low <= 0 <= figure.high
