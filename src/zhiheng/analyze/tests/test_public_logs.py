"""Two public logs in XES through the command. They may not be redistributed: the tests skip where they are not at hand.

Expected: what their publishers and three other engines count (cases, events, activities, variants, the commonest path).
"""

import json
import os
from pathlib import Path

import pytest

from zhiheng.analyze.command import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("ZHIHENG_PUBLIC_LOGS", ROOT.parent / "shared" / "data"))


def report_of(name, folder, *options):
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not in the folder of public logs (ZHIHENG_PUBLIC_LOGS)")
    out = folder / "report.json"
    assert main([str(path), "--json", str(out), *map(str, options)]) == 0
    return json.loads(out.read_text(encoding="utf-8"))


def test_the_italian_help_desk(tmp_path):
    report = report_of("italian_helpdesk.xes.gz", tmp_path, "--html", tmp_path / "report.html")
    log, flow = report["log"], report["flow"]
    assert (log["cases"], log["events"], log["activities"], log["variants"]) == (4_580, 21_348, 14, 226)
    assert flow["top_variants"][0]["cases"] == 2_366
    assert flow["top_variants"][0]["activities"] == [
        "Assign seriousness", "Take in charge ticket", "Resolve ticket", "Closed",
    ]  # fmt: skip
    # Every event but the last of its case has one that follows it.
    assert sum(arc["count"] for arc in flow["arcs"]) == 21_348 - 4_580
    assert "Assign seriousness" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_volvo_problems_and_what_a_mapping_of_their_sub_status_changes(tmp_path):
    name = "volvo_problems_closed.xes.gz"
    log = report_of(name, tmp_path)["log"]
    assert (log["cases"], log["events"], log["activities"]) == (1_487, 6_660, 4)
    mapping = tmp_path / "sub-status.toml"
    mapping.write_text(
        'name = "vinst"\nkind = "problem"\n[columns]\ncase = "case:concept:name"\ntime = "time:timestamp"\n'
        'activity = "lifecycle:transition"\n',
        encoding="utf-8",
    )
    finer = report_of(name, tmp_path, "--mapping", mapping)["log"]
    assert (finer["cases"], finer["events"], finer["activities"]) == (1_487, 6_660, 7)
