"""Puts the report together: plain figures, indicators against targets, diagnosis, and what cannot be computed."""

from collections.abc import Mapping
from typing import Any

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.figures.durations import horizon_figures
from zhiheng.analyze.figures.resolution import resolution_figures
from zhiheng.analyze.figures.volume import period_edges, volume_figures
from zhiheng.analyze.report.diagnosis import causes_matrix, defect_json
from zhiheng.analyze.report.exemptions import exemptions_of
from zhiheng.analyze.report.indicators import Asked, indicator_json, measured_indicators, not_computable
from zhiheng.analyze.report.process import ROLES_OF, Question, opening, process_figures
from zhiheng.definitions.definition import Defect, Indicator
from zhiheng.definitions.diagnosis import diagnose
from zhiheng.definitions.estimators import Estimate
from zhiheng.definitions.query import Window

SCAN_SCOPES = ("service", "team", "category", "organisation")


def build_report(
    facts: CaseFacts,
    question: Question,
    *,
    indicators: Mapping[str, Indicator],
    defects: Mapping[str, Defect],
) -> dict[str, Any]:
    """Answer the question in the shape that `schema.json` describes, with trends where they are shown."""
    span = {"from_s": question.from_s, "to_s": question.to_s}
    window = Window(from_s=question.from_s, to_s=question.to_s, cut_s=facts.cut_s)
    edges = (
        period_edges(question.from_s, question.to_s, question.zone, by="month")[1] if question.trends else []
    )
    exemptions = exemptions_of(facts)
    asked = Asked(facts, window, question.targets, question.zone, tuple(edges), exemptions)
    measured = measured_indicators(asked, indicators)
    known = {
        item.indicator.id: Estimate(item.figure.measurement, item.figure.details)
        for item in measured
        if item.figure.verdict.state != "not_computable"
    }
    targets_unused = [note for item in measured for note in item.scoped.notes]
    aims = {item.indicator.id: item.target for item in measured}
    diagnoses = [
        diagnose(
            facts.connection,
            defect,
            indicators=indicators,
            window=window,
            facts=facts.held,
            scopes=SCAN_SCOPES,
            measured=known,
            targets=aims,
        )
        for defect in defects.values()
    ]
    recurrence = next((item.figure.details for item in measured if item.indicator.id == "recurrence_30d"), {})
    return {
        **opening(facts, question),
        **process_figures(facts, question, ROLES_OF),
        "resolved_within": horizon_figures(facts, **span),
        "volume": volume_figures(facts, **span, zone=question.zone),
        "resolution": resolution_figures(facts, **span),
        "recurrence": recurrence.get("matchers", []),
        "exemptions": exemptions.as_dict(),
        "indicators": {item.indicator.id: indicator_json(item) for item in measured},
        "defects": {item.defect.id: defect_json(item) for item in diagnoses},
        "causes": causes_matrix(diagnoses),
        "not_computable": not_computable(measured, diagnoses),
        "data_quality": [note.as_dict() for note in (*facts.log.quality, *targets_unused)],
    }
