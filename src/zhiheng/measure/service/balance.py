"""Whether the flow of work adds up: Little's law as a sanity test, and flow efficiency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import floats, period, same_length, seconds
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class LittlesLaw:
    """L, λ and W of a window, and L / (λ W), which is 1 in a steady flow.

    `open_mean`: tickets open on average; `arrivals_per_day`; `stay_d`: mean days from arrival to departure
    of those that left in the window. Flag "not_steady": the ratio is off by more than the tolerance, so W
    does not describe a new ticket.
    """

    open_mean: float
    arrivals_per_day: float
    stay_d: float | None
    ratio: float | None
    arrivals: int
    departures: int
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        stay = "?" if self.stay_d is None else f"{self.stay_d:.4g} d"
        ratio = "?" if self.ratio is None else f"{self.ratio:.3g}"
        notes = "".join(f", {flag}" for flag in self.flags)
        flow = f"{self.open_mean:,.4g} open, {self.arrivals_per_day:,.4g} a day, stay {stay}"
        return f"{flow}: L / (λ W) = {ratio} ({self.arrivals} arrivals, {self.departures} departures{notes})"


def littles_law_check(
    arrived_s: object, departed_s: object, *, from_s: int, to_s: int, tolerance: float = 0.2
) -> LittlesLaw:
    """Little's law L = λ W over [from_s, to_s): the mean number open against arrival rate times mean stay.

    `departed_s` is `NEVER` for what is still open. L is exact, the time-integral of the number open. W is
    taken from the departures, so a growing backlog shows as a ratio above 1: finished tickets alone
    understate the wait.

    `arrived_s`: epoch seconds, one per ticket. Unit: tickets, tickets per second, seconds. Errors: a departure
    before its arrival, an empty period, unequal lengths. Source: Little 1961.
    """
    from_s, to_s = period(from_s, to_s)
    arrived, departed = seconds("arrived_s", arrived_s), seconds("departed_s", departed_s)
    same_length(arrived_s=arrived, departed_s=departed)
    if (departed < arrived).any():
        raise MeasureError("departed_s", "must not lie before arrived_s")
    length = to_s - from_s
    present = np.minimum(departed, to_s) - np.maximum(arrived, from_s)
    open_mean = float(np.maximum(present, 0).sum()) / length
    arrivals = int(((arrived >= from_s) & (arrived < to_s)).sum())
    left = (departed >= from_s) & (departed < to_s)
    departures = int(left.sum())
    rate = arrivals / length
    stay = float((departed[left] - arrived[left]).mean()) if departures else None
    ratio = open_mean / (rate * stay) if stay and rate else None
    flags: tuple[str, ...] = ()
    if ratio is None:
        flags = (NOT_ENOUGH_DATA,)
    elif abs(ratio - 1) > tolerance:
        flags = ("not_steady",)
    return LittlesLaw(
        open_mean=open_mean,
        arrivals_per_day=rate * DAY_S,
        stay_d=None if stay is None else stay / DAY_S,
        ratio=ratio,
        arrivals=arrivals,
        departures=departures,
        flags=flags,
    )


def flow_efficiency(
    worked_s: object, total_s: object, *, confidence: float = 0.95, population: str = ""
) -> Measurement:
    """Time worked on tickets over their time from start to end: Σ worked / Σ total, with the interval of a
    ratio of sums.

    Var = Σ (worked − r total)² / (Σ total)² · n / (n − 1) (linearisation, Cochran 1977 §6.3). Needs recorded
    work; states that mean "in progress" are not work.

    `worked_s`, `total_s`: seconds of each ticket. Unit: share. Errors: unequal lengths, negative durations,
    more worked than total.
    """
    worked, total = floats("worked_s", worked_s, minimum=0), floats("total_s", total_s, minimum=0)
    n = same_length(worked_s=worked, total_s=total)
    if (worked > total).any():
        raise MeasureError("worked_s", "must not exceed total_s")
    z = two_sided_z(confidence)
    whole = float(total.sum())
    if n < 2 or whole == 0:
        return not_enough(
            "share", n=n, method="ratio-linearised", confidence=confidence, population=population
        )
    value = float(worked.sum()) / whole
    half = z * float(np.sqrt(np.sum((worked - value * total) ** 2) * n / (n - 1))) / whole
    return Measurement(
        value=value,
        unit="share",
        n=n,
        low=max(value - half, 0.0),
        high=min(value + half, 1.0),
        method="ratio-linearised",
        confidence=confidence,
        population=population,
    )
