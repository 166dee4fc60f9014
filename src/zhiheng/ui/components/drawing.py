"""Geometry of the two small drawings of a figure, in SVG user units. Pure: the templates only write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 220.0
WHISKER_HEIGHT = 16.0
SPARK_HEIGHT = 46.0
PAD = 4.0


@dataclass(frozen=True, slots=True)
class Whisker:
    """Positions along the axis; `cut_left` and `cut_right` say that the interval runs past the axis or has no
    end there.
    """

    point: float
    low: float | None
    high: float | None
    target: float | None
    cut_left: bool = False
    cut_right: bool = False


@dataclass(frozen=True, slots=True)
class Spark:
    """Lines of the trend (one per stretch without gap), the band between the limits, the target, and marked
    points.
    """

    lines: tuple[str, ...]
    last: tuple[float, float]
    outside: tuple[tuple[float, float], ...] = ()
    band: tuple[float, float] | None = None
    target: float | None = None
    gaps: tuple[tuple[float, float, float, float], ...] = ()


def draw_whisker(
    value: float, low: float | None, high: float | None, target: float | None, *, scale: tuple[float, float]
) -> Whisker:
    """Place value, interval and target on an axis of `WIDTH`; what lies outside `scale` sits at the edge."""
    start, end = scale
    span = (end - start) or 1.0

    def place(number: float) -> float:
        return round(min(WIDTH - PAD, max(PAD, PAD + (number - start) / span * (WIDTH - 2 * PAD))), 1)

    has_interval = low is not None or high is not None
    return Whisker(
        point=place(value),
        low=None if not has_interval else place(start if low is None else low),
        high=None if not has_interval else place(end if high is None else high),
        target=None if target is None else place(target),
        cut_left=has_interval and (low is None or low < start),
        cut_right=has_interval and (high is None or high > end),
    )


def draw_spark(
    values: Sequence[float | None],
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
) -> Spark:
    """Place a series of at least two known values in `WIDTH` × `SPARK_HEIGHT`; a missing value breaks the
    line.
    """
    known = [value for value in values if value is not None]
    marks = known + [mark for mark in (lower, upper, target) if mark is not None]
    bottom, top = min(marks), max(marks)
    span = (top - bottom) or 1.0
    step = (WIDTH - 2 * PAD) / (len(values) - 1)

    def height(value: float) -> float:
        return round(SPARK_HEIGHT - PAD - (value - bottom) / span * (SPARK_HEIGHT - 2 * PAD), 1)

    points = [
        None if value is None else (round(PAD + index * step, 1), height(value))
        for index, value in enumerate(values)
    ]
    stretches = _stretches(points)
    outside = tuple(
        point
        for point, value in zip(points, values, strict=True)
        if point is not None
        and value is not None
        and ((lower is not None and value < lower) or (upper is not None and value > upper))
    )
    both = lower is not None and upper is not None
    return Spark(
        lines=tuple(" ".join(f"{x:g},{y:g}" for x, y in stretch) for stretch in stretches),
        last=stretches[-1][-1],
        outside=outside,
        band=(height(upper), height(lower)) if both and upper is not None and lower is not None else None,
        target=None if target is None else height(target),
        gaps=tuple((*before[-1], *after[0]) for before, after in pairwise(stretches)),
    )


def _stretches(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The runs of points without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
