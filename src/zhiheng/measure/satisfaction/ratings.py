"""Answers on a rating scale: satisfied share, satisfaction score, customer effort; and how many answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, count, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.means import mean_measurement
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement

Kind = Literal["share", "mean", "score"]

ZERO_VARIANCE = "zero_variance"
"""Every answer is the same: the spread, and with it an interval from it, cannot be told."""
LOW_RESPONSE = "response_too_low"
"""Too few answered for the figures of this survey to speak for those who were asked."""


def csat(
    ratings: object,
    *,
    scale: tuple[float, float] = (1, 5),
    satisfied_from: float = 4,
    kind: Kind = "share",
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """Satisfaction from `ratings` on `scale` (worst, best), one answer per case.

    `kind` "share": the satisfied share, answers from `satisfied_from` up (two top boxes of five), Wilson's
    interval. "mean": the mean in points of the scale. "score": the mean put on 0..100, (x − worst) / (best −
    worst) · 100. Means carry Student's interval x̄ ± t(n−1) s / √n, kept inside the scale; equal answers give
    none, flagged "zero_variance". The two kinds answer different questions: declare one and keep it. Several
    answers of one person are not independent: see `cluster_interval`. Unit: share, or points. Errors: NaN,
    ratings off the scale, a threshold that is not on it, an unknown kind. Source: Wilson 1927 for the share.
    """
    return _rated(
        ratings,
        scale=scale,
        threshold=("satisfied_from", satisfied_from),
        kind=kind,
        confidence=confidence,
        population=population,
    )


def customer_effort(
    ratings: object,
    *,
    scale: tuple[float, float] = (1, 7),
    easy_from: float = 5,
    kind: Kind = "share",
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """Agreement that the matter was easy to settle, on seven points (customer effort score 2.0, CEB 2013).

    `kind` "share": answers from `easy_from` up, Wilson's interval; "mean" and "score" as in `csat`. High is
    good; the first version of the score (2010, five points, high = much effort) runs the other way. Unit:
    share, or points. Errors: as for `csat`.
    """
    return _rated(
        ratings,
        scale=scale,
        threshold=("easy_from", easy_from),
        kind=kind,
        confidence=confidence,
        population=population,
    )


def response_rate(
    completes: int,
    eligible: int,
    *,
    unknown: int = 0,
    valid_from: float | None = None,
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """Completed answers among all who are eligible and all who may be: completes / (eligible + unknown).

    AAPOR's response rate 1, the lowest of its rates (AAPOR Standard Definitions). `eligible` counts completes
    too; `unknown` the invitations of which nobody knows whether they reached an eligible person. Below
    `valid_from` the rate is flagged "response_too_low". A high rate does not show that responders are like the
    others: see `nonresponse_check`. Unit: share. Errors: counts that are not whole, more completes than
    eligible, a `valid_from` that is no share.
    """
    count("eligible", eligible)
    if count("completes", completes) > eligible:
        raise MeasureError("completes", f"must not exceed eligible ({eligible}), is {completes}")
    if valid_from is not None and not 0 <= valid_from <= 1:
        raise MeasureError("valid_from", f"must lie between 0 and 1, is {valid_from!r}")
    asked = eligible + count("unknown", unknown)
    figure = wilson_interval(completes, asked, confidence=confidence, population=population)
    if valid_from is not None and figure.value is not None and figure.value < valid_from:
        return figure.flagged(LOW_RESPONSE)
    return figure


def mean_within(
    values: Floats,
    *,
    unit: str,
    limits: tuple[float, float] = (-np.inf, np.inf),
    confidence: float,
    population: str = "",
) -> Measurement:
    """The mean of independent answers with Student's interval, kept inside `limits`; equal answers have none."""
    figure = mean_measurement(values, unit, confidence=confidence, population=population)
    if figure.low is None or figure.high is None:
        return figure
    if values.min() == values.max():
        return replace(figure, value=float(values[0]), low=None, high=None).flagged(ZERO_VARIANCE)
    return replace(figure, low=max(figure.low, limits[0]), high=min(figure.high, limits[1]))


def _rated(
    ratings: object,
    *,
    scale: tuple[float, float],
    threshold: tuple[str, float],
    kind: Kind,
    confidence: float,
    population: str,
) -> Measurement:
    values, (worst, best) = floats("ratings", ratings), scale
    if not worst < best:
        raise MeasureError("scale", f"must name the worst and then a higher best, is {scale!r}")
    if values.size and (values.min() < worst or values.max() > best):
        raise MeasureError("ratings", f"must lie on the scale {worst:g} to {best:g}")
    if kind == "share":
        name, lowest = threshold
        if not worst < lowest <= best:
            raise MeasureError(name, f"must lie above {worst:g} and not above {best:g}, is {lowest:g}")
        met = int((values >= lowest).sum())
        return wilson_interval(met, int(values.size), confidence=confidence, population=population)
    if kind == "score":
        values, worst, best = (values - worst) / (best - worst) * 100, 0, 100
    elif kind != "mean":
        raise MeasureError("kind", f'must be "share", "mean" or "score", is {kind!r}')
    return mean_within(
        values, unit="points", limits=(worst, best), confidence=confidence, population=population
    )
