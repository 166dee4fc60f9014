"""Intervals for shares, the difference of two shares, and the sample a share needs.

Wilson is the default everywhere; the two intervals that need the beta quantile load SciPy only when they are
used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from zhiheng.measure.arrays import check_confidence, count
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough
from zhiheng.measure.share import checked_share, no_cases, share_measurement

if TYPE_CHECKING:
    from zhiheng.measure.proportion_exact import clopper_pearson_interval, jeffreys_interval

__all__ = [
    "SampleSize",
    "agresti_coull_interval",
    "clopper_pearson_interval",
    "jeffreys_interval",
    "newcombe_difference",
    "sample_size",
    "wilson_interval",
]

_EXACT = ("clopper_pearson_interval", "jeffreys_interval")


def __getattr__(name: str) -> object:
    if name in _EXACT:
        return getattr(import_module("zhiheng.measure.proportion_exact"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def wilson_interval(
    numerator: int,
    denominator: int,
    *,
    confidence: float = 0.95,
    continuity: bool = False,
    population: str = "",
) -> Measurement:
    """The share numerator / denominator with Wilson's score interval.

    Centre (p + z²/2n) / (1 + z²/n), half width z √(pq/n + z²/4n²) / (1 + z²/n) (Wilson 1927); `continuity`
    gives the corrected form (Newcombe 1998, method 4). Assumes independent cases: with several tickets per
    person it is too narrow.

    `numerator` cases of `denominator` counted ones. Unit: share. Errors: counts that are not whole or below 0,
    a numerator above its denominator, a confidence outside 0..1.
    """
    x, n = checked_share(numerator, denominator)
    z = two_sided_z(confidence)
    method = "wilson-continuity" if continuity else "wilson"
    if n == 0:
        return no_cases(method=method, confidence=confidence, population=population)
    p = x / n
    limits = _wilson_corrected(p, n, z) if continuity else _wilson(p, n, z)
    return share_measurement(x, n, limits, method=method, confidence=confidence, population=population)


def agresti_coull_interval(
    numerator: int, denominator: int, *, confidence: float = 0.95, population: str = ""
) -> Measurement:
    """The share with a Wald interval about Wilson's centre (Agresti & Coull 1998).

    Centre (x + z²/2) / (n + z²), for `numerator` x of `denominator` n; limits may be wider than Wilson's, never
    outside 0..1. Unit: share. Errors: as for `wilson_interval`.
    """
    x, n = checked_share(numerator, denominator)
    z = two_sided_z(confidence)
    if n == 0:
        return no_cases(method="agresti-coull", confidence=confidence, population=population)
    weight = n + z * z
    centre = (x + z * z / 2) / weight
    half = z * math.sqrt(centre * (1 - centre) / weight)
    return share_measurement(
        x,
        n,
        (centre - half, centre + half),
        method="agresti-coull",
        confidence=confidence,
        population=population,
    )


def newcombe_difference(
    numerator_1: int, denominator_1: int, numerator_2: int, denominator_2: int, *, confidence: float = 0.95
) -> Measurement:
    """The difference of two independent shares, first minus second, with Newcombe's hybrid score interval.

    With Wilson limits (l, u) of each share: d − √((p1−l1)² + (u2−p2)²), d + √((u1−p1)² + (p2−l2)²)
    (Newcombe 1998, method 10). `n` is the sum of both denominators.

    `numerator_1` of `denominator_1` cases against `numerator_2` of `denominator_2`. Not for the same cases seen
    twice. Unit: difference of shares. Errors: as for `wilson_interval`.
    """
    first = wilson_interval(numerator_1, denominator_1, confidence=confidence)
    second = wilson_interval(numerator_2, denominator_2, confidence=confidence)
    n = first.n + second.n
    if first.n == 0 or second.n == 0:
        return not_enough("share", n=n, method="newcombe", confidence=confidence)
    z = two_sided_z(confidence)
    p1, p2 = numerator_1 / denominator_1, numerator_2 / denominator_2
    (l1, u1), (l2, u2) = _wilson(p1, denominator_1, z), _wilson(p2, denominator_2, z)
    difference = p1 - p2
    return Measurement(
        value=difference,
        unit="share",
        n=n,
        low=difference - math.hypot(p1 - l1, u2 - p2),
        high=difference + math.hypot(u1 - p1, p2 - l2),
        method="newcombe",
        confidence=confidence,
    )


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How many answers a share needs: `exact` by the formula, `whole` rounded up."""

    exact: float
    whole: int
    margin: float
    share: float
    population: int | None
    confidence: float

    def __str__(self) -> str:
        return f"{self.whole} answers for ±{self.margin:.1%} at {self.confidence:.0%}"


def sample_size(
    *, margin: float, share: float = 0.5, population: int | None = None, confidence: float = 0.95
) -> SampleSize:
    """The answers needed to know a share to ± `margin`: n0 = z² p q / e², for a finite population n0 / (1 +
    (n0−1)/N).

    `share` is the expected share; 0.5 is the safe choice. Counts answers, not invitations.

    Unit: answers, a whole number. Errors: a margin or share outside 0..1, a population below 1. Source: Cochran
    1977 §4.4.
    """
    check_confidence(confidence)
    if not 0 < margin < 1:
        raise MeasureError("margin", f"must lie strictly between 0 and 1, is {margin!r}")
    if not 0 < share < 1:
        raise MeasureError("share", f"must lie strictly between 0 and 1, is {share!r}")
    exact = two_sided_z(confidence) ** 2 * share * (1 - share) / margin**2
    if population is not None:
        exact /= 1 + (exact - 1) / count("population", population, minimum=1)
    return SampleSize(exact, math.ceil(exact - 1e-9), margin, share, population, confidence)


def _wilson(p: float, n: int, z: float) -> tuple[float, float]:
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
    return (0.0 if p == 0 else centre - half), (1.0 if p == 1 else centre + half)


def _wilson_corrected(p: float, n: int, z: float) -> tuple[float, float]:
    q = 1 - p
    centre, scale = 2 * n * p + z * z, 2 * (n + z * z)
    low = (centre - 1 - z * math.sqrt(max(z * z - 2 - 1 / n + 4 * p * (n * q + 1), 0.0))) / scale
    high = (centre + 1 + z * math.sqrt(max(z * z + 2 - 1 / n + 4 * p * (n * q - 1), 0.0))) / scale
    return low, high
