"""Krippendorff's alpha: agreement of any number of raters, any level of measurement, with ratings missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
DISTINCT = 2_000


def krippendorff_alpha(
    ratings: object,
    *,
    level: Level,
    confidence: float = 0.95,
    seed: int | None = None,
    replicates: int = 1_000,
    population: str = "",
) -> Measurement:
    """Agreement beyond chance, α = 1 − D_o / D_e, from coincidences of values within units (Krippendorff 2011).

    `ratings`: raters × units, NaN where a rater did not rate; units with fewer than two ratings say nothing and
    are counted in the flag "unpaired:n". `level` sets the distance of two values: nominal 0/1, ordinal by the
    values ranked between, interval (a − b)², ratio ((a − b)/(a + b))² for values not below 0. With a `seed` a
    percentile bootstrap over units gives the interval. `n`: units with at least two ratings. One value only:
    "zero_variance". Customary limits: .80, and .667 for tentative conclusions. Unit: a pure number, at most 1.
    Errors: an unknown level, values below 0 at the ratio level, more than 2,000 distinct values.
    """
    check_confidence(confidence)
    if level not in LEVELS:
        raise MeasureError("level", f"must be one of {', '.join(LEVELS)}, is {level!r}")
    table = matrix("ratings", ratings, missing=True)
    if level == "ratio" and (table < 0).any():
        raise MeasureError("ratings", "must not be below 0 for the ratio level")
    values, counts = value_counts(table)
    counts = counts[counts.sum(axis=1) >= 2]
    n, unpaired = counts.shape[0], table.shape[1] - counts.shape[0]
    figure = Measurement(
        None,
        "",
        n,
        method=f"krippendorff-{level}" + ("" if seed is None else "-bootstrap-percentile"),
        confidence=confidence,
        population=population,
        flags=(f"unpaired:{unpaired}",) if unpaired else (),
    )
    if n < 2:
        return figure.flagged(NOT_ENOUGH_DATA)
    value = float(alphas_of(np.ones((1, n)), values, counts, level)[0])
    if np.isnan(value):
        return figure.flagged(ZERO_VARIANCE)
    low, high = None, None
    if seed is not None:
        blocks = bootstrap_counts(n, replicates=replicates, seed=seed)
        spread = np.concatenate([alphas_of(drawn, values, counts, level) for drawn in blocks])
        low, high = percentile_interval(spread, confidence=confidence)
    return replace(figure, value=value, low=low, high=high)


def value_counts(table: Floats) -> tuple[Floats, Floats]:
    """The distinct values in rising order, and units × values: how many raters gave each."""
    present = ~np.isnan(table)
    values, codes = np.unique(table[present], return_inverse=True)
    if values.size > DISTINCT:
        raise MeasureError("ratings", f"must not hold more than {DISTINCT} distinct values: round them")
    units = np.broadcast_to(np.arange(table.shape[1]), table.shape)[present]
    cells = np.bincount(units * values.size + codes, minlength=table.shape[1] * values.size)
    return values, cells.reshape(table.shape[1], values.size).astype(np.float64)


def alphas_of(weights: Floats, values: Floats, counts: Floats, level: Level) -> Floats:
    """Alpha for each row of unit weights (how often a unit is taken); NaN where only one value occurs."""
    totals = weights @ counts  # how often each value occurs
    whole = totals.sum(axis=1)
    if level in ("ordinal", "interval"):
        observed, expected = _by_places(weights, values, counts, level)
    else:
        sizes = counts.sum(axis=1)
        distance = _distance(values, level)
        observed = weights @ (((counts @ distance) * counts).sum(axis=1) / (sizes - 1))
        expected = ((totals @ distance) * totals).sum(axis=1)
    varied = (totals > 0).sum(axis=1) > 1
    ratio = np.divide((whole - 1) * observed, expected, out=np.full(whole.size, np.nan), where=varied)
    alphas: Floats = 1 - ratio
    return alphas


def _by_places(weights: Floats, values: Floats, counts: Floats, level: Level) -> tuple[Floats, Floats]:
    """Disagreements where the distance is (place − place)²: the value itself, or its mean rank among all.

    Over all pairs of a set, Σ (a − b)² = 2 (m Σ a² − (Σ a)²), so no table of pairs is needed.
    """
    sizes = counts.sum(axis=1)
    totals = weights @ counts
    whole = totals.sum(axis=1)
    if level == "interval":
        places = np.broadcast_to(values - values.mean(), totals.shape)
    else:
        places = np.cumsum(totals, axis=1) - totals / 2 - whole[:, None] / 2
    shares = weights / (sizes - 1)
    squares = (((shares * sizes) @ counts) * places**2).sum(axis=1)
    observed = 2 * (squares - (shares * (places @ counts.T) ** 2).sum(axis=1))
    expected = 2 * (whole * (totals * places**2).sum(axis=1) - (totals * places).sum(axis=1) ** 2)
    return observed, expected


def _distance(values: Floats, level: Level) -> Floats:
    """Squared distances of the values; 0 on the diagonal, so that a value's pairs with itself add nothing."""
    apart = values[:, None] - values
    if level == "nominal":
        differs: Floats = (apart != 0).astype(np.float64)
        return differs
    whole = values[:, None] + values
    share: Floats = np.divide(apart, whole, out=np.zeros_like(apart), where=whole > 0)
    squares: Floats = share**2
    return squares
