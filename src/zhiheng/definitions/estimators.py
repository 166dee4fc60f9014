"""From the integers a definition's SQL returns to a figure. Floating point happens here, in fixed order.

Each estimator takes the rows of one scope as dictionaries and the formula, and returns the estimate: the figure and
what must be printed beside it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from zhiheng.definitions.columns import integers
from zhiheng.definitions.definition import Formula
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement, not_enough
from zhiheng.measure.service.recurrence import KEYLESS_LIMIT, chance_recurrence
from zhiheng.measure.spc import laney_u_chart
from zhiheng.measure.survival import kaplan_meier

Rows = Sequence[Mapping[str, Any]]
HOUR_S = 3600
Z95 = 1.959963984540054
# Less history than this says nothing about how often a key has faults.
MINIMUM_HISTORY_S = 90 * 86400
# With fewer keyed cases than this share the matcher cannot be used at all.
KEYED_MINIMUM = 0.05
# A rate without configuration items is per so many tickets that arrived.
ARRIVALS = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the numbers that belong beside it (median, open cases, chance …)."""

    measurement: Measurement
    details: dict[str, Any] = field(default_factory=dict)


def share(rows: Rows, _formula: Formula) -> Estimate:
    """numerator ÷ denominator with Wilson's interval."""
    return Estimate(wilson_interval(_total(rows, "numerator"), _total(rows, "denominator")))


def restricted_mean(rows: Rows, formula: Formula) -> Estimate:
    """Mean of duration_s up to `horizon_s` by Kaplan–Meier; `observed` 0 marks cases still open."""
    horizon = float(formula.parameters["horizon_s"])
    if not rows:
        return Estimate(in_formula_unit(not_enough("s", method="km-rmst-greenwood"), formula))
    columns = integers(rows, ("duration_s", "observed", "tickets"))
    order = np.lexsort(columns[::-1])
    times, observed, weights = (column[order] for column in columns)
    curve = kaplan_meier(np.repeat(np.maximum(times, 0), weights), np.repeat(observed > 0, weights))
    still = int(weights[observed == 0].sum())
    details = {
        "median": _scaled(curve.quantile(0.5).value, formula),
        "p90": _scaled(curve.quantile(0.9).value, formula) if curve.n >= 50 else None,
        "share_above": curve.at(horizon).value,
        "horizon": _scaled(horizon, formula),
        "open": still,
    }
    return Estimate(in_formula_unit(curve.restricted_mean(horizon), formula), details)


def recurrence(rows: Rows, formula: Formula) -> Estimate:
    """Share of restored faults that came back by key, with what chance alone gives from the key's own rate."""
    window_s = int(formula.parameters["window_s"])
    keyed = [row for row in rows if row["inside"] is not None]
    total = sum(int(row["tickets"]) for row in rows)
    numerator = sum(int(row["tickets"]) for row in keyed if row["recurred"])
    denominator = sum(int(row["tickets"]) for row in keyed)
    measured = wilson_interval(numerator, denominator)
    keyless = 1 - denominator / total if total else 1.0
    details: dict[str, Any] = {"keyless": keyless, "chance": None, "excess": None}
    if total and denominator / total < KEYED_MINIMUM:
        return Estimate(replace(measured, value=None, low=None, high=None).flagged("no_key"), details)
    chance, flag = _chance(keyed, window_s)
    if keyless > KEYLESS_LIMIT:
        measured = measured.flagged("too_many_without_key")
    if (
        chance is not None
        and measured.value is not None
        and measured.low is not None
        and measured.high is not None
    ):
        details |= {
            "chance": chance,
            "excess": measured.value - chance,
            "excess_low": measured.low - chance,
            "excess_high": measured.high - chance,
        }
        measured = measured.flagged(flag)
    return Estimate(measured, details)


def excess_over_chance(rows: Rows, formula: Formula) -> Estimate:
    """The recurrence less what chance alone gives, as a figure of its own."""
    estimate = recurrence(rows, formula)
    details = estimate.details
    if details["excess"] is None:
        return Estimate(replace(estimate.measurement, value=None, low=None, high=None), details)
    return Estimate(
        replace(
            estimate.measurement,
            value=details["excess"],
            low=details["excess_low"],
            high=details["excess_high"],
            numerator=None,
            denominator=None,
            method="wilson, chance taken as known",
        ),
        details,
    )


