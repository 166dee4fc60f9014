"""Loads the sample log into an empty database, as the demo does. `python -m bench.platform.history [--postgresql URL]`.

Each engine in a process of its own (`loading`); results in `results/history_ENGINE.json`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.platform.history", description=__doc__)
    parser.add_argument("--postgresql", metavar="URL", help="this database too; it must be empty")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        databases = {"sqlite": f"sqlite:///{Path(home) / 'bench.sqlite3'}"}
        if options.postgresql:
            databases["postgresql"] = options.postgresql
        return max(measured(name, url, home) for name, url in databases.items())


def measured(name: str, url: str, home: str) -> int:
    """Load, keep the result and print it. Answers 1 where loading failed."""
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.platform.loading"],
        env=os.environ | {"ZHIHENG_HOME": home, "ZHIHENG_DATABASE_URL": url},
        check=False, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if result.returncode:
        sys.stderr.write(f"{name}: loading failed\n")
        return 1
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"history_{name}.json").write_text(result.stdout, encoding="utf-8")
    sys.stdout.write(f"{name}: {result.stdout}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
