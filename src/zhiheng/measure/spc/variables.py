"""Charts of measured values: single values with moving ranges, subgroup means with ranges or deviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Floats, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.chart import (
    Baseline,
    ChartPair,
    Limits,
    Phase,
    assemble,
    phase_of,
)
from zhiheng.measure.spc.constants import MOVING_RANGE, c4, d2, d3
from zhiheng.measure.spc.rules import LIMITS_ONLY, WESTERN_ELECTRIC, Rule

RANGES_UP_TO = 9


def i_mr_chart(
    values: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ChartPair:
    """Single values in time order with their moving ranges: x̄ ± 3 MR̄ / 1.128 (2.660 MR̄), MR up to 3.267 MR̄.

    `location` holds the values, `spread` the ranges |x_i − x_{i−1}| from the second value on. For skewed values such
    as times to restore pass logarithms. Limits widen or narrow with autocorrelation: with |r1| > 2/√n among 20 or
    more baseline values it is flagged "autocorrelated"; chart the residuals of a seasonal model then. Needs two
    neighbouring baseline points (Shewhart 1931; Montgomery 2013 §6.4).

    Unit: that of the values. Errors: NaN, limits of another kind of chart, a removed point without its cause.
    """
    x = floats("values", values)
    phase = phase_of(x.size, "i", baseline=baseline, removed=removed, limits=limits)
    ranges = np.abs(np.diff(x))
    limits = phase.frozen or individual_limits("i", x, phase)
    flags = ("autocorrelated",) if autocorrelated(x, phase) else ()
    sigma = limits.sigma or 0.0 if limits else 0.0
    spread = None
    if limits is not None:
        spread = Limits("mr", MOVING_RANGE * sigma, sigma, 1.0, limits.points)
    return ChartPair(
        location=assemble(x, limits, np.full(x.size, sigma), phase, rules, kind="i", flags=flags),
        spread=assemble(
            ranges,
            spread,
            np.full(ranges.size, d3(2) * sigma),
            phase,
            LIMITS_ONLY,
            kind="mr",
            floor=0.0,
            first=1,
        ),
    )


def xbar_r_chart(
    values: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ChartPair:
    """Subgroup means and ranges: x̿ ± 3 (R̄ / d2) / √n (A2 R̄), R between D3 R̄ and D4 R̄.

    `values` is one row per subgroup, all of one size from 2 on. From 10 on the range wastes data (flag
    "use_deviations": take `xbar_s_chart`). Needs two baseline subgroups (Montgomery 2013 §6.2).

    Unit: that of the values. Errors: NaN, rows of unequal or single size, limits of another kind of chart.
    """
    groups = _table(values)
    rows, n = groups.shape
    phase = phase_of(rows, "xbar", baseline=baseline, removed=removed, limits=limits)
    mean, ranges = groups.mean(axis=1), np.ptp(groups, axis=1)
    limits = phase.frozen
    if limits is None and phase.used.sum() >= 2:
        sigma = float(ranges[phase.used].mean()) / d2(n)
        limits = Limits("xbar", float(mean[phase.used].mean()), sigma, 1.0, int(phase.used.sum()))
    sizes = np.full(rows, float(n))
    flags = ("use_deviations",) if n > RANGES_UP_TO else ()
    chances = (np.full(rows, d2(n)), np.full(rows, d3(n)))
    return _pair(mean, ranges, sizes, limits, phase, rules=rules, kind="r", chances=chances, flags=flags)


def xbar_s_chart(
    values: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ChartPair:
    """Subgroup means and standard deviations: x̿ ± 3 σ̂ / √n_i (A3 s̄), s between B3 s̄ and B4 s̄.

    `values` is one row per subgroup, or one sequence per subgroup of 2 values or more where the sizes differ. The
    centre weighs subgroups by size; σ̂ = Σ h s / c4 / Σ h, h = c4² / (1 − c4²), which is s̄ / c4 for equal sizes
    (Burr 1969). Needs two baseline subgroups (Montgomery 2013 §6.3).

    Unit: that of the values. Errors: NaN, a subgroup of one value, limits of another kind of chart.
    """
    groups = _groups(values)
    size = np.array([group.size for group in groups], dtype=np.int64)
    phase = phase_of(size.size, "xbar", baseline=baseline, removed=removed, limits=limits)
    mean = np.array([float(group.mean()) for group in groups])
    deviation = np.array([float(group.std(ddof=1)) for group in groups])
    expected = np.array([c4(n) for n in size.tolist()])
    scatter = np.sqrt(1 - expected**2)
    limits = phase.frozen
    if limits is None and phase.used.sum() >= 2:
        used = phase.used
        h = (expected / scatter)[used] ** 2
        sigma = float(np.sum(h * deviation[used] / expected[used]) / h.sum())
        centre = float(np.average(mean[used], weights=size[used]))
        limits = Limits("xbar", centre, sigma, 1.0, int(used.sum()))
    sizes, chances = size.astype(float), (expected, scatter)
    return _pair(mean, deviation, sizes, limits, phase, rules=rules, kind="s", chances=chances)


def individual_limits(kind: str, x: Floats, phase: Phase) -> Limits | None:
    """Mean and MR̄ / 1.128 of the baseline; None without two neighbouring points in it."""
    ranges = np.abs(np.diff(x))[phase.pairs]
    if not ranges.size:
        return None
    centre = float(x[phase.used].mean())
    return Limits(kind, centre, float(ranges.mean()) / MOVING_RANGE, 1.0, int(phase.used.sum()))


def autocorrelated(x: Floats, phase: Phase) -> bool:
    """Whether neighbouring baseline points resemble each other: |r1| above 2 / √n, from 20 points on."""
    n = int(phase.used.sum())
    if n < 20:
        return False
    centred = np.where(phase.used, x - x[phase.used].mean(), 0.0)
    total = float(centred @ centred)
    return total > 0 and abs(float(centred[1:] @ centred[:-1])) / total > 2 / np.sqrt(n)


def _pair(
    mean: Floats,
    scatter: Floats,
    size: Floats,
    limits: Limits | None,
    phase: Phase,
    *,
    rules: Sequence[Rule],
    kind: str,
    chances: tuple[Floats, Floats],
    flags: tuple[str, ...] = (),
) -> ChartPair:
    """Means and scatters of subgroups; `chances` are mean and standard deviation of the scatter in sigmas."""
    expected, deviation = chances
    sigma = limits.sigma or 0.0 if limits else 0.0
    spread = None
    if limits is not None:
        spread = Limits(kind, float(expected.mean()) * sigma, sigma, 1.0, limits.points)
    return ChartPair(
        location=assemble(mean, limits, sigma / np.sqrt(size), phase, rules, kind="xbar", flags=flags),
        spread=assemble(
            scatter,
            spread,
            deviation * sigma,
            phase,
            LIMITS_ONLY,
            kind=kind,
            centre=expected * sigma,
            floor=0.0,
        ),
    )


def _table(values: object) -> NDArray[np.float64]:
    table = np.asarray(values)
    if table.ndim != 2 or table.shape[1] < 2:
        raise MeasureError("values", "must be a table: one row per subgroup, at least two values in each")
    return floats("values", table.ravel()).reshape(table.shape)


def _groups(values: object) -> list[Floats]:
    if not isinstance(values, Sequence | np.ndarray):
        raise MeasureError("values", "must be a sequence of subgroups")
    groups = [floats("values", group) for group in values]
    short = next((k for k, group in enumerate(groups) if group.size < 2), None)
    if short is not None:
        raise MeasureError("values", f"must hold at least two values per subgroup, row {short} does not")
    return groups
