"""One group of times that may still be running: Kaplan-Meier, restricted mean, quantiles, Nelson-Aalen.

Plain NumPy; a million times take a fraction of a second. Comparisons are in `log_rank` and `cox`, several kinds
of end in `competing`, events that return in `recurrent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers, booleans, check_confidence, floats, same_length
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough

Band = Literal["log-log", "log"]


@dataclass(frozen=True, slots=True)
class EventTable:
    """Distinct times in rising order with who was at risk, whose event came and who was censored at each."""

    time: Floats
    at_risk: Integers
    events: Integers
    censored: Integers


@dataclass(frozen=True, slots=True)
class Survival:
    """A Kaplan-Meier curve: the share still waiting just after each time, with its band."""

    time: Floats
    at_risk: Integers
    events: Integers
    censored: Integers
    share: Floats
    greenwood: Floats  # Σ d / (n (n − d)); Var S = S² × this
    low: Floats
    high: Floats
    n: int
    confidence: float
    band: Band
    unit: str
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if not self.n:
            return "no times (n=0, not_enough_data)"
        return f"median {self.quantile()}; still waiting at the end {self.at(float(self.time[-1]))}"

    def at(self, time: float) -> Measurement:
        """The share still waiting after `time`, with the band's limits there."""
        if self.n == 0:
            return not_enough("share", method=f"km-{self.band}", confidence=self.confidence)
        if not np.isfinite(time) or time < 0:
            raise MeasureError("time", f"must be finite and not negative, is {time!r}")
        index = int(np.searchsorted(self.time, time, side="right")) - 1
        value, low, high = (
            (1.0, 1.0, 1.0)
            if index < 0
            else (float(self.share[index]), float(self.low[index]), float(self.high[index]))
        )
        beyond = time > self.time[-1] and self.share[-1] > 0
        return Measurement(
            value=value,
            unit="share",
            n=self.n,
            low=low,
            high=high,
            method=f"km-{self.band}",
            confidence=self.confidence,
            flags=("tail_extended",) if beyond else (),
        )

    def quantile(self, share: float = 0.5) -> Measurement:
        """The first time by which `share` of the cases are over; limits are where the band crosses
        (Brookmeyer-Crowley).

        None, flagged "not_reached", while fewer than that share are over; a missing limit is one not reached.
        """
        if not 0 < share < 1:
            raise MeasureError("share", f"must lie strictly between 0 and 1, is {share!r}")
        method = f"km-quantile-{self.band}"
        if self.n == 0:
            return not_enough(self.unit, method=method, confidence=self.confidence)
        left = 1 - share
        value = _first_at_or_below(self.time, self.share, left)
        return Measurement(
            value=value,
            unit=self.unit,
            n=self.n,
            low=_first_at_or_below(self.time, self.low, left),
            high=_first_at_or_below(self.time, self.high, left),
            method=method,
            confidence=self.confidence,
            flags=("not_reached",) if value is None else (),
        )

    def restricted_mean(self, horizon: float) -> Measurement:
        """The mean time to the event counted up to `horizon`: the area under the curve, with Greenwood's
        interval.

        Var = Σ A_i² d_i / (n_i (n_i − d_i)), A_i the area from t_i to the horizon (Klein & Moeschberger
        §4.5). Where the last time is censored before the horizon the curve is carried on level, an upper
        value, flagged "tail_extended".
        """
        if not np.isfinite(horizon) or horizon <= 0:
            raise MeasureError("horizon", f"must be finite and above 0, is {horizon!r}")
        method = "km-rmst-greenwood"
        if self.n == 0:
            return not_enough(self.unit, method=method, confidence=self.confidence)
        inside = self.time < horizon
        edges = np.concatenate(([0.0], self.time[inside], [float(horizon)]))
        heights = np.concatenate(([1.0], self.share[inside]))
        areas = heights * np.diff(edges)
        mean = float(areas.sum())
        after = np.cumsum(areas[:0:-1])[::-1]  # from each time inside to the horizon
        n_i, d_i = self.at_risk[inside].astype(float), self.events[inside].astype(float)
        spread = np.divide(d_i, n_i * (n_i - d_i), out=np.zeros_like(d_i), where=n_i > d_i)
        half = two_sided_z(self.confidence) * float(np.sqrt(np.sum(after**2 * spread)))
        extended = self.time[-1] < horizon and self.share[-1] > 0
        flags = ("tail_extended",) if extended else ()
        if self.n < 2:
            return not_enough(self.unit, n=self.n, method=method, confidence=self.confidence).flagged(*flags)
        return Measurement(
            value=mean,
            unit=self.unit,
            n=self.n,
            low=max(mean - half, 0.0),
            high=min(mean + half, float(horizon)),
            method=method,
            confidence=self.confidence,
            flags=flags,
        )


@dataclass(frozen=True, slots=True)
class Hazard:
    """A Nelson-Aalen curve: cumulative hazard after each time, its variance and its band."""

    time: Floats
    at_risk: Integers
    events: Integers
    cumulative: Floats
    variance: Floats
    low: Floats
    high: Floats
    n: int
    confidence: float

    def __str__(self) -> str:
        if not self.n:
            return "no times (n=0)"
        limits = f"[{self.low[-1]:.4g} … {self.high[-1]:.4g}]"
        return f"cumulative hazard {self.cumulative[-1]:.4g} {limits} by {self.time[-1]:g} (n={self.n})"


