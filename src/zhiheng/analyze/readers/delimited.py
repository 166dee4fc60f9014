"""Delimited text (CSV and kin), plain or gzipped, block by block."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa
import pyarrow.csv as pacsv

from zhiheng.analyze.encoding import repair_mojibake
from zhiheng.analyze.quality import MAX_EXAMPLES, Example, QualityNote, ReadError
from zhiheng.analyze.readers.content import Content
from zhiheng.analyze.readers.stream import Progress, TextStream
from zhiheng.analyze.source import Block, rows_above_header, unique_names

DELIMITERS = (",", ";", "\t", "|", "^", "\x1f")
_SNIFF_LINES = 100
_TEXT_LIMIT = 200
# Excel's way to say it, in a line of its own above the header.
_TOLD_DELIMITER = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
# Python's reader, which looks for the lines of rows, must take whatever cell Arrow's has taken.
csv.field_size_limit(1 << 30)


class DelimitedSource:
    """One delimited file: its header, a sample, its rows in blocks, and the lines rows came from."""

    def __init__(self, content: Content, progress: Progress | None = None) -> None:
        self.file = content.path.name
        self._stream = TextStream(content, progress)
        self._parsers = 1 if content.gzipped else 2
        lines = io.StringIO(self._stream.head(), newline="").readlines()[: _SNIFF_LINES + 1]
        told = _TOLD_DELIMITER.fullmatch(lines[0].strip()) if lines else None
        first = 1 if told else 0
        self._delimiter = told.group(1) if told else _delimiter(lines)
        reader = csv.reader(lines[first:], delimiter=self._delimiter)
        rows = [(row, first + reader.line_num) for row in reader if any(cell.strip() for cell in row)]
        self._above = rows_above_header([row for row, _ in rows])
        names, self._header_lines = rows[self._above] if rows else ([], 0)
        repaired = [repair_mojibake(name).replace("\ufeff", "").strip() for name in names]
        self.header = unique_names(repaired)
        if len(self.header) < 2:
            raise ReadError("one_column", file=self.file, header=names[0][:_TEXT_LIMIT] if names else "")
        self._invalid: list[str] = []

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield the wanted columns, dictionary-encoded, without rows of too many or too few cells."""
        self._invalid = []
        record = 0
        convert = pacsv.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(columns, pa.dictionary(pa.int32(), pa.utf8())),
            null_values=list(missing),
            strings_can_be_null=True,
            check_utf8=False,  # the stream has made sure of it
        )
        for table in self._tables(convert):
            if table.num_rows:
                yield Block(table, record)
                record += table.num_rows

    def sample(self) -> pa.Table:
        """Return the first rows with every column, for guessing what the columns mean."""
        lines = self._stream.head_block().splitlines(keepends=True)[self._header_lines :]
        data = b"".join(lines)
        convert = pacsv.ConvertOptions(
            column_types=dict.fromkeys(self.header, pa.utf8()), strings_can_be_null=True, null_values=[""]
        )
        table = self._parse(data, convert)[0] if data.strip() else None
        if table is None or not table.num_rows:
            raise ReadError("empty", file=self.file)
        return table

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the line and text of rows, by number among the rows that `blocks` yields."""
        return {record: example for record, example in self._walk(set(records)) if record >= 0}

    def notes(self) -> list[QualityNote]:
        """Return what was noticed about the file as a whole, after its blocks were read."""
        notes = []
        decoder = self._stream.decoder
        if self._above:
            notes.append(QualityNote("lines_above_header", "info", self._above, {"file": self.file}))
        notes += self._swallowed()
        if self._stream.truncated:
            notes.append(QualityNote("truncated", "serious", 0, {"file": self.file}))
        if decoder.encoding not in (None, "utf-8"):
            notes.append(
                QualityNote("encoding", "repaired", 0, {"file": self.file, "encoding": str(decoder.encoding)})
            )
        if decoder.damaged:
            notes.append(QualityNote("undecodable", "repaired", decoder.damaged, {"file": self.file}))
        if self._invalid:
            examples = tuple(example for record, example in self._walk(set()) if record < 0)
            params = {"expected": str(len(self.header)), "file": self.file}
            notes.append(
                QualityNote("columns_wrong", "refused", len(self._invalid), params, examples[:MAX_EXAMPLES])
            )
        return notes

    def _swallowed(self) -> list[QualityNote]:
        # Rows that a quotation mark which is never closed took into one cell.
        reader = csv.reader(
            io.StringIO(self._stream.unclosed.decode(), newline=""), delimiter=self._delimiter
        )
        last, before = 0, 0
        for _cells in reader:
            last, before = reader.line_num - before, reader.line_num
        if last < 2:
            return []
        lines = sum(chunk.count(b"\n") for chunk in self._stream.chunks())
        lines += not self._stream.unclosed.endswith(b"\n")
        example = Example(self.file, lines - last + 1, "")
        return [QualityNote("quote_unclosed", "serious", last - 1, {"file": self.file}, (example,))]

    @property
    def refused(self) -> int:
        """Return how many rows were left out for their number of cells."""
        return len(self._invalid)

    def _tables(self, convert: pacsv.ConvertOptions) -> Iterator[pa.Table]:
        # Blocks are parsed while those before them are in use and those behind them are read. Parsing takes longer than
        # all of that together, so that two cores need two parsers; beside unzipping one is enough.
        parsing: deque[Future[tuple[pa.Table, list[str]]]] = deque()
        with ThreadPoolExecutor(self._parsers) as pool:
            for data in self._row_bytes():
                parsing.append(pool.submit(self._parse, data, convert))
                if len(parsing) > self._parsers:
                    yield self._noted(parsing.popleft())
            while parsing:
                yield self._noted(parsing.popleft())

    def _noted(self, parsing: Future[tuple[pa.Table, list[str]]]) -> pa.Table:
        table, invalid = parsing.result()
        self._invalid += invalid
        return table

    def _row_bytes(self) -> Iterator[bytes]:
        skip = self._header_lines
        for block in self._stream.blocks():
            data = block
            while skip and data:
                cut = data.find(b"\n") + 1
                data = data[cut:] if cut else b""
                skip -= 1
            if data and not data.isspace():
                yield data

    def _parse(self, data: bytes, convert: pacsv.ConvertOptions) -> tuple[pa.Table, list[str]]:
        # The rows of a block in one piece, and the text of those with too many or too few cells.
        invalid: list[str] = []

        def skip(row: pacsv.InvalidRow) -> str:
            invalid.append(row.text[:_TEXT_LIMIT])
            return "skip"

        quoted = b'"' in data
        table = pacsv.read_csv(
            pa.py_buffer(data),
            read_options=pacsv.ReadOptions(
                column_names=self.header, use_threads=False, block_size=len(data) + 1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self._delimiter,
                quote_char='"' if quoted else False,  # without, there is less to look out for
                newlines_in_values=quoted,
                invalid_row_handler=skip,
            ),
            convert_options=convert,
        )
        return table, invalid

    def _walk(self, wanted: set[int]) -> Iterator[tuple[int, Example]]:
        # Reads again with line numbers: yields the rows wanted, and the ill-formed ones as record -1.
        record, line, left, ill = 0, self._header_lines, set(wanted), self.refused
        for data in self._row_bytes():
            reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=self._delimiter)
            before = 0
            for cells in reader:
                first, before = line + before + 1, reader.line_num
                if not cells:
                    continue
                if len(cells) != len(self.header):
                    ill -= 1
                    yield -1, self._example(first, cells)
                    continue
                if record in left:
                    left.discard(record)
                    yield record, self._example(first, cells)
                record += 1
                if not left and ill <= 0:
                    return
            line += before

    def _example(self, line: int, cells: list[str]) -> Example:
        return Example(self.file, line, self._delimiter.join(cells)[:_TEXT_LIMIT])


def _delimiter(lines: list[str]) -> str:
    # The one that cuts the most lines into the same number of cells as the header, and the header into most.
    best, best_score = ",", (0.0, 0)
    for candidate in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows[rows_above_header(rows) :]]
        if widths and widths[0] > 1:
            score = (Counter(widths)[widths[0]] / len(widths), widths[0])
            if (score[0] > 0.8, score[1], score[0]) > (best_score[0] > 0.8, best_score[1], best_score[0]):
                best, best_score = candidate, score
    return best
