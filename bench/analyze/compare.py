"""`zhiheng analyze` beside pm4py on the same log: equal figures, time, memory. `compare.py LOG [RUNS]`; see README.md.

Each run is a whole process; time is the best of the runs (wall and CPU), memory the highest resident set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PM4PY = HERE.parent / ".venv-pm4py" / "bin" / "python"
ZHIHENG = "import sys; from zhiheng.analyze.command import main; raise SystemExit(main(sys.argv[1:]))"

FIGURES = "log,flow,durations,cases"


def measured(commands: dict[str, list[str]], runs: int) -> dict[str, dict[str, float]]:
    """Run the commands in turn, several times; the best wall and CPU seconds and the highest memory in MB of each."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(_run(command))
    return {
        name: {
            "wall_s": round(min(run[0] for run in seen), 2),
            "cpu_s": round(min(run[1] for run in seen), 2),
            "peak_mb": round(max(run[2] for run in seen)),
        }
        for name, seen in found.items()
    }


def _run(command: list[str]) -> tuple[float, float, float]:
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - commands of this file
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


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


def main() -> None:
    """Measure, compare and print one JSON document."""
    log, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        ours, chosen = Path(folder, "whole.json"), Path(folder, "figures.json")
        theirs = Path(folder, "pm4py.json")
        result: dict[str, Any] = {
            "log": Path(log).name,
            "cores": os.cpu_count(),
            "load_before": round(os.getloadavg()[0], 1),
        }
        whole = [sys.executable, "-c", ZHIHENG, log, "--json", str(ours)]
        commands = {
            "zhiheng_figures": [*whole[:-1], str(chosen), "--figures", FIGURES],
            "zhiheng_whole": whole,
        }
        for columns in ("needed", "all"):
            script = [str(PM4PY), str(HERE / "figures_pm4py.py"), log, str(theirs), columns]
            commands[f"pm4py_{columns}"] = script
        result |= measured(commands, runs)
        other = json.loads(theirs.read_text())
        result["different"] = [
            *differences(json.loads(ours.read_text()), other),
            *differences(json.loads(chosen.read_text()), other),
        ]
    for mine in ("figures", "whole"):
        for columns in ("needed", "all"):
            result[f"times_{mine}_{columns}"] = {
                key: round(result[f"pm4py_{columns}"][key] / result[f"zhiheng_{mine}"][key], 2)
                for key in ("wall_s", "cpu_s", "peak_mb")
            }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


main()
