"""Targets, exemptions, the trend of a recurrence and unproven causes, in JSON, HTML and terminal."""

import json
from html import unescape
from pathlib import Path

import jsonschema
import pytest

from zhiheng.analyze import report as report_package
from zhiheng.analyze.command import main

pytestmark = pytest.mark.slow

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


def by_team(folder):
    """Ninety tickets: every tenth of team North stays open for 40 days, those of South are closed on their day."""
    lines = ["number,state,at,opened,closed,team,prio\n"]
    for n in range(90):
        north, day = n < 50, n % 20 + 1
        closed = f"2024-02-{day + 9:02d}" if north and n % 10 == 0 else f"2024-01-{day:02d}"
        for state, when in (("New", f"2024-01-{day:02d} 08:00"), ("Closed", f"{closed} 18:00")):
            team = "North" if north else "South"
            lines.append(f"INC{n:04d},{state},{when},2024-01-{day:02d} 08:00,{closed} 18:00,{team},3\n")
    source, columns = folder / "teams.csv", folder / "teams.toml"
    source.write_text("".join(lines), encoding="utf-8")
    columns.write_text(
        'name = "teams"\nkind = "incident"\n[columns]\ncase = "number"\nactivity = "state"\ntime = "at"\n'
        'opened = "opened"\nclosed = "closed"\nresolved = "closed"\nteam = "team"\npriority = "prio"\n'
        '[time]\nformats = ["%Y-%m-%d %H:%M"]\n[states]\nNew = "new"\nClosed = "closed"\n',
        encoding="utf-8",
    )
    return source, columns


TARGETS_BY_GROUP = """
[[closure_30d]]
target = 0.8

[[closure_30d]]
target = 0.92
scope = "team"
group = "North"

[[closure_30d]]
target = 0.85
scope = "priority"
group = "3"

[[closure_30d]]
target = 0.99
scope = "team"
group = "Nroth"

[[closure_30d]]
target = 0.99
scope = "service"
group = "mail"
"""


@pytest.mark.parametrize(
    ("language", "group", "unknown", "lacking"),
    [
        ("en", "team North", 'for team "Nroth" judges nothing: no ticket', "no column says the service"),
        ("zh", "支持组 North", "针对 team“Nroth”的目标值未起作用：没有工单", "没有列说明 service"),
    ],
)
def test_targets_of_a_group_judge_that_group_and_unknown_ones_are_told(
    tmp_path, capsys, language, group, unknown, lacking
):
    source, columns = by_team(tmp_path)
    targets = tmp_path / "targets.toml"
    targets.write_text(TARGETS_BY_GROUP, encoding="utf-8")
    report, page = analysed(tmp_path, source, "--targets", targets, language=language, columns=columns)
    closure = report["indicators"]["closure_30d"]
    assert (closure["numerator"], closure["n"], closure["target"]) == (85, 90, 0.8)
    assert [
        (each["scope"], each["name"], each["numerator"], each["n"], each["target"], each["verdict"])
        for each in closure["groups"]
    ] == [("team", "North", 45, 50, 0.92, "not_met"), ("priority", "3", 85, 90, 0.85, "met")]
    codes = [note["code"] for note in report["data_quality"] if note["severity"] == "serious"]
    assert codes == ["target_group_unknown", "target_scope_missing"]
    shown = capsys.readouterr().out
    for words in (group, unknown, lacking):
        assert words in shown
    assert unknown in page
    assert lacking in page
    assert "> North<" in page or "</span> North" in page
    assert report["indicators"]["reopen_10d"]["groups"] == []


def test_a_target_of_an_unknown_scope_is_refused_with_the_known_ones(tmp_path, capsys):
    targets = tmp_path / "targets.toml"
    targets.write_text('[closure_30d]\ntarget = 0.9\nscope = "planet"\ngroup = "x"\n', encoding="utf-8")
    assert main(["absent.csv", "--targets", str(targets), "--lang", "en"]) == 2
    assert "scope must be one of service, team, priority, all" in capsys.readouterr().err


def test_a_burden_is_counted_from_ones_own_target(tmp_path):
    lines = ["number,state,at,opened,answered\n"]
    for n in range(30):
        day = n % 20 + 1
        for state, hour in (("New", 8), ("Active", 14)):
            lines.append(
                f"INC{n:04d},{state},2024-01-{day:02d} {hour:02d}:00,2024-01-{day:02d} 08:00,2024-01-{day:02d} 14:00\n"
            )
    source, columns = tmp_path / "waits.csv", tmp_path / "waits.toml"
    source.write_text("".join(lines), encoding="utf-8")
    columns.write_text(
        'name = "waits"\nkind = "incident"\n[columns]\ncase = "number"\nactivity = "state"\ntime = "at"\n'
        'opened = "opened"\nresponded = "answered"\n[time]\nformats = ["%Y-%m-%d %H:%M"]\n'
        '[states]\nNew = "new"\nActive = "open"\n',
        encoding="utf-8",
    )
    targets = tmp_path / "targets.toml"
    targets.write_text("[mean_response]\ntarget = 5\n", encoding="utf-8")
    shipped, _ = analysed(tmp_path, source, columns=columns)
    own, _ = analysed(tmp_path, source, "--targets", targets, columns=columns)
    # Thirty people wait 6 hours each: 4 above the shipped 2, 1 above their own 5.
    assert shipped["defects"]["D01"]["burden"]["total"] == 120.0
    assert own["defects"]["D01"]["burden"]["total"] == 30.0
    assert own["defects"]["D01"]["burden"]["avoidable"] == pytest.approx(30 * (1 - 5 / 6))
