"""Student's t, F and beta, which need the incomplete beta function of SciPy; reached through `distributions`."""

from __future__ import annotations

from scipy.special import (  # type: ignore[import-untyped]  # SciPy ships no types
    betaincinv,
    betaln,
    fdtrc,
    fdtri,
    stdtr,
    stdtrit,
)

from zhiheng.measure.arrays import Floats


def student_quantile(probability: float, degrees: float) -> float:
    """The value that a t variable with `degrees` of freedom stays below with the probability."""
    return float(stdtrit(degrees, probability))


def student_tail(statistic: float, degrees: float) -> float:
    """P(|T| > |statistic|), the two-sided p-value of a t statistic."""
    return 2 * float(stdtr(degrees, -abs(statistic)))


def f_quantile(probability: float, numerator: float, denominator: float) -> float:
    """The value that an F variable stays below with the probability; degrees need not be whole."""
    return float(fdtri(numerator, denominator, probability))


def f_tail(statistic: float, numerator: float, denominator: float) -> float:
    """P(F > statistic)."""
    return float(fdtrc(numerator, denominator, statistic))


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The value that a beta variable stays below with the probability."""
    return float(betaincinv(a, b, probability))


def log_beta(a: Floats, b: Floats) -> Floats:
    """ln B(a, b) of each pair."""
    result: Floats = betaln(a, b)
    return result
