"""The distribution functions: normal and chi-square without SciPy, Student's t, F and beta with it.

Call the latter as `distributions.f_quantile(...)`: SciPy is loaded when one of them is first named.
"""

from __future__ import annotations

import math
from importlib import import_module
from statistics import NormalDist
from typing import TYPE_CHECKING

from zhiheng.measure.arrays import check_confidence

if TYPE_CHECKING:
    from zhiheng.measure.distributions_exact import (
        beta_quantile,
        f_quantile,
        f_tail,
        log_beta,
        student_quantile,
        student_tail,
    )

__all__ = [
    "beta_quantile",
    "chi_square_tail",
    "f_quantile",
    "f_tail",
    "log_beta",
    "normal_tail",
    "student_quantile",
    "student_tail",
    "two_sided_z",
]

_STANDARD = NormalDist()
_EXACT = ("beta_quantile", "f_quantile", "f_tail", "log_beta", "student_quantile", "student_tail")


def __getattr__(name: str) -> object:
    if name in _EXACT:
        return getattr(import_module("zhiheng.measure.distributions_exact"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def two_sided_z(confidence: float) -> float:
    """The normal quantile of a two-sided interval, 1.96 for 0.95."""
    return _STANDARD.inv_cdf(0.5 + check_confidence(confidence) / 2)


def normal_tail(z: float) -> float:
    """P(|Z| > |z|) of a standard normal variable, the two-sided p-value of z."""
    return math.erfc(abs(z) / math.sqrt(2))


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
