"""The report of an analysis as one JSON value (see `schema.json`), the single source of terminal text and HTML.

Public: `build_report`, `Question`.
"""

from zhiheng.analyze.report.build import Question, build_report

__all__ = ["Question", "build_report"]
