"""Forgets answers, as a new process does; with a snapshot also what lies beside it, for facts that a test rewrites."""

from __future__ import annotations

import shutil

from zhiheng.indicators.mirror import scans, store
from zhiheng.indicators.queries import choices_of, course_of
from zhiheng.indicators.queries.diagnoses import counted_diagnoses
from zhiheng.indicators.queries.exemptions import with_exempt
from zhiheng.indicators.queries.figures import counted_by_group, counted_figures

QUESTIONS = (counted_figures, counted_by_group, counted_diagnoses, course_of, choices_of, with_exempt)


def forget_answers(snapshot_id: str = "") -> None:
    """Forget what this process remembers; of one snapshot also its answers and the copy of its facts."""
    for question in QUESTIONS:
        question.cache_clear()
    if snapshot_id:
        shutil.rmtree(store.directory(snapshot_id) / "answers", ignore_errors=True)
        (store.directory(snapshot_id) / scans.NAME).unlink(missing_ok=True)
