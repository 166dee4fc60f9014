"""What every control chart is: points with centre and limits, where the limits come from, and the signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers, booleans, count
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.spc.rules import Rule, Signal, signals

Baseline = int | Sequence[bool] | Booleans | None
"""Which points give the limits: the first so many, a mask, or (None) all."""

TRIAL_POINTS = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What phase I leaves to phase II: centre and spread, and how many points they rest on.

    `sigma` is the spread within subgroups in the unit of the chart (of the transformed value on a t chart), None
    where it follows from the centre (counts, shares); `factor` Laney's sigma_z, 1 on every other chart; `points` 0
    where centre and spread were given from outside.
    """

    kind: str
    centre: float
    sigma: float | None
    factor: float
    points: int

    def __str__(self) -> str:
        sigma = "" if self.sigma is None else f", sigma {self.sigma:.4g}"
        factor = "" if self.factor == 1 else f", sigma_z {self.factor:.4g}"
        source = f"from {self.points} points" if self.points else "given"
        return f"{self.kind}: centre {self.centre:.6g}{sigma}{factor} {source}"


@dataclass(frozen=True, slots=True)
class Removal:
    """A point left out of the limits, with the cause that was found for it."""

    position: int
    cause: str


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """Plotted points with centre line, limits and signals.

    One entry per point in each array; `position` says which of the caller's values it is (a moving range begins
    with the second). Without enough data `limits` is None, `centre`, `low`, `high` and `sigma` are empty.
    `baseline` marks the points behind the limits: with frozen limits, none.
    """

    kind: str
    position: Integers
    value: Floats
    centre: Floats
    low: Floats
    high: Floats
    sigma: Floats
    baseline: Booleans
    removed: tuple[Removal, ...]
    limits: Limits | None
    signals: tuple[Signal, ...]
    flags: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many points are plotted."""
        return int(self.value.size)

    @property
    def in_control(self) -> bool | None:
        """Whether no rule fires; None without enough data."""
        return None if self.limits is None else not self.signals

    @property
    def out_of_limits(self) -> tuple[int, ...]:
        """Positions of the points beyond a limit, removed ones included."""
        if self.limits is None:
            return ()
        beyond = (self.value > self.high) | (self.value < self.low)
        return tuple(self.position[beyond].tolist())

    def __str__(self) -> str:
        notes = ", ".join((f"n={self.n}", *self.flags))
        if self.limits is None:
            return f"{self.kind} chart: no limits ({notes})"
        found = "; ".join(str(signal) for signal in self.signals) or "no signal"
        return f"{self.limits}; {found} ({notes})"


@dataclass(frozen=True, slots=True)
class ChartPair:
    """The chart of where a process runs and the chart of how much it scatters; read the scatter first."""

    location: ControlChart
    spread: ControlChart

    @property
    def limits(self) -> Limits | None:
        """The frozen limits of both: pass them to the same function for later points."""
        return self.location.limits

    @property
    def in_control(self) -> bool | None:
        """Whether no rule fires on either chart; None without enough data."""
        return None if self.limits is None else not (self.location.signals or self.spread.signals)

    def __str__(self) -> str:
        return f"{self.location}\n{self.spread}"


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """Where the limits of a chart come from: the mask of points used, and what was removed from it."""

    used: Booleans
    removed: tuple[Removal, ...]
    frozen: Limits | None

    @property
    def kept(self) -> Booleans:
        """The points that rules judge: all but the removed."""
        mask = np.ones(self.used.size, np.bool_)
        mask[[removal.position for removal in self.removed]] = False
        return mask

    @property
    def pairs(self) -> Booleans:
        """For each point from the second on whether it and its predecessor both count."""
        return self.used[1:] & self.used[:-1]


def phase_of(
    n: int, kind: str, *, baseline: Baseline, removed: Mapping[int, str] | None, limits: Limits | None
) -> Phase:
    """The baseline as a mask without the removed points; none of it with frozen limits."""
    out = tuple(Removal(_position(at, n), _cause(cause)) for at, cause in sorted((removed or {}).items()))
    if limits is not None:
        if baseline is not None:
            raise MeasureError("baseline", "must not be given together with limits, which are frozen")
        if limits.kind != kind:
            raise MeasureError("limits", f"must be those of a {kind} chart, are of a {limits.kind} chart")
        used = np.zeros(n, np.bool_)
    elif baseline is None:
        used = np.ones(n, np.bool_)
    elif isinstance(baseline, int | np.integer) and not isinstance(baseline, bool):
        used = np.arange(n) < count("baseline", int(baseline), minimum=1)
    else:
        used = booleans("baseline", baseline).copy()
        if used.size != n:
            raise MeasureError("baseline", f"must be a number of points or a mask of {n}, has {used.size}")
    used[[removal.position for removal in out]] = False
    return Phase(used, out, limits)


def assemble(
    value: Floats,
    limits: Limits | None,
    sigma: Floats,
    phase: Phase,
    rules: Sequence[Rule],
    *,
    kind: str,
    centre: Floats | None = None,
    sigmas: float = 3.0,
    floor: float = -np.inf,
    ceiling: float = np.inf,
    first: int = 0,
    flags: Sequence[str] = (),
) -> ControlChart:
    """The chart of `value` with limits centre ± `sigmas` × `sigma` kept within what is possible, and its signals.

    `first` is the position of the first point. Removed points are shown but neither fire nor count in runs.
    """
    position = np.arange(first, first + value.size)
    notes = list(flags)
    if limits is None:
        none = np.zeros(0)
        return ControlChart(
            kind, position, value, none, none, none, none,
            phase.used[first:], phase.removed, None, (), (*notes, NOT_ENOUGH_DATA),
        )  # fmt: skip
    middle = np.full(value.size, limits.centre) if centre is None else centre
    score = scores(value - middle, sigma)
    kept = phase.kept[first:]
    if 0 < limits.points < TRIAL_POINTS:
        notes.append("trial_limits")
    if sigma.size and not sigma.any():
        notes.append("zero_variance")
    return ControlChart(
        kind=kind,
        position=position,
        value=value,
        centre=middle,
        low=np.maximum(middle - sigmas * sigma, floor),
        high=np.minimum(middle + sigmas * sigma, ceiling),
        sigma=sigma,
        baseline=phase.used[first:],
        removed=phase.removed,
        limits=limits,
        signals=signals(rules, score[kept], value[kept], position[kept]),
        flags=tuple(notes),
    )


def scores(distance: Floats, sigma: Floats) -> Floats:
    """Distances in sigmas; where sigma is 0, no distance is 0 and any other infinite."""
    without = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
    return np.divide(distance, sigma, out=without, where=sigma > 0)


def _position(at: int, n: int) -> int:
    if not 0 <= count("removed", at) < n:
        raise MeasureError("removed", f"must hold positions from 0 to {n - 1}, holds {at}")
    return int(at)


def _cause(cause: str) -> str:
    if not cause.strip():
        raise MeasureError("removed", "must state the cause for each point: without one the point stays")
    return cause
