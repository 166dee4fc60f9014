"""Events that come back to the same item: how many per item by an age, with items that leave early."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, floats, same_length, seconds
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

METHOD = "mcf-robust"


@dataclass(frozen=True, slots=True, eq=False)
class MeanCumulative:
    """The mean number of events per item up to each time, its variance and its band."""

    time: Floats
    at_risk: Integers
    events: Integers
    mean: Floats
    variance: Floats
    low: Floats
    high: Floats
    items: int
    n: int
    confidence: float
    flags: tuple[str, ...] = ()

    def at(self, time: float) -> Measurement:
        """The mean number of events of an item by `time`."""
        if not np.isfinite(time) or time < 0:
            raise MeasureError("time", f"must be finite and not negative, is {time!r}")
        if NOT_ENOUGH_DATA in self.flags:
            return not_enough("count", n=self.items, method=METHOD, confidence=self.confidence)
        index = int(np.searchsorted(self.time, time, side="right")) - 1
        values = (self.mean, self.low, self.high)
        value, low, high = (0.0, None, None) if index < 0 else (float(v[index]) for v in values)
        return Measurement(
            value=value,
            unit="count",
            n=self.items,
            low=low,
            high=high,
            method=METHOD,
            confidence=self.confidence,
            flags=self.flags,
        )

    def __str__(self) -> str:
        last = f"{self.mean[-1]:.4g} by {self.time[-1]:g}" if self.time.size else "no events"
        return f"mean count {last} (items={self.items}, n={self.n}{''.join(f', {f}' for f in self.flags)})"


def mean_cumulative_function(
    item: object,
    time: object,
    *,
    observed_until: object,
    observed_from: object | None = None,
    confidence: float = 0.95,
) -> MeanCumulative:
    """M(t) = Σ d / n over event times up to t: the mean number of events of an item by age t (Nelson 1995).

    `item` and `time`: one row per event, `item` being a position in `observed_until`, which holds the age of
    each item when its observation ends (and `observed_from` when it begins, 0 if left out). n counts the items
    under observation (from < t ≤ until); an event outside its item's observation is an error. Items without
    events belong in `observed_until` too: without them the mean is of the troubled ones only.

    Variance of the influences of the items, robust to events that come in bursts (Lawless & Nadeau 1995); band
    M exp(± z √Var / M). A straight curve is a steady rate, one bending up an item that wears out. Not enough
    data under two items.

    Unit: events per item. Errors: an event outside its item's observation, an item that is not there, ages
    below 0.
    """
    z = two_sided_z(confidence)
    until = floats("observed_until", observed_until, minimum=0)
    since = (
        np.zeros(until.size) if observed_from is None else floats("observed_from", observed_from, minimum=0)
    )
    same_length(observed_until=until, observed_from=since)
    if (since > until).any():
        raise MeasureError("observed_from", "must not lie after observed_until")
    owner, when = seconds("item", item), floats("time", time, minimum=0)
    same_length(item=owner, time=when)
    if owner.size and not (owner.min() >= 0 and owner.max() < until.size):
        raise MeasureError("item", f"must be positions in observed_until (0 to {until.size - 1})")
    outside = np.flatnonzero(
        (when <= since[owner]) & (when > 0) | (when < since[owner]) | (when > until[owner])
    )
    if outside.size:
        raise MeasureError("time", f"must lie within the item's observation, row {int(outside[0])} does not")
    moments, index = np.unique(when, return_inverse=True)
    # An event at age 0 finds every item that starts at 0 at risk.
    started = np.searchsorted(np.sort(since), moments, side="left")
    started = np.where(moments == 0, int((since == 0).sum()), started)
    at_risk = (started - np.searchsorted(np.sort(until), moments, side="left")).astype(np.int64)
    events = np.bincount(index, minlength=moments.size).astype(np.int64)
    step = np.divide(events, at_risk, out=np.zeros(moments.size), where=at_risk > 0)
    mean = np.cumsum(step)
    variance = _variance(owner, index, since, until, moments, at_risk=at_risk, step=step)
    ratio = np.divide(z * np.sqrt(variance), mean, out=np.zeros_like(mean), where=mean > 0)
    return MeanCumulative(
        time=moments,
        at_risk=at_risk,
        events=events,
        mean=mean,
        variance=variance,
        low=mean * np.exp(-ratio),
        high=mean * np.exp(ratio),
        items=int(until.size),
        n=int(when.size),
        confidence=confidence,
        flags=(NOT_ENOUGH_DATA,) if until.size < 2 else (),
    )


def _variance(
    owner: Integers,
    index: Integers,
    since: Floats,
    until: Floats,
    moments: Floats,
    *,
    at_risk: Integers,
    step: Floats,
) -> Floats:
    """Σ over items of (Σ over times (its events − d/n) / n)², the inner sum over times it is observed."""
    order = np.argsort(index, kind="stable")
    edges = np.searchsorted(index[order], np.arange(moments.size + 1))
    influence = np.zeros(until.size)
    variance = np.zeros(moments.size)
    for j, moment in enumerate(moments):
        present = (until >= moment) & ((since < moment) | (since == 0))
        influence[present] -= step[j] / at_risk[j]
        np.add.at(influence, owner[order[edges[j] : edges[j + 1]]], 1 / at_risk[j])
        variance[j] = influence @ influence
    return variance
