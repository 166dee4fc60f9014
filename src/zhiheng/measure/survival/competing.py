"""Several kinds of end: the share resolved, cancelled or merged by a time, open cases included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Booleans, Floats, Integers, column, floats, same_length
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

METHOD = "aalen-johansen-log-log"


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The share that has ended by one cause after each time, its variance and its log-log band."""

    cause: str
    events: Integers
    share: Floats
    variance: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """The shares ended by each cause at each time; together with `waiting` they make 1."""

    time: Floats
    at_risk: Integers
    waiting: Floats
    causes: tuple[Incidence, ...]
    n: int
    confidence: float
    flags: tuple[str, ...] = ()

    def at(self, time: float, cause: object) -> Measurement:
        """The share ended by `cause` by `time`, flagged "tail_extended" past the last time if some still wait."""
        chosen = next((row for row in self.causes if row.cause == str(cause)), None)
        if not np.isfinite(time) or time < 0:
            raise MeasureError("time", f"must be finite and not negative, is {time!r}")
        if chosen is None and self.causes:
            known = ", ".join(row.cause for row in self.causes)
            raise MeasureError("cause", f"must be one of {known}, is {cause!s}")
        if chosen is None:
            return not_enough("share", n=self.n, method=METHOD, confidence=self.confidence)
        index = int(np.searchsorted(self.time, time, side="right")) - 1
        values = (chosen.share, chosen.low, chosen.high)
        value, low, high = (0.0, 0.0, 0.0) if index < 0 else (float(v[index]) for v in values)
        beyond = time > self.time[-1] and self.waiting[-1] > 0
        return Measurement(
            value=value,
            unit="share",
            n=self.n,
            low=low,
            high=high,
            method=METHOD,
            confidence=self.confidence,
            flags=("tail_extended",) if beyond else (),
        )

    def __str__(self) -> str:
        ends = ", ".join(f"{row.cause} {row.share[-1]:.2%}" for row in self.causes)
        return f"{ends or 'no ends'} (n={self.n}{''.join(f', {flag}' for flag in self.flags)})"


def aalen_johansen(
    durations: object, causes: object, *, censored: object = "", confidence: float = 0.95
) -> CumulativeIncidence:
    """The cumulative incidence of each cause: F_k(t) = Σ S(t−) d_k / n over times up to t (Aalen & Johansen 1978).

    `causes` labels how each case ended, and is `censored` or None where it is still open. Shares of all cases, as one
    minus Kaplan-Meier with the other causes censored is not: that one tells what would be if nothing were ever
    cancelled. Delta-method variance (Marubini & Valsecchi 1995 §10.2), with a single cause Greenwood's; band
    F^exp(± z √Var / (F log F)). Ends and censorings at one time: ends first.

    `durations` ≥ 0 in any unit, one per case. Unit: shares. Errors: NaN, unequal lengths, durations below 0.
    """
    z = two_sided_z(confidence)
    times = floats("durations", durations, minimum=0)
    labels, ended = _labels(causes, censored)
    same_length(durations=times, causes=labels)
    if not times.size:
        none = np.zeros(0, dtype=np.int64)
        return CumulativeIncidence(times, none, times, (), 0, confidence, (NOT_ENOUGH_DATA,))
    order = np.argsort(times, kind="stable")
    ordered, labels, ended = times[order], labels[order], ended[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    at_risk = (ordered.size - first).astype(np.int64)
    ends = np.add.reduceat(ended.astype(np.int64), first)
    waiting = np.cumprod(1 - ends.astype(float) / at_risk.astype(float))
    before = np.concatenate(([1.0], waiting[:-1]))
    rows = tuple(
        _incidence(
            name,
            np.add.reduceat((ended & (labels == name)).astype(np.int64), first),
            ends,
            at_risk,
            before,
            z=z,
        )
        for name in np.unique(labels[ended]).tolist()
    )
    flags = () if rows else (NOT_ENOUGH_DATA,)
    return CumulativeIncidence(ordered[first], at_risk, waiting, rows, int(times.size), confidence, flags)


def _labels(causes: object, censored: object) -> tuple[NDArray[np.generic], Booleans]:
    """The causes as text, and which of them are ends."""
    labels = column("causes", causes)
    if labels.dtype.kind == "f" and not np.isfinite(labels.astype(float)).all():
        raise MeasureError("causes", "must not be NaN: name what is still open, or pass None")
    if labels.dtype.kind in "iufb" and labels.size and isinstance(censored, str):
        raise MeasureError("censored", "must be given where causes are numbers")
    ended = np.array([name is not None and name != censored for name in labels.tolist()], dtype=np.bool_)
    return labels.astype(np.str_), ended


def _incidence(
    cause: str, events: Integers, ended: Integers, at_risk: Integers, before: Floats, *, z: float
) -> Incidence:
    n, d, own = at_risk.astype(float), ended.astype(float), events.astype(float)
    share = np.minimum(np.cumsum(before * own / n), 1.0)  # rounding must not pass 1
    # Σ (F(t) − F_i)² a_i + Σ b_i − 2 Σ (F(t) − F_i) c_i, each sum running up to t.
    a = np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)
    b = before**2 * (n - own) * own / n**3
    c = before * own / n**2
    variance = (
        share**2 * np.cumsum(a)
        - 2 * share * np.cumsum(share * a)
        + np.cumsum(share**2 * a)
        + np.cumsum(b)
        - 2 * (share * np.cumsum(c) - np.cumsum(share * c))
    )
    variance = np.maximum(variance, 0.0)
    low, high = share.copy(), share.copy()
    inside = (share > 0) & (share < 1 - 1e-12)
    f = share[inside]
    width = np.exp(z * np.sqrt(variance[inside]) / (f * np.log(f)))  # below 1: log F is negative
    low[inside], high[inside] = f ** (1 / width), f**width
    return Incidence(cause, events, share, variance, low, high)
