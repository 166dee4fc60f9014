"""Judges figures that were counted before against an organisation's own targets: counting and judging are two steps."""

from collections.abc import Mapping, Sequence

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.engine import Figure
from zhiheng.definitions.targets import in_force, judged_day


def judged_figure(
    figure: Figure,
    indicator: Indicator,
    own: Sequence[Target],
    *,
    to_s: int,
    zone: str,
    groups: Mapping[str, str] | None = None,
) -> Figure:
    """The figure of a period that ends at `to_s`, judged against the target in force on its last day."""
    target = in_force(own, indicator.target, day=judged_day(to_s, zone), groups=groups)
    return figure.judged(target, minimum_n=indicator.formula.minimum_n)


def judged_trend(
    points: Sequence[Figure],
    indicator: Indicator,
    own: Sequence[Target],
    *,
    edges: Sequence[int],
    zone: str,
    groups: Mapping[str, str] | None = None,
) -> tuple[Figure, ...]:
    """The figures of periods between neighbouring edges, each against the target that was in force in its period."""
    return tuple(
        judged_figure(point, indicator, own, to_s=end, zone=zone, groups=groups)
        for point, end in zip(points, edges[1:], strict=True)
    )
