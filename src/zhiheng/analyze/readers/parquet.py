"""Parquet files, one row group batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiheng.analyze.arrays import null_scalar, text_array
from zhiheng.analyze.columns import as_dictionary
from zhiheng.analyze.quality import Example, QualityNote, ReadError
from zhiheng.analyze.readers.content import Content
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.source import Block

_BATCH_ROWS = 1 << 17
_SAMPLE_ROWS = 5_000


class ParquetSource:
    """One Parquet file; its "line" is the row number, 1 = first row."""

    refused = 0

    def __init__(self, content: Content, progress: Progress | None = None) -> None:
        self.file = content.path.name
        self._progress = progress
        try:
            self._parquet = pq.ParquetFile(content.path)
        except (pa.ArrowException, OSError) as error:
            raise ReadError("damaged", file=self.file, kind="Parquet", reason=error) from error
        simple = [field.name for field in self._parquet.schema_arrow if not pa.types.is_nested(field.type)]
        self.header = simple

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield the wanted columns; text cells equal to a missing marker are null."""
        record, total = 0, max(self._parquet.metadata.num_rows, 1)
        size = self._parquet.metadata.serialized_size
        try:
            for batch in self._parquet.iter_batches(_BATCH_ROWS, columns=list(columns)):
                table = pa.table({name: _without(batch[name], missing) for name in columns})
                yield Block(table, record)
                record += table.num_rows
                if self._progress:
                    self._progress(size * record // total, size)
        except (pa.ArrowException, OSError) as error:
            raise ReadError("damaged", file=self.file, kind="Parquet", reason=error) from error

    def sample(self) -> pa.Table:
        """Return the first rows with every column as text."""
        batch = next(self._parquet.iter_batches(_SAMPLE_ROWS, columns=self.header), None)
        if batch is None or not batch.num_rows:
            raise ReadError("empty", file=self.file)
        return pa.table({name: as_dictionary(batch[name]).dictionary_decode() for name in self.header})

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the row number of rows."""
        return {record: Example(self.file, record + 1, "") for record in records}

    def notes(self) -> list[QualityNote]:
        """Return nothing: a Parquet file is either whole or refused."""
        return []


def _without(array: Any, missing: Sequence[str]) -> Any:
    if pa.types.is_dictionary(array.type) or not (
        pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    ):
        return array
    array = array.cast(pa.utf8())
    marked = pc.is_in(array, value_set=text_array(list(missing)))
    return pc.if_else(marked, null_scalar(pa.utf8()), array)
