"""Technical against user-perceived service quality: do records and surveys tell the same story?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Booleans, Floats, check_confidence, floats, same_length
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.means import mean_measurement
from zhiheng.measure.names import checked_names
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

Quadrant = Literal["sound", "watermelon", "forgiven", "failing", "uncertain"]
QUADRANTS: dict[tuple[bool, bool], Quadrant] = {
    (True, True): "sound",
    (True, False): "watermelon",
    (False, True): "forgiven",
    (False, False): "failing",
}
AGREEMENT_Z = 1.96
"""Bland and Altman's own constant: about 95 % of differences lie within the limits."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Bland and Altman's comparison of two methods: bias and the limits between which differences lie.

    `slope`: how the difference grows with the mean of both (interval without 0: the bias is not constant).
    """

    bias: Measurement
    deviation: float | None
    lower: Measurement
    upper: Measurement
    slope: Measurement
    n: int

    def __str__(self) -> str:
        return f"bias {self.bias}, limits of agreement {self.lower} and {self.upper}"


def bland_altman(
    first: object, second: object, *, unit: str = "points", confidence: float = 0.95
) -> Agreement:
    """Bias d̄ = mean(first − second), limits d̄ ± 1.96 s (Bland & Altman 1986), each with its interval.

    Limit's interval: ± t s √(1/n + 1.96² / (2 (n − 1))) (Bland & Altman 1999). Pairs must be independent;
    differences should be about normal and their spread the same along the scale (see `slope`). Fewer than 3
    pairs: "not_enough_data". `first`, `second`: the two values of each pair. Unit: that of the values, named by
    `unit`. Errors: unequal lengths, NaN.
    """
    one, two = floats("first", first), floats("second", second)
    n = same_length(first=one, second=two)
    check_confidence(confidence)
    differences = one - two
    bias = mean_measurement(differences, unit, confidence=confidence)
    empty = Measurement(None, unit, n, method="bland-altman", confidence=confidence)
    if n < 3:
        empty = empty.flagged(NOT_ENOUGH_DATA)
        return Agreement(bias.flagged(NOT_ENOUGH_DATA), None, empty, empty, replace(empty, unit=""), n)
    deviation = float(differences.std(ddof=1))
    half = distributions.student_quantile(0.5 + confidence / 2, n - 1) * deviation
    half *= math.sqrt(1 / n + AGREEMENT_Z**2 / (2 * (n - 1)))
    centre = float(differences.mean())
    lower, upper = (
        replace(empty, value=limit, low=limit - half, high=limit + half)
        for limit in (centre - AGREEMENT_Z * deviation, centre + AGREEMENT_Z * deviation)
    )
    return Agreement(bias, deviation, lower, upper, _slope((one + two) / 2, differences, confidence), n)


def _slope(x: Floats, y: Floats, confidence: float) -> Measurement:
    """The least-squares slope of y on x with its t interval."""
    n = int(x.size)
    empty = Measurement(None, "", n, method="ols-slope", confidence=confidence)
    a, b = x - x.mean(), y - y.mean()
    spread = float(a @ a)
    if (x == x[0]).all():
        return empty.flagged("zero_variance")
    value = float(a @ b) / spread
    residuals = b - value * a
    error = math.sqrt(float(residuals @ residuals) / (n - 2) / spread)
    half = distributions.student_quantile(0.5 + confidence / 2, n - 2) * error
    return replace(empty, value=value, low=value - half, high=value + half)


def spearman(first: object, second: object, *, confidence: float = 0.95) -> Measurement:
    """Spearman's rank correlation, ties with their mean rank, with the interval of Bonett & Wright (2000).

    tanh(atanh ρ ± z √((1 + ρ²/2) / (n − 3))). Flags: "not_enough_data" (n < 4), "zero_variance" (a column of
    one value), "no_interval" (ρ = ±1). `first`, `second`: the two values of each pair. Unit: a pure number,
    −1..1. Errors: unequal lengths, NaN.
    """
    one, two = floats("first", first), floats("second", second)
    n = same_length(first=one, second=two)
    check_confidence(confidence)
    empty = Measurement(None, "", n, method="spearman-bonett-wright", confidence=confidence)
    if n < 4:
        return empty.flagged(NOT_ENOUGH_DATA)
    if (one == one[0]).all() or (two == two[0]).all():
        return empty.flagged("zero_variance")
    a, b = (_ranks(v) - (n + 1) / 2 for v in (one, two))
    rho = float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))
    if abs(rho) >= 1 - 1e-15:
        return replace(empty, value=math.copysign(1.0, rho), flags=("no_interval",))
    half = two_sided_z(confidence) * math.sqrt((1 + rho * rho / 2) / (n - 3))
    low, high = (math.tanh(math.atanh(rho) + side * half) for side in (-1, 1))
    return replace(empty, value=rho, low=low, high=high)


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, tied values with the mean of their ranks."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    ranks: Floats = (last - (sizes - 1) / 2)[place]
    return ranks


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """One service in one period: both indices, their match degree and the quadrant."""

    name: str
    technical: float
    perceived: float
    quadrant: Quadrant

    @property
    def match_degree(self) -> float:
        """100 − |TSQ − USQ|."""
        return 100 - abs(self.technical - self.perceived)


@dataclass(frozen=True, slots=True)
class TechnicalPerceived:
    """Technical (TSQ) against user-perceived quality (USQ) over services and periods."""

    pairs: tuple[ServicePeriod, ...]
    agreement: Agreement
    rank_correlation: Measurement
    match_degree: Measurement
    n: int
    technical_good: float
    perceived_good: float
    method: str = "technical-vs-perceived"

    def in_quadrant(self, quadrant: Quadrant) -> tuple[ServicePeriod, ...]:
        """The pairs of one quadrant; "watermelon": green outside, red inside."""
        return tuple(pair for pair in self.pairs if pair.quadrant == quadrant)

    def __str__(self) -> str:
        melons = ", ".join(pair.name for pair in self.in_quadrant("watermelon")) or "none"
        return (
            f"TSQ − USQ: {self.agreement}; rank correlation {self.rank_correlation}; "
            f"match degree {self.match_degree}; watermelons: {melons}"
        )


def technical_vs_perceived(
    technical: object,
    perceived: object,
    *,
    names: Sequence[str] | None = None,
    technical_good: float = 80,
    perceived_good: float = 70,
    technical_margin: object | None = None,
    perceived_margin: object | None = None,
    confidence: float = 0.95,
) -> TechnicalPerceived:
    """Do records (TSQ) and surveys (USQ) agree? Bias, limits, rank correlation, match degree, quadrants.

    Both indices 0 to 100 for the same service and period, one row per pair. Match degree 100 − |TSQ − USQ|,
    meaned with a t interval. Quadrants by the limits `technical_good`, `perceived_good` (from the limit on is
    good): sound, watermelon (TSQ good, USQ not), forgiven (the reverse), failing; with margins (half widths of
    each index's interval) "uncertain" where an interval contains its limit. Never mean the two indices
    silently: a watermelon would look average. Pairs of one service over time are not independent: intervals are
    then too narrow. `technical`, `perceived`: TSQ and USQ of each pair. Unit: points of the indices, 0..100.
    Errors: unequal lengths, an index outside 0 to 100. Source: Bland & Altman 1986; Spearman 1904.
    """
    one, two = _index("technical", technical), _index("perceived", perceived)
    n = same_length(technical=one, perceived=two)
    labels = checked_names("names", names, n)
    for argument, limit in (("technical_good", technical_good), ("perceived_good", perceived_good)):
        if not 0 <= limit <= 100:
            raise MeasureError(argument, f"must lie between 0 and 100, is {limit!r}")
    unsure = _near(one, technical_good, "technical_margin", technical_margin)
    unsure |= _near(two, perceived_good, "perceived_margin", perceived_margin)
    pairs = tuple(
        ServicePeriod(
            name, tsq, usq, "uncertain" if near else QUADRANTS[tsq >= technical_good, usq >= perceived_good]
        )
        for name, tsq, usq, near in zip(labels, one.tolist(), two.tolist(), unsure.tolist(), strict=True)
    )
    return TechnicalPerceived(
        pairs=pairs,
        agreement=bland_altman(one, two, confidence=confidence),
        rank_correlation=spearman(one, two, confidence=confidence),
        match_degree=mean_measurement(100 - np.abs(one - two), "points", confidence=confidence),
        n=n,
        technical_good=technical_good,
        perceived_good=perceived_good,
    )


def _index(argument: str, values: object) -> Floats:
    index = floats(argument, values, minimum=0)
    if index.size and index.max() > 100:
        raise MeasureError(argument, f"must not be above 100, found {index.max():g}")
    return index


def _near(index: Floats, limit: float, argument: str, margin: object | None) -> Booleans:
    """Where the index is closer to its limit than its margin."""
    if margin is None:
        return np.zeros(index.size, dtype=np.bool_)
    widths = floats(argument, margin, minimum=0)
    if widths.size != index.size:
        raise MeasureError(argument, f"must be as long as its index ({index.size}), has {widths.size}")
    near: Booleans = np.abs(index - limit) < widths
    return near
