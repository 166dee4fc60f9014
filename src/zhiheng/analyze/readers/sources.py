"""The reader for each kind of content."""

from __future__ import annotations

from importlib import import_module

from zhiheng.analyze.readers.content import Content, Kind
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.source import Source

# Loaded for a file of their kind only: openpyxl and Parquet take longer to load than a CSV takes to read.
_SOURCES: dict[Kind, tuple[str, str]] = {
    "delimited": ("delimited", "DelimitedSource"),
    "parquet": ("parquet", "ParquetSource"),
    "xes": ("xes", "XesSource"),
    "xlsx": ("workbook", "WorkbookSource"),
}


def open_source(content: Content, progress: Progress | None) -> Source:
    """Open a file with the reader for its content. Raises ReadError."""
    module, name = _SOURCES[content.kind]
    source: Source = getattr(import_module(f"zhiheng.analyze.readers.{module}"), name)(content, progress)
    return source
