"""How long customers wait: response, restoration, and the age of what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Booleans, Integers, booleans, instant, same_length, seconds
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement
from zhiheng.measure.survival import kaplan_meier

HOUR_S = 3600
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class WaitingTime:
    """A waiting time as it must be shown: restricted mean with median, P90, share above the horizon and n
    open.

    `above` counts the cases that waited, or still wait, longer than the horizon; cases still open and
    younger than the horizon have not shown which they are and are left out of it.
    """

    mean: Measurement
    median: Measurement
    p90: Measurement
    above: Measurement
    n: int
    open: int
    horizon_s: int

    def __str__(self) -> str:
        return f"mean {self.mean}; median {self.median}; P90 {self.p90}; above {self.above}; open {self.open}"


@dataclass(frozen=True, slots=True)
class BacklogAge:
    """The open work at a moment: how many, how old (quantiles in days), the share past a limit, counts by
    age class.

    `classes[i]` counts the ages from `bounds_s[i-1]` (0 at first) up to below `bounds_s[i]`; the last class
    is open-ended.
    """

    n: int
    p50_d: float | None
    p90_d: float | None
    oldest_d: float | None
    aged: Measurement
    bounds_s: tuple[int, ...]
    classes: tuple[int, ...]

    def __str__(self) -> str:
        ages = ("?" if v is None else f"{v:,.4g} d" for v in (self.p50_d, self.p90_d, self.oldest_d))
        return f"{self.n} open: median {next(ages)}, P90 {next(ages)}, oldest {next(ages)}; aged {self.aged}"


def response_time(
    wait_s: object,
    answered: object,
    *,
    horizon_s: int = 48 * HOUR_S,
    confidence: float = 0.95,
    population: str = "",
) -> WaitingTime:
    """RM(W(recv, resp), 48 h) = ∫ S(t) dt to 48 h, in hours, by Kaplan-Meier over the whole cohort.

    `wait_s`: working seconds from receipt to the first human answer, or to the data cut-off where `answered`
    is false. A plain mean of the answered is never the indicator: it improves when slow tickets stay
    unanswered.

    Unit: hours. Errors: negative durations, NaN, unequal lengths, a horizon not above 0. Source: Kaplan & Meier
    1958.
    """
    wait, done = _checked("wait_s", wait_s, "answered", answered, horizon_s)
    return _waiting(wait, done, horizon_s=horizon_s, confidence=confidence, population=population)


def restore_time(
    outage_s: object,
    restored: object,
    *,
    customer_wait_s: object | None = None,
    horizon_s: int = 72 * HOUR_S,
    confidence: float = 0.95,
    population: str = "",
) -> WaitingTime:
    """RM(N(onset, rest) − evidenced customer wait, 72 h) of faults, in hours.

    `outage_s`: natural seconds from the onset to the restoration, or to the cut-off where `restored` is
    false; `customer_wait_s`: the evidenced waits for the customer inside it.

    As for `response_time`, the mean of restored faults alone is never the indicator. Unit: hours. Errors:
    negative durations, a wait longer than its outage, NaN, unequal lengths. Source: Kaplan & Meier 1958.
    """
    outage = seconds("outage_s", outage_s)
    if customer_wait_s is not None:
        waits = seconds("customer_wait_s", customer_wait_s)
        same_length(outage_s=outage, customer_wait_s=waits)
        if (waits < 0).any() or (waits > outage).any():
            raise MeasureError("customer_wait_s", "must lie between 0 and outage_s")
        outage = outage - waits
    outage, done = _checked("outage_s", outage, "restored", restored, horizon_s)
    return _waiting(outage, done, horizon_s=horizon_s, confidence=confidence, population=population)


def backlog_age(
    opened_s: object,
    *,
    cut_s: int,
    limit_s: int | Sequence[int] | Integers = 30 * DAY_S,
    bounds_s: Sequence[int] = (DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S, 90 * DAY_S),
    population: str = "",
) -> BacklogAge:
    """The age (cut − opened) at `cut_s` of the tickets open then, in natural time; `limit_s`, one or one per
    ticket, is what counts as aged.

    Quantiles by linear interpolation. The open tickets of a moment are a sample weighted towards long ones:
    their ages say nothing about the time a new ticket will take.

    `opened_s`: when each open ticket was opened, in epoch seconds. P90 and the share above the limit are of the
    same n. Unit: seconds; share of aged tickets. Errors: a ticket opened after the cut, a limit below 0,
    unequal lengths. Source: Hyndman & Fan 1996, type 7, for the quantiles.
    """
    ages = instant("cut_s", cut_s) - seconds("opened_s", opened_s)
    if (ages < 0).any():
        raise MeasureError("opened_s", "must not lie after cut_s")
    limits = seconds("limit_s", np.atleast_1d(np.asarray(limit_s)))
    if limits.size not in (1, ages.size):
        raise MeasureError("limit_s", f"must be one limit or one per ticket ({ages.size}), has {limits.size}")
    bounds = seconds("bounds_s", bounds_s)
    if (np.diff(bounds) <= 0).any():
        raise MeasureError("bounds_s", "must rise")
    classes = np.bincount(np.searchsorted(bounds, ages, side="right"), minlength=bounds.size + 1)
    n = int(ages.size)
    p50, p90, oldest = (np.quantile(ages, (0.5, 0.9, 1.0)) / DAY_S).tolist() if n else (None,) * 3
    return BacklogAge(
        n=n,
        p50_d=p50,
        p90_d=p90,
        oldest_d=oldest,
        aged=wilson_interval(int((ages > limits).sum()), n, population=population),
        bounds_s=tuple(bounds.tolist()),
        classes=tuple(classes.tolist()),
    )


def _checked(
    time_name: str, times: object, done_name: str, done: object, horizon_s: int
) -> tuple[Integers, Booleans]:
    wait, finished = seconds(time_name, times), booleans(done_name, done)
    same_length(**{time_name: wait, done_name: finished})
    if wait.size and wait.min() < 0:
        raise MeasureError(time_name, f"must not be below 0, found {int(wait.min())}")
    if horizon_s <= 0:
        raise MeasureError("horizon_s", f"must be above 0, is {horizon_s}")
    return wait, finished


def _waiting(
    wait: Integers, finished: Booleans, *, horizon_s: int, confidence: float, population: str
) -> WaitingTime:
    curve = kaplan_meier(wait, finished, confidence=confidence, unit="s")
    above = wait > horizon_s
    known = finished | above
    share = wilson_interval(int(above.sum()), int(known.sum()), confidence=confidence, population=population)
    mean, median, p90 = (
        replace(figure, population=population).in_unit("h", 1 / HOUR_S)
        for figure in (curve.restricted_mean(horizon_s), curve.quantile(0.5), curve.quantile(0.9))
    )
    n_open = int((~finished).sum())
    return WaitingTime(mean, median, p90, share, int(wait.size), n_open, horizon_s)
