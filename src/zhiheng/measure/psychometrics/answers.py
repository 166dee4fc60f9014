"""The table of answers that reliability figures start from: respondents × items, with the rule for missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, count, matrix
from zhiheng.measure.errors import MeasureError

MissingRule = Literal["refuse", "listwise", "pairwise"]
RULES = ("refuse", "listwise", "pairwise")
ZERO_VARIANCE = "zero_variance"
SMALL_SAMPLE = "small_sample"
SINGULAR = "singular"
FACTOR_N = 200
"""Fewer respondents than this make figures about factors unsteady (flag "small_sample")."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Respondents × items after the missing rule; NaN only under "pairwise". `left_out` counts whole rows."""

    values: Floats
    left_out: int
    rule: MissingRule

    @property
    def n(self) -> int:
        """Respondents that count."""
        return int(self.values.shape[0])

    @property
    def items(self) -> int:
        """Items asked."""
        return int(self.values.shape[1])

    @property
    def flags(self) -> tuple[str, ...]:
        """What the missing rule did, for the result."""
        left = (f"left_out:{self.left_out}",) if self.left_out else ()
        return (*left, "pairwise") if np.isnan(self.values).any() else left

    def covariance(self) -> Floats | None:
        """Sample covariances (n − 1) of the items; None where some pair has fewer than two respondents."""
        return covariance_of(self.values)

    def correlation(self) -> Floats | None:
        """Correlations of the items; None where an item does not vary or the covariances do not exist."""
        covariance = self.covariance()
        return None if covariance is None else correlation_of(covariance)


def read_answers(argument: str, answers: object, *, missing: MissingRule, least_items: int = 2) -> Answers:
    """Check the table and apply the rule: refuse NaN, keep complete rows only, or keep every answered pair."""
    if missing not in RULES:
        raise MeasureError("missing", f"must be one of {', '.join(RULES)}, is {missing!r}")
    values = matrix(argument, answers, missing=True)
    if values.shape[1] < least_items:
        raise MeasureError(argument, f"must have at least {least_items} items, has {values.shape[1]}")
    absent = np.isnan(values)
    if missing == "refuse" and absent.any():
        raise MeasureError(argument, 'must have no NaN, or name the rule: missing="listwise" or "pairwise"')
    kept = ~absent.all(axis=1) if missing == "pairwise" else ~absent.any(axis=1)
    return Answers(values=values[kept], left_out=int((~kept).sum()), rule=missing)


def covariance_of(values: Floats) -> Floats | None:
    """Sample covariances of the columns, each pair over the rows that have both."""
    present = ~np.isnan(values)
    shown = present.astype(np.float64)
    pairs = shown.T @ shown
    if not pairs.size or pairs.min() < 2:
        return None
    sums = np.where(present, values, 0.0)
    # Centring first keeps digits; a column of one value is then exactly 0 and its variance too.
    level = sums.sum(axis=0) / shown.sum(axis=0)
    lowest = np.where(present, values, np.inf).min(axis=0)
    highest = np.where(present, values, -np.inf).max(axis=0)
    level = np.where(lowest == highest, lowest, level)
    centred = np.where(present, values - level, 0.0)
    offsets = centred.T @ shown
    covariance: Floats = (centred.T @ centred - offsets * offsets.T / pairs) / (pairs - 1)
    return covariance


def correlation_of(covariance: Floats) -> Floats | None:
    """The correlations of a covariance matrix; None where a variance is 0."""
    variances = np.diag(covariance)
    if not (variances > 0).all():
        return None
    deviations = np.sqrt(variances)
    correlation: Floats = covariance / np.outer(deviations, deviations)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def inverse_of(correlation: Floats) -> Floats | None:
    """The inverse of a correlation matrix; None where items depend on each other (not positive definite)."""
    lowest = float(np.linalg.eigvalsh(correlation)[0])
    if lowest < 1e-10:
        return None
    return np.asarray(np.linalg.inv(correlation), dtype=np.float64)


def reverse_key(answers: object, *, items: Sequence[int], low: float, high: float) -> Floats:
    """The answers with the declared items (numbers from 0) turned round: low + high − answer.

    Only what the questionnaire declares as reversed: turning an item because its correlation is negative
    makes any set of items look reliable. NaN stays.

    `answers`: respondents × items, `items` the numbers of the reversed ones; `low` and `high` are the ends of
    the scale. Unit: that of the answers. Errors: answers outside [low, high], an item that is not there.
    Source: Nunnally 1978.
    """
    values = matrix("answers", answers, missing=True)
    if not low < high:
        raise MeasureError("high", f"must lie above low ({low:g}), is {high:g}")
    if (values < low).any() or (values > high).any():
        raise MeasureError("answers", f"must lie between {low:g} and {high:g}")
    turned = values.copy()
    for item in items:
        if not 0 <= count("items", item) < values.shape[1]:
            raise MeasureError("items", f"must be numbers from 0 to {values.shape[1] - 1}, has {item}")
        turned[:, item] = low + high - turned[:, item]
    return turned
