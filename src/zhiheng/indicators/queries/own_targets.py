"""An organisation's own targets as the definitions take them, and figures judged by them.

Facts are counted once and kept; a target enters when a verdict is made, so that a new one is seen at once.
"""

from __future__ import annotations

from dataclasses import replace

from zhiheng.definitions.definition import Target
from zhiheng.definitions.engine import Figure
from zhiheng.definitions.judging import judged_figure, judged_trend
from zhiheng.definitions.targets import NO_OWN, OwnTargets, TargetError, in_force, judged_day, own_target
from zhiheng.indicators import models
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.figures import Measured, by_group, figures
from zhiheng.indicators.queries.lens import Lens


def own_targets() -> OwnTargets:
    """All own targets by indicator; those of an indicator that is no longer in the catalogue are passed over."""
    found: dict[str, list[Target]] = {}
    for row in models.Target.objects.all():
        target = as_target(row)
        if target is not None:
            found.setdefault(row.indicator, []).append(target)
    return found


def as_target(row: models.Target) -> Target | None:
    """A row as the definitions take it; None where the indicator is gone or now allows it no more."""
    indicator = indicators().get(row.indicator)
    if indicator is None:
        return None
    try:
        return own_target(
            indicator,
            row.limits,
            where=str(row.pk),
            since=row.in_force_from,
            scope=row.scope,
            group=row.group,
        )
    except TargetError:
        return None


def targets_in_force(lens: Lens) -> dict[str, Target]:
    """The own targets that judge the window of a lens, by indicator in the order of their names."""
    day = judged_day(lens.to_s, lens.zone)
    found = {
        name: in_force(own, indicators()[name].target, day=day, groups=lens.chosen)
        for name, own in sorted(own_targets().items())
    }
    return {name: target for name, target in found.items() if target.tag == "own"}


def judged_figures(
    lens: Lens, ids: tuple[str, ...] | None = None, *, trends: bool = True
) -> dict[str, Measured]:
    """Indicators over the window of a lens, judged by the targets in force in it and in each period of the trend."""
    own = own_targets()
    return {name: judged(item, lens, own) for name, item in figures(lens, ids, trends=trends).items()}


def judged_groups(lens: Lens, indicator_id: str, scope: str) -> dict[str, Figure]:
    """An indicator for each group of a scope, each judged by the target in force for that group."""
    indicator, own = indicators()[indicator_id], own_targets().get(indicator_id, ())
    return {
        name: judged_figure(
            figure, indicator, own, to_s=lens.to_s, zone=lens.zone, groups={**lens.chosen, scope: name}
        )
        for name, figure in by_group(lens, indicator_id, scope).items()
    }


def judged(item: Measured, lens: Lens, own: OwnTargets = NO_OWN) -> Measured:
    """A measured indicator judged by own targets; nothing is measured anew."""
    targets, indicator = own.get(item.indicator.id, ()), item.indicator
    zone, groups = lens.zone, lens.chosen
    points = item.trend
    if points:
        points = judged_trend(points, indicator, targets, edges=item.edges, zone=zone, groups=groups)
    figure = judged_figure(item.figure, indicator, targets, to_s=lens.to_s, zone=zone, groups=groups)
    return replace(item, figure=figure, trend=points)
