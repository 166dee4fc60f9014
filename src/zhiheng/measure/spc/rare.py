"""Charts of what is rare: cases, or time, between one major incident and the next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.chart import Baseline, ControlChart, Limits, Phase, assemble, phase_of
from zhiheng.measure.spc.rules import LIMITS_ONLY, WESTERN_ELECTRIC, Rule, signals
from zhiheng.measure.spc.variables import autocorrelated, individual_limits

WEIBULL_POWER = 0.2777
"""The power that makes exponential times nearly normal, 1 / 3.6 (Nelson 1994)."""

_NORMAL = NormalDist()


def g_chart(
    cases_between: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    by: Literal["sigma", "probability"] = "sigma",
    rules: Sequence[Rule] = LIMITS_ONLY,
) -> ControlChart:
    """Cases (or days) between rare events, geometric: ḡ ± 3 √(ḡ (ḡ + 1)), not below 0 (Kaminsky et al. 1992).

    A high point is good news: a long time without the event. The lower sigma limit is always 0, so a rise in events
    shows only in runs; `by` "probability" puts centre and limits at the quantiles ½ and Φ(±3) of the geometric
    distribution (mid-probability), and then run rules mean what they say. Needs two baseline points.

    `cases_between`: one count per event, in time order. Unit: cases (or days). Errors: NaN, counts below 0,
    limits of another kind of chart.
    """
    if by not in ("sigma", "probability"):
        raise MeasureError("by", f'must be "sigma" or "probability", is {by!r}')
    x = floats("cases_between", cases_between, minimum=0)
    phase = phase_of(x.size, "g", baseline=baseline, removed=removed, limits=limits)
    limits = phase.frozen
    if limits is None and phase.used.sum() >= 2:
        limits = Limits("g", float(x[phase.used].mean()), None, 1.0, int(phase.used.sum()))
    mean = limits.centre if limits else 0.0
    sigma = np.full(x.size, math.sqrt(mean * (mean + 1)))
    chart = assemble(x, limits, sigma, phase, rules, kind="g", floor=0.0)
    if by == "sigma" or limits is None or mean == 0:
        return chart
    return _by_probability(chart, mean, phase, rules)


def t_chart(
    time_between: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Times between rare events, any unit: single-value limits of x^0.2777, shown in the unit of x (Nelson 1994).

    The power makes exponential and Weibull-like times nearly normal. `limits` and `sigma` are those of the
    transformed values; `centre`, `low`, `high` and `value` are times. A high point is good news. Many zeros
    (several events at one recorded time) spoil it: record times more finely.

    `time_between`: one time per event, in time order. Unit: that of the times. Errors: NaN, times below 0,
    limits of another kind of chart.
    """
    x = floats("time_between", time_between, minimum=0)
    phase = phase_of(x.size, "t", baseline=baseline, removed=removed, limits=limits)
    y = x**WEIBULL_POWER
    limits = phase.frozen or individual_limits("t", y, phase)
    sigma = np.full(x.size, limits.sigma or 0.0 if limits else 0.0)
    flags = ("autocorrelated",) if autocorrelated(y, phase) else ()
    chart = assemble(y, limits, sigma, phase, rules, kind="t", floor=0.0, flags=flags)
    centre, low, high = (line ** (1 / WEIBULL_POWER) for line in (chart.centre, chart.low, chart.high))
    return replace(chart, value=x, centre=centre, low=low, high=high)


def _by_probability(chart: ControlChart, mean: float, phase: Phase, rules: Sequence[Rule]) -> ControlChart:
    # P(X < x) + P(X = x) / 2 = 1 − (1 − p / 2) (1 − p)^x with p = 1 / (1 + mean).
    p = 1 / (1 + mean)
    decay, half = math.log1p(-p), math.log1p(-p / 2)

    def quantile(share: float) -> Floats:
        return np.full(chart.n, max((math.log(1 - share) - half) / decay, 0.0))

    # The upper tail in logarithms: a point far out must not round to certainty.
    score = np.array([_score(half + decay * value) for value in chart.value.tolist()])
    kept = phase.kept
    return replace(
        chart,
        centre=quantile(0.5),
        low=quantile(_NORMAL.cdf(-3)),
        high=quantile(_NORMAL.cdf(3)),
        signals=signals(rules, score[kept], chart.value[kept], chart.position[kept]),
    )


def _score(log_tail: float) -> float:
    """The normal score of a point with that logarithm of upper tail probability, at most 37."""
    tail = math.exp(max(log_tail, -690.0))
    return -_NORMAL.inv_cdf(tail)
