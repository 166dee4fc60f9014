"""`python -m bench`: measures the platform's budgets on SQLite and, when given, PostgreSQL. See bench/README.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


PARTS = ("platform", "overview")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--postgresql", metavar="URL", help="this database too; filled if it is empty")
    parser.add_argument("--home", type=Path, help="keeps the SQLite database (default: a temporary folder)")
    parser.add_argument(
        "--only", choices=PARTS, help="one part: lists, pages and writes, or facts and the overview"
    )
    options = parser.parse_args()
    parts = [options.only] if options.only else list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        home = (options.home or Path(folder)).absolute()
        databases = {"sqlite": f"sqlite:///{home / 'bench.sqlite3'}"}
        if options.postgresql:
            databases["postgresql"] = options.postgresql
        return max(budgets(name, url, home, options.tickets, parts) for name, url in databases.items())


def budgets(name: str, url: str, home: Path, tickets: int, parts: list[str]) -> int:
    """Fill the database if it is empty, measure, keep the results and print them. Answers 1 where a step failed."""
    environment = os.environ | {"ZHIHENG_HOME": str(home), "ZHIHENG_DATABASE_URL": url}
    steps = {"generate": None, **{MODULES[part]: part for part in PARTS if part in parts}}
    for step, part in steps.items():
        command = [sys.executable, "-W", "ignore", "-m", f"bench.platform.{step}", str(tickets)]
        result = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own modules
        if result.returncode:
            sys.stderr.write(f"{name}: {step} failed\n")
            return 1
        if part is not None:
            target = HERE / "results" / f"{part}_{name}.json"
            target.parent.mkdir(exist_ok=True)
            target.write_text(result.stdout, encoding="utf-8")
            report = json.loads(result.stdout)
            loads = f"load {report['load_before']} to {report['load_after']}"
            sys.stdout.write(
                f"{name}, {report['tickets']} tickets, {report['cores']} cores, {loads}: {target}\n"
            )
            PRINTED[part](report)
    return 0


def print_platform(report: dict[str, Any]) -> None:
    for row in report["measurements"]:
        figures = f"p50 {row['p50_ms']:>8} ms  p95 {row['p95_ms']:>8} ms  {row['queries']:>3} queries"
        sys.stdout.write(f"  {row['name']:<40} {figures}\n")


def print_overview(report: dict[str, Any]) -> None:
    built = report["snapshot"]
    processor = built["processor_s"] + built["reader_processor_s"]
    sys.stdout.write(
        f"  snapshot {built['seconds']} s, {processor:.1f} s of processor time, {built['peak_mb']} MB\n"
    )
    for how in ("computed", "read"):
        for row in report[how]:
            name = f"overview {how}, {row['person']} {row['asked']}"
            figures = (
                f"cold {row['cold_ms']:>6} ms  warm {row['warm_ms']:>6} ms  {row['statements']:>3} statements"
            )
            sys.stdout.write(f"  {name:<48} {figures}\n")


MODULES = {"platform": "measure", "overview": "overview"}
PRINTED = {"platform": print_platform, "overview": print_overview}

if __name__ == "__main__":
    raise SystemExit(main())
