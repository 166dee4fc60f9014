"""Puts the report together: plain figures, indicators against targets, diagnosis, and what cannot be computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhiheng import __version__
from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.figures.durations import case_figures, duration_figures, horizon_figures
from zhiheng.analyze.figures.flow import flow_figures, log_figures
from zhiheng.analyze.figures.resolution import resolution_figures
from zhiheng.analyze.figures.volume import period_edges, volume_figures
from zhiheng.analyze.report.diagnosis import defect_json
from zhiheng.analyze.report.indicators import indicator_json, measured_indicators, not_computable
from zhiheng.definitions.definition import Defect, Indicator, Target
from zhiheng.definitions.diagnosis import diagnose
from zhiheng.definitions.engine import Window
from zhiheng.definitions.estimators import Estimate

SCHEMA = "zhiheng-analyze/1"
SCAN_SCOPES = ("service", "team", "category")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a log: the window, the zone and calendar it is seen in, and an organisation's own targets."""

    from_s: int
    to_s: int
    zone: str
    calendar: str
    targets: Mapping[str, Target] = field(default_factory=dict)
    trends: bool = False


def build_report(
    facts: CaseFacts,
    question: Question,
    *,
    indicators: Mapping[str, Indicator],
    defects: Mapping[str, Defect],
) -> dict[str, Any]:
    """Answer the question in the shape that `schema.json` describes. Trends are computed for the HTML only."""
    span = {"from_s": question.from_s, "to_s": question.to_s}
    window = Window(from_s=question.from_s, to_s=question.to_s, cut_s=facts.cut_s)
    edges = (
        period_edges(question.from_s, question.to_s, question.zone, by="month")[1]
        if question.trends
        else None
    )
    measured = measured_indicators(facts, indicators, window=window, targets=question.targets, edges=edges)
    known = {
        item.indicator.id: Estimate(item.figure.measurement, item.figure.details)
        for item in measured
        if item.figure.verdict.state != "not_computable"
    }
    diagnoses = [
        diagnose(
            facts.connection,
            defect,
            indicators=indicators,
            window=window,
            facts=facts.held,
            scopes=SCAN_SCOPES,
            measured=known,
        )
        for defect in defects.values()
    ]
    recurrence = next((item.figure.details for item in measured if item.indicator.id == "recurrence_30d"), {})
    return {
        "schema": SCHEMA,
        "program": {"name": "zhiheng", "version": __version__},
        "source": {
            "files": list(facts.log.sources),
            "mapping": {"name": facts.log.mapping.name, "columns": facts.log.mapping.columns},
            "stand_ins": facts.stand_ins,
        },
        "window": {**span, "cut_s": facts.cut_s, "timezone": question.zone, "calendar": question.calendar},
        "log": log_figures(facts),
        "flow": flow_figures(facts),
        "durations": duration_figures(facts),
        "cases": case_figures(facts, **span),
        "resolved_within": horizon_figures(facts, **span),
        "volume": volume_figures(facts, **span, zone=question.zone),
        "resolution": resolution_figures(facts, **span),
        "recurrence": recurrence.get("matchers", []),
        "indicators": {item.indicator.id: indicator_json(item) for item in measured},
        "defects": {item.defect.id: defect_json(item) for item in diagnoses},
        "not_computable": not_computable(measured, diagnoses),
        "data_quality": [note.as_dict() for note in facts.log.quality],
    }
