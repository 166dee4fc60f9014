"""`zhiheng analyze` beside pm4py on the same log: equal figures, time, memory. `compare.py LOG [RUNS]`; see README.md.

Each run is a whole process of a program that has been run before, so that neither compiles its modules first. The
programs run in turn, every second round in the opposite order, so that what else the machine does falls on all of
them; a ratio is the median of those within a round. Progress goes to standard error.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
PM4PY = HERE.parent / ".venv-pm4py" / "bin" / "python"
ZHIHENG = "import sys; from zhiheng.analyze.command import main; raise SystemExit(main(sys.argv[1:]))"

FIGURES = "log,flow,durations,cases"
# Told the same, or left to read everything: each of ours beside the pm4py that it compares with.
PAIRS = (
    ("zhiheng_needed", "pm4py_needed"),
    ("zhiheng_figures", "pm4py_needed"),
    ("zhiheng_figures", "pm4py_all"),
    ("zhiheng_whole", "pm4py_all"),
)
_FIRST_ROWS = 2000
Run = dict[str, float]


def measured(
    commands: dict[str, list[str]], rounds: int, environment: dict[str, str]
) -> list[dict[str, Run]]:
    """Run the commands in turn, several times: per round the seconds and megabytes of each."""
    found = []
    for number in range(rounds):
        order = list(commands) if number % 2 == 0 else list(reversed(commands))
        found.append({name: _run(name, commands[name], environment) for name in order})
    return found


def _run(name: str, command: list[str], environment: dict[str, str]) -> Run:
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - commands of this file
        command, stdout=quiet, stderr=quiet, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    run = {
        "wall_s": round(time.perf_counter() - started, 2),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }
    sys.stderr.write(f"{name:<16} {run}\n")
    return run


def run_before(log: str, folder: Path) -> dict[str, str]:
    """Run each program on the first rows of the log; the environment in which what was compiled is found again.

    Installers differ in whether they compile, and an environment may forbid to keep what was compiled.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    opened = gzip.open if log.endswith(".gz") else open
    with opened(log, "rt", encoding="utf-8") as stream:
        rows = list(islice(stream, _FIRST_ROWS))
    head = folder / "head.csv"
    head.write_text("".join(rows), encoding="utf-8")
    measured(commands_for(str(head), folder), 1, environment)
    return environment


def best(rounds: list[dict[str, Run]]) -> dict[str, Run]:
    """The least seconds and the most megabytes of each command."""
    return {
        name: {
            "wall_s": min(run[name]["wall_s"] for run in rounds),
            "cpu_s": min(run[name]["cpu_s"] for run in rounds),
            "peak_mb": max(run[name]["peak_mb"] for run in rounds),
        }
        for name in sorted(rounds[0], reverse=True)
    }


def ratios(rounds: list[dict[str, Run]], mine: str, other: str) -> Run:
    """How many times as much the other takes: the median over the rounds."""
    return {
        key: round(median(run[other][key] / run[mine][key] for run in rounds), 2)
        for key in ("wall_s", "cpu_s", "peak_mb")
    }


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Name every figure that differs between the two reports."""
    found = [
        f"{name}: {ours['log'][name]} / {theirs[name]}"
        for name in ("cases", "events", "activities", "variants")
        if ours["log"][name] != theirs[name]
    ]
    arcs = {
        f"{arc['from']} > {arc['to']}": (arc["count"], arc["median_seconds"]) for arc in ours["flow"]["arcs"]
    }
    other = {name: tuple(values) for name, values in theirs["arcs"].items()}
    found += [
        f"{name}: {arcs.get(name)} / {other.get(name)}"
        for name in sorted(arcs.keys() | other.keys())
        if arcs.get(name) != other.get(name)
    ]
    if ours["flow"]["rework"] != theirs["rework"]:
        found.append("rework")
    hours = [ours["durations"]["case_hours"][name] for name in ("p50", "p90", "p95", "mean")]
    if any(abs(a - b) > 1e-4 * max(1, abs(b)) for a, b in zip(hours, theirs["case_hours"], strict=True)):
        found.append(f"case_hours: {hours} / {theirs['case_hours']}")
    return found


def commands_for(log: str, folder: Path) -> dict[str, list[str]]:
    """The command lines by name; each writes a JSON of its name into the folder, HTML beside it where that is timed."""

    def ours(name: str, *options: str) -> list[str]:
        return [sys.executable, "-c", ZHIHENG, log, "--json", str(folder / f"{name}.json"), *options]

    def theirs(columns: str) -> list[str]:
        out = str(folder / f"pm4py_{columns}.json")
        return [str(PM4PY), str(HERE / "figures_pm4py.py"), log, out, columns]

    needed = str(HERE / "needed_columns.toml")
    return {
        "zhiheng_needed": ours("zhiheng_needed", "--figures", FIGURES, "--mapping", needed),
        "pm4py_needed": theirs("needed"),
        "zhiheng_figures": ours("zhiheng_figures", "--figures", FIGURES),
        "pm4py_all": theirs("all"),
        "zhiheng_whole": ours("zhiheng_whole"),
        "zhiheng_html": ours("zhiheng_html", "--html", str(folder / "report.html")),
    }


def main() -> None:
    """Measure, compare and print one JSON document."""
    log, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    result: dict[str, Any] = {
        "log": Path(log).name,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "rounds": rounds,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = commands_for(log, folder)
        seen = measured(commands, rounds, run_before(log, folder))
        figures = {command: json.loads((folder / f"{command}.json").read_text()) for command in commands}
    result["load_after"] = round(os.getloadavg()[0], 1)
    result |= best(seen)
    result["different"] = {
        f"{mine} / {other}": differences(figures[mine], figures[other]) for mine, other in PAIRS
    }
    for mine, other in PAIRS:
        result[f"times_{mine}_{other}"] = ratios(seen, mine, other)
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


main()
