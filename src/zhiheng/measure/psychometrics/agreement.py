"""Whether a group agrees on one thing: within-group agreement rwg against a stated picture of no agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhiheng.measure.arrays import Floats, count, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough

SKEWED: Mapping[str, tuple[float, ...]] = {
    "slight_skew": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate_skew": (0.0, 0.10, 0.15, 0.40, 0.35),
    "heavy_skew": (0.0, 0.0, 0.10, 0.40, 0.50),
}
"""Shares of the answers 1 to 5 when lenient raters do not agree (LeBreton & Senter 2008, table 2)."""


def rwg(
    ratings: object,
    *,
    options: int,
    null: str | Sequence[float] = "uniform",
    population: str = "",
) -> Measurement:
    """How far raters of one target agree: r_wg = 1 − s² / σ² (James, Demaree & Wolf 1984).

    `ratings`: one rating per rater, or raters × items for the form of several items, r_wg(J) = J q / (J q + 1 −
    q), q = 1 − mean s² / σ². Scale 1 … `options`. σ² is the variance if nobody agreed: `null` "uniform" gives
    (A² − 1)/12; "triangular"; for 5 options "slight_skew", "moderate_skew", "heavy_skew"; or the share of each
    option. Customary limit .70, to be met under a skewed null too. A group more spread than the null is set to
    0, flagged "more_spread_than_null". Fewer than 2 raters: "not_enough_data". Unit: a pure number, 0..1.
    Errors: ratings off the scale, a null that is unknown or whose shares do not sum to 1.
    """
    values = np.asarray(ratings)
    table = floats("ratings", ratings)[:, None] if values.ndim == 1 else matrix("ratings", ratings)
    scale = count("options", options, minimum=2)
    if table.size and (table.min() < 1 or table.max() > scale):
        raise MeasureError("ratings", f"must lie between 1 and options ({scale})")
    if not table.shape[1]:
        raise MeasureError("ratings", "must have at least one item (column)")
    name = null if isinstance(null, str) else "given"
    expected = _null_variance(null, scale)
    raters, items = table.shape
    method = f"rwg-{name}" if items == 1 else f"rwg(J)-{name}"
    if raters < 2:
        return not_enough("", n=raters, method=method, population=population)
    share = 1 - float(table.var(axis=0, ddof=1).mean()) / expected
    spread = share < 0
    value = 0.0 if spread else items * share / (items * share + 1 - share)
    flags = ("more_spread_than_null",) if spread else ()
    return Measurement(value, "", raters, method=method, population=population, flags=flags)


def _null_variance(null: str | Sequence[float], options: int) -> float:
    if isinstance(null, str):
        return _named_variance(null, options)
    shares = floats("null", null, minimum=0)
    if shares.size != options:
        raise MeasureError(
            "null", f"must give the share of each of the {options} options, gives {shares.size}"
        )
    if abs(float(shares.sum()) - 1) > 1e-9:
        raise MeasureError("null", f"must sum to 1, sums to {float(shares.sum()):g}")
    variance = _variance(shares)
    if variance <= 0:
        raise MeasureError("null", "must leave some spread, has all of it on one option")
    return variance


def _named_variance(null: str, options: int) -> float:
    if null == "uniform":
        return (options**2 - 1) / 12
    if null == "triangular":
        return (options**2 + 2 * options - (3 if options % 2 else 2)) / 24
    if null not in SKEWED:
        known = ", ".join(("uniform", "triangular", *SKEWED))
        raise MeasureError("null", f"must be one of {known} or the shares, is {null!r}")
    if options != 5:
        raise MeasureError("null", f"{null!r} is defined for 5 options, there are {options}: give the shares")
    return _variance(np.asarray(SKEWED[null]))


def _variance(shares: Floats) -> float:
    levels = np.arange(1, shares.size + 1, dtype=np.float64)
    mean = float(shares @ levels)
    return float(shares @ (levels - mean) ** 2)
