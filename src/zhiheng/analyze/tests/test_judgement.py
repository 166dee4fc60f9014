"""Targets, exemptions, the trend of a recurrence and unproven causes, in JSON, HTML and terminal."""

import json
from html import unescape
from pathlib import Path

import jsonschema
import pytest

from zhiheng.analyze import report as report_package
from zhiheng.analyze.command import main

HEADER = "number,state,sys_updated_at,opened_at,closed_at,caller,category,symptom,company,exempt\n"
SCHEMA = json.loads((Path(report_package.__file__).parent / "schema.json").read_text(encoding="utf-8"))


def export(folder, *, exempt, months=4):
    """40 incidents a month, each closed on its day but every tenth, which stays open for 40 days and is exempt."""
    lines = [HEADER]
    for n in range(40 * months):
        month, day = n // 40 + 1, n % 20 + 1
        slow = n % 10 == 0
        closed = f"{month + 1:02d}-{day + 9:02d}" if slow else f"{month:02d}-{day:02d}"
        for state, when in (("New", f"2024-{month:02d}-{day:02d} 08:00"), ("Closed", f"2024-{closed} 18:00")):
            lines.append(
                f"INC{n:04d},{state},{when},2024-{month:02d}-{day:02d} 08:00,2024-{closed} 18:00,"
                f"person {n % 5},Mail,slow,company {n % 2},{exempt(slow)}\n"
            )
    path = folder / "export.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def mapping(folder, *, exempt=True):
    path = folder / "mapping.toml"
    path.write_text(
        'name = "mine"\nkind = "incident"\n[columns]\ncase = "number"\nactivity = "state"\n'
        'time = "sys_updated_at"\nopened = "opened_at"\nclosed = "closed_at"\nresolved = "closed_at"\n'
        'requester = "caller"\ncategory = "category"\nsymptom = "symptom"\norganisation = "company"\n'
        + ('exempt = "exempt"\n' if exempt else "")
        + '[time]\nformats = ["%Y-%m-%d %H:%M"]\n[states]\nNew = "new"\nClosed = "closed"\n',
        encoding="utf-8",
    )
    return path


def analysed(folder, source, *options, language="en", columns=None):
    files = {"--json": folder / "out.json", "--html": folder / "out.html"}
    chosen = ["--mapping", str(columns or mapping(folder)), "--timezone", "UTC", "--to", "2024-07-01"]
    outputs = [str(part) for pair in files.items() for part in pair]
    assert main([str(source), *chosen, *outputs, "--lang", language, *map(str, options)]) == 0
    report = json.loads(files["--json"].read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    return report, unescape(files["--html"].read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("16 tickets have an approved exemption", "with exempt tickets: 90.0 % (n 160), not met")),
        ("zh", ("16 张工单经批准剔除", "计入剔除工单：90.0 %（n 160），未达标")),
    ],
)
def test_figures_stand_without_exempt_tickets_and_are_shown_with_them(tmp_path, capsys, language, words):
    source = export(tmp_path, exempt=lambda slow: "true" if slow else "false")
    report, page = analysed(tmp_path, source, language=language)
    closure = report["indicators"]["closure_30d"]
    assert report["exemptions"] == {"recorded": True, "tickets": 16}
    assert (closure["value"], closure["n"], closure["verdict"]) == (1.0, 144, "met")
    beside = closure["with_exempt"]
    assert (beside["numerator"], beside["n"], beside["verdict"]) == (144, 160, "not_met")
    shown = capsys.readouterr().out
    for each in words:
        assert each in shown
        assert each in page


@pytest.mark.parametrize(
    ("mapped", "words"), [(True, "No ticket has an approved exemption."), (False, "No exemptions recorded.")]
)
def test_without_exemptions_that_is_said(tmp_path, capsys, mapped, words):
    source = export(tmp_path, exempt=lambda _slow: "0")
    report, page = analysed(tmp_path, source, columns=mapping(tmp_path, exempt=mapped))
    assert report["exemptions"] == {"recorded": mapped, "tickets": 0}
    assert {item["with_exempt"] for item in report["indicators"].values()} == {None}
    assert words in capsys.readouterr().out
    assert words in page


