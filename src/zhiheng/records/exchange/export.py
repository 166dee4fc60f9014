"""Records as CSV or XLSX: streamed in batches along the keyset, so that memory stays flat and every row is one
the person may export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.journal import act, register_act
from zhiheng.records.columns import Column
from zhiheng.records.declaration import RecordType
from zhiheng.records.exchange.columns import FileColumn, file_columns
from zhiheng.records.exchange.reading import guarded
from zhiheng.records.listing.cells import column_words
from zhiheng.records.listing.request import ListRequest, chosen_columns
from zhiheng.records.listing.rows import full_condition, visible_rows

EXPORTED = "records.export.made"
register_act(EXPORTED, label=_("Exported"))

BATCH = 500
INLINE_ROWS = 1000
"""More rows than this are written by a job."""
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"
"""Excel takes a CSV for UTF-8 only if it begins so."""


class Sheet:
    """The heads and rows of one export for one person."""

    def __init__(self, asked: ListRequest, actor: Actor, *, all_fields: bool = False) -> None:
        if asked.problems:
            raise asked.problems[0]
        self.asked = asked
        self.actor = actor
        self.record_type = asked.record_type
        self.columns = _columns(asked, all_fields=all_fields)

    def heads(self) -> list[str]:
        """What stands above the columns."""
        return [
            column.head if isinstance(column, FileColumn) else column_words(self.record_type, column)
            for column in self.columns
        ]

    def rows(self) -> Iterator[list[Any]]:
        """All rows that the person may export, batch after batch."""
        order = self.asked.order
        condition = full_condition(self.asked, self.actor)
        ranges = None
        links = self._links()
        while True:
            found: list[Any] = []
            for range_ in ranges or [condition]:
                missing = BATCH - len(found)
                if missing:
                    narrowed = condition & range_ if ranges else condition
                    rows = visible_rows(
                        self.record_type,
                        self.actor,
                        narrowed,
                        order,
                        missing,
                        action="export",
                        whole=True,
                    )
                    found += list(rows.select_related(*links) if links else rows)
            yield from self._cells(found)
            if len(found) < BATCH:
                return
            ranges = order.beyond(order.cursor(found[-1]))

    def _links(self) -> list[str]:
        return [
            column.info.lookup
            for column in self.columns
            if isinstance(column, FileColumn) and column.info.field.is_relation
        ]

    def _cells(self, records: Sequence[Any]) -> Iterator[list[Any]]:
        computed = {
            column.name: column.value(records)
            for column in self.columns
            if isinstance(column, Column) and column.value is not None
        }
        for record in records:
            yield [
                guarded(
                    column.write(column.info.raw(record))
                    if isinstance(column, FileColumn)
                    else computed[column.name].get(record.pk, "")
                )
                for column in self.columns
            ]


def _columns(asked: ListRequest, *, all_fields: bool) -> list[FileColumn | Column]:
    """The key first, so that the file can be loaded again; then the columns of the list, or every field."""
    record_type = asked.record_type
    if all_fields:
        return [*file_columns(record_type)]
    chosen = chosen_columns(asked)
    names = {column.name for column in chosen}
    found: list[FileColumn | Column] = []
    for name in record_type.import_key:
        found += [] if name in names else file_columns(record_type, [name])
    for column in chosen:
        if column.value is not None:
            found.append(column)
        elif column.name not in record_type.redact:
            found += file_columns(record_type, [column.name])
    return found


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, line by line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(heads)
    for row in rows:
        writer.writerow(row)
        if buffer.tell() > 8192:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_file(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def note_export(record_type: RecordType, *, rows: int, format_: str, query: str) -> None:
    """Journal that rows left the platform."""
    data = {"rows": rows, "format": format_, "query": query[:500]}
    with act(EXPORTED, record=record_type.model, data=data):
        pass


def known_format(text: str) -> str:
    """The format asked for. Raises InvalidInput."""
    if text not in FORMATS:
        raise InvalidInput(_("Choose CSV or XLSX."), code="format", field="format")
    return text
