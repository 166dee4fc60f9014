"""The diagnosis in the report: signals, causes, burden and worst groups of one common defect as JSON values."""

from collections.abc import Sequence
from typing import Any

from zhiheng.definitions.burden import BurdenResult
from zhiheng.definitions.diagnosis import CauseResult, Diagnosis
from zhiheng.measure.result import Measurement

HOUR_S = 3600
CAUSE_STATES = ("supported", "not_supported", "no_data")


def defect_json(item: Diagnosis) -> dict[str, Any]:
    """One defect as the report carries it. Staff hours are never part of it."""
    defect = item.defect
    return {
        "state": item.state,
        "name": defect.name,
        "symptom": defect.symptom,
        "level": defect.level,
        "quarter": defect.quarter,
        "owner": defect.owner,
        "effect": defect.effect,
        "measures": list(defect.measures),
        "verified_by": list(defect.verified_by),
        "guards": list(defect.guards),
        "guard_note": defect.guard_note,
        "figures": defect.figures,
        "definition": defect.hash,
        "signals": [
            {
                "id": result.signal.id,
                "name": result.signal.name,
                "state": result.state,
                **_figure(result.measurement),
                "direction": result.signal.direction,
                "watch": result.signal.watch,
                "confirmed": result.signal.confirmed,
                "at": list(result.signal.at),
                "tag": result.signal.tag,
                "missing": list(result.missing),
                "excess": result.details.get("excess"),
                "excess_low": result.details.get("excess_low"),
            }
            for result in item.signals
        ],
        "causes": [
            {
                "id": result.cause.id,
                "root": result.cause.root,
                "name": result.cause.name,
                "test": result.cause.test,
                "state": result.state,
                "threshold": result.cause.threshold,
                "figure": None if result.measurement is None else _figure(result.measurement),
                "missing": list(result.missing),
                "tickets": evidence_of(result),
            }
            for result in item.causes
        ],
        "burden": None if item.burden is None else _burden(item.burden),
        "groups": [
            {
                "scope": group.scope,
                "name": group.name,
                **_figure(group.measurement),
                "p_value": group.p_value,
                "significant": group.significant,
            }
            for group in item.groups
        ],
    }


def evidence_of(cause: CauseResult) -> int | None:
    """The tickets that carry the evidence of a cause; None where it is no count of tickets or there are no data."""
    measured = cause.measurement
    return None if measured is None or measured.unit != "share" else measured.numerator


def causes_matrix(diagnoses: Sequence[Diagnosis]) -> dict[str, dict[str, dict[str, Any]]]:
    """Defects × the causes that the sources name: the tickets with that evidence, and how each cause stands.

    A ticket may carry the evidence of several causes, so that a row may sum to more than the tickets there are.
    """
    matrix: dict[str, dict[str, dict[str, Any]]] = {}
    for item in diagnoses:
        row = matrix[item.defect.id] = {}
        for result in item.causes:
            cell = row.setdefault(result.cause.root, {"tickets": None, **dict.fromkeys(CAUSE_STATES, 0)})
            cell[result.state] += 1
            found = evidence_of(result)
            if found is not None:
                cell["tickets"] = (cell["tickets"] or 0) + found
    return matrix


def _figure(measurement: Measurement) -> dict[str, Any]:
    return {
        "value": measurement.value,
        "unit": measurement.unit,
        "n": measurement.n,
        "low": measurement.low,
        "high": measurement.high,
        "method": measurement.method,
        "flags": list(measurement.flags),
    }


def _burden(burden: BurdenResult) -> dict[str, Any]:
    scale, unit = (HOUR_S, "customer_waiting_hours") if burden.unit == "waiting_s" else (1, "tickets")
    return {
        "unit": unit,
        "total": burden.total / scale,
        "avoidable": None if burden.avoidable is None else burden.avoidable / scale,
        "avoidable_low": None if burden.low is None else burden.low / scale,
        "avoidable_high": None if burden.high is None else burden.high / scale,
    }
