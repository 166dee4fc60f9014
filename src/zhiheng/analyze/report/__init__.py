"""The report of an analysis as one JSON value (see `schema.json`), the single source of terminal text and HTML.

Public: `Question`; `build_report`, which loads the definitions when it is first asked for; in `process` the reports of
some figures only, which need none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from zhiheng.analyze.report.process import Question

if TYPE_CHECKING:
    from zhiheng.analyze.report.build import build_report

__all__ = ["Question", "build_report"]


def __getattr__(name: str) -> Any:
    if name != "build_report":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("zhiheng.analyze.report.build").build_report
