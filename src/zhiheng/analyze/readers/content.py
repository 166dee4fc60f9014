"""What a file really holds, whatever its name says, told from its first bytes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zhiheng.analyze.encoding import byte_order_mark, looks_utf16
from zhiheng.analyze.quality import ReadError

Kind = Literal["delimited", "xes", "xlsx", "parquet"]
HEAD_BYTES = 1 << 16
_STEP_BYTES = 256
_SUFFIXES: dict[str, Kind] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".xes": "xes",
    ".xml": "xes",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}
# First bytes of formats that exports are mistaken for; the texts say how to get a readable file.
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"%PDF", "pdf"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"Rar!", "compressed"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """Kind of a file, whether it is gzipped, its first bytes, and whether its name promised otherwise."""

    path: Path
    kind: Kind
    gzipped: bool
    head: bytes
    misnamed: bool


def identify(path: Path) -> Content:
    """Look at a file's first bytes. Raises ReadError for what cannot be an event log."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise ReadError("file_missing", file=path) from error
    except IsADirectoryError as error:
        raise ReadError("file_is_folder", file=path) from error
    except OSError as error:
        raise ReadError("file_unreadable", file=path, reason=error.strerror or error) from error
    if not raw.strip():
        raise ReadError("empty", file=path.name)
    gzipped = raw.startswith(b"\x1f\x8b")
    head = _unzipped(path, raw) if gzipped else raw
    kind = _kind(path, head)
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    promised = next((_SUFFIXES[s] for s in reversed(suffixes) if s in _SUFFIXES), kind)
    zip_promised = ".gz" in suffixes[-1:]
    return Content(path, kind, gzipped, head, promised != kind or gzipped != zip_promised)


def _unzipped(path: Path, raw: bytes) -> bytes:
    unzip = zlib.decompressobj(31)
    head = unzipped_before_damage(unzip, raw, HEAD_BYTES)
    if not head.strip():
        raise ReadError("empty" if unzip.eof else "gzip_damaged", file=path.name)
    return head


def unzipped_before_damage(unzip: zlib._Decompress, data: bytes, most: int) -> bytes:
    """Return what can be unzipped of some data, up to the first damage in it and `most` bytes."""
    found = b""
    try:
        for start in range(0, len(data), _STEP_BYTES):
            if len(found) < most:
                found += unzip.decompress(data[start : start + _STEP_BYTES], most - len(found))
    except zlib.error:
        pass
    return found


def _kind(path: Path, head: bytes) -> Kind:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" in head or b"xl/" in head or b"_rels/" in head:
            return "xlsx"
        raise ReadError("compressed", file=path.name)
    for magic, code in _REFUSED:
        if head.startswith(magic):
            raise ReadError(code, file=path.name)
    mark = byte_order_mark(head)
    encoding = mark[0] if mark else looks_utf16(head)
    text = head
    if encoding and encoding.startswith(("utf-16", "utf-32")):
        text = head[mark[1] if mark else 0 :].decode(encoding, "ignore").encode()
    elif _is_binary(head):
        raise ReadError("binary", file=path.name)
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise ReadError("html", file=path.name)
    if start.startswith(b"<"):
        return "xes"
    if start.startswith((b"{", b"[{")):
        raise ReadError("json", file=path.name)
    return "delimited"


def _is_binary(head: bytes) -> bool:
    control = sum(head.count(code) for code in range(32) if code not in (7, 8, 9, 10, 12, 13, 26, 27))
    return b"\x00" in head or control * 100 > len(head)
