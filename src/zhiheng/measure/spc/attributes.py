"""Charts of shares and counts, plain and with Laney's correction for large or clustered samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, count, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.chart import Baseline, ControlChart, Limits, Phase, assemble, phase_of
from zhiheng.measure.spc.constants import MOVING_RANGE
from zhiheng.measure.spc.rules import WESTERN_ELECTRIC, Rule

LANEY_SIZE = 100
LANEY_FACTOR = 1.1
FEW_EXPECTED = 5


def p_chart(
    events: object,
    sizes: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Shares of `sizes` cases: p̄ = Σ d / Σ n, limits p̄ ± 3 √(p̄ q̄ / n_i) within 0 and 1.

    For missed commitments, satisfied shares, reopened tickets. With thousands of cases the limits are absurdly
    tight: flagged "laney_advised" when sizes are above 100 on average or sigma_z above 1.1. Flag "few_events":
    fewer than 5 events or non-events expected in a point, limits unreliable (Montgomery 2013 §7.2).

    `events`: one count per point, in time order. Unit: share. Errors: NaN, unequal lengths, negative counts, a
    point without cases, more events than cases, limits of another kind of chart.
    """
    counts = _counted("p", events, sizes=sizes)
    return _shares(counts, counts.phase(baseline, removed, limits), rules)