def rate_ratio(rows: Rows, formula: Formula) -> Estimate:
    """(events ÷ exposure) ÷ (earlier events ÷ earlier exposure), interval by conditioning on the total (Wilson)."""
    now, before = _total(rows, "events"), _total(rows, "earlier")
    exposure = max((int(row["exposure"] or 0) for row in rows), default=0)
    earlier = max((int(row["earlier_exposure"] or 0) for row in rows), default=0)
    method = "poisson-ratio-wilson"
    if _without_exposure(rows):
        return Estimate(not_enough(formula.unit, n=now + before, method=method).flagged("no_exposure"))
    if before == 0 or exposure <= 0 or earlier <= 0:
        return Estimate(not_enough(formula.unit, n=now + before, method=method))
    part = wilson_interval(now, now + before)
    scale = earlier / exposure
    low, high = (None if p is None or p >= 1 else scale * p / (1 - p) for p in (part.low, part.high))
    value = scale * now / before
    measured = Measurement(value=value, unit=formula.unit, n=now + before, low=low, high=high, method=method)
    return Estimate(measured.flagged(*_by_arrivals(rows)))


def chart_signals(rows: Rows, formula: Formula) -> Estimate:
    """How many of the `recent_weeks` lie high on a Laney u′ chart of events per thousand arrivals; n is its weeks.

    Each row is a week, the last one 0. The weeks before the recent ones give the limits, all of them where those are
    too few. A signal is any rule of Western Electric on the bad, the high side.
    """
    recent, least = int(formula.parameters["recent_weeks"]), formula.minimum_n
    weeks = sorted(
        ((int(row["week"]), int(row["events"]), int(row["exposure"])) for row in rows if row["exposure"]),
        reverse=True,
    )
    method, flags = "laney-u", _by_arrivals(rows)
    if _without_exposure(rows):
        return Estimate(not_enough(formula.unit, n=len(weeks), method=method).flagged("no_exposure"))
    if len(weeks) < least:
        return Estimate(not_enough(formula.unit, n=len(weeks), method=method).flagged(*flags))
    ago, events, exposure = (np.array(column, dtype=np.float64) for column in zip(*weeks, strict=True))
    before = int((ago >= recent).sum())
    chart = laney_u_chart(events, exposure / ARRIVALS, baseline=before if before >= least else None)
    high = {signal.position for signal in chart.signals if signal.side > 0 and ago[signal.position] < recent}
    limits = chart.limits
    return Estimate(
        Measurement(value=float(len(high)), unit=formula.unit, n=len(weeks), method=method).flagged(
            *flags, *chart.flags
        ),
        {"centre": limits and limits.centre, "sigma_z": limits and limits.factor},
    )


def matched_difference(rows: Rows, formula: Formula) -> Estimate:
    """How much longer `cases` last than `others` of the same stratum: the mean over matched cases, normal interval.

    Each row is a stratum with number, sum and sum of squares of seconds of both. A case is matched where its stratum
    has two others at least; its difference is from their mean, whose own error widens the interval.
    """
    method = "stratified-normal"
    strata = [
        tuple(
            int(row[name] or 0)
            for name in ("cases", "cases_s", "cases_s2", "others", "others_s", "others_s2")
        )
        for row in rows
    ]
    matched = sorted(stratum for stratum in strata if stratum[0] and stratum[3] >= 2)
    n = sum(stratum[0] for stratum in matched)
    details = {"matched": n, "unmatched": _total(rows, "cases") - n}
    if n < 2:
        return Estimate(in_formula_unit(not_enough("s", n=n, method=method), formula), details)
    sums, squares, errors = [], [], []
    for cases, cases_s, cases_s2, others, others_s, others_s2 in matched:
        mean = others_s / others
        sums.append(cases_s - cases * mean)
        squares.append(cases_s2 - 2 * mean * cases_s + cases * mean * mean)
        spread = (others * others_s2 - others_s * others_s) / (others * (others - 1))
        errors.append((cases / n) ** 2 * spread / others)
    value = math.fsum(sums) / n
    own = max(math.fsum(squares) / n - value * value, 0.0) / (n - 1)
    half = Z95 * math.sqrt(own + math.fsum(errors))
    measured = Measurement(value=value, unit="s", n=n, low=value - half, high=value + half, method=method)
    return Estimate(in_formula_unit(measured, formula), details)


