"""`python -m bench`: measures the budgets of the platform on SQLite and, when given, on PostgreSQL. See bench/README.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--postgresql", metavar="URL", help="also on this server; the database is filled, then left there")
    parser.add_argument("--home", type=Path, help="where the SQLite database is made and kept (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        databases = {"sqlite": f"sqlite:///{home / 'bench.sqlite3'}"}
        if options.postgresql:
            databases["postgresql"] = options.postgresql
        for name, url in databases.items():
            environment = os.environ | {"ZHIHENG_HOME": str(home), "ZHIHENG_DATABASE_URL": url}
            for step in ("generate", "measure"):
                command = [sys.executable, "-m", f"bench.platform.{step}", str(options.tickets)]
                result = subprocess.run(command, env=environment, check=True, capture_output=step == "measure", text=True)  # noqa: S603
            target = HERE / "results" / f"platform_{name}.json"
            target.write_text(result.stdout, encoding="utf-8")
            print(f"{name}: {target}")  # noqa: T201
            for row in json.loads(result.stdout)["measurements"]:
                print(f"  {row['name']:<48} p50 {row['p50_ms']:>8} ms  p95 {row['p95_ms']:>8} ms  {row.get('queries', '')}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
