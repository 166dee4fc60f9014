"""Small logs for the reading tests, and where the public logs lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
SAMPLE = ROOT / "samples" / "servicenow_incident_events.csv.gz"
HEADER = ["number", "incident_state", "sys_updated_at", "assignment_group", "reopen_count", "made_sla"]
ROWS = [
    ["INC1", "New", "29/2/2016 01:23", "Group 1", "0", "true"],
    ["INC1", "Active", "29/2/2016 08:53", "Group 2", "0", "true"],
    ["INC2", "New", "1/3/2016 10:00", "?", "0", "false"],
    ["INC1", "Closed", "5/3/2016 12:00", "Group 1", "1", "true"],
    ["INC2", "Closed", "6/3/2016 10:00", "Group 1", "0", "false"],
]
# 29/2/2016 01:23 UTC: 16,860 days from 1970-01-01, by hand: 46 years × 365 + 11 leap days + 31 + 28.
TIMES_S = [
    16_860 * 86_400 + 83 * 60,
    16_860 * 86_400 + 533 * 60,
    16_861 * 86_400 + 600 * 60,
    16_865 * 86_400 + 720 * 60,
    16_866 * 86_400 + 600 * 60,
]


def text_of(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Join rows as an export would, without quotes."""
    return "".join(delimiter.join(row) + end for row in rows)


def write(folder: Path, data: str | bytes, name: str = "log.csv") -> Path:
    """Write a file of the test's folder."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def public_log(name: str) -> Path:
    """Return a log that may not be part of the project; skip where it is absent."""
    folder = Path(os.environ.get("ZHIHENG_TEST_DATA", ROOT.parent / "shared" / "data"))
    path = folder / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {folder}; set ZHIHENG_TEST_DATA to run this")
    return path
