"""Figures asked for alone are those of the whole report."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from zhiheng.analyze import report as report_package
from zhiheng.analyze.command import main
from zhiheng.analyze.readers import read
from zhiheng.analyze.report.process import ROLES_OF

HEADER = "number,incident_state,sys_updated_at,sys_mod_count,assignment_group\n"
ROWS = [
    "INC1,New,01/01/2024 01:00,0,A\n",
    "INC1,Active,01/01/2024 02:00,1,A\n",
    "INC1,Active,01/01/2024 03:00,2,B\n",
    "INC1,Active,01/01/2024 04:00,3,A\n",
    "INC2,New,02/01/2024 01:00,0,A\n",
    "INC2,Resolved,02/01/2024 05:00,1,A\n",
]


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    return path


def reported(path, capsys, *options):
    assert main([str(path), "--json", "-", *options]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("figures", ["log,flow,durations,cases", "flow", "cases, log"])
def test_they_equal_those_of_the_whole_report(export, capsys, figures):
    whole, part = reported(export, capsys), reported(export, capsys, "--figures", figures)
    names = [name.strip() for name in figures.split(",")]
    assert sorted(part["figures"]) == sorted(names)
    assert {name: part[name] for name in names} == {name: whole[name] for name in names}
    assert not (ROLES_OF.keys() - names) & part.keys()
    schema = json.loads((Path(report_package.__file__).parent / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(part, schema)


def test_rows_that_differ_in_a_column_not_asked_for_are_not_copies(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + ROWS[0] + ROWS[0].replace(",A\n", ",B\n") + ROWS[1], encoding="utf-8")
    assert read([path], roles=()).events.num_rows == read([path]).events.num_rows == 3
    path.write_text(HEADER + ROWS[0] + ROWS[0] + ROWS[1], encoding="utf-8")
    assert read([path], roles=()).events.num_rows == read([path]).events.num_rows == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--json", "-", "--figures", "flow,dreams"], "--figures dreams: unknown"),
        (["--figures", "flow"], "--figures goes with --json"),
        (["--json", "-", "--html", "x.html", "--figures", "flow"], "--figures goes with --json"),
    ],
)
def test_a_wrong_choice_gets_a_message(export, capsys, options, message):
    assert main([str(export), "--lang", "en", *options]) == 2
    assert message in capsys.readouterr().err


def test_they_load_neither_duckdb_nor_definitions(export):
    code = (
        "import sys; from zhiheng.analyze.command import main; "
        f"main([{str(export)!r}, '--json', '-', '--figures', 'log,flow,durations,cases']); "
        "heavy = {'duckdb', 'numpy.ma', 'pyarrow.parquet', 'zhiheng.definitions.loader'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
