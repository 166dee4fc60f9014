"""Which files are let in: told from their content, and their name must agree. Pure."""

from __future__ import annotations

import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

HEAD_BYTES = 8192
TEXT_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class FileType:
    """A family of files: its media type and the endings its names may have."""

    media_type: str
    endings: frozenset[str]


def _type(media_type: str, *endings: str) -> FileType:
    return FileType(media_type, frozenset(endings))


_OFFICE = "application/vnd.openxmlformats-officedocument"
PNG = _type("image/png", "png")
JPEG = _type("image/jpeg", "jpg", "jpeg")
GIF = _type("image/gif", "gif")
WEBP = _type("image/webp", "webp")
PDF = _type("application/pdf", "pdf")
DOCX = _type(f"{_OFFICE}.wordprocessingml.document", "docx")
XLSX = _type(f"{_OFFICE}.spreadsheetml.sheet", "xlsx")
PPTX = _type(f"{_OFFICE}.presentationml.presentation", "pptx")
OPEN_DOCUMENT = _type("application/vnd.oasis.opendocument", "odt", "ods", "odp")
OLE = _type("application/x-ole-storage", "doc", "xls", "ppt", "msg", "vsd", "wps", "et", "dps")
ZIP = _type("application/zip", "zip")
GZIP = _type("application/gzip", "gz", "tgz")
SEVEN_ZIP = _type("application/x-7z-compressed", "7z")
MP4 = _type("video/mp4", "mp4", "m4a", "mov")
WAV = _type("audio/wav", "wav")
MP3 = _type("audio/mpeg", "mp3")
TEXT = _type(
    "text/plain",
    "txt",
    "log",
    "csv",
    "tsv",
    "json",
    "xml",
    "md",
    "eml",
    "ini",
    "conf",
    "cfg",
    "yml",
    "yaml",
    "ics",
)

_SIGNATURES: tuple[tuple[int, bytes, FileType], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
    (8, b"WAVE", WAV),
    (0, b"%PDF-", PDF),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"\x1f\x8b", GZIP),
    (0, b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (4, b"ftyp", MP4),
    (0, b"ID3", MP3),
    (0, b"\xff\xfb", MP3),
)
_OFFICE_FOLDERS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}


def type_of(stream: BinaryIO) -> FileType | None:
    """The family of a seekable file, or None when it is none of those that are let in."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(stream)
    for offset, signature, found in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return found
    return TEXT if _is_text(head) else None


def safe_name(name: str) -> str:
    """The last part of a file name without anything that hides or reorders its ending."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip(
        " ."
    )
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: 250 - len(ending)]}{dot}{ending[:20]}" if dot else kept[:250]


def ending_of(name: str) -> str:
    """The ending of a file name in lower case, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _zip_type(stream: BinaryIO) -> FileType | None:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None  # a document with macros, whatever it is called
    if "[Content_Types].xml" in names:
        folders = [
            found for folder, found in _OFFICE_FOLDERS.items() if any(n.startswith(folder) for n in names)
        ]
        return folders[0] if folders else None
    if names and names[0] == "mimetype":
        return OPEN_DOCUMENT
    return ZIP


def _is_text(head: bytes) -> bool:
    if not head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return bool(head)
    if b"\x00" in head:
        return False
    return any(_decodes(head, encoding) for encoding in TEXT_ENCODINGS)


def _decodes(head: bytes, encoding: str) -> bool:
    # The head may end in the middle of a character: up to three bytes of it may be missing.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\n\r\f\x1b" for c in text)
    return False