def laney_p_chart(
    events: object,
    sizes: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Shares with limits p̄ ± 3 sigma_z √(p̄ q̄ / n_i); sigma_z = mean |z_i − z_{i−1}| / 1.128 (Laney 2002).

    sigma_z is the spread between neighbouring points in units of the binomial one, so shares that vary by more
    than chance of themselves no longer alarm all the time. Flag "underdispersed": sigma_z < 1, the points vary
    less than chance would have it, which calls for a look at how they are counted.

    `events` out of `sizes` cases, one pair per point, in time order. Unit: share. Errors: NaN, unequal lengths,
    negative counts, a point without cases, more events than cases, limits of another kind of chart.
    """
    counts = _counted("laney p", events, sizes=sizes)
    return _shares(counts, counts.phase(baseline, removed, limits), rules)


def u_chart(
    events: object,
    exposure: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Events per unit of exposure (incidents per 100 users): ū = Σ c / Σ n, limits ū ± 3 √(ū / n_i), not below 0.

    `exposure` counts the units of each point. Flags as for `p_chart`, from sigma_z and the expected counts
    (Montgomery 2013 §7.3).

    `events`: one count per point, in time order. Unit: events per unit of exposure. Errors: NaN, unequal
    lengths, counts below 0, exposure not above 0, limits of another kind of chart.
    """
    counts = _counted("u", events, exposure=exposure)
    return _rates(counts, counts.phase(baseline, removed, limits), rules)


def laney_u_chart(
    events: object,
    exposure: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Events per unit of exposure with limits ū ± 3 sigma_z √(ū / n_i) (Laney 2002); see `laney_p_chart`.

    `events` per `exposure`, one pair per point, in time order. Unit: events per unit of exposure. Errors: as
    for `u_chart`.
    """
    counts = _counted("laney u", events, exposure=exposure)
    return _rates(counts, counts.phase(baseline, removed, limits), rules)


def np_chart(
    events: object,
    *,
    size: int,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Numbers out of a fixed `size`: n p̄ ± 3 √(n p̄ q̄); frozen limits hold for that size.

    Where sizes differ take `p_chart` (Montgomery 2013 §7.2).

    `events`: one count per point. Unit: cases. Errors: NaN, counts below 0 or above the size, a size below 1,
    limits of another kind of chart.
    """
    count("size", size, minimum=1)
    d = floats("events", events, minimum=0)
    counts = replace(_counted("np", d, sizes=np.full(d.size, float(size))), scale=float(size))
    return _shares(counts, counts.phase(baseline, removed, limits), rules)


def c_chart(
    events: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Counts over equal exposure: c̄ ± 3 √c̄, not below 0 (Montgomery 2013 §7.3).

    Where exposure differs take `u_chart`. Flags as there.

    `events`: one count per point. Unit: events. Errors: NaN, counts below 0, limits of another kind of chart.
    """
    c = floats("events", events, minimum=0)
    counts = _counted("c", c, exposure=np.ones(c.size))
    return _rates(counts, counts.phase(baseline, removed, limits), rules)


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Events and cases of each point; what is plotted is their ratio times `scale`."""

    kind: str
    events: Floats
    sizes: Floats
    scale: float = 1.0

    def phase(self, baseline: Baseline, removed: Mapping[int, str] | None, limits: Limits | None) -> Phase:
        return phase_of(self.events.size, self.kind, baseline=baseline, removed=removed, limits=limits)

    def centre(self, phase: Phase) -> float | None:
        """Σ events / Σ sizes of the baseline; None with fewer than two points in it."""
        if phase.frozen:
            return phase.frozen.centre / self.scale
        if phase.used.sum() < 2:
            return None
        return float(self.events[phase.used].sum() / self.sizes[phase.used].sum())


def _counted(kind: str, events: object, **sizes: object) -> _Counts:
    ((argument, values),) = sizes.items()
    d, n = floats("events", events, minimum=0), floats(argument, values)
    same_length(events=d, **{argument: n})
    if (n <= 0).any():
        raise MeasureError(argument, "must be above 0: leave out a point without cases")
    return _Counts(kind, d, n)


def _shares(counts: _Counts, phase: Phase, rules: Sequence[Rule]) -> ControlChart:
    over = np.flatnonzero(counts.events > counts.sizes)
    if over.size:
        raise MeasureError("events", f"must not exceed the cases, do at position {int(over[0])}")
    centre = counts.centre(phase)
    if centre is None:
        return _no_chart(counts, phase)
    spread = share_spread(centre, counts.sizes)
    size = float(counts.sizes.sum()) / counts.sizes.size
    return _chart(
        counts, centre, spread, phase, rules, ceiling=1.0, large=size, least=size * min(centre, 1 - centre)
    )


def _rates(counts: _Counts, phase: Phase, rules: Sequence[Rule]) -> ControlChart:
    centre = counts.centre(phase)
    if centre is None:
        return _no_chart(counts, phase)
    spread = rate_spread(centre, counts.sizes)
    expected = float(counts.sizes.sum()) / counts.sizes.size * centre
    return _chart(counts, centre, spread, phase, rules, ceiling=np.inf, large=expected, least=expected)


def _chart(
    counts: _Counts,
    centre: float,
    spread: Floats,
    phase: Phase,
    rules: Sequence[Rule],
    *,
    ceiling: float,
    large: float,
    least: float,
) -> ControlChart:
    laney = counts.kind.startswith("laney")
    value = counts.events / counts.sizes
    factor = phase.frozen.factor if phase.frozen else _sigma_z(value - centre, spread, phase)
    if laney and factor is None:
        return _no_chart(counts, phase)
    applied = factor if laney and factor is not None else 1.0
    # The advice belongs to phase I, where limits are chosen.
    advised = not laney and not phase.frozen and (large > LANEY_SIZE or (factor or 0.0) > LANEY_FACTOR)
    flags = (
        ("few_events", 0 < least < FEW_EXPECTED),
        ("underdispersed", 0 < applied < 1),
        ("laney_advised", advised),
    )
    points = phase.frozen.points if phase.frozen else int(phase.used.sum())
    return assemble(
        value * counts.scale,
        Limits(counts.kind, centre * counts.scale, None, applied, points),
        spread * applied * counts.scale,
        phase,
        rules,
        kind=counts.kind,
        floor=0.0,
        ceiling=ceiling * counts.scale,
        flags=[name for name, raised in flags if raised],
    )


def _no_chart(counts: _Counts, phase: Phase) -> ControlChart:
    value = counts.events / counts.sizes * counts.scale
    return assemble(value, None, np.zeros(0), phase, (), kind=counts.kind)


def _sigma_z(distance: Floats, spread: Floats, phase: Phase) -> float | None:
    """Laney's factor, from neighbouring baseline points; None without any."""
    pairs = phase.pairs
    return float(sigma_z(distance, spread, pairs)) if pairs.any() else None


def share_spread(centre: Floats | float, sizes: Floats) -> Floats:
    """The binomial standard deviation of a share of so many cases."""
    spread: Floats = np.sqrt(centre * (1 - centre) / sizes)
    return spread


def rate_spread(centre: Floats | float, sizes: Floats) -> Floats:
    """The Poisson standard deviation of events per unit of so much exposure."""
    spread: Floats = np.sqrt(centre / sizes)
    return spread


def sigma_z(distance: Floats, spread: Floats, pairs: Booleans) -> Floats:
    """Laney's factor along the last axis; 1 where all shares are 0 or all 1: there is no spread to correct."""
    scores = np.divide(distance, spread, out=np.zeros(distance.shape), where=spread > 0)
    ranges = np.abs(np.diff(scores, axis=-1))[..., pairs]
    factor: Floats = np.where(spread.any(axis=-1), ranges.mean(axis=-1) / MOVING_RANGE, 1.0)
    return factor
