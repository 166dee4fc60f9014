"""Intervals for shares from the beta quantile; apart from `proportion` because they need SciPy."""

from __future__ import annotations

from scipy.special import betaincinv  # type: ignore[import-untyped]  # SciPy ships no types

from zhiheng.measure.arrays import check_confidence
from zhiheng.measure.result import Measurement
from zhiheng.measure.share import checked_share, no_cases, share_measurement


def clopper_pearson_interval(
    numerator: int, denominator: int, *, confidence: float = 0.95, population: str = ""
) -> Measurement:
    """The share with the exact interval (Clopper & Pearson 1934): never too narrow, often too wide.

    Limits are the quantiles α/2 of Beta(x, n − x + 1) and 1 − α/2 of Beta(x + 1, n − x) for `numerator` x of
    `denominator` n. Unit: share. Errors: as for `wilson_interval`.
    """
    x, n = checked_share(numerator, denominator)
    tail = (1 - check_confidence(confidence)) / 2
    if n == 0:
        return no_cases(method="clopper-pearson", confidence=confidence, population=population)
    low = float(betaincinv(x, n - x + 1, tail)) if x else 0.0
    high = float(betaincinv(x + 1, n - x, 1 - tail)) if x < n else 1.0
    return share_measurement(
        x, n, (low, high), method="clopper-pearson", confidence=confidence, population=population
    )


def jeffreys_interval(
    numerator: int, denominator: int, *, confidence: float = 0.95, population: str = ""
) -> Measurement:
    """The share with the equal-tailed interval under Beta(½, ½), closed at 0 and 1 (Brown et al. 2001).

    Limits are quantiles of Beta(x + ½, n − x + ½), for `numerator` x of `denominator` n. Unit: share. Errors: as
    for `wilson_interval`.
    """
    x, n = checked_share(numerator, denominator)
    tail = (1 - check_confidence(confidence)) / 2
    if n == 0:
        return no_cases(method="jeffreys", confidence=confidence, population=population)
    low = float(betaincinv(x + 0.5, n - x + 0.5, tail))
    high = float(betaincinv(x + 0.5, n - x + 0.5, 1 - tail))
    return share_measurement(
        x, n, (low, high), method="jeffreys", confidence=confidence, population=population
    )
