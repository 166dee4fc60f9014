"""Reads an uploaded table: CSV in any usual encoding and delimiter, or the first sheet of an XLSX workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from zhiheng.kernel.errors import InvalidInput

ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t|"
MOST_ROWS = 200_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a cell that begins so; exports write an apostrophe before it, and imports take it off."""

Line = tuple[int, list[str]]
"""Number of the line in the file (the head is line 1) and its cells."""


def read_table(path: Path, *, name: str) -> tuple[list[str], Iterator[Line]]:
    """The heads and the lines of a file. Raises InvalidInput saying what is wrong with it."""
    lines = _xlsx_lines(path) if name.lower().endswith(".xlsx") else _csv_lines(path)
    heads = next((cells for _number, cells in lines if any(cells)), None)
    if heads is None:
        raise InvalidInput(_("The file is empty."), code="file_empty")
    return heads, _bounded(lines, len(heads))


def _bounded(lines: Iterator[Line], width: int) -> Iterator[Line]:
    for count, (number, cells) in enumerate(lines, start=1):
        if count > MOST_ROWS:
            raise InvalidInput(
                _("The file has more than %(most)s rows.") % {"most": MOST_ROWS},
                code="file_too_long",
                remedy=_("Split it into several files."),
            )
        if any(cells):
            yield number, (cells + [""] * width)[:width]


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell


def guarded(value: Any) -> Any:
    """The cell with that apostrophe, where it is a text that needs it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_STARTS and value[:1] else value


def _csv_lines(path: Path) -> Iterator[Line]:
    text = _decoded(path.read_bytes())
    sample = text[:8192].splitlines()
    delimiter = max(DELIMITERS, key=sample[0].count) if sample else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [unguarded(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise InvalidInput(
            _("Line %(line)s is not CSV: %(reason)s.") % {"line": reader.line_num, "reason": error},
            code="file_csv",
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise InvalidInput(_("This is not a table but a binary file."), code="file_binary")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(
        _("The encoding of the file is not known."), code="file_encoding", remedy=_("Save it as UTF-8.")
    )


def _xlsx_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as stream:
        try:
            book = load_workbook(stream, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
            raise InvalidInput(_("This is not an Excel workbook (XLSX)."), code="file_xlsx") from error
        try:
            for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
                yield number, [unguarded(_cell(value)) for value in row]
        finally:
            book.close()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
