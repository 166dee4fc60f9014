"""Charts of shares and counts, plain and with Laney's correction for large or clustered samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhiheng.measure.arrays import Floats, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.chart import Baseline, ControlChart, Limits, Phase, assemble, phase_of, scores
from zhiheng.measure.spc.constants import d2
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
    tight: flagged "laney_advised" when sizes are above 100 in the median or sigma_z above 1.1. Flag "few_events":
    fewer than 5 events or non-events expected in the median point, limits unreliable (Montgomery 2013 §7.2).
    """
    return _shares("p", events, sizes, baseline, removed, limits, rules)


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
    """
    return _shares("laney p", events, sizes, baseline, removed, limits, rules)


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
    """
    return _rates("u", events, exposure, baseline, removed, limits, rules)


def laney_u_chart(
    events: object,
    exposure: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Events per unit of exposure with limits ū ± 3 sigma_z √(ū / n_i) (Laney 2002); see `laney_p_chart`."""
    return _rates("laney u", events, exposure, baseline, removed, limits, rules)


def np_chart(
    events: object,
    *,
    size: int,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Numbers out of a fixed `size`: n p̄ ± 3 √(n p̄ q̄); where sizes differ take `p_chart`."""
    d = floats("events", events, minimum=0)
    chart = _shares("np", d, np.full(d.size, float(size)), baseline, removed, limits, rules, scale=float(size))
    return chart


def c_chart(
    events: object,
    *,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
    rules: Sequence[Rule] = WESTERN_ELECTRIC,
) -> ControlChart:
    """Counts over equal exposure: c̄ ± 3 √c̄, not below 0; where exposure differs take `u_chart`."""
    c = floats("events", events, minimum=0)
    return _rates("c", c, np.ones(c.size), baseline, removed, limits, rules)


def _shares(
    kind: str,
    events: object,
    sizes: object,
    baseline: Baseline,
    removed: Mapping[int, str] | None,
    limits: Limits | None,
    rules: Sequence[Rule],
    scale: float = 1.0,
) -> ControlChart:
    d, n = _counted(events, sizes, "sizes")
    if (d > n).any():
        raise MeasureError("events", f"must not exceed sizes, do at position {int(np.flatnonzero(d > n)[0])}")
    phase = phase_of(d.size, kind, baseline=baseline, removed=removed, limits=limits)
    p = d / n
    centre = _centre(d, n, phase)
    spread = np.sqrt(centre * (1 - centre) / n) if centre is not None else np.zeros(0)
    least = None if centre is None else float(np.median(n)) * min(centre, 1 - centre)
    return _chart(kind, p, centre, spread, n, least, phase, rules, scale=scale, ceiling=1.0)


def _rates(
    kind: str,
    events: object,
    exposure: object,
    baseline: Baseline,
    removed: Mapping[int, str] | None,
    limits: Limits | None,
    rules: Sequence[Rule],
) -> ControlChart:
    c, n = _counted(events, exposure, "exposure")
    phase = phase_of(c.size, kind, baseline=baseline, removed=removed, limits=limits)
    centre = _centre(c, n, phase)
    spread = np.sqrt(centre / n) if centre is not None else np.zeros(0)
    least = None if centre is None else float(np.median(n)) * centre
    sizes = n * centre if centre is not None else n
    return _chart(kind, c / n, centre, spread, sizes, least, phase, rules, scale=1.0, ceiling=np.inf)


def _chart(
    kind: str,
    value: Floats,
    centre: float | None,
    spread: Floats,
    sizes: Floats,
    least: float | None,
    phase: Phase,
    rules: Sequence[Rule],
    *,
    scale: float,
    ceiling: float,
) -> ControlChart:
    if centre is None or least is None:
        return assemble(value * scale, None, spread, phase, rules, kind=kind)
    laney = kind.startswith("laney")
    factor = phase.frozen.factor if phase.frozen else _sigma_z(value, centre, spread, phase)
    if laney and factor is None:
        return assemble(value, None, spread, phase, rules, kind=kind)
    applied = factor if laney and factor is not None else 1.0
    points = phase.frozen.points if phase.frozen else int(phase.used.sum())
    flags = (
        ("few_events", 0 < least < FEW_EXPECTED),
        ("underdispersed", laney and 0 < applied < 1),
        ("laney_advised", not laney and _advised(kind, factor, sizes, phase)),
    )
    return assemble(
        value * scale,
        Limits(kind, centre * scale, None, applied, points),
        spread * applied * scale,
        phase,
        rules,
        kind=kind,
        floor=0.0,
        ceiling=ceiling * scale,
        flags=[name for name, raised in flags if raised],
    )


def _advised(kind: str, factor: float | None, sizes: Floats, phase: Phase) -> bool:
    if phase.frozen:
        return False  # the advice belongs to phase I, where limits are chosen
    return float(np.median(sizes)) > LANEY_SIZE or (factor is not None and factor > LANEY_FACTOR)


def _counted(events: object, sizes: object, argument: str) -> tuple[Floats, Floats]:
    d, n = floats("events", events, minimum=0), floats(argument, sizes)
    same_length(events=d, **{argument: n})
    if (n <= 0).any():
        raise MeasureError(argument, "must be above 0: leave out a point without cases")
    return d, n


def _centre(events: Floats, sizes: Floats, phase: Phase) -> float | None:
    if phase.frozen:
        return phase.frozen.centre
    if phase.used.sum() < 2:
        return None
    return float(events[phase.used].sum() / sizes[phase.used].sum())


def _sigma_z(value: Floats, centre: float, spread: Floats, phase: Phase) -> float | None:
    """Laney's factor, from neighbouring baseline points; None without any."""
    pairs = phase.pairs
    if not pairs.any():
        return None
    if not spread.any():
        return 1.0  # all shares 0 or all 1: there is no spread to correct
    return float(np.abs(np.diff(scores(value - centre, spread)))[pairs].mean()) / d2(2)
