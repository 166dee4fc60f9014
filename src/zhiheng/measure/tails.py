"""Student's t and the F distribution without SciPy: tails and the quantile of a two-sided t interval."""

from __future__ import annotations

import math
from functools import lru_cache

from zhiheng.measure.arrays import check_confidence
from zhiheng.measure.distributions import two_sided_z

_TINY = 1e-300
_PRECISION = 1e-15


def normal_tail(z: float) -> float:
    """P(|Z| > |z|) of a standard normal variable."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_tail(statistic: float, degrees: float) -> float:
    """P(|T| > |statistic|) of Student's t with `degrees` of freedom (above 0)."""
    return beta_share(degrees / 2, 0.5, degrees / (degrees + statistic * statistic))


def f_tail(statistic: float, numerator: float, denominator: float) -> float:
    """P(F > statistic) of the F distribution with the two degrees of freedom."""
    if statistic <= 0:
        return 1.0
    return beta_share(denominator / 2, numerator / 2, denominator / (denominator + numerator * statistic))


@lru_cache(maxsize=256)
def two_sided_t(confidence: float, degrees: float) -> float:
    """The t quantile of a two-sided interval, 2.228 for 0.95 and 10 degrees.

    Newton's method from the normal quantile, which lies below it: the tail is convex there, so no step goes too far.
    """
    tail = 1 - check_confidence(confidence)
    log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(math.pi * degrees) / 2
    value, step = two_sided_z(confidence), math.inf
    while abs(step) > 1e-7 * value:  # the steps shrink by squares: this one is the last that matters
        density = math.exp(log_scale - (degrees + 1) / 2 * math.log1p(value * value / degrees))
        step = (t_tail(value, degrees) - tail) / (2 * density)
        value += step
    return value


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1 (Abramowitz & Stegun 26.5.8)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta, evaluated forward by Lentz's method."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    step, change = 0, 2.0
    while abs(change - 1) > _PRECISION and step < 10_000:
        step += 1
        for term in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            change = c * d
            value *= change
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
