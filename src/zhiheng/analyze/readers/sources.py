"""The reader for each kind of content."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from zhiheng.analyze.readers.content import Content, Kind
from zhiheng.analyze.readers.delimited import DelimitedSource
from zhiheng.analyze.readers.parquet import ParquetSource
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.readers.xes import XesSource
from zhiheng.analyze.source import Source

_SOURCES: dict[Kind, Callable[[Content, Progress | None], Source]] = {
    "delimited": DelimitedSource,
    "parquet": ParquetSource,
    "xes": XesSource,
}


def open_source(content: Content, progress: Progress | None) -> Source:
    """Open a file with the reader for its content. Raises ReadError."""
    if content.kind == "xlsx":
        # openpyxl takes longer to load than a large CSV takes to read: loaded for workbooks only.
        source: Source = import_module("zhiheng.analyze.readers.workbook").WorkbookSource(content, progress)
        return source
    return _SOURCES[content.kind](content, progress)
