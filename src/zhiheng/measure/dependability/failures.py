"""How often things fail and how long repair takes, with limits that hold for a handful of failures too."""

from __future__ import annotations

import math

from zhiheng.measure.arrays import check_confidence, count, floats
from zhiheng.measure.distributions import chi_square_tail, two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough


def mtbf(uptime: float, failures: int, *, confidence: float = 0.95, unit: str = "h") -> Measurement:
    """Mean time between failures: uptime / failures, with exact Poisson limits (a period fixed in advance).

    Limits uptime / U and uptime / L, (L, U) being the `poisson_limits` of the count. Without failures there is no
    value but a lower limit, uptime / 2.996 at 95 %. A constant rate is assumed: look at the failures over time
    (`survival.mean_cumulative_function`) before quoting one.

    Unit: that of `uptime`; `unit` names it. Errors: an uptime below 0, failures that are not whole. Source:
    Garwood 1936.
    """
    return _time_per_failure(
        "uptime", uptime, failures, method="mtbf-poisson", confidence=confidence, unit=unit
    )


def mtbsi(period: float, failures: int, *, confidence: float = 0.95, unit: str = "h") -> Measurement:
    """Mean time between service incidents: the whole period (up and down) / failures = MTBF + MTTR, exact limits.

    `period` in one unit, `failures` a count. As for `mtbf`, a constant rate is assumed. Unit: that of the
    period; `unit` names it. Errors: as for `mtbf`.
    """
    return _time_per_failure(
        "period", period, failures, method="mtbsi-poisson", confidence=confidence, unit=unit
    )


def mttr(repairs: object, *, confidence: float = 0.95, unit: str = "h") -> Measurement:
    """Mean time to restore: Σ downtime / failures over finished repairs, one duration each.

    Limits 2 Σ / χ² with 2n degrees, exact for exponential repair times: Σ / U and Σ / L where (L, U) bound a
    Poisson mean n events apart. Open outages are not in it; with any open, use `survival.restricted_mean`.

    `repairs`: one duration per finished repair. Unit: that of the repairs; `unit` names it. Errors: NaN,
    durations below 0. Source: Garwood 1936, by the gamma distribution.
    """
    times = floats("repairs", repairs, minimum=0)
    check_confidence(confidence)
    total, n = float(times.sum()), int(times.size)
    if n == 0:
        return not_enough(unit, method="mttr-exponential", confidence=confidence)
    tail = (1 - confidence) / 2
    return Measurement(
        value=total / n,
        unit=unit,
        n=n,
        low=total / _gamma_quantile(n, 1 - tail),
        high=total / _gamma_quantile(n, tail),
        method="mttr-exponential",
        confidence=confidence,
    )


def poisson_limits(events: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The exact limits of the mean of a Poisson count (Garwood 1936): χ²(α/2; 2k) / 2 and χ²(1 − α/2; 2k + 2) / 2.

    For a count of 0 the lower limit is 0 and the upper one-sided, −ln(1 − confidence): the rule of three.

    `events`: how many were counted. Unit: events. Errors: a count that is not whole or below 0.
    """
    k = count("events", events)
    tail = (1 - check_confidence(confidence)) / 2
    if k == 0:
        return 0.0, -math.log(1 - confidence)
    return _gamma_quantile(k, tail), _gamma_quantile(k + 1, 1 - tail)


def _time_per_failure(
    argument: str, time: float, failures: int, *, method: str, confidence: float, unit: str
) -> Measurement:
    if not (math.isfinite(time) and time > 0):
        raise MeasureError(argument, f"must be finite and above 0, is {time!r}")
    n = count("failures", failures)
    low, high = poisson_limits(n, confidence=confidence)
    return Measurement(
        value=time / n if n else None,
        unit=unit,
        n=n,
        low=time / high,
        high=time / low if n else None,
        method=method,
        confidence=confidence,
        flags=() if n else ("no_failures",),
    )


def _gamma_quantile(shape: int, share: float) -> float:
    """x with P(Gamma(shape) ≤ x) = share: Wilson and Hilferty's start, then Newton's method kept in a bracket."""
    z = math.copysign(two_sided_z(abs(2 * share - 1)), share - 0.5) if share != 0.5 else 0.0
    start = shape * max(1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape)), 0.05) ** 3
    low, high, x, step = 0.0, math.inf, math.inf, start
    while abs(step - x) > 1e-11 * step:
        x = step
        gap = (1 - chi_square_tail(2 * x, 2 * shape)) - share
        low, high = (x, high) if gap < 0 else (low, x)
        density = math.exp((shape - 1) * math.log(x) - x - math.lgamma(shape))
        step = x - gap / density if density > 0 else math.inf
        if not low < step < high:
            step = (low + high) / 2 if math.isfinite(high) else 2 * x
    return step
