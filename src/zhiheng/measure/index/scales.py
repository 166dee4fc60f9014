"""From a value in its own unit to points: fixed goalposts, a curve of points, a target ratio, a z-score.

The constants of a scale belong to the definition of an index. A scale taken from the sample at hand makes
history move whenever a new value comes in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np

from zhiheng.measure.arrays import Floats, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA


@dataclass(frozen=True, slots=True)
class Goalposts:
    """Linear from `worst` (0 points) to `best` (100), cut off outside; which of both is larger sets the direction."""

    worst: float
    best: float
    kind: ClassVar[str] = "goalposts"

    def __post_init__(self) -> None:
        _finite(self)
        if self.worst == self.best:
            raise MeasureError("best", f"must differ from worst, both are {self.worst:g}")

    def scores(self, values: Floats) -> Floats:
        """Points of each value; NaN stays NaN."""
        inside = np.clip(values, min(self.worst, self.best), max(self.worst, self.best))
        points: Floats = (inside - self.worst) / (self.best - self.worst) * 100
        return points


@dataclass(frozen=True, slots=True)
class Points:
    """Straight lines between (value, points), level outside: ((8, 0), (4, 60), (2, 80), (0.5, 100)) for hours."""

    points: tuple[tuple[float, float], ...]
    kind: ClassVar[str] = "points"

    def __post_init__(self) -> None:
        pairs = tuple((float(value), float(score)) for value, score in self.points)
        object.__setattr__(self, "points", pairs)
        if len(pairs) < 2 or not np.isfinite(pairs).all():
            raise MeasureError("points", "must be at least two finite pairs of value and points")
        steps = np.diff(np.array(pairs), axis=0)
        if not ((steps[:, 0] > 0).all() or (steps[:, 0] < 0).all()):
            raise MeasureError("points", "must hold values that all rise or all fall")
        if (steps[:, 1] < 0).any():
            raise MeasureError("points", "must not fall in points from the worst value to the best")

    def scores(self, values: Floats) -> Floats:
        """Points of each value; NaN stays NaN."""
        x, y = np.array(self.points).T
        if x[0] > x[-1]:  # falling values: turn the axis
            x, values = -x, -values
        inside = np.clip(values, x[0], x[-1])
        left = np.clip(np.searchsorted(x, inside, side="right") - 1, 0, x.size - 2)
        slope = (inside - x[left]) / (x[left + 1] - x[left])
        points: Floats = y[left] + slope * (y[left + 1] - y[left])
        return points


@dataclass(frozen=True, slots=True)
class TargetRatio:
    """value / target · 100, or target / value · 100 where less is better, capped at `cap`; for values ≥ 0."""

    target: float
    rising: bool = True
    cap: float = 100.0
    kind: ClassVar[str] = "target-ratio"

    def __post_init__(self) -> None:
        _finite(self)
        if self.target <= 0 or self.cap <= 0:
            raise MeasureError("target", "must like cap be above 0")

    def scores(self, values: Floats) -> Floats:
        """Points of each value; NaN stays NaN."""
        if (values < 0).any():
            raise MeasureError("values", "must not be below 0 for a target ratio")
        with np.errstate(over="ignore"):  # beyond every float is beyond the cap
            if self.rising:
                ratio = values / self.target * 100
            else:
                most = np.full_like(values, self.cap)
                ratio = np.divide(self.target * 100, values, out=most, where=values != 0)
        points: Floats = np.minimum(ratio, self.cap)
        return points


@dataclass(frozen=True, slots=True)
class ZScore:
    """`centre` + `step` · (value − mean) / deviation, of a named reference, not cut off; `step` < 0 turns it round."""

    mean: float
    deviation: float
    centre: float = 0.0
    step: float = 1.0
    kind: ClassVar[str] = "z-score"

    def __post_init__(self) -> None:
        _finite(self)
        if self.deviation <= 0 or self.step == 0:
            raise MeasureError("deviation", "must be above 0, and step not 0")

    def scores(self, values: Floats) -> Floats:
        """Points of each value; NaN stays NaN."""
        points: Floats = self.centre + self.step * ((values - self.mean) / self.deviation)
        return points


Scale = Goalposts | Points | TargetRatio | ZScore

_KINDS: dict[str, type[Goalposts] | type[Points] | type[TargetRatio] | type[ZScore]] = {
    scale.kind: scale for scale in (Goalposts, Points, TargetRatio, ZScore)
}


@dataclass(frozen=True, slots=True)
class Normalised:
    """The points of each value, and how many values lay at or beyond the two ends of the scale."""

    scores: Floats
    n: int
    at_floor: int
    at_ceiling: int
    method: str
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        ends = f"{self.at_floor} at the floor, {self.at_ceiling} at the ceiling"
        return f"{self.n} values by {self.method}: {ends}{notes}"


def normalise(values: object, *, scale: Scale) -> Normalised:
    """The points of `values` on a fixed scale: goalposts (x − worst) / (best − worst) · 100, a piecewise curve of
    points, a capped target ratio, or a z-score (OECD & JRC 2008, step 5).

    The same value always gets the same points, whatever else is in the list. Values at the ends no longer tell
    good from better: many of them are a reason to move the ends, in a new version of the definition. Unit:
    points, 0..100 but for z-scores. Errors: NaN; scales refuse constants that make no curve when they are made.
    """
    x = floats("values", values)
    scores = scale.scores(x)
    floor, ceiling = _ends(scale)
    return Normalised(
        scores,
        int(x.size),
        int((scores <= floor).sum()),
        int((scores >= ceiling).sum()),
        scale.kind,
        () if x.size else (NOT_ENOUGH_DATA,),
    )


def scale_document(scale: Scale) -> dict[str, object]:
    """A scale as plain data; numbers are floats, so that 60 and 60.0 are one definition."""
    if isinstance(scale, Points):
        return {"kind": scale.kind, "points": [list(pair) for pair in scale.points]}
    fields = {
        name: value if isinstance(value, bool) else float(value) for name, value in asdict(scale).items()
    }
    return {"kind": scale.kind, **fields}


def scale_of_document(document: Mapping[str, object]) -> Scale:
    """The scale that a document describes."""
    fields = {name: value for name, value in document.items() if name != "kind"}
    kind = _KINDS.get(str(document.get("kind")))
    if kind is None:
        raise MeasureError("kind", f"must be one of {', '.join(_KINDS)}, is {document.get('kind')!r}")
    try:
        return kind(**fields)  # type: ignore[arg-type]  # checked by the class itself
    except TypeError as wrong:
        raise MeasureError("scale", f"must have the fields of {kind.kind}: {wrong}") from wrong


def _ends(scale: Scale) -> tuple[float, float]:
    if isinstance(scale, Points):
        return scale.points[0][1], scale.points[-1][1]
    if isinstance(scale, TargetRatio):
        return 0.0, scale.cap
    return (0.0, 100.0) if isinstance(scale, Goalposts) else (-math.inf, math.inf)


def _finite(scale: Goalposts | TargetRatio | ZScore) -> None:
    for name, value in asdict(scale).items():
        if not math.isfinite(value):
            raise MeasureError(name, f"must be finite, is {value!r}")
