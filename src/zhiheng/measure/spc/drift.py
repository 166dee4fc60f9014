"""Charts for slow drift, which single points hide: exponentially weighted means and cumulated sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.spc.chart import TRIAL_POINTS, Baseline, ControlChart, Limits, Phase, assemble, phase_of
from zhiheng.measure.spc.rules import Rule, Signal
from zhiheng.measure.spc.variables import autocorrelated, individual_limits


def ewma_chart(
    values: object,
    *,
    weight: float = 0.2,
    sigmas: float = 2.962,
    target: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
) -> ControlChart:
    """z_t = λ x_t + (1 − λ) z_{t−1} from the target, limits target ± L σ √(λ / (2 − λ) (1 − (1 − λ)^(2t))).

    λ is `weight`, L `sigmas`; the defaults give a false alarm every 500 points (Lucas & Saccucci 1990). `target` and
    `sigma` of single values come from the baseline (mean, MR̄ / 1.128) unless given. Removed points are passed over:
    z stays where it was. Not for autocorrelated values ("autocorrelated").

    `values`: one per point, in time order. Unit: that of the values. Errors: NaN, a weight outside (0, 1], a
    target without sigma and the reverse, limits of another kind of chart.
    """
    if not 0 < weight <= 1:
        raise MeasureError("weight", f"must lie above 0 and at most at 1, is {weight!r}")
    _check_above("sigmas", sigmas)
    x, phase, limits, flags = _standard(
        "ewma", values, limits, target=target, sigma=sigma, baseline=baseline, removed=removed
    )
    if limits is None:
        return assemble(x, None, np.zeros(0), phase, (), kind="ewma", flags=flags)
    kept = phase.kept
    smooth, z = np.empty(x.size), limits.centre
    for t, (value, counts) in enumerate(zip(x.tolist(), kept.tolist(), strict=True)):
        z = weight * value + (1 - weight) * z if counts else z
        smooth[t] = z
    growth = 1 - (1 - weight) ** (2 * np.cumsum(kept))
    spread = (limits.sigma or 0.0) * np.sqrt(weight / (2 - weight) * growth)
    rule = (Rule("E1", "beyond", 1, 1, sigmas),)
    return assemble(smooth, limits, spread, phase, rule, kind="ewma", sigmas=sigmas, flags=flags)


@dataclass(frozen=True, slots=True, eq=False)
class CusumChart:
    """The two sums, in sigmas: `above` collects what lies over the target, `below` what lies under it.

    A signal is a sum over `decision`; `onset` holds, for each signal, the position where its sum last left 0: the
    drift began about there.
    """

    above: Floats
    below: Floats
    decision: float
    reference: float
    limits: Limits | None
    signals: tuple[Signal, ...]
    onset: tuple[int, ...]
    flags: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many points are plotted."""
        return int(self.above.size)

    @property
    def in_control(self) -> bool | None:
        """Whether neither sum passes the decision interval; None without enough data."""
        return None if self.limits is None else not self.signals

    def __str__(self) -> str:
        notes = ", ".join((f"n={self.n}", f"k={self.reference:g}", f"h={self.decision:g}", *self.flags))
        if self.limits is None:
            return f"cusum chart: no limits ({notes})"
        if not self.signals:
            return f"{self.limits}; no signal ({notes})"
        first = self.signals[0]
        side = "above" if first.side > 0 else "below"
        return f"{self.limits}; drift {side} seen at {first.position}, since about {self.onset[0]} ({notes})"