def kaplan_meier(
    durations: object,
    observed: object | None = None,
    *,
    confidence: float = 0.95,
    band: Band = "log-log",
    unit: str = "s",
) -> Survival:
    """The Kaplan-Meier curve of `durations` (any unit, ≥ 0); `observed` is false where the case is still
    open.

    S(t) = Π (1 − d/n) over event times, Greenwood's variance; `band` "log-log" (lifelines' default) or "log"
    (R's). Censoring must be unrelated to the outcome: a case taken out because it was late must not be
    passed as censored.

    One entry per case. Unit: share; `unit` names that of the durations. Errors: NaN, unequal lengths, durations
    below 0, an unknown band. Source: Kaplan & Meier 1958; Greenwood 1926.
    """
    if band not in ("log-log", "log"):
        raise MeasureError("band", f'must be "log-log" or "log", is {band!r}')
    z = two_sided_z(confidence)
    table = event_table(durations, observed)
    n_i, d_i = table.at_risk.astype(float), table.events.astype(float)
    share = np.cumprod(1 - d_i / n_i)
    terms = np.divide(d_i, n_i * (n_i - d_i), out=np.zeros_like(d_i), where=n_i > d_i)
    greenwood = np.cumsum(terms)
    low, high = _band(share, greenwood, z, band)
    n = int(table.at_risk[0]) if table.time.size else 0
    return Survival(
        time=table.time,
        at_risk=table.at_risk,
        events=table.events,
        censored=table.censored,
        share=share,
        greenwood=greenwood,
        low=low,
        high=high,
        n=n,
        confidence=confidence,
        band=band,
        unit=unit,
        flags=("not_enough_data",) if n == 0 else (),
    )


def restricted_mean(
    durations: object,
    observed: object | None = None,
    *,
    horizon: float,
    confidence: float = 0.95,
    unit: str = "s",
) -> Measurement:
    """RM(t, τ): the restricted mean to `horizon` by Kaplan-Meier over the cohort, open cases included.

    The area under the curve, ∫ S from 0 to τ; `durations` as for `kaplan_meier`. Comparable only at one
    horizon. Unit: that of the durations. Errors: as for `kaplan_meier`, a horizon not above 0. Source: Klein &
    Moeschberger 2003 §4.5.
    """
    return kaplan_meier(durations, observed, confidence=confidence, unit=unit).restricted_mean(horizon)


def quantile(
    durations: object,
    observed: object | None = None,
    *,
    share: float = 0.5,
    confidence: float = 0.95,
    unit: str = "s",
) -> Measurement:
    """The Kaplan-Meier quantile: the time by which `share` of the cohort is over.

    `durations` as for `kaplan_meier`; limits where the band crosses. Not reached while fewer are over. Unit:
    that of the durations. Errors: as for `kaplan_meier`, a share outside 0..1. Source: Brookmeyer & Crowley
    1982.
    """
    return kaplan_meier(durations, observed, confidence=confidence, unit=unit).quantile(share)


def nelson_aalen(durations: object, observed: object | None = None, *, confidence: float = 0.95) -> Hazard:
    """The cumulative hazard Σ d/n (Nelson, Aalen), variance Σ d/n², band H exp(± z √Var / H).

    `durations` as for `kaplan_meier`. A hazard is no share: it may pass 1. Unit: cumulative hazard, a pure
    number. Errors: as for `kaplan_meier`. Source: Nelson 1972; Aalen 1978.
    """
    z = two_sided_z(confidence)
    table = event_table(durations, observed)
    n_i, d_i = table.at_risk.astype(float), table.events.astype(float)
    cumulative, variance = np.cumsum(d_i / n_i), np.cumsum(d_i / n_i**2)
    ratio = np.divide(z * np.sqrt(variance), cumulative, out=np.zeros_like(cumulative), where=cumulative > 0)
    return Hazard(
        time=table.time,
        at_risk=table.at_risk,
        events=table.events,
        cumulative=cumulative,
        variance=variance,
        low=cumulative * np.exp(-ratio),
        high=cumulative * np.exp(ratio),
        n=int(table.at_risk[0]) if table.time.size else 0,
        confidence=check_confidence(confidence),
    )


def event_table(durations: object, observed: object | None) -> EventTable:
    """Who was at risk and what happened at each distinct time; events come before censorings."""
    times = floats("durations", durations, minimum=0)
    happened: Booleans = (
        np.ones(times.size, dtype=np.bool_) if observed is None else booleans("observed", observed)
    )
    same_length(durations=times, observed=happened)
    if not times.size:
        none = np.zeros(0, dtype=np.int64)
        return EventTable(times, none, none, none)
    ordered = times
    if (times[1:] < times[:-1]).any():  # rows of a statement often come in order
        order = np.argsort(times)
        ordered, happened = times[order], happened[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    events = np.add.reduceat(happened.astype(np.int64), first)
    at_risk = (ordered.size - first).astype(np.int64)
    leaving = np.diff(np.append(first, ordered.size))
    return EventTable(ordered[first], at_risk, events, leaving - events)


def _band(share: Floats, greenwood: Floats, z: float, band: Band) -> tuple[Floats, Floats]:
    open_curve = (share > 0) & (share < 1)
    low, high = share.copy(), share.copy()
    s, g = share[open_curve], np.sqrt(greenwood[open_curve])
    if band == "log":
        low[open_curve] = s * np.exp(-z * g)
        high[open_curve] = np.minimum(s * np.exp(z * g), 1.0)
    else:
        width = np.exp(z * g / np.log(s))  # below 1: log S is negative
        low[open_curve] = s ** (1 / width)
        high[open_curve] = s**width
    return low, high


def _first_at_or_below(time: Floats, curve: Floats, level: float) -> float | None:
    # The curve is a product of ratios; a hair of rounding must not shift a quantile that is met exactly.
    below = np.flatnonzero(curve <= level + 1e-12)
    return float(time[below[0]]) if below.size else None
