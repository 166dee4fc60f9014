"""Time to resolve by Kaplan–Meier: the curve of all cases, and quantiles by priority, team and category."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import codes_of, text_array
from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.facts.lifecycle import NEVER
from zhiheng.measure.arrays import Booleans, Integers
from zhiheng.measure.survival import Survival, kaplan_meier

HOUR_S = 3600
GROUPS = ("priority", "team", "category")
TOP_GROUPS = 10
MINIMUM_N = 50
CURVE_POINTS = 120


def resolution_figures(facts: CaseFacts, *, from_s: int, to_s: int) -> dict[str, Any] | None:
    """The curve and its quantiles; None when the log does not tell when a case was resolved."""
    received, resolved = facts.seconds("received_s"), facts.seconds("resolved_s")
    if received is None or resolved is None:
        return None
    inside = np.flatnonzero((received >= from_s) & (received < to_s) & (received <= facts.cut_s))
    received, resolved = received[inside], resolved[inside]
    observed = resolved <= facts.cut_s
    durations = np.maximum(np.where(observed, resolved, facts.cut_s) - received, 0)
    # A curve needs its times in order: once for all cases is once for those of every group.
    order = np.argsort(durations)
    cases, durations, observed = inside[order], durations[order], observed[order]
    whole = kaplan_meier(durations, observed)
    return {
        "all": _quantiles(whole, observed),
        "curve": _curve(whole),
        "by": {
            name: _groups(facts.columns[name], cases, durations, observed)
            for name in GROUPS
            if name in facts.columns
        },
    }


def _groups(
    column: pa.Array | Integers, cases: Integers, durations: Integers, observed: Booleans
) -> list[dict[str, Any]]:
    """The largest groups by number of cases, each with n, median and P90; `durations` and `observed` are of `cases`."""
    texts = pc.fill_null(pc.cast(column, pa.string()), text_array([""])[0])
    encoded = texts.dictionary_encode()
    codes = codes_of(encoded)[cases]
    names = encoded.dictionary.to_pylist()
    counts = np.bincount(codes, minlength=len(names))
    largest = [int(code) for code in np.argsort(-counts, kind="stable")[:TOP_GROUPS] if counts[code]]
    result = []
    for code in largest:
        chosen = codes == code
        curve = kaplan_meier(durations[chosen], observed[chosen])
        result.append({"name": names[code], **_quantiles(curve, observed[chosen])})
    return result


def _quantiles(curve: Survival, observed: Booleans) -> dict[str, Any]:
    median, p90 = curve.quantile(0.5), curve.quantile(0.9)
    enough = curve.n >= MINIMUM_N
    return {
        "n": curve.n,
        "open": int((~observed).sum()),
        "median_hours": _hours(median.value),
        "median_low_hours": _hours(median.low),
        "median_high_hours": _hours(median.high),
        "p90_hours": _hours(p90.value) if enough else None,
        "enough": enough,
    }


def _curve(curve: Survival) -> list[dict[str, float]]:
    """The share still open at evenly spread places of the curve."""
    if not curve.n:
        return []
    # Without repeats already: never more places than there are times.
    places = np.linspace(0, len(curve.time) - 1, min(CURVE_POINTS, len(curve.time))).astype(int)
    return [
        {
            "hours": float(curve.time[place]) / HOUR_S,
            "open": float(curve.share[place]),
            "low": float(curve.low[place]),
            "high": float(curve.high[place]),
        }
        for place in places
    ]


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None or seconds == NEVER else seconds / HOUR_S
