"""Blocks of whole lines from a text file, plain or gzipped, in UTF-8; damage is told, not fatal."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from zhiheng.analyze.encoding import LineDecoder, byte_order_mark, looks_utf16
from zhiheng.analyze.readers.content import Content, unzipped_before_damage

# Each block costs as much as some thousand rows. Larger ones of a long file take no more memory than its log will.
BLOCK_BYTES = 1 << 20
_LONG_FILE_BLOCK_BYTES = 1 << 21
_LONG_FILE_BYTES = 1 << 28
_GZIP_BYTES = 1 << 17
_CARRY_LIMIT = 1 << 26
_HEAD_BLOCK_BYTES = 1 << 20
Progress = Callable[[int, int], None]


class TextStream:
    """Reads one file once per iteration; `truncated` and `decoder` tell afterwards what was found.

    `unclosed` is the end of a text with an odd number of quotes in it. `progress` is called with bytes read from
    disk and the file's size.
    """

    def __init__(
        self, content: Content, progress: Progress | None = None, block_bytes: int | None = None
    ) -> None:
        self._content = content
        self._progress = progress
        long = content.path.stat().st_size >= _LONG_FILE_BYTES
        self._block_bytes = block_bytes or (_LONG_FILE_BLOCK_BYTES if long else BLOCK_BYTES)
        self.truncated = False
        self.unclosed = b""
        self.decoder = LineDecoder()

    def blocks(self) -> Iterator[bytes]:
        """Yield blocks that end at a line end outside quotes, made one block ahead of their use."""
        self.truncated, self.unclosed, self.decoder = False, b"", LineDecoder()
        source = self._lines()
        with ThreadPoolExecutor(1) as pool:
            pending = pool.submit(next, source, None)
            while (block := pending.result()) is not None:
                pending = pool.submit(next, source, None)
                yield block

    def head(self) -> str:
        """Return the text of the file's first bytes, for the header."""
        chunk = (
            next(self._decoded(iter([self._content.head])), b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        )
        return LineDecoder().to_utf8(chunk[: chunk.rfind(b"\n") + 1] or chunk).decode("utf-8", "replace")

    def head_block(self) -> bytes:
        """Return the first lines, as `blocks` would give them, without reading further."""
        limited, progress = self._block_bytes, self._progress
        self._block_bytes, self._progress = _HEAD_BLOCK_BYTES, None
        try:
            return next(self._lines(), b"")
        finally:
            self._block_bytes, self._progress = limited, progress

    def chunks(self) -> Iterator[bytes]:
        """Yield the file's bytes, unzipped and free of a byte order mark, UTF-16 turned into UTF-8."""
        return self._decoded(self._unzipped() if self._content.gzipped else self._raw(self._block_bytes))

    def _decoded(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        head = self._content.head
        mark = byte_order_mark(head)
        encoding = mark[0] if mark else looks_utf16(head)
        skip = mark[1] if mark else 0
        decoder = (
            codecs.getincrementaldecoder(encoding)("replace") if encoding and encoding != "utf-8" else None
        )
        for chunk in raw:
            piece, skip = chunk[skip:], 0
            yield decoder.decode(piece).encode() if decoder else piece

    def _raw(self, most: int) -> Iterator[bytes]:
        size = self._content.path.stat().st_size
        done = 0
        with self._content.path.open("rb") as stream:
            while chunk := stream.read(most):
                done += len(chunk)
                if self._progress:
                    self._progress(done, size)
                yield chunk

    def _unzipped(self) -> Iterator[bytes]:
        # zlib itself, not the gzip module: twice as fast, and it gives what came before the damage.
        unzip = zlib.decompressobj(31)
        for chunk in self._raw(_GZIP_BYTES):
            data = chunk
            while data:
                before = unzip.copy()
                try:
                    part = unzip.decompress(data, self._block_bytes)
                except zlib.error:
                    self.truncated = True
                    yield unzipped_before_damage(before, data, self._block_bytes)
                    return
                data = unzip.unconsumed_tail
                if part:
                    yield part
                if unzip.eof:
                    data = unzip.unused_data.lstrip(b"\x00")  # tar and tapes pad with zeros
                    unzip = zlib.decompressobj(31) if data else unzip
        self.truncated = not unzip.eof

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        mac: bool | None = None
        for chunk in self.chunks():
            block = rest + chunk if rest else chunk
            if mac is None:
                mac = b"\r" in block and b"\n" not in block
            if mac:
                block = block.replace(b"\r", b"\n")
            cut = _cut(block)
            rest = block[cut:]
            if cut:
                yield self.decoder.to_utf8(block[:cut])
        # The last line of a file that was cut off is not a whole row.
        if rest.strip() and not self.truncated:
            block = self.decoder.to_utf8(rest)
            self.unclosed = block if block.count(b'"') % 2 else b""
            yield block


def _cut(block: bytes) -> int:
    # Behind the last line end that has an even number of quotes before it, so never inside a quoted field.
    last = block.rfind(b"\n") + 1
    if b'"' not in block or len(block) > _CARRY_LIMIT:
        return last
    data = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(data == ord('"'))
    ends = np.flatnonzero(data == ord("\n"))
    outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0
