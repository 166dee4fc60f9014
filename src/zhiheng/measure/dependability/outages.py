"""Availability of a service over a period, from its outages; overlapping outages count once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers, booleans, floats, period, same_length, seconds
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough

FEW_OUTAGES = 10


@dataclass(frozen=True, slots=True)
class Availability:
    """Availability of one period in both views: `contract` without planned downtime, `overall` with it.

    Downtimes are agreed seconds times the share of the service lost. `outages`: spells of unplanned downtime
    after overlapping ones are joined.
    """

    contract: Measurement
    overall: Measurement
    agreed_s: int
    unplanned_s: float
    planned_s: float
    outages: int
    longest_s: float

    def __str__(self) -> str:
        return (
            f"{self.contract}; with planned work {self.overall}; down {self.unplanned_s:,.0f} s unplanned"
            f" in {self.outages} outages, {self.planned_s:,.0f} s planned, of {self.agreed_s:,} s agreed"
        )


def union_of_outages(start_s: object, end_s: object) -> tuple[Integers, Integers]:
    """Starts and ends of the union of [start, end): what overlaps or touches is joined, what is empty left out.

    `start_s`, `end_s`: begin and end of each, in epoch seconds; touching means next start ≤ last end. Unit:
    epoch seconds. Errors: an end before its start, unequal lengths. Source: Klee 1977.
    """
    start, end = _spans(start_s, end_s)
    real = end > start
    start, end = start[real], end[real]
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    opens = np.flatnonzero(np.concatenate((np.ones(min(start.size, 1), np.bool_), start[1:] > reach[:-1])))
    closes = np.append(opens[1:], start.size)[: opens.size] - 1
    return start[opens], reach[closes]


def availability(
    start_s: object,
    end_s: object,
    *,
    from_s: int,
    to_s: int,
    planned: object | None = None,
    weight: object | None = None,
    calendar: WorkingCalendar | None = None,
    both: Literal["planned", "unplanned"] = "planned",
    confidence: float = 0.95,
    population: str = "",
) -> Availability:
    """A = (agreed time − downtime) / agreed time over [from_s, to_s), downtime being the union of the outages.

    One row per outage, epoch seconds; an outage that still lasts ends at or after `to_s`. Agreed time is the
    open time of `calendar`, natural time without one. `weight` (0..1] is the share of the service lost (users
    affected ÷ all users, or a declared factor): at each moment the largest weight counts, never the sum.
    `planned` marks announced maintenance inside its window (an overrun is a second, unplanned outage). Where
    planned and unplanned overlap, `both` says which is charged; the two always add up to the loss.

    The interval says what other periods of the same process would give: outages as a compound Poisson process,
    D e^(± z √Σd² / D) for downtime D of outages d; none without an outage, rough below ten ("few_outages").

    `start_s`, `end_s`: begin and end of each outage. Unit: share. Errors: an end before its start, an empty
    period, weights outside (0, 1], unequal lengths. Source: IEC 60050-192:2015 for the ratio.
    """
    z = two_sided_z(confidence)
    from_s, to_s = period(from_s, to_s)
    if both not in ("planned", "unplanned"):
        raise MeasureError("both", f'must be "planned" or "unplanned", is {both!r}')
    start, end = _spans(start_s, end_s)
    announced = np.zeros(start.size, np.bool_) if planned is None else booleans("planned", planned)
    lost = np.ones(start.size) if weight is None else floats("weight", weight)
    same_length(start_s=start, end_s=end, planned=announced, weight=lost)
    if lost.size and not (lost.min() > 0 and lost.max() <= 1):
        raise MeasureError("weight", "must lie above 0 and at most at 1")
    start, end = np.clip(start, from_s, to_s), np.clip(end, from_s, to_s)
    edges = np.unique(np.concatenate(([from_s, to_s], start, end)))
    agreed = _agreed(edges, calendar)
    total = int(agreed.sum())
    if total == 0:
        nothing = not_enough("share", method="union", confidence=confidence, population=population)
        return Availability(nothing, nothing, 0, 0.0, 0.0, 0, 0.0)
    by_plan = _largest(edges, start, end, lost, announced)
    by_fault = _largest(edges, start, end, lost, ~announced)
    loss = np.maximum(by_plan, by_fault)
    unplanned = loss - by_plan if both == "planned" else by_fault
    faults = _spells(unplanned * agreed, unplanned > 0)
    everything = _spells(loss * agreed, loss > 0)
    down, all_down = float(faults.sum()), float(everything.sum())
    contract, overall = (_share(spells, total, z, confidence, population) for spells in (faults, everything))
    return Availability(
        contract=contract,
        overall=overall,
        agreed_s=total,
        unplanned_s=down,
        planned_s=all_down - down,
        outages=int(faults.size),
        longest_s=float(faults.max(initial=0.0)),
    )


def _spans(start_s: object, end_s: object) -> tuple[Integers, Integers]:
    start, end = seconds("start_s", start_s), seconds("end_s", end_s)
    same_length(start_s=start, end_s=end)
    wrong = np.flatnonzero(end < start)
    if wrong.size:
        raise MeasureError("end_s", f"must not lie before start_s, does at position {int(wrong[0])}")
    return start, end


def _agreed(edges: Integers, calendar: WorkingCalendar | None) -> Integers:
    if calendar is None or calendar.never_closes:
        return np.diff(edges)
    return calendar.elapsed(edges[:-1], edges[1:])


def _largest(edges: Integers, start: Integers, end: Integers, lost: Floats, chosen: Booleans) -> Floats:
    """For each piece between two edges the largest weight of the chosen outages that cover it."""
    result = np.zeros(edges.size - 1)
    low, high = np.searchsorted(edges, start), np.searchsorted(edges, end)
    rows = np.flatnonzero(chosen)
    for row in rows[np.argsort(lost[rows], kind="stable")].tolist():  # the heavier overwrites the lighter
        result[low[row] : high[row]] = lost[row]
    return result


def _spells(downtime: Floats, down: Booleans) -> Floats:
    """The downtime of each unbroken spell; spells outside agreed time are none."""
    begins = np.flatnonzero(down & ~np.concatenate(([False], down[:-1])))
    if not begins.size:
        return np.zeros(0)
    sums: Floats = np.add.reduceat(np.where(down, downtime, 0.0), begins)
    return sums[sums > 0]


def _share(spells: Floats, total: int, z: float, confidence: float, population: str) -> Measurement:
    down = float(spells.sum())
    low = high = None
    if spells.size:
        factor = math.exp(z * math.sqrt(float(np.sum(spells**2))) / down)
        low, high = max(1 - down * factor / total, 0.0), 1 - down / factor / total
    return Measurement(
        value=1 - down / total,
        unit="share",
        n=int(spells.size),
        low=low,
        high=high,
        method="union, compound Poisson",
        confidence=confidence,
        population=population,
        flags=("few_outages",) if spells.size < FEW_OUTAGES else (),
    )
