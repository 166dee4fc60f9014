"""Numbers of queries per page, kept in `<app>/tests/query_counts.json`: a new query changes a file the review sees.

Run with ZHIHENG_WRITE_BASELINES=1 to write what was measured.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.apps import apps

from zhiheng.records.declaration import RecordType

WRITE = "ZHIHENG_WRITE_BASELINES"
FILE = "query_counts.json"


def baseline_file(record_type: RecordType) -> Path:
    """Where the numbers of this record type are kept."""
    folder = Path(apps.get_app_config(record_type.app).path)
    return (folder if folder.name == "tests" or folder.parent.name == "tests" else folder / "tests") / FILE


def read_baselines(record_type: RecordType) -> dict[str, int]:
    """{page: queries} as recorded."""
    path = baseline_file(record_type)
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return dict(held.get(record_type.label, {}))


def check_baselines(record_type: RecordType, measured: dict[str, int]) -> None:
    """Compare with what is recorded, or record it where asked."""
    if os.environ.get(WRITE):
        path = baseline_file(record_type)
        held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        held[record_type.label] = measured
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(dict(sorted(held.items())), indent=2) + "\n", encoding="utf-8")
        return
    recorded = read_baselines(record_type)
    assert measured == recorded, (
        f"{record_type.label}: queries per page are {measured}, recorded are {recorded}. "
        f"If the change is meant, run this test with {WRITE}=1 and commit the file."
    )
