"""Tables of the machinery: search documents and import runs."""

from zhiheng.records.models.imports import ImportRow, ImportRun, Outcome, RunState
from zhiheng.records.models.search import SearchDocument

__all__ = ["ImportRow", "ImportRun", "Outcome", "RunState", "SearchDocument"]
