"""What does not count (merged, withdrawn before any answer) is left out alike by both programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhiheng.analyze.command import main
from zhiheng.analyze.mappings import load
from zhiheng.analyze.readers import read
from zhiheng.desk.services import load_history
from zhiheng.indicators.mirror import refresh
from zhiheng.indicators.queries import Lens, figures
from zhiheng.processes.queries import kind_named

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_mirror"),
]
MAPPING = """
name = "mine"
kind = "incident"
[columns]
case = "number"
activity = "state"
time = "at"
opened = "opened"
responded = "answered"
[time]
formats = ["%Y-%m-%d %H:%M"]
[states]
New = "new"
Closed = "closed"
Cancelled = "cancelled"
Merged = "merged"
"""


def export(folder: Path) -> tuple[Path, Path]:
    """Forty answered and closed cases, and ten each that were withdrawn early, withdrawn late and merged."""
    lines = ["number,state,at,opened,answered\n"]
    ends = ["Closed"] * 40 + ["Cancelled"] * 20 + ["Merged"] * 10
    for n, end in enumerate(ends):
        answered = "" if 40 <= n < 50 else "2026-01-05 09:00"
        for state, when in (("New", "2026-01-05 08:00"), (end, "2026-01-06 10:00")):
            lines.append(f"C{n},{state},{when},2026-01-05 08:00,{answered}\n")
    path, columns = folder / "log.csv", folder / "mapping.toml"
    path.write_text("".join(lines), encoding="utf-8")
    columns.write_text(MAPPING, encoding="utf-8")
    return path, columns


def test_both_programs_leave_out_the_same_tickets(tmp_path: Path) -> None:
    path, columns = export(tmp_path)
    out = tmp_path / "out.json"
    options = ["--mapping", columns, "--timezone", "UTC", "--to", "2026-04-01", "--json", out]
    assert main([str(each) for each in (path, *options)]) == 0
    report = json.loads(out.read_text(encoding="utf-8"))
    told, window = report["indicators"], report["window"]
    load_history(log=read([path], load(str(columns)), "UTC"), kind=kind_named("incident"), source="log")
    manifest = refresh(cut_s=window["cut_s"])
    found = figures(
        Lens(manifest.id, window["from_s"], window["to_s"], window["cut_s"], zone="UTC"), trends=False
    )
    for name in ("mean_response", "response_48h", "closure_30d"):
        measured = found[name].figure.measurement
        assert (measured.n, measured.value) == (told[name]["n"], told[name]["value"]), name
    # The ten that were withdrawn after an answer stay in, as not closed.
    assert (told["closure_30d"]["numerator"], told["closure_30d"]["n"]) == (40, 50)
