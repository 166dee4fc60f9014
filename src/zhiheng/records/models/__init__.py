"""Tables of the machinery: search documents and import runs."""

from zhiheng.records.models.search import SearchDocument

__all__ = ["SearchDocument"]
