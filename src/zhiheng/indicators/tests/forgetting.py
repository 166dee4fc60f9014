"""Forgets answers, as a new process does; with a snapshot also those beside it, for facts that a test rewrites."""

from __future__ import annotations

import shutil

from zhiheng.indicators.mirror import store
from zhiheng.indicators.queries import choices_of, course_of
from zhiheng.indicators.queries.diagnoses import diagnosed
from zhiheng.indicators.queries.exemptions import with_exempt
from zhiheng.indicators.queries.figures import counted_by_group, counted_figures

QUESTIONS = (counted_figures, counted_by_group, diagnosed, course_of, choices_of, with_exempt)


def forget_answers(snapshot_id: str = "") -> None:
    """Forget what this process remembers; of one snapshot also what is kept on disk."""
    for question in QUESTIONS:
        question.cache_clear()
    if snapshot_id:
        shutil.rmtree(store.directory(snapshot_id) / "answers", ignore_errors=True)
