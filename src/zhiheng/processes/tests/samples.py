"""Sample rows for the tests that are generated from the declarations."""

from __future__ import annotations

from typing import Any

from zhiheng.processes.models import Process, ProcessVersion
from zhiheng.processes.services import draft_version
from zhiheng.records.testing.samples import linked, sample_values, sampler

DOCUMENT = {
    "start": "new",
    "states": [
        {"key": "new", "name": {"zh": "新建", "en": "New"}, "category": "new"},
        {"key": "done", "name": {"zh": "完成", "en": "Done"}, "category": "closed"},
    ],
    "transitions": [
        {"from": "new", "to": "done", "name": {"zh": "完成", "en": "Finish"}, "needs": ["reason"]}
    ],
}


@sampler(ProcessVersion)
def version(number: int) -> ProcessVersion:
    """A draft with two states."""
    return draft_version(process=linked(Process), document=DOCUMENT, note="sample")


def version_values(_number: int) -> dict[str, Any]:
    """A definition that can be used."""
    return {"document": DOCUMENT}


sample_values(ProcessVersion, version_values)
