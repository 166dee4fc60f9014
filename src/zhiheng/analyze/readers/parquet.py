"""Parquet files, one row group batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiheng.analyze.arrays import null_scalar, one_chunk, text_array
from zhiheng.analyze.columns import as_dictionary
from zhiheng.analyze.quality import Example, QualityNote, ReadError
from zhiheng.analyze.readers.content import Content
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.source import Block

_BATCH_ROWS = 1 << 17
_SAMPLE_ROWS = 5_000
_TEXT_LIMIT = 200


class ParquetSource:
    """One Parquet file; its "line" is the row number, 1 = first row."""

    refused = 0

    def __init__(self, content: Content, progress: Progress | None = None) -> None:
        self.file = content.path.name
        self._progress = progress
        try:
            self._parquet = pq.ParquetFile(content.path)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error
        fields = _flattened(self._parquet.schema_arrow.empty_table()).schema
        self.header = [field.name for field in fields if not pa.types.is_nested(field.type)]
        self._nested = [field.name for field in fields if pa.types.is_nested(field.type)]

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield the wanted columns; text cells equal to a missing marker are null."""
        record, total = 0, max(self._parquet.metadata.num_rows, 1)
        size = self._parquet.metadata.serialized_size
        try:
            for batch in self._parquet.iter_batches(_BATCH_ROWS, columns=list(columns)):
                found = _flattened(pa.Table.from_batches([batch]))
                table = pa.table(
                    {name: _without(self._text(name, one_chunk(found[name])), missing) for name in columns}
                )
                yield Block(table, record)
                record += table.num_rows
                if self._progress:
                    self._progress(size * record // total, size)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def sample(self) -> pa.Table:
        """Return the first rows with every column as text."""
        batch = next(self._parquet.iter_batches(_SAMPLE_ROWS, columns=self.header), None)
        if batch is None or not batch.num_rows:
            raise ReadError("empty", file=self.file)
        found = _flattened(pa.Table.from_batches([batch]))
        return pa.table({name: _shown(one_chunk(found[name])) for name in self.header})

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the row number and cells of rows; the cells of the first rows only."""
        sample = self.sample()
        return {record: Example(self.file, record + 1, _cells(sample, record)) for record in records}

    def notes(self) -> list[QualityNote]:
        """Return which columns hold lists, so that they were not read."""
        if not self._nested:
            return []
        params = {"file": self.file, "columns": ", ".join(self._nested)}
        return [QualityNote("columns_nested", "info", len(self._nested), params)]

    def _text(self, name: str, array: Any) -> Any:
        try:
            return array.cast(pa.utf8()) if _is_bytes(array.type) else array
        except pa.ArrowInvalid as error:
            raise ReadError("column_bytes", file=self.file, column=name) from error

    def _damaged(self, error: Exception) -> ReadError:
        return ReadError("damaged", file=self.file, kind="Parquet", reason=str(error).rstrip("."))


def _flattened(table: pa.Table) -> pa.Table:
    # Records within a column become columns: ticket.number.
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )


def _cells(rows: pa.Table, place: int) -> str:
    if place >= rows.num_rows:
        return ""
    cells = (rows[name][place].as_py() for name in rows.column_names)
    return ", ".join(str(cell) for cell in cells if cell is not None)[:_TEXT_LIMIT]


def _shown(array: Any) -> Any:
    # As text; bytes that are no text are nothing that a column could be told by.
    try:
        return as_dictionary(array).dictionary_decode()
    except pa.ArrowInvalid:
        return pa.nulls(len(array), pa.utf8())


def _without(array: Any, missing: Sequence[str]) -> Any:
    if pa.types.is_dictionary(array.type) or not (
        pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    ):
        return array
    array = array.cast(pa.utf8())
    marked = pc.is_in(array, value_set=text_array(list(missing)))
    return pc.if_else(marked, null_scalar(pa.utf8()), array)
