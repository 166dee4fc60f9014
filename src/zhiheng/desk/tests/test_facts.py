"""A log loaded into the platform gives, figure by figure, what `zhiheng analyze` says of the same file."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from zhiheng.analyze import readers
from zhiheng.analyze.command import main
from zhiheng.analyze.mappings import load as load_mapping
from zhiheng.analyze.report.diagnosis import defect_json
from zhiheng.desk.services import load_history
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.indicators.queries import Lens, case_report, figures
from zhiheng.indicators.queries.diagnoses import counted_diagnoses
from zhiheng.processes.queries import kind_named

SAMPLE = Path(__file__).parents[4] / "samples" / "servicenow_incident_events.csv.gz"
CUT = datetime(2016, 5, 31, tzinfo=UTC)
# The whole log takes minutes; its first incidents hold every trap but the volume.
FIRST_LINES = 6_000
# The platform has a service for each ticket; loading makes it of the category.
ADDED = {"service"}


@pytest.fixture(params=[FIRST_LINES, pytest.param(None, marks=pytest.mark.slow)], ids=["part", "whole"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param is None:
        return SAMPLE
    path = tmp_path / "part.csv"
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as source, path.open("w", encoding="utf-8") as target:
        target.writelines(islice(source, request.param))
    return path


def analyzed(export: Path, folder: Path) -> dict[str, Any]:
    """What the command says, with the zone, calendar and cut that the platform is given."""
    out = folder / "report.json"
    arguments = ["--mapping", "servicenow", "--timezone", "UTC", "--calendar", "24x7", "--to", "2016-05-31"]
    assert main([str(export), *arguments, "--json", str(out)]) == 0
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def loaded(export: Path) -> Manifest:
    """The same file as history, unshifted and without any commitment, mirrored as of the cut."""
    log = readers.read([export], mapping=load_mapping("servicenow"), timezone="UTC")
    load_history(log=log, kind=kind_named("incident"), source="servicenow")
    return refresh(cut_s=int(CUT.timestamp()))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_mirror")
@pytest.mark.timeout(1200)
def test_every_figure_equals_that_of_analyze(export: Path, tmp_path: Path) -> None:
    report = analyzed(export, tmp_path)
    manifest = loaded(export)
    window = report["window"]
    lens = Lens(manifest.id, window["from_s"], window["to_s"], window["cut_s"], zone="UTC")

    computed = case_report(lens)
    for name in ("cases", "events", "activities", "variants", "first_s", "last_s"):
        assert computed["log"][name] == report["log"][name], name
    assert as_flow(computed["flow"]) == as_flow(report["flow"])
    for name in ("durations", "cases", "resolved_within", "volume"):
        assert computed[name] == report[name], name
    assert as_resolution(computed["resolution"]) == as_resolution(report["resolution"])

    measured = figures(lens, trends=False)
    assert set(measured) == set(report["indicators"])
    for name, item in measured.items():
        assert as_indicator(item) == in_report(report["indicators"][name]), name
    assert any(item.figure.measurement.value is not None for item in measured.values())

    # Before anything is held back: the report is read by whoever has the file, and tells of groups of two people too.
    found = counted_diagnoses(lens, ("team", "category")).found
    for name, diagnosis in found.items():
        told, expected = as_json(defect_json(diagnosis)), report["defects"][name]
        for part in expected:
            assert comparable(told, expected, part) == comparable(expected, expected, part), f"{name}.{part}"


def comparable(told: dict[str, Any], expected: dict[str, Any], part: str) -> Any:
    """A part of a diagnosis without the signals for which the file lacks what loading it adds."""
    if part != "signals":
        return told[part]
    lacking = {item["id"] for item in expected[part] if item["missing"] and set(item["missing"]) <= ADDED}
    return [item for item in told[part] if item["id"] not in lacking]


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def as_flow(flow: dict[str, Any]) -> dict[str, Any]:
    """Order among equals depends on the codes of states, which follow the order of a file."""
    return {
        **{
            name: sorted(flow[name], key=lambda item: sorted(map(str, item.values())))
            for name in ("arcs", "bottlenecks")
        },
        **{name: flow[name] for name in ("rework", "starts", "ends")},
        "top_counts": [item["cases"] for item in flow["top_variants"]],
        "hand_over_counts": [item["count"] for item in flow["hand_overs"]],
        "top_variants": [item["activities"] for item in flow["top_variants"][:5]],
    }


def as_resolution(resolution: dict[str, Any]) -> dict[str, Any]:
    """Groups as sets: which of equally large ones are shown depends on the order of names."""
    groups = {scope: {item["name"]: item for item in items} for scope, items in resolution["by"].items()}
    return {"all": resolution["all"], "curve": resolution["curve"], "by": groups}


def as_indicator(item: Any) -> dict[str, Any]:
    measurement, verdict = item.figure.measurement, item.figure.verdict
    return as_json(
        {
            **{
                name: getattr(measurement, name)
                for name in ("value", "n", "numerator", "denominator", "low", "high", "method")
            },
            "flags": list(measurement.flags),
            "verdict": verdict.state,
            "uncertain": verdict.uncertain,
            "alarmed": verdict.alarm,
            "missing": list(verdict.missing),
            "line": item.line,
            "details": {name: value for name, value in item.figure.details.items() if name != "matchers"},
        }
    )


def in_report(item: dict[str, Any]) -> dict[str, Any]:
    names = (
        "value", "n", "numerator", "denominator", "low", "high", "method", "flags", "verdict", "uncertain", "alarmed",
        "missing", "line", "details",
    )  # fmt: skip
    return {name: item[name] for name in names}
