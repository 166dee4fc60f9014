"""What an intervention did to a series: its level and trend after it, against what the trend before would have given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, check_confidence, column, count, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.trend.regression import LeastSquares, Matrix, estimate, least_squares, newey_west

METHOD = "segmented regression, Newey-West"
LEAST = 3


@dataclass(frozen=True, slots=True, eq=False)
class InterruptedSeries:
    """The effect of an intervention on a series.

    `effect`: mean difference of the points after it from the trend before carried on; `level`: the jump at the
    first point after it; `slope_change`: by how much the trend per step differs since; `slope_before`. `expected`
    is the trend before at every point, `fitted` the model (empty without enough data). `p_value` tests the effect.
    """

    effect: Measurement
    level: Measurement
    slope_change: Measurement
    slope_before: Measurement
    p_value: float | None
    expected: Floats
    fitted: Floats
    n_before: int
    n_after: int
    autocorrelation: float | None
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = ", ".join((f"before={self.n_before}", f"after={self.n_after}", *self.flags))
        p = "" if self.p_value is None else f", p={self.p_value:.3g}"
        return f"effect {self.effect}{p}; level {self.level}; slope change {self.slope_change} ({notes})"


def interrupted_time_series(
    values: object,
    *,
    intervention: int,
    transition: int = 0,
    slope_change: bool = True,
    weights: object | None = None,
    season: object | None = None,
    lags: int | None = None,
    confidence: float = 0.95,
    unit: str = "change",
) -> InterruptedSeries:
    """y_t = a + b t + c A_t + d (t − t1) A_t (+ season): A_t marks the points after the intervention, t1 the first.

    One value per period in time order. `intervention` is the position of the first period under the measure; the
    `transition` periods from there on, in which it is taking hold, are left out. The effect is
    c + d · mean(t − t1), or c alone without `slope_change`. `weights`: cases behind each value. `season` labels each
    period (month, weekday) with something that repeats before and after.

    Variance by Newey & West over `lags` (4 (n/100)^(2/9) if left out), never below the ordinary one, t limits
    (Wagner et al. 2002; Bernal et al. 2017). Flag "autocorrelated": residual r1 above 2/√n remains. Whatever else
    changed at the same time is in the effect too: compare with a series it did not touch. Not enough data under 3
    values on either side.
    """
    check_confidence(confidence)
    y = floats("values", values)
    n = int(y.size)
    first = count("intervention", intervention, minimum=1) + count("transition", transition)
    if intervention >= n:
        raise MeasureError("intervention", f"must be a position before the end of the {n} values, is {intervention}")
    weight = np.ones(n) if weights is None else floats("weights", weights)
    same_length(values=y, weights=weight)
    if (weight <= 0).any():
        raise MeasureError("weights", "must be above 0: leave out a period without cases")
    most = max(n - 2, 0)
    if lags is not None and count("lags", lags) > most:
        raise MeasureError("lags", f"must not exceed {most}, is {lags}")
    step = np.arange(n)
    after = step >= first
    kept = after | (step < intervention)
    design = _design(step.astype(float), after, first, slope_change, season)
    before_n, after_n = int(intervention), int(after.sum())
    fit = None
    if min(before_n, after_n) >= LEAST:
        fit = least_squares(design[kept], y[kept], weight[kept])
    if fit is None:
        return _nothing(before_n, after_n, confidence, unit)
    return _result(
        fit, design, y, after, kept, before_n, after_n, slope_change, lags=lags, confidence=confidence, unit=unit
    )


def _design(
    step: Floats, after: Booleans, first: int, slope_change: bool, season: object | None
) -> Matrix:
    columns = [np.ones(step.size), step - first, after.astype(float)]
    if slope_change:
        columns.append(np.where(after, step - first, 0.0))
    if season is not None:
        labels = column("season", season)
        same_length(values=step, season=labels)
        columns.extend((labels == name).astype(float) for name in np.unique(labels)[1:].tolist())
    return np.column_stack(columns)


def _result(
    fit: LeastSquares,
    design: Matrix,
    y: Floats,
    after: Booleans,
    kept: Booleans,
    before_n: int,
    after_n: int,
    slope_change: bool,
    *,
    lags: int | None,
    confidence: float,
    unit: str,
) -> InterruptedSeries:
    n, k = fit.scores.shape
    robust = newey_west(fit, int(4 * (n / 100) ** (2 / 9)) if lags is None else lags)

    def contrast(**parts: float) -> tuple[Measurement, float]:
        vector = np.zeros(k)
        for name, part in parts.items():
            vector[("slope", "level", "change").index(name) + 1] = part
        variance = max(float(vector @ robust @ vector), float(vector @ fit.ordinary @ vector))
        return estimate(
            float(vector @ fit.coefficient),
            variance,
            fit.degrees,
            unit=unit,
            n=n,
            method=METHOD,
            confidence=confidence,
        )

    middle = float(np.mean(design[after, 1]))
    parts = {"level": 1.0, "change": middle} if slope_change else {"level": 1.0}
    effect, p_value = contrast(**parts)
    without = design.copy()
    without[:, 2 : 4 if slope_change else 3] = 0.0
    total = float(fit.residual @ fit.residual)
    related = float(fit.residual[1:] @ fit.residual[:-1]) / total if total else 0.0
    flags = (
        ("autocorrelated", related > 2 / np.sqrt(n)),
        ("zero_variance", total == 0),
    )
    return InterruptedSeries(
        effect=effect,
        level=contrast(level=1.0)[0],
        slope_change=contrast(change=1.0)[0] if slope_change else _none(n, confidence, unit),
        slope_before=contrast(slope=1.0)[0],
        p_value=p_value,
        expected=without @ fit.coefficient,
        fitted=design @ fit.coefficient,
        n_before=before_n,
        n_after=after_n,
        autocorrelation=related,
        flags=tuple(name for name, raised in flags if raised),
    )


def _none(n: int, confidence: float, unit: str) -> Measurement:
    return Measurement(value=None, unit=unit, n=n, method=METHOD, confidence=confidence, flags=("not_modelled",))


def _nothing(before_n: int, after_n: int, confidence: float, unit: str) -> InterruptedSeries:
    figure = not_enough(unit, n=before_n + after_n, method=METHOD, confidence=confidence)
    none = np.zeros(0)
    return InterruptedSeries(
        figure, figure, figure, figure, None, none, none, before_n, after_n, None, (NOT_ENOUGH_DATA,)
    )
