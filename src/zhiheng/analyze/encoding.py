"""Which encoding a text is in, and the repair of UTF-8 that was read as cp1252 and saved again (mojibake)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes that cp1252 leaves undefined come through Windows as the C1 control of the same number.
_CP1252 = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(128, 256)}
_LOST = 0xFF  # never part of UTF-8, so a character lost in the first misreading decodes to U+FFFD again
_TO_BYTE = str.maketrans({**{char: chr(code) for char, code in _CP1252.items()}, "\ufffd": chr(_LOST)})
_CONTINUATION = "".join(re.escape(char) for char, code in _CP1252.items() if code < 0xC0)
_LEAD = "".join(char for char, code in _CP1252.items() if 0xC2 <= code <= 0xF4)
_MOJIBAKE = re.compile(f"[{_LEAD}][{_CONTINUATION}\ufffd]")


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """Return the encoding that a byte order mark announces and the mark's length."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    return None


def looks_utf16(head: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" when every other byte of mostly Latin text is zero."""
    even, odd = head[0:4096:2], head[1:4096:2]
    half = max(len(odd), 1)
    if odd.count(0) > 0.4 * half and even.count(0) < 0.1 * half:
        return "utf-16-le"
    if even.count(0) > 0.4 * half and odd.count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def detect(block: bytes) -> str:
    """Return the encoding of text that holds non-ASCII bytes: "utf-8", "gb18030" or "cp1252".

    Text that is UTF-8 but for a few damaged places counts as UTF-8.
    """
    if _is_valid(block, "utf-8"):
        return "utf-8"
    high = re.findall(rb"[\x80-\xff]+", block)
    good = sum(len(run.decode("utf-8", "ignore").encode("utf-8")) for run in high)
    if good > 0.9 * sum(len(run) for run in high):
        return "utf-8"
    # Chinese text is runs of byte pairs, both of them high; Latin text has lone high bytes between letters.
    paired = sum(len(run) for run in high if len(run) % 2 == 0)
    if paired > 0.5 * sum(len(run) for run in high) and _mostly_valid(block, "gb18030"):
        return "gb18030"
    return "cp1252"


@dataclass(slots=True)
class LineDecoder:
    """Turns blocks of whole lines into UTF-8; finds the encoding at the first block that is not ASCII.

    `damaged` counts characters that could not be decoded; `damaged_blocks` are the numbers of their blocks.
    """

    encoding: str | None = None
    damaged: int = 0
    damaged_blocks: list[int] = field(default_factory=list)
    blocks: int = 0

    def to_utf8(self, block: bytes) -> bytes:
        """Return the block in UTF-8; undecodable bytes become U+FFFD and are counted."""
        self.blocks += 1
        if block.isascii():
            return block
        if self.encoding is None:
            self.encoding = detect(block)
        try:
            text = block.decode(self.encoding)
        except UnicodeDecodeError:
            text = block.decode(self.encoding, "replace")
            self.damaged += text.count("\ufffd")
            self.damaged_blocks.append(self.blocks - 1)
        else:
            if self.encoding == "utf-8":
                return block
        return text.encode("utf-8")


def repair_mojibake(text: str) -> str:
    """Return the text as it was before UTF-8 was taken for cp1252, twice if need be; other text unchanged."""
    for _ in range(2):
        if not _MOJIBAKE.search(text):
            break
        try:
            raw = text.translate(_TO_BYTE).encode("latin-1")
        except UnicodeEncodeError:
            break
        repaired = re.sub("\ufffd+", "\ufffd", raw.decode("utf-8", "replace"))
        # More damage than before means that the text was genuine after all.
        if repaired.count("\ufffd") > text.count("\ufffd"):
            break
        text = repaired
    return text


def _is_valid(block: bytes, encoding: str) -> bool:
    try:
        block.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_valid(block: bytes, encoding: str) -> bool:
    text = block.decode(encoding, "replace")
    return text.count("\ufffd") * 1000 <= len(text)
