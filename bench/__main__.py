"""`python -m bench`: measures the platform's budgets on SQLite and, when given, PostgreSQL. See bench/README.md."""

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
    parser.add_argument("--postgresql", metavar="URL", help="this database too; filled if it is empty")
    parser.add_argument("--home", type=Path, help="keeps the SQLite database (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = (options.home or Path(folder)).absolute()
        databases = {"sqlite": f"sqlite:///{home / 'bench.sqlite3'}"}
        if options.postgresql:
            databases["postgresql"] = options.postgresql
        return max(budgets(name, url, home, options.tickets) for name, url in databases.items())


def budgets(name: str, url: str, home: Path, tickets: int) -> int:
    """Fill the database if it is empty, measure, keep the result and print it. Answers 1 where a step failed."""
    environment = os.environ | {"ZHIHENG_HOME": str(home), "ZHIHENG_DATABASE_URL": url}
    command = [sys.executable, "-W", "ignore", "-m"]
    for step in ("generate", "measure"):
        result = subprocess.run(  # noqa: S603 - our own modules
            [*command, f"bench.platform.{step}", str(tickets)],
            env=environment, check=False, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if result.returncode:
            sys.stderr.write(f"{name}: {step} failed\n")
            return 1
    target = HERE / "results" / f"platform_{name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(result.stdout, encoding="utf-8")
    report = json.loads(result.stdout)
    loads = f"load {report['load_before']} to {report['load_after']}"
    sys.stdout.write(f"{name}, {report['tickets']} tickets, {report['cores']} cores, {loads}: {target}\n")
    for row in report["measurements"]:
        figures = f"p50 {row['p50_ms']:>8} ms  p95 {row['p95_ms']:>8} ms  {row['queries']:>3} queries"
        sys.stdout.write(f"  {row['name']:<40} {figures}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
