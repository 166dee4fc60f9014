"""Small logs of made-up cases, loaded as history, for tests of figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import load
from zhiheng.analyze.readers import read
from zhiheng.desk.services import load_history
from zhiheng.processes.queries import kind_named

HEADER = "case,state,at,team,who,caller\n"
DAY_S = 86_400
BEGIN = 1_767_225_600  # 2026-01-01T00:00Z, a Thursday


def log_of(folder: Path, cases: int, *, name: str = "log", team: str = "", people: int = 5) -> EventLog:
    """Cases a day apart, each opened, worked and resolved by a team of so many people."""
    lines = [HEADER]
    for number in range(cases):
        team_name = team or ("North" if number % 2 else "South")
        who = f"{team_name} {number % people}"
        day = f"2026-01-{number % 28 + 1:02d}"
        for state, hour in (("New", 8), ("Active", 9), ("Resolved", 12), ("Closed", 13)):
            lines.append(
                f"{name}-{number},{state},{day} {hour:02d}:00:00,{team_name},{who},caller {number % 7}\n"
            )
    path = folder / f"{name}.csv"
    path.write_text("".join(lines), encoding="utf-8")
    mapping = folder / "mapping.toml"
    mapping.write_text(
        'name = "small"\nkind = "incident"\n[columns]\ncase = "case"\nactivity = "state"\ntime = "at"\n'
        'team = "team"\nassignee = "who"\nrequester = "caller"\n[time]\nformats = ["%Y-%m-%d %H:%M:%S"]\n'
        '[states]\nNew = "new"\nActive = "open"\nResolved = "solved"\nClosed = "closed"\n',
        encoding="utf-8",
    )
    return read([path], load(str(mapping)), "UTC")


def put(folder: Path, cases: int, **options: Any) -> None:
    log = log_of(folder, cases, **options)
    load_history(log=log, kind=kind_named("incident"), source="log")
