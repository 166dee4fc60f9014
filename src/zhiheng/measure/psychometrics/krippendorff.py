"""Krippendorff's alpha: agreement of any number of raters, any level of measurement, with ratings missing."""

from __future__ import annotations

from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import Measurement, not_enough

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
CELLS = 4_000_000


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
    "zero_variance". Customary limits: .80, and .667 for tentative conclusions.
    """
    check_confidence(confidence)
    if level not in LEVELS:
        raise MeasureError("level", f"must be one of {', '.join(LEVELS)}, is {level!r}")
    table = matrix("ratings", ratings, missing=True)
    if level == "ratio" and (table < 0).any():
        raise MeasureError("ratings", "must not be below 0 for the ratio level")
    values, counts = value_counts(table)
    paired = counts.sum(axis=1) >= 2
    unpaired = int((~paired).sum())
    counts = counts[paired]
    n = int(counts.shape[0])
    method = f"krippendorff-{level}" + ("" if seed is None else "-bootstrap-percentile")
    flags = (f"unpaired:{unpaired}",) if unpaired else ()
    if n < 2:
        empty = not_enough("", n=n, method=method, confidence=confidence, population=population)
        return empty.flagged(*flags)
    value = float(alphas_of(np.ones((1, n)), values, counts, level)[0])
    low, high = None, None
    if np.isnan(value):
        flags = (*flags, ZERO_VARIANCE)
    elif seed is not None:
        spread = np.concatenate(
            [
                alphas_of(drawn, values, counts, level)
                for drawn in bootstrap_counts(n, replicates=replicates, seed=seed)
            ]
        )
        low, high = percentile_interval(spread, confidence=confidence)
    return Measurement(
        None if np.isnan(value) else value,
        "",
        n,
        low=low,
        high=high,
        method=method,
        confidence=confidence,
        population=population,
        flags=flags,
    )


def value_counts(table: Floats) -> tuple[Floats, Floats]:
    """The distinct values in rising order, and units × values: how many raters gave each."""
    present = ~np.isnan(table)
    values, codes = np.unique(table[present], return_inverse=True)
    units = np.broadcast_to(np.arange(table.shape[1]), table.shape)[present]
    cells = np.bincount(units * max(values.size, 1) + codes, minlength=table.shape[1] * max(values.size, 1))
    return values, cells.reshape(table.shape[1], -1).astype(np.float64)


def alphas_of(weights: Floats, values: Floats, counts: Floats, level: Level) -> Floats:
    """Alpha for each row of unit weights (how often a unit is taken); NaN where only one value occurs."""
    found = np.empty(weights.shape[0])
    step = max(1, CELLS // values.size**2)
    fixed = None if level == "ordinal" else _distance(values, level)
    for start in range(0, weights.shape[0], step):
        block = weights[start : start + step]
        totals = block @ counts  # how often each value occurs in pairable units
        distance = _ordinal_distance(totals) if fixed is None else fixed[None]
        within = block / (counts.sum(axis=1) - 1)
        if fixed is None:
            pairs = np.einsum("bu,uc,uk->bck", within, counts, counts, optimize=True)
            observed = (pairs * distance).sum(axis=(1, 2))
        else:
            observed = within @ ((counts @ fixed) * counts).sum(axis=1)
        expected = np.einsum(
            "bc,bck,bk->b", totals, np.broadcast_to(distance, (len(block), *distance.shape[1:])), totals
        )
        size = totals.sum(axis=1)
        ratio = np.divide(
            (size - 1) * observed, expected, out=np.full(len(block), np.nan), where=expected > 0
        )
        found[start : start + step] = 1 - ratio
    return found


def _distance(values: Floats, level: Level) -> Floats:
    """Squared distances of the values; 0 on the diagonal, so that a value's pairs with itself add nothing."""
    apart = values[:, None] - values
    if level == "nominal":
        differs: Floats = (apart != 0).astype(np.float64)
        return differs
    if level == "interval":
        squared: Floats = apart**2
        return squared
    whole = values[:, None] + values
    share: Floats = np.divide(apart, whole, out=np.zeros_like(apart), where=whole > 0)
    squares: Floats = share**2
    return squares


def _ordinal_distance(totals: Floats) -> Floats:
    """Squared number of values ranked from one to the other, half of both ends, for each row of totals."""
    middles = np.cumsum(totals, axis=1) - totals / 2
    squared: Floats = (middles[:, :, None] - middles[:, None, :]) ** 2
    return squared
