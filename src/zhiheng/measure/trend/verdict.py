"""Whether an improvement worked: one verdict with its evidence, in which "no effect shown" is an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, count, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement
from zhiheng.measure.trend.interrupted import InterruptedSeries, interrupted_time_series

Better = Literal["lower", "higher"]
Outcome = Literal["improved", "no_effect_shown", "worse", "not_enough_data"]

MINIMUM = 8


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A figure that must not pay for the improvement: reopened tickets beside closure, satisfaction beside speed.

    `tolerance`, in the guard's unit, is by how much it may get worse; one value per period like the main series.
    """

    name: str
    values: object
    better: Better
    tolerance: float = 0.0
    weights: object | None = None


@dataclass(frozen=True, slots=True)
class GuardResult:
    """What became of a guard: "held" (not shown to be worse), "worsened" or "not_enough_data"."""

    name: str
    outcome: Literal["held", "worsened", "not_enough_data"]
    effect: Measurement

    def __str__(self) -> str:
        return f"{self.name} {self.outcome.replace('_', ' ')}: {self.effect}"


@dataclass(frozen=True, slots=True, eq=False)
class Verification:
    """The verdict on an improvement; `reasons` say in words why, `series` is the whole evidence.

    `before` and `after` are plain means of the two periods (they ignore trend, so they may disagree with `effect`).
    """

    outcome: Outcome
    effect: Measurement
    p_value: float | None
    before: float | None
    after: float | None
    better: Better
    series: InterruptedSeries
    guards: tuple[GuardResult, ...]
    reasons: tuple[str, ...]
    controlled: bool
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = f" ({', '.join(self.flags)})" if self.flags else ""
        return f"{self.outcome.replace('_', ' ')}: {'; '.join(self.reasons)}{notes}"


def verify_improvement(
    values: object,
    *,
    intervention: int,
    better: Better,
    control: object | None = None,
    guards: Sequence[Guard] = (),
    minimum_effect: float = 0.0,
    minimum_points: int = MINIMUM,
    transition: int = 0,
    slope_change: bool = True,
    weights: object | None = None,
    season: object | None = None,
    confidence: float = 0.95,
    unit: str = "change",
) -> Verification:
    """One verdict: improved, no effect shown, worse, or not enough data.

    The effect is that of `interrupted_time_series` on `values`, or, with a `control` series that the measure did not
    touch, on values − control, so that what happened to both drops out (a comparative interrupted series). Improved:
    the interval lies on the better side of 0, the effect is at least `minimum_effect`, and no guard worsened. Worse:
    the interval lies on the other side. Not enough data: fewer than `minimum_points` periods before or after.
    A guard worsens when its interval lies beyond its tolerance on the worse side; it then turns "improved" into "no
    effect shown".

    Flags: "guard_worsened:name", "guard_not_tested:name", "below_minimum_effect", "already_improving" (the trend
    before was on its way; only what goes beyond it counts), "begun_at_a_low" (the last quarter before was worse than
    the rest: part of the gain may be a return to normal), "autocorrelated". Decide on figure, period and guards
    before the measure starts: a verdict on the figure that looks best afterwards is worth nothing.

    One value per period in time order. Unit: that of `values`; `unit` names it. Errors: NaN, unequal lengths,
    an intervention outside the series, an effect or tolerance below 0, `better` other than lower or higher.
    Source: Wagner et al. 2002; Lopez Bernal et al. 2018 for the control series.
    """
    _check_better(better)
    if not (math.isfinite(minimum_effect) and minimum_effect >= 0):
        raise MeasureError("minimum_effect", f"must be finite and not negative, is {minimum_effect!r}")
    count("minimum_points", minimum_points, minimum=3)
    y = floats("values", values)
    studied = y
    if control is not None:
        other = floats("control", control)
        same_length(values=y, control=other)
        studied = y - other

    study = partial(
        interrupted_time_series,
        intervention=intervention,
        transition=transition,
        slope_change=slope_change,
        season=season,
        confidence=confidence,
    )
    series = study(studied, weights=weights, unit=unit)
    results = tuple(
        _guard(guard, study(_guard_values(guard, y.size), weights=guard.weights), minimum_points)
        for guard in guards
    )
    sign = -1.0 if better == "lower" else 1.0
    outcome, reasons, flags = _decide(series, results, sign, minimum_effect, minimum_points)
    first = intervention + transition
    return Verification(
        outcome=outcome,
        effect=series.effect,
        p_value=series.p_value,
        before=float(y[:intervention].mean()),
        after=float(y[first:].mean()) if first < y.size else None,
        better=better,
        series=series,
        guards=results,
        reasons=reasons,
        controlled=control is not None,
        flags=(*flags, *_cautions(series, studied[:intervention], sign)),
    )


