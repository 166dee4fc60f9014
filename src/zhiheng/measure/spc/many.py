"""Laney charts of many series at once: every service, team or customer, judged alike in a few array operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.spc.attributes import laney_p_chart, laney_u_chart, rate_spread, share_spread, sigma_z
from zhiheng.measure.spc.chart import Baseline, ControlChart, phase_of, scores
from zhiheng.measure.spc.rules import WESTERN_ELECTRIC, Rule


@dataclass(frozen=True, slots=True, eq=False)
class ControlCharts:
    """Charts of series × points. `centre` and `factor` (Laney's sigma_z) have one entry per series, the limits one
    per point; `fired` is rules × series × points. Without enough data the limits are NaN and nothing fires.
    """

    kind: str
    value: Floats
    centre: Floats
    factor: Floats
    low: Floats
    high: Floats
    rules: tuple[Rule, ...]
    fired: Booleans
    baseline: Booleans
    events: Floats
    sizes: Floats
    single: Callable[..., ControlChart]
    flags: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many series."""
        return len(self.value)

    @property
    def in_control(self) -> Booleans | None:
        """For each series whether no rule fires; None without enough data."""
        if NOT_ENOUGH_DATA in self.flags:
            return None
        return np.logical_not(self.fired.any(axis=(0, 2)))

    def chart(self, series: int) -> ControlChart:
        """The full chart of one series, with its signals in words and its flags."""
        return self.single(self.events[series], self.sizes[series], baseline=self.baseline, rules=self.rules)

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        stable = self.in_control
        shown = "no limits" if stable is None else f"{int((~stable).sum())} with a signal"
        return f"{self.n} {self.kind} charts of {self.value.shape[1]} points: {shown}{notes}"


def laney_p_charts(
    events: object, sizes: object, *, baseline: Baseline = None, rules: Sequence[Rule] = WESTERN_ELECTRIC
) -> ControlCharts:
    """`laney_p_chart` of every row: limits p̄ ± 3 sigma_z √(p̄ q̄ / n_i) within 0 and 1 (Laney 2002).

    `events` and `sizes` are series × points, `baseline` marks the points behind the limits of all. A thousand
    charts raise some false alarm every day: rank them, do not chase each. Unit: share. Errors: unequal shapes,
    NaN, more events than cases, a point without cases.
    """
    return _charts(_SHARES, events, sizes, baseline, rules)


def laney_u_charts(
    events: object, exposure: object, *, baseline: Baseline = None, rules: Sequence[Rule] = WESTERN_ELECTRIC
) -> ControlCharts:
    """`laney_u_chart` of every row: limits ū ± 3 sigma_z √(ū / n_i), not below 0 (Laney 2002).

    `events` and `exposure` (units of each point) are series × points; otherwise as `laney_p_charts`, also its
    caution and its errors.

    Unit: events per unit of exposure. Errors: as for `laney_p_charts`.
    """
    return _charts(_RATES, events, exposure, baseline, rules)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells charts of shares from charts of rates: `cases` is the name of the second argument."""

    name: str
    cases: str
    spread: Callable[[Floats | float, Floats], Floats]
    single: Callable[..., ControlChart]
    ceiling: float


_SHARES = _Kind("laney p", "sizes", share_spread, laney_p_chart, 1.0)
_RATES = _Kind("laney u", "exposure", rate_spread, laney_u_chart, np.inf)


def _charts(
    kind: _Kind, events: object, cases: object, baseline: Baseline, rules: Sequence[Rule]
) -> ControlCharts:
    counted, sizes = _tables(kind, events, cases)
    value = counted / sizes
    phase = phase_of(value.shape[1], kind.name, baseline=baseline, removed=None, limits=None)
    chosen = tuple(rules)
    centre = factor = np.full(len(value), np.nan)
    low = high = np.full(value.shape, np.nan)
    fired = np.zeros((len(chosen), *value.shape), dtype=np.bool_)
    enough = bool(phase.pairs.any()) and len(value) > 0
    if enough:
        centre = counted[:, phase.used].sum(axis=1) / sizes[:, phase.used].sum(axis=1)
        distance, spread = value - centre[:, None], kind.spread(centre[:, None], sizes)
        factor = sigma_z(distance, spread, phase.pairs)
        sigma = spread * factor[:, None]
        low = np.maximum(centre[:, None] - 3 * sigma, 0.0)
        high = np.minimum(centre[:, None] + 3 * sigma, kind.ceiling)
        score = scores(distance, sigma)
        for place, rule in enumerate(chosen):
            fired[place] = rule.fires(score, value)
    flags = () if enough else (NOT_ENOUGH_DATA,)
    return ControlCharts(
        kind.name,
        value,
        centre,
        factor,
        low,
        high,
        chosen,
        fired,
        phase.used,
        counted,
        sizes,
        kind.single,
        flags,
    )


def _tables(kind: _Kind, events: object, cases: object) -> tuple[Floats, Floats]:
    argument = kind.cases
    counted, sizes = matrix("events", events), matrix(argument, cases)
    if counted.shape != sizes.shape:
        raise MeasureError(argument, f"must have the shape of events {counted.shape}, has {sizes.shape}")
    if (counted < 0).any():
        raise MeasureError("events", "must not be below 0")
    if (sizes <= 0).any():
        raise MeasureError(argument, "must be above 0: leave out a point without cases")
    if np.isfinite(kind.ceiling) and (counted > sizes).any():
        series, point = np.argwhere(counted > sizes)[0].tolist()
        raise MeasureError("events", f"must not exceed the cases, do at series {series}, position {point}")
    return counted, sizes
