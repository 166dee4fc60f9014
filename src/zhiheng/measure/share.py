"""Shares as measurements: what every interval for a share begins and ends with."""

from __future__ import annotations

from dataclasses import replace

from zhiheng.measure.arrays import count
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough


def checked_share(numerator: int, denominator: int) -> tuple[int, int]:
    """Numerator and denominator of a share, both whole and 0 <= numerator <= denominator."""
    x, n = count("numerator", numerator), count("denominator", denominator)
    if x > n:
        raise MeasureError("numerator", f"must not exceed denominator ({n}), is {x}")
    return x, n


def no_cases(*, method: str, confidence: float, population: str) -> Measurement:
    """The share of nothing: 0 of 0, not enough data."""
    nothing = not_enough("share", method=method, confidence=confidence, population=population)
    return replace(nothing, numerator=0, denominator=0)


def share_measurement(
    x: int, n: int, limits: tuple[float, float], *, method: str, confidence: float, population: str
) -> Measurement:
    """A share with its limits kept inside 0..1 and around the value."""
    p = x / n
    low, high = limits
    return Measurement(
        value=p,
        unit="share",
        n=n,
        numerator=x,
        denominator=n,
        low=0.0 if x == 0 else min(max(low, 0.0), p),
        high=1.0 if x == n else max(min(high, 1.0), p),
        method=method,
        confidence=confidence,
        population=population,
    )
