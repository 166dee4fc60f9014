"""Why an index changed: by its values, by its weights, by what was missing, by red lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.aggregation import Aggregated, aggregate
from zhiheng.measure.index.definition import IndexDefinition
from zhiheng.measure.index.value import IndexValue
from zhiheng.measure.result import NOT_ENOUGH_DATA

TOTALS_ONLY = "totals_only"
"""A group is not an arithmetic mean: the effects are split in total, not by indicator."""
NOTHING_COMMON = "no_common_indicator"
"""The two values rest on different indicators altogether; all of the change is coverage."""


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """What one indicator that both values have did to the index, in points."""

    name: str
    value_effect: float
    weight_effect: float


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The change from one value of an index to another, in points; the four effects add up to it.

    `coverage_effect`: indicators that only one of both has; `veto_effect`: red lines. None where either value
    is missing.
    """

    change: float | None
    value_effect: float | None
    weight_effect: float | None
    coverage_effect: float | None
    veto_effect: float | None
    indicators: tuple[IndicatorChange, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.change is None:
            return f"change not computable ({', '.join(self.flags)})"
        parts = (
            f"values {self.value_effect:+.2f}, weights {self.weight_effect:+.2f}, "
            f"coverage {self.coverage_effect:+.2f}, red lines {self.veto_effect:+.2f}"
        )
        return f"{self.change:+.2f} points: {parts}"


def index_change(before: IndexValue, after: IndexValue) -> IndexChange:
    """Splits the change of an index; see `CompositeIndex.change`."""
    first, second = _scored_lines(before), _scored_lines(after)
    common = tuple(name for name in first if name in second)
    gained = tuple(name for name in second if name not in first)
    lost = tuple(name for name in first if name not in second)
    if before.value is None or after.value is None:
        return IndexChange(None, None, None, None, None, (), gained, lost, (NOT_ENOUGH_DATA,))
    _check_scales(before.definition, after.definition, common)
    total, veto = after.value - before.value, after.veto_points - before.veto_points
    old = _restricted(before.definition, common, first, second)
    new = _restricted(after.definition, common, first, second)
    if not (old.known.all() and new.known.all()):
        return IndexChange(total, 0.0, 0.0, total - veto, veto, (), gained, lost, (NOTHING_COMMON,))
    by_values = (old.value[1] - old.value[0], new.value[1] - new.value[0])
    by_weights = (new.value[0] - old.value[0], new.value[1] - old.value[1])
    uncapped = (before.value - before.veto_points, after.value - after.veto_points)
    arithmetic = _is_arithmetic(before.definition) and _is_arithmetic(after.definition)
    return IndexChange(
        change=total,
        value_effect=float(sum(by_values)) / 2,
        weight_effect=float(sum(by_weights)) / 2,
        coverage_effect=float(old.value[0] - uncapped[0] + uncapped[1] - new.value[1]),
        veto_effect=veto,
        indicators=_by_indicator(before, after, common, (old, new)) if arithmetic else (),
        gained=gained,
        lost=lost,
        flags=() if arithmetic else (TOTALS_ONLY,),
    )


def _scored_lines(value: IndexValue) -> dict[str, float]:
    return {line.name: line.score for line in value.contributions if line.score is not None}


def _is_arithmetic(definition: IndexDefinition) -> bool:
    return all(group.aggregate == "arithmetic" for group in definition.root.groups())


def _check_scales(old: IndexDefinition, new: IndexDefinition, common: tuple[str, ...]) -> None:
    scales = {indicator.name: indicator.scale for indicator in old.indicators}
    for indicator in new.indicators:
        if indicator.name in common and indicator.scale != scales[indicator.name]:
            rule = (
                f"must score {indicator.name!r} on the same scale: recompute both with one definition first"
            )
            raise MeasureError("after", rule)


def _restricted(
    definition: IndexDefinition, common: tuple[str, ...], first: dict[str, float], second: dict[str, float]
) -> Aggregated:
    """The index over the common indicators alone: row 0 with the scores before, row 1 with those after."""
    names = [indicator.name for indicator in definition.indicators]
    present = np.array([[name in common for name in names]] * 2)
    scores = np.array(
        [[lines[name] if name in common else 0.0 for name in names] for lines in (first, second)]
    )
    return aggregate(definition.root, scores, present, strict=False)


def _by_indicator(
    before: IndexValue, after: IndexValue, common: tuple[str, ...], restricted: tuple[Aggregated, Aggregated]
) -> tuple[IndicatorChange, ...]:
    """Bennet's split (1920): each factor's change times the mean of the other.

    A weight that moves to an indicator helps if that one scores above the index, hurts if below.
    """
    weights = [
        dict(zip((i.name for i in value.definition.indicators), part.weights[0].tolist(), strict=True))
        for value, part in zip((before, after), restricted, strict=True)
    ]
    first, second = _scored_lines(before), _scored_lines(after)
    level = float(restricted[0].value[0] + restricted[1].value[1]) / 2
    return tuple(
        IndicatorChange(
            name=name,
            value_effect=(weights[0][name] + weights[1][name]) / 2 * (second[name] - first[name]),
            weight_effect=(weights[1][name] - weights[0][name]) * ((first[name] + second[name]) / 2 - level),
        )
        for name in common
    )
