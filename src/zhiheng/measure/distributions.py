"""The few distribution functions that need no SciPy: normal quantile and chi-square tail."""

from __future__ import annotations

import math
from statistics import NormalDist

from zhiheng.measure.arrays import check_confidence

_STANDARD = NormalDist()


def two_sided_z(confidence: float) -> float:
    """The normal quantile of a two-sided interval, 1.96 for 0.95."""
    return _STANDARD.inv_cdf(0.5 + check_confidence(confidence) / 2)


def chi_square_tail(statistic: float, degrees: int) -> float:
    """P(X > statistic) of a chi-square variable with a whole number of degrees of freedom.

    Q(a+1, x) = Q(a, x) + x^a e^-x / Γ(a+1) from Q(1/2, x) = erfc(√x) or Q(1, x) = e^-x; every term is
    positive, so nothing cancels (Abramowitz & Stegun 6.5.21).
    """
    x = statistic / 2
    if x <= 0:
        return 1.0
    a = 1.0 if degrees % 2 == 0 else 0.5
    tail = math.exp(-x) if degrees % 2 == 0 else math.erfc(math.sqrt(x))
    while a < degrees / 2:
        tail += math.exp(a * math.log(x) - x - math.lgamma(a + 1))
        a += 1
    return min(tail, 1.0)
