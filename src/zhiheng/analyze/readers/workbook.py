"""Excel workbooks (.xlsx): the first sheet that has rows, read row by row."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from openpyxl import load_workbook

from zhiheng.analyze.quality import Example, QualityNote, ReadError
from zhiheng.analyze.readers.building import TextColumn
from zhiheng.analyze.readers.content import Content
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.source import Block, unique_names

_SAMPLE_ROWS = 5_000
_TEXT_LIMIT = 200


class WorkbookSource:
    """One sheet; cells as text, times as ISO 8601; its "line" is the row number Excel shows."""

    refused = 0

    def __init__(self, content: Content, progress: Progress | None = None) -> None:
        self.file = content.path.name
        self._columns: dict[str, TextColumn] = {}
        self._lines: list[int] = []
        self._above = 0
        self._title: str | None = None
        self._path = content.path
        self._uncomputed: dict[str, int] = {}
        self._sheets: list[str] = []
        self._sheet = ""
        size = content.path.stat().st_size
        try:
            self._load(content)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as error:
            raise ReadError("damaged", file=self.file, kind="Excel", reason=error) from error
        if progress:
            progress(size, size)
        self.header = list(self._columns)
        if not self._lines:
            if self._above > 1:
                raise ReadError("one_column", file=self.file, header=self._title)
            raise ReadError("empty", file=self.file)

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield all rows at once: the sheet is held as codes, not as text."""
        gone = frozenset(missing)
        table = pa.table({name: self._columns[name].to_arrow(gone) for name in columns})
        self._uncomputed = self._formulas(
            [name for name in columns if table[name].null_count == table.num_rows]
        )
        yield Block(table, 0)

    def sample(self) -> pa.Table:
        """Return the first rows with every column as text."""
        columns = {name: column.to_arrow().slice(0, _SAMPLE_ROWS) for name, column in self._columns.items()}
        return pa.table({name: column.dictionary_decode() for name, column in columns.items()})

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the sheet's row number and cells of rows."""
        decoded = self.sample().to_pylist() if max(records, default=0) < _SAMPLE_ROWS else []
        return {
            record: Example(self.file, self._lines[record], _shown(decoded[record]) if decoded else "")
            for record in records
        }

    def notes(self) -> list[QualityNote]:
        """Return which sheet was read when there are several, titles above the header, formulas without results."""
        file = {"file": self.file}
        notes = [
            QualityNote("formulas_uncomputed", "serious", count, {**file, "column": name})
            for name, count in self._uncomputed.items()
        ]
        if self._above:
            notes.append(QualityNote("lines_above_header", "info", self._above, file))
        if len(self._sheets) > 1:
            rest = ", ".join(name for name in self._sheets if name != self._sheet)
            notes.append(
                QualityNote("sheet_chosen", "info", 0, {**file, "sheet": self._sheet, "others": rest})
            )
        return notes

    def _formulas(self, columns: Sequence[str]) -> dict[str, int]:
        # How many formulas stand in columns that hold no value: programs that write workbooks do not compute them.
        if not columns:
            return {}
        places = {list(self._columns).index(name): name for name in columns}
        found: Counter[str] = Counter()
        book = load_workbook(self._path, read_only=True)
        try:
            for row in book[self._sheet].iter_rows(values_only=True):
                found.update(
                    name
                    for place, name in places.items()
                    if place < len(row) and str(row[place]).startswith("=")
                )
        finally:
            book.close()
        return dict(found)

    def _load(self, content: Content) -> None:
        book = load_workbook(content.path, read_only=True, data_only=True)
        try:
            self._sheets = [sheet.title for sheet in book.worksheets]
            for sheet in book.worksheets:
                self._sheet = sheet.title
                # Some exporters write a wrong size into the sheet, which would hide rows.
                sheet.reset_dimensions()
                self._read_rows(sheet.iter_rows(values_only=True))
                if self._lines:
                    break
        finally:
            book.close()

    def _read_rows(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._columns = {}
        columns: list[TextColumn] = []
        self._above = 0
        for number, row in enumerate(rows, 1):
            texts = [_text(cell) for cell in row]
            if not any(texts):
                continue
            if not columns and sum(map(bool, texts)) == 1:
                self._title = self._title or next(filter(None, texts))
                self._above += 1
                continue
            if not columns:
                while texts and not texts[-1]:
                    texts.pop()
                names = unique_names((text or "").strip() for text in texts)
                columns = [TextColumn() for _ in names]
                self._columns = dict(zip(names, columns, strict=True))
                continue
            texts += [None] * (len(columns) - len(texts))
            for column, text in zip(columns, texts, strict=False):
                column.append(text)
            self._lines.append(number)


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _shown(row: dict[str, Any]) -> str:
    return ", ".join(str(value) for value in row.values() if value is not None)[:_TEXT_LIMIT]