def cusum_chart(
    values: object,
    *,
    reference: float = 0.5,
    decision: float = 5.0,
    head_start: float = 0.0,
    target: float | None = None,
    sigma: float | None = None,
    baseline: Baseline = None,
    removed: Mapping[int, str] | None = None,
    limits: Limits | None = None,
) -> CusumChart:
    """C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k) with z = (x − target) / σ; signal where one exceeds h.

    k is `reference` (half the shift to find, in sigmas), h `decision`; k = ½, h = 5 gives a false alarm every 465
    points (Page 1954; Montgomery 2013 §9.1). `head_start` > 0 starts both sums there, to see early what was not put
    right (Lucas & Crosier 1982). The sums are not reset by a signal. Target and σ as for `ewma_chart`.

    `values`: one per point, in time order. Unit: sigmas. Errors: NaN, a decision not above 0, a target without
    sigma and the reverse, limits of another kind of chart.
    """
    _check_above("reference", reference)
    _check_above("decision", decision)
    if not 0 <= head_start < decision:
        raise MeasureError("head_start", f"must lie between 0 and decision ({decision:g}), is {head_start!r}")
    x, phase, limits, flags = _standard(
        "cusum", values, limits, target=target, sigma=sigma, baseline=baseline, removed=removed
    )
    if limits is None:
        none = np.zeros(x.size)
        return CusumChart(none, none, decision, reference, None, (), (), (*flags, NOT_ENOUGH_DATA))
    if not limits.sigma:
        raise MeasureError(
            "sigma", "must be above 0: the baseline does not vary, so a sum of sigmas has no unit"
        )
    # A removed point adds nothing: not its value, and not the reference either.
    z = (x - limits.centre) / limits.sigma
    above, risen = _sums(np.where(phase.kept, z - reference, 0.0), head_start)
    below, fallen = _sums(np.where(phase.kept, -z - reference, 0.0), head_start)
    rule = Rule("C1", "beyond", 1, 1, decision)
    found = sorted(
        (t, side, int(since[t]))
        for sums, since, side in ((above, risen, 1), (below, fallen, -1))
        for t in np.flatnonzero((sums > decision) & phase.kept).tolist()
    )
    return CusumChart(
        above=above,
        below=below,
        decision=decision,
        reference=reference,
        limits=limits,
        signals=tuple(Signal(rule, t, side) for t, side, _ in found),
        onset=tuple(since for _, _, since in found),
        flags=(*flags, "trial_limits") if 0 < limits.points < TRIAL_POINTS else flags,
    )


def _standard(
    kind: str,
    values: object,
    limits: Limits | None,
    *,
    target: float | None,
    sigma: float | None,
    baseline: Baseline,
    removed: Mapping[int, str] | None,
) -> tuple[Floats, Phase, Limits | None, tuple[str, ...]]:
    """Values, phase and limits; `target` and `sigma` replace what the baseline says, both together all of it."""
    x = floats("values", values)
    if limits is not None and (target is not None or sigma is not None):
        raise MeasureError("limits", "must not be given together with target or sigma")
    if target is not None and not np.isfinite(target):
        raise MeasureError("target", f"must be finite, is {target!r}")
    if sigma is not None:
        _check_above("sigma", sigma)
    if target is not None and sigma is not None:
        limits = Limits(kind, target, sigma, 1.0, 0)
    phase = phase_of(x.size, kind, baseline=baseline, removed=removed, limits=limits)
    flags = ("autocorrelated",) if autocorrelated(x, phase) else ()
    found = phase.frozen or individual_limits(kind, x, phase)
    if found is not None and limits is None:
        centre = found.centre if target is None else target
        found = Limits(kind, centre, found.sigma if sigma is None else sigma, 1.0, found.points)
    return x, phase, found, flags


def _sums(steps: Floats, head_start: float) -> tuple[Floats, Floats]:
    """max(0, C + step) at each point, and the position at which the sum last left 0."""
    total = np.cumsum(steps)
    lowest = np.minimum.accumulate(np.minimum(total, 0.0))
    sums = np.maximum(total - lowest, total + head_start)
    sums = np.where(np.abs(sums) < 1e-12, 0.0, sums)
    position = np.arange(steps.size)
    resting = np.where(sums <= 0, position, -1)
    return sums, np.maximum.accumulate(resting) + 1


def _check_above(argument: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise MeasureError(argument, f"must be finite and above 0, is {value!r}")
