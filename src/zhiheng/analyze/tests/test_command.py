"""The command on small exports: its files, its languages, its messages."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from zhiheng.analyze import report as report_package
from zhiheng.analyze.command import main
from zhiheng.analyze.texts import Texts
from zhiheng.analyze.wording import LANGUAGES

HEADER = "number,incident_state,sys_updated_at,opened_at,resolved_at,closed_at,assignment_group,priority,category\n"


def export(folder, cases=60):
    """Cases that go New → Active → Resolved → Closed, one a day, resolved after n hours, two teams in turn."""
    lines = [HEADER]
    for n in range(cases):
        day = f"{n % 28 + 1:02d}/{n // 28 + 1:02d}/2024"
        hours = n % 20 + 1
        tail = f"{day} 01:00,{day} {hours + 1:02d}:00,{day} 23:30"
        team = f"<b>Team {n % 2}</b>"
        for state, clock in (
            ("New", "01:00"),
            ("Active", "01:30"),
            ("Resolved", f"{hours + 1:02d}:00"),
            ("Closed", "23:30"),
        ):
            lines.append(f"INC{n:04d},{state},{day} {clock},{tail},{team},{n % 4 + 1} - x,Mail\n")
    path = folder / "export.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path):
    return export(tmp_path)


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_json_follows_its_schema(small, tmp_path):
    out = tmp_path / "out.json"
    assert run(small, "--json", out, "--html", tmp_path / "out.html") == 0
    schema = json.loads((Path(report_package.__file__).parent / "schema.json").read_text(encoding="utf-8"))
    report = json.loads(out.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)
    del report["log"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, schema)


def test_figures_by_hand(small, capsys):
    assert run(small, "--json", "-") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["log"]["cases"] == 60
    assert report["log"]["variants"] == 1
    # 1 … 20 h, three times each: median 10.5 h.
    assert report["durations"]["open_to_resolved_hours"]["p50"] == pytest.approx(10.5)
    assert report["cases"]["ping_pong"] == 0
    arcs = {(arc["from"], arc["to"]): arc for arc in report["flow"]["arcs"]}
    assert arcs["New", "Active"]["count"] == 60
    assert arcs["New", "Active"]["median_seconds"] == 1800
    assert report["flow"]["rework"] == {}
    response = report["indicators"]["mean_response"]
    assert response["value"] == pytest.approx(0.5)  # half an hour in New
    assert response["verdict"] == "met"


def test_window_and_calendar(small, capsys):
    assert run(small, "--json", "-", "--from", "2024-01-10", "--to", "2024-01-20", "--calendar", "5x8") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["cases"]["received_in_window"] == 10
    # Everything is received and answered in the night: no service time passes.
    assert report["indicators"]["mean_response"]["value"] == 0.0


def test_own_targets(small, tmp_path, capsys):
    targets = tmp_path / "targets.toml"
    targets.write_text("[mean_response]\ntarget = 0.25\n", encoding="utf-8")
    assert run(small, "--json", "-", "--targets", targets) == 0
    response = json.loads(capsys.readouterr().out)["indicators"]["mean_response"]
    assert (response["target"], response["verdict"], response["tag"]) == (0.25, "not_met", "own")


class Page(HTMLParser):
    """Collects what a page would fetch, its text, and whether its tags close."""

    def __init__(self):
        super().__init__()
        self.fetched, self.text, self.tags = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.fetched += [value for name, value in attributes if name in ("src", "href", "srcset", "data")]

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_one_offline_file(small, tmp_path, language):
    out = tmp_path / "out.html"
    assert run(small, "--html", out, "--lang", language) == 0
    source = out.read_text(encoding="utf-8")
    page = Page()
    page.feed(source)
    texts = Texts(language)
    assert all(address.startswith("#") for address in page.fetched)
    assert "script" not in page.tags
    assert "url(" not in source
    assert "@import" not in source
    assert page.tags.count("svg") > 5
    assert "<b>Team" not in source  # what a file says is never markup
    assert "&lt;b&gt;Team" in source
    sections = ("summary", "defects", "indicators", "volume", "resolution", "flow", "recurrence", "missing")
    for name in (*sections, "quality", "definitions"):
        assert f'id="{name}"' in source
        assert texts(f"section_{name}") in page.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "yesterday"], "not a date"),
        (["--timezone", "Mars/Base"], "unknown; write for example"),
        (["--calendar", "nowhere.toml"], "nor a file"),
        (["--from", "2024-02-01", "--to", "2024-01-01"], "the window is empty"),
        (["--from", "2031-01-01", "--to", "2031-02-01"], "no ticket was received"),
        (["--targets", "nowhere.toml"], "cannot be read"),
        (["--mapping", "nowhere.toml"], "nowhere.toml"),
        (["--json", "/nowhere/at/all.json"], "/nowhere/at/all.json"),
    ],
)
def test_a_wrong_call_gets_a_message(small, capsys, arguments, message):
    assert run(small, "--lang", "en", *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("Error: ")
    assert message in error
    assert "Traceback" not in error


def test_messages_are_in_the_language_asked_for(small, capsys):
    assert run(small, "--lang=zh", "--to", "x") == 2
    assert "不是日期" in capsys.readouterr().err
    assert run(small, "--lang", "zh") == 0
    assert "目标达成了吗" in capsys.readouterr().out


def test_a_guessed_mapping_is_shown_and_can_be_saved(tmp_path, capsys):
    path = tmp_path / "other.csv"
    rows = [
        f"T{n},{state},2024-01-{n % 28 + 1:02d} {hour}:00:00"
        for n in range(40)
        for state, hour in (("open", "08"), ("done", "09"))
    ]
    path.write_text("ticket id,status,timestamp\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert run(path, "--lang", "en") == 0
    assert "ticket id" in capsys.readouterr().err
    saved = tmp_path / "mapping.toml"
    assert run(path, "--save-mapping", saved) == 0
    capsys.readouterr()
    assert run(path, "--mapping", saved, "--json", "-") == 0
    assert json.loads(capsys.readouterr().out)["log"]["cases"] == 40


def test_bad_calendar_files_are_named(small, tmp_path, capsys):
    calendar = tmp_path / "hours.toml"
    calendar.write_text('weekly = { mon = [["25:00", "26:00"]] }', encoding="utf-8")
    assert run(small, "--calendar", calendar, "--lang", "en") == 2
    assert "hours.toml" in capsys.readouterr().err
    calendar.write_text('weekly = { mon = [["09:00", "17:00"]] }', encoding="utf-8")
    assert run(small, "--calendar", calendar) == 0


def test_json_needs_no_heavy_library(small):
    code = (
        "import sys; from zhiheng.analyze.command import main; "
        f"main([{str(small)!r}, '--json', '-']); "
        "loaded = {name.split('.')[0] for name in sys.modules}; "
        "heavy = {'scipy', 'pandas', 'django', 'sklearn', 'holidays', 'openpyxl'} & loaded; "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