def test_a_target_judges_the_months_from_which_it_is_in_force(tmp_path):
    source = export(tmp_path, exempt=lambda _slow: "0")
    targets = tmp_path / "targets.toml"
    targets.write_text("[[closure_30d]]\ntarget = 0.85\nfrom = 2024-03-15\n", encoding="utf-8")
    report, page = analysed(tmp_path, source, "--targets", targets)
    closure = report["indicators"]["closure_30d"]
    # Nine of ten close within 30 days in every month: under the 95 % of January and February, above 85 % from March.
    assert [(point["target"], point["verdict"]) for point in closure["trend"][:4]] == [
        (0.95, "not_met"),
        (0.95, "not_met"),
        (0.85, "met"),
        (0.85, "met"),
    ]
    assert (closure["target"], closure["tag"], closure["since"]) == (0.85, "own", "2024-03-15")
    assert "your own target since 2024-03-15" in page
    assert report["indicators"]["mean_response"]["tag"] == "S"


@pytest.mark.parametrize(("language", "words"), [("en", "write 0.95 for 95 %"), ("zh", "95 % 写作 0.95")])
def test_a_wrong_target_is_said_in_the_language_asked_for(tmp_path, capsys, language, words):
    targets = tmp_path / "targets.toml"
    targets.write_text("[closure_30d]\ntarget = 90\n", encoding="utf-8")
    assert main(["absent.csv", "--targets", str(targets), "--lang", language]) == 2
    assert words in capsys.readouterr().err


def test_the_trend_of_a_recurrence_stands_beside_what_chance_gives(tmp_path):
    report, page = analysed(tmp_path, export(tmp_path, exempt=lambda _slow: "0"))
    recurrence = report["indicators"]["recurrence_30d"]
    assert recurrence["details"]["matcher"] == "requester_category_symptom"
    points = [point for point in recurrence["trend"] if point["n"]]
    assert sum(point["n"] for point in points) == recurrence["n"]
    for point in points:
        assert point["excess"] == pytest.approx(point["value"] - point["chance"])
    weighted = sum(point["chance"] * point["n"] for point in points) / recurrence["n"]
    assert weighted == pytest.approx(recurrence["details"]["chance"])
    assert "By month, matched by requester + category + symptom" in page


@pytest.mark.parametrize(
    ("language", "unproven", "field", "note"),
    [
        ("en", "typical, unproven", "Missing field: alerts.raised_s", "may sum to more than 100 %"),
        ("zh", "典型原因，未证实", "缺少字段: alerts.raised_s", "合计可超过 100 %"),
    ],
)
def test_causes_without_data_are_typical_and_name_their_test_and_field(
    tmp_path, language, unproven, field, note
):
    report, page = analysed(tmp_path, export(tmp_path, exempt=lambda _slow: "0"), language=language)
    for name in (f"D{number:02d}" for number in range(9, 21)):
        assert f"{name} {report['defects'][name]['name'][language]}" in page
        for cause in report["defects"][name]["causes"]:
            assert cause["state"] == "no_data"
            assert cause["missing"]
            assert cause["test"][language] in page
    assert unproven in page
    assert field in page
    assert note in page


def test_the_matrix_counts_the_tickets_of_each_cause(tmp_path):
    report, _ = analysed(tmp_path, export(tmp_path, exempt=lambda _slow: "0"))
    assert list(report["causes"]) == list(report["defects"])
    for name, cells in report["causes"].items():
        causes = report["defects"][name]["causes"]
        states = ("supported", "not_supported", "no_data")
        assert sum(cell[state] for cell in cells.values() for state in states) == len(causes)
        for root, cell in cells.items():
            found = [
                cause["tickets"] for cause in causes if cause["root"] == root and cause["tickets"] is not None
            ]
            assert cell["tickets"] == (sum(found) if found else None)


def test_customers_are_among_the_groups_that_are_scanned(tmp_path):
    report, page = analysed(tmp_path, export(tmp_path, exempt=lambda _slow: "0"))
    # Every slow ticket has an even number: company 0 holds them all, 16 of its 80.
    groups = report["defects"]["D02"]["groups"]
    assert ("organisation", "company 0", 80) in {(item["scope"], item["name"], item["n"]) for item in groups}
    assert "customer company 0" in page
