"""Indicators in the report: measured on their own kinds of ticket, or on the second line where only that exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.report.exemptions import Exemptions
from zhiheng.analyze.report.groups import GroupFigure, Scoped, scoped_figures
from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.diagnosis import Diagnosis
from zhiheng.definitions.engine import Figure, run, trend
from zhiheng.definitions.judging import judged_figure, judged_trend
from zhiheng.definitions.query import Window
from zhiheng.definitions.targets import OwnTargets

NONE_SCOPED = Scoped()
BESIDE = ("chance", "excess", "excess_low", "excess_high")


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its judged figure, its line, its trend by month, the figure with exempt tickets too, and
    those of the groups that have targets of their own.
    """

    indicator: Indicator
    figure: Figure
    line: str
    trend: tuple[Figure, ...]
    edges: tuple[int, ...]
    with_exempt: Figure | None = None
    scoped: Scoped = NONE_SCOPED

    @property
    def target(self) -> Target:
        """The target that judged the figure."""
        return self.figure.target or self.indicator.target


@dataclass(frozen=True, slots=True)
class Asked:
    """What every indicator is asked: over which window, against which own targets, by which months."""

    facts: CaseFacts
    window: Window
    targets: OwnTargets
    zone: str
    edges: tuple[int, ...]
    exemptions: Exemptions


def measured_indicators(asked: Asked, indicators: Mapping[str, Indicator]) -> list[Measured]:
    """Measure every indicator of the catalogue over the window, judged by the targets in force at its end."""
    kinds = _kinds(asked.facts)
    return [
        _measured(asked, indicator, second=_only_second(indicator, kinds))
        for indicator in indicators.values()
    ]


def _measured(asked: Asked, indicator: Indicator, *, second: bool) -> Measured:
    figure = _figure(asked, indicator, second=second)
    beside = None
    if asked.exemptions.tickets and figure.verdict.state != "not_computable":
        beside = _figure(asked, indicator, second=second, exempt=True)
    points: tuple[Figure, ...] = ()
    if asked.edges and figure.measurement.value is not None:
        found = trend(
            asked.facts.connection,
            indicator,
            edges=asked.edges,
            cut_s=asked.window.cut_s,
            second=second,
            facts=asked.facts.held,
            matcher=figure.details.get("matcher", ""),
        )
        own = asked.targets.get(indicator.id, ())
        points = judged_trend(found, indicator, own, edges=asked.edges, zone=asked.zone)
    line = "second" if second else "first"
    scoped = NONE_SCOPED
    if figure.verdict.state != "not_computable":
        own = tuple(asked.targets.get(indicator.id, ()))
        scoped = scoped_figures(asked.facts, asked.window, indicator, own, zone=asked.zone, second=second)
    return Measured(indicator, figure, line, points, asked.edges if points else (), beside, scoped)


def _figure(asked: Asked, indicator: Indicator, *, second: bool, exempt: bool = False) -> Figure:
    window = asked.window
    figure = run(
        asked.facts.connection,
        indicator,
        from_s=window.from_s,
        to_s=window.to_s,
        cut_s=window.cut_s,
        second=second,
        exempt=exempt,
        facts=asked.facts.held,
    )["all"]
    own = asked.targets.get(indicator.id, ())
    return judged_figure(figure, indicator, own, to_s=window.to_s, zone=asked.zone)


def indicator_json(item: Measured) -> dict[str, Any]:
    """One indicator as the report carries it."""
    figure, indicator, target = item.figure, item.indicator, item.target
    return {
        **_figure_json(figure),
        "method": figure.measurement.method,
        "unit": indicator.formula.unit,
        **_target_json(target),
        "missing": list(figure.verdict.missing),
        "flags": list(figure.measurement.flags),
        "minimum_n": indicator.formula.minimum_n,
        "line": item.line,
        "kinds": list(indicator.second_kinds if item.line == "second" else indicator.formula.kinds),
        "name": indicator.name,
        "words": indicator.words,
        "exclusions": indicator.exclusions,
        "dimension": indicator.dimension,
        "crosswalk": indicator.crosswalk,
        "definition": indicator.hash,
        "details": {name: value for name, value in figure.details.items() if name != "matchers"},
        "groups": [_group_json(group, indicator) for group in item.scoped.groups],
        "with_exempt": None if item.with_exempt is None else _figure_json(item.with_exempt),
        "trend": [
            _point_json(point, start, end, item.target)
            for point, (start, end) in zip(item.trend, pairwise(item.edges), strict=True)
        ],
    }


def _group_json(group: GroupFigure, indicator: Indicator) -> dict[str, Any]:
    target = group.figure.target or indicator.target
    return {
        "scope": group.scope,
        "name": group.name,
        **_figure_json(group.figure),
        "unit": indicator.formula.unit,
        **_target_json(target),
    }


def _target_json(target: Target) -> dict[str, Any]:
    return {
        "target": target.value,
        "alarm": target.alarm,
        "band": [target.low, target.high] if target.direction == "band" else None,
        "direction": target.direction,
        "tag": target.tag,
        "since": None if target.since is None else target.since.isoformat(),
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    measurement, verdict = figure.measurement, figure.verdict
    return {
        "value": measurement.value,
        "n": measurement.n,
        "numerator": measurement.numerator,
        "denominator": measurement.denominator,
        "low": measurement.low,
        "high": measurement.high,
        "verdict": verdict.state,
        "uncertain": verdict.uncertain,
        "alarmed": verdict.alarm,
    }


def _point_json(point: Figure, start: int, end: int, target: Target) -> dict[str, Any]:
    """One period of a trend; what chance gives stands beside a recurrence, never apart from it."""
    measurement = point.measurement
    return {
        "from_s": start,
        "to_s": end,
        "value": measurement.value,
        "n": measurement.n,
        "low": measurement.low,
        "high": measurement.high,
        "target": (point.target or target).value,
        "verdict": point.verdict.state,
        **{name: point.details[name] for name in BESIDE if name in point.details},
    }


def not_computable(measured: Sequence[Measured], diagnoses: Sequence[Diagnosis]) -> list[dict[str, Any]]:
    """Every figure the source cannot give, with the fields that are missing."""
    found = [
        {"kind": "indicator", "id": item.indicator.id, "missing": list(item.figure.verdict.missing)}
        for item in measured
        if item.figure.verdict.state == "not_computable"
    ]
    found += [
        {
            "kind": "defect",
            "id": item.defect.id,
            "missing": list(dict.fromkeys(name for signal in item.signals for name in signal.missing)),
        }
        for item in diagnoses
        if item.state == "not_computable"
    ]
    return found


def _kinds(facts: CaseFacts) -> frozenset[str]:
    column = facts.columns.get("kind")
    return (
        frozenset()
        if column is None
        else frozenset(str(kind) for kind in pc.unique(column).to_pylist() if kind)
    )


def _only_second(indicator: Indicator, kinds: frozenset[str]) -> bool:
    first, second = set(indicator.formula.kinds), set(indicator.second_kinds)
    return bool(kinds) and bool(second & kinds) and not first & kinds
