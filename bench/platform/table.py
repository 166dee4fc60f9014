"""`python -m bench.platform.table` prints the table of bench/README.md from the two results, so that nobody copies
figures by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"
ENGINES = ("sqlite", "postgresql")
HEAD = (
    "| What | SQLite p50 | p95 | PostgreSQL p50 | p95 | queries |",
    "| --- | --- | --- | --- | --- | --- |",
)


def held(engine: str) -> dict[str, dict[str, Any]]:
    """The measurements of one engine by name; empty where it was not measured."""
    path = RESULTS / f"platform_{engine}.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"measurements": []}
    return {row["name"]: row for row in report["measurements"]}


def lines() -> list[str]:
    """The table as Markdown, in the order of measuring."""
    found = [held(engine) for engine in ENGINES]
    rows = []
    for name in dict.fromkeys(name for measurements in found for name in measurements):
        each = [measurements.get(name) for measurements in found]
        times = [f"{row[column]}" if row else "" for row in each for column in ("p50_ms", "p95_ms")]
        queries = " / ".join(str(row["queries"]) if row else "" for row in each)
        rows.append(f"| {' | '.join([name, *times, queries])} |")
    return [*HEAD, *rows]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