def workload(rows: Rows, formula: Formula) -> Estimate:
    """Open work ÷ mean closures per week: weeks of work, the closures taken as a Poisson count."""
    held, closures = _total(rows, "open"), _total(rows, "closures")
    window_s = max((int(row["window_s"] or 0) for row in rows), default=0)
    method = "poisson-log"
    if closures == 0 or window_s <= 0:
        return Estimate(not_enough(formula.unit, n=closures, method=method))
    value = held * (window_s / 604800) / closures
    spread = math.exp(Z95 / math.sqrt(closures))
    return Estimate(
        Measurement(
            value=value, unit=formula.unit, n=closures, low=value / spread, high=value * spread, method=method
        ),
        {"open": held, "closures": closures},
    )


def count(rows: Rows, formula: Formula) -> Estimate:
    """A plain count out of so many that were looked at; it has no interval."""
    numerator, denominator = _total(rows, "numerator"), _total(rows, "denominator")
    return Estimate(
        Measurement(
            value=float(numerator),
            unit=formula.unit,
            n=denominator,
            numerator=numerator,
            denominator=denominator,
        )
    )


def in_formula_unit(measurement: Measurement, formula: Formula) -> Measurement:
    """Turn a figure in seconds into the unit the definition shows."""
    return measurement.in_unit("h", 1 / HOUR_S) if formula.unit == "h" else measurement


def _total(rows: Rows, name: str) -> int:
    """The sum of a column of counts; SQL sums nothing to null, which is none."""
    return sum(int(row[name] or 0) for row in rows)


def _without_exposure(rows: Rows) -> bool:
    """Whether nothing but events arrived: then their rate among arrivals is 1, whatever happens."""
    told = [row for row in rows if "arrived_otherwise" in row]
    return bool(told) and not _total(told, "arrived_otherwise")


def _by_arrivals(rows: Rows) -> tuple[str, ...]:
    return ("per_1000_arrivals",) if any("arrived_otherwise" in row for row in rows) else ()


def _scaled(seconds: float | None, formula: Formula) -> float | None:
    return seconds / HOUR_S if seconds is not None and formula.unit == "h" else seconds


def _chance(keyed: Rows, window_s: int) -> tuple[float | None, str]:
    if not keyed:
        return None, ""
    before_s = int(keyed[0]["before_span_s"])
    if before_s >= MINIMUM_HISTORY_S:
        counts, weights = _weighted(keyed, "before")
        return chance_recurrence(
            np.repeat(counts / before_s, weights), window_s=window_s
        ), "chance:from_history"
    return _placement_chance(keyed), "chance:from_window"


def _placement_chance(keyed: Rows) -> float:
    """Without a history: the chance that one of the key's other n − 1 faults, placed like all faults of the window,
    falls into the days after the restoration: 1 − (1 − p)^(n − 1), p the share of all faults that began in them.
    """
    ordered = sorted(
        (int(row["inside"]), int(row["exposure_permille"]), int(row["tickets"])) for row in keyed
    )
    others, permille, weights = (np.array(values, dtype=np.float64) for values in zip(*ordered, strict=True))
    chances = 1 - (1 - np.minimum(permille / 1000, 1.0)) ** others
    return float((chances * weights).sum() / weights.sum())


def _weighted(rows: Rows, column: str) -> tuple[np.ndarray[Any, np.dtype[np.int64]], ...]:
    ordered = sorted((int(row[column]), int(row["tickets"])) for row in rows)
    return tuple(np.array(values, dtype=np.int64) for values in zip(*ordered, strict=True))


ESTIMATORS: dict[str, Callable[[Rows, Formula], Estimate]] = {
    "wilson": share,
    "restricted_mean": restricted_mean,
    "recurrence": recurrence,
    "excess_over_chance": excess_over_chance,
    "rate_ratio": rate_ratio,
    "chart_signals": chart_signals,
    "matched_difference": matched_difference,
    "workload": workload,
    "count": count,
}