def _decide(
    series: InterruptedSeries,
    guards: tuple[GuardResult, ...],
    sign: float,
    minimum_effect: float,
    minimum_points: int,
) -> tuple[Outcome, tuple[str, ...], tuple[str, ...]]:
    flags = tuple(f"guard_not_tested:{guard.name}" for guard in guards if guard.outcome == "not_enough_data")
    effect = series.effect
    if effect.value is None or min(series.n_before, series.n_after) < minimum_points:
        have = f"{series.n_before} periods before and {series.n_after} after"
        return "not_enough_data", (f"{have}, at least {minimum_points} are needed on each side",), flags
    worst, best = sorted((sign * (effect.low or 0.0), sign * (effect.high or 0.0)))
    shown = f"effect {effect}"
    if best < 0:
        return "worse", (f"{shown}: the whole interval lies on the worse side",), flags
    if worst <= 0:
        return "no_effect_shown", (f"{shown}: the interval contains no change",), flags
    if sign * effect.value < minimum_effect:
        reason = f"{shown}: real, but smaller than the {minimum_effect:g} agreed"
        return "no_effect_shown", (reason,), ("below_minimum_effect", *flags)
    worsened = [guard for guard in guards if guard.outcome == "worsened"]
    if worsened:
        names = tuple(f"guard_worsened:{guard.name}" for guard in worsened)
        paid = tuple(f"but {guard}" for guard in worsened)
        return "no_effect_shown", (f"{shown} on the better side", *paid), (*names, *flags)
    return "improved", (f"{shown}: the whole interval lies on the better side",), flags


def _guard_values(guard: Guard, n: int) -> Floats:
    _check_better(guard.better)
    if not (math.isfinite(guard.tolerance) and guard.tolerance >= 0):
        raise MeasureError("guards", f"must have a finite tolerance of 0 or more, {guard.name} has not")
    values = floats(f"guards: {guard.name}", guard.values)
    if values.size != n:
        raise MeasureError(f"guards: {guard.name}", f"must be as long as values ({n}), has {values.size}")
    return values


def _guard(guard: Guard, series: InterruptedSeries, minimum_points: int) -> GuardResult:
    effect = series.effect
    if effect.value is None or min(series.n_before, series.n_after) < minimum_points:
        return GuardResult(guard.name, "not_enough_data", effect)
    limit = effect.high if guard.better == "higher" else effect.low
    sign = 1.0 if guard.better == "higher" else -1.0
    worsened = sign * (limit or 0.0) < -guard.tolerance
    return GuardResult(guard.name, "worsened" if worsened else "held", effect)


def _cautions(series: InterruptedSeries, before: Floats, sign: float) -> tuple[str, ...]:
    """What the reader should know beside the verdict."""
    slope = series.slope_before
    limits = sorted((sign * (slope.low or 0.0), sign * (slope.high or 0.0)))
    flags = (
        ("already_improving", slope.value is not None and limits[0] > 0),
        ("begun_at_a_low", _begun_at_a_low(before, sign)),
        ("autocorrelated", "autocorrelated" in series.flags),
        ("zero_variance", "zero_variance" in series.flags),
    )
    return tuple(name for name, raised in flags if raised)


def _begun_at_a_low(before: Floats, sign: float) -> bool:
    """Whether the last quarter before the measure was worse than the rest by more than two standard errors."""
    last = max(before.size // 4, 1)
    rest, end = before[:-last], before[-last:]
    if rest.size < MINIMUM // 2:
        return False
    error = float(rest.std(ddof=1)) * math.sqrt(1 / last + 1 / rest.size)
    return error > 0 and sign * (float(np.mean(end)) - float(rest.mean())) < -2 * error


def _check_better(better: Better) -> None:
    if better not in ("lower", "higher"):
        raise MeasureError("better", f'must be "lower" or "higher", is {better!r}')
