"""Finds text in templates that a person would read but no tag marks for translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

SPOKEN_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt"}
SILENT_ELEMENTS = {"script", "style", "code", "kbd", "svg"}
VOID_ELEMENTS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SAME_EVERYWHERE = {
    "CSV",
    "XLSX",
    "Excel (XLSX)",
    "PNG",
    "JSON",
    "PDF",
    "ID",
    "SHA-256",
    "URL",
    "API",
    "TOTP",
    "utf-8",
}
WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
TAG = "\ufffc"
"""Stands where the template had a tag or a variable."""


class _Reader(HTMLParser):
    """Collects the texts that are neither hidden, nor code, nor in a language that the element names itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        for name in SPOKEN_ATTRIBUTES & held.keys():
            self._note(held[name] or "")
        if tag not in VOID_ELEMENTS:
            silent = tag in SILENT_ELEMENTS or "aria-hidden" in held or ("lang" in held and tag != "html")
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        if not any(silent for _tag, silent in self.open):
            self._note(data)

    def _note(self, text: str) -> None:
        for part in text.split(TAG):
            shown = part.strip()
            if WORD.search(shown) and shown not in SAME_EVERYWHERE:
                self.found.append((self.getpos()[0], shown))


def unmarked_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of whatever a template says without marking it."""
    reader = _Reader()
    parts: list[str] = []
    inside = ""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type is TokenType.BLOCK else ""
        if inside:
            inside = "" if word == inside else inside
        elif word in {"blocktranslate", "blocktrans", "comment", "verbatim"}:
            inside = f"end{word}"
        elif word == "block" and token.contents.endswith("_class"):
            inside = "endblock"
        elif token.token_type is TokenType.TEXT:
            parts.append(token.contents)
            continue
        parts.append(TAG + "\n" * token.contents.count("\n"))
    reader.feed("".join(parts))
    reader.close()
    yield from reader.found
