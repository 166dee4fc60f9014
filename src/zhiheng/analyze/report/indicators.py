"""Indicators in the report: measured on their own kinds of ticket, or on the second line where only that exists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from zhiheng.analyze.facts import CaseFacts
from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.diagnosis import Diagnosis
from zhiheng.definitions.engine import Figure, Window, run, trend


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its figure, the target that judged it, its line and its trend by month."""

    indicator: Indicator
    figure: Figure
    target: Target
    line: str
    trend: tuple[Figure, ...]


def measured_indicators(
    facts: CaseFacts,
    indicators: Mapping[str, Indicator],
    *,
    window: Window,
    targets: Mapping[str, Target],
    edges: Sequence[int] | None,
) -> list[Measured]:
    """Measure every indicator of the catalogue over the window."""
    kinds = _kinds(facts)
    result = []
    for indicator in indicators.values():
        second = _only_second(indicator, kinds)
        target = targets.get(indicator.id, indicator.target)
        figure = run(
            facts.connection,
            indicator,
            from_s=window.from_s,
            to_s=window.to_s,
            cut_s=window.cut_s,
            second=second,
            target=target,
            facts=facts.held,
        )["all"]
        points: list[Figure] = []
        if edges is not None and figure.measurement.value is not None and "matchers" not in figure.details:
            points = trend(
                facts.connection, indicator, edges=edges, cut_s=window.cut_s, second=second, facts=facts.held
            )
        line = "second" if second else "first"
        result.append(Measured(indicator, figure, target, line, tuple(points)))
    return result


def indicator_json(item: Measured) -> dict[str, Any]:
    """One indicator as the report carries it."""
    figure, indicator, target = item.figure, item.indicator, item.target
    measurement, verdict = figure.measurement, figure.verdict
    return {
        "value": measurement.value,
        "n": measurement.n,
        "numerator": measurement.numerator,
        "denominator": measurement.denominator,
        "low": measurement.low,
        "high": measurement.high,
        "method": measurement.method,
        "unit": indicator.formula.unit,
        "target": target.value,
        "alarm": target.alarm,
        "band": [target.low, target.high] if target.direction == "band" else None,
        "direction": target.direction,
        "tag": target.tag,
        "verdict": verdict.state,
        "uncertain": verdict.uncertain,
        "alarmed": verdict.alarm,
        "missing": list(verdict.missing),
        "flags": list(measurement.flags),
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
        "trend": [
            {
                "value": point.measurement.value,
                "n": point.measurement.n,
                "low": point.measurement.low,
                "high": point.measurement.high,
                "verdict": point.verdict.state,
            }
            for point in item.trend
        ],
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
