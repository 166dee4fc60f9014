"""XES event logs (IEEE 1849), plain or gzipped, read as a stream in document order."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from xml.parsers import expat

import pyarrow as pa

from zhiheng.analyze.quality import Example, QualityNote, ReadError
from zhiheng.analyze.readers.building import TextColumn
from zhiheng.analyze.readers.content import Content
from zhiheng.analyze.readers.stream import Progress, TextStream
from zhiheng.analyze.source import Block

TRACE_PREFIX = "case:"
_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_SAMPLE_ROWS = 5_000
_DECLARATION = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_STOPS = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


class XesSource:
    """One XES log: event attributes by key, trace attributes as "case:" + key; nested ones are left out."""

    refused = 0

    def __init__(self, content: Content, progress: Progress | None = None) -> None:
        self.file = content.path.name
        self._stream = TextStream(content, progress)
        self._log = _LogHandler(self.file)
        self._parse(content)
        self.header = list(self._log.columns)
        if not self._log.lines:
            raise ReadError("empty", file=self.file)

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield all events at once: the log is held as codes, not as text."""
        gone = frozenset(missing)
        yield Block(pa.table({name: self._log.columns[name].to_arrow(gone) for name in columns}), 0)

    def sample(self) -> pa.Table:
        """Return the first events with every attribute as text."""
        columns = {
            name: column.to_arrow().slice(0, _SAMPLE_ROWS) for name, column in self._log.columns.items()
        }
        return pa.table({name: column.dictionary_decode() for name, column in columns.items()})

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the line on which events begin."""
        return {record: Example(self.file, self._log.lines[record], "<event>") for record in records}

    def notes(self) -> list[QualityNote]:
        """Return what was noticed: a file cut off, traces without events."""
        notes = []
        if self._stream.truncated or self._log.broken_at:
            notes.append(QualityNote("truncated", "serious", 0, {"file": self.file}))
        if self._log.empty_traces:
            notes.append(QualityNote("traces_empty", "info", self._log.empty_traces, {"file": self.file}))
        return notes

    def _parse(self, content: Content) -> None:
        encoding = self._foreign_encoding(content.head)
        parser = expat.ParserCreate("utf-8" if encoding else None)
        parser.buffer_text = True
        self._log.attach(parser)
        chunks: Iterator[bytes | str] = self._stream.chunks()
        if encoding and encoding != "utf-8":
            chunks = codecs.iterdecode(self._stream.chunks(), encoding, "replace")
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
            if not self._stream.truncated:
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._log.broken_at = error.lineno
            # A document that merely stops is read as far as it goes; anything else is not XML.
            if error.code not in _STOPS or not self._log.lines:
                raise ReadError(
                    "xml_damaged", file=self.file, line=error.lineno, reason=expat.ErrorString(error.code)
                ) from error
        if not self._log.is_log:
            raise ReadError("gzip_damaged" if self._stream.truncated else "not_xes", file=self.file)

    def _foreign_encoding(self, head: bytes) -> str | None:
        # The encoding to decode from instead of the parser, which knows UTF-8 and one-byte encodings only.
        if b"\x00" in head:
            return "utf-8"  # UTF-16 arrives so from the stream, whatever the declaration in the document says
        declared = _DECLARATION.match(head)
        name = declared.group(1).decode("ascii") if declared else "utf-8"
        try:
            b"<".decode(name, "ignore")  # neither unknown nor a codec that makes no text
        except LookupError as error:
            raise ReadError("xml_encoding", file=self.file, encoding=name) from error
        name = codecs.lookup(name).name
        if name.startswith("utf-16"):
            return "utf-8"  # it says so, but has no byte of zero
        return None if name in ("utf-8", "ascii", "iso8859-1") else name


class _LogHandler:
    """Collects the columns while the parser walks the document."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.columns: dict[str, TextColumn] = {}
        self.lines: list[int] = []
        self.empty_traces = 0
        self.broken_at = 0
        self.is_log = False
        self._depth = 0
        self._scope: str | None = None
        self._scope_depth = 0
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._events_before = 0
        self._line = 0

    def attach(self, parser: expat.XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity

    def _entity(self, *_declaration: object) -> None:
        # No XES writer declares entities; a file that does means to blow up its reader.
        raise ReadError("xml_entities", file=self._file, line=self._parser.CurrentLineNumber)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if tag in _ATTRIBUTES:
            if self._scope is not None and self._depth == self._scope_depth + 1 and "key" in attributes:
                target = self._event if self._scope == "event" else self._trace
                target[attributes["key"]] = attributes.get("value", "")
        elif tag == "event":
            self._scope, self._scope_depth = "event", self._depth
            self._event = {}
            self._line = self._parser.CurrentLineNumber
        elif tag == "trace":
            self._scope, self._scope_depth = "trace", self._depth
            self._trace = {}
            self._events_before = len(self.lines)
        elif tag == "log":
            self.is_log = True

    def _end(self, tag: str) -> None:
        if tag == "event":
            self._add_event()
            self._scope, self._scope_depth = "trace", self._depth - 1
        elif tag == "trace":
            self._scope = None
            self.empty_traces += len(self.lines) == self._events_before
        self._depth -= 1

    def _add_event(self) -> None:
        row = len(self.lines)
        for prefix, values in ((TRACE_PREFIX, self._trace), ("", self._event)):
            for key, value in values.items():
                name = prefix + key
                column = self.columns.get(name)
                if column is None:
                    column = self.columns[name] = TextColumn(row)
                elif len(column) < row:
                    column.pad(row)
                column.append(value)
        self.lines.append(self._line)
        for column in self.columns.values():
            if len(column) <= row:
                column.pad(row + 1)
