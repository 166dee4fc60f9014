"""`python -m bench.measure`: runs every case in a process of its own and writes bench/results/measure.json."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from bench.measure.cases import CASES

TARGET = Path(__file__).resolve().parents[1] / "results" / "measure.json"
PACKAGES = ("numpy", "scipy", "lifelines", "statsmodels")


def run(*arguments: str) -> dict[str, object]:
    """One case in a fresh process, so that its peak of memory is its own."""
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-W", "ignore", "-m", "bench.measure.one", *arguments],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def main() -> int:
    """Every case; answers 1 where one of ours took longer than the other package in the same run."""
    before = os.getloadavg()
    wanted = sys.argv[1:] or [*CASES, "import"]
    rows = []
    for name in wanted:
        row = run(name)
        for side in ("ours", "theirs") if name != "import" else ():
            peak = run(name, side)
            if peak:
                row[f"{side}_peak_mib"] = peak["peak_mib"]
        rows.append(row)
        sys.stdout.write(f"{json.dumps(row, ensure_ascii=False)}\n")
    report = {
        "run": "python -m bench.measure",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": [round(load, 2) for load in before],
        "load_after": [round(load, 2) for load in os.getloadavg()],
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "measurements": rows,
    }
    if wanted == [*CASES, "import"]:
        TARGET.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return int(any(float(str(row.get("ratio") or 0)) > 1 for row in rows if row["name"] != "import"))


if __name__ == "__main__":
    raise SystemExit(main())
