"""Reads `.po` files, as far as looking up what is translated needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Entry:
    """One entry of a catalogue: its keyword texts, and whether a person still has to look at it."""

    texts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Context and text."""
        return (self.texts.get("msgctxt", ""), self.texts.get("msgid", ""))

    @property
    def translation(self) -> str:
        """The translated text, or "" while there is none."""
        if self.fuzzy:
            return ""
        return self.texts.get("msgstr", "") or self.texts.get("msgstr[0]", "")


def read_catalogue(path: Path) -> dict[tuple[str, str], str]:
    """Translations by context and text. Raises ValueError for an entry given twice."""
    found: dict[tuple[str, str], str] = {}
    for entry in _entries(path):
        if entry.key in found:
            raise ValueError(f"{path}: {entry.key[1]!r} is there twice")
        found[entry.key] = entry.translation
    return found


def _entries(path: Path) -> Iterator[Entry]:
    entry, keyword = Entry(), ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        text = line.strip()
        if not text:
            if "msgid" in entry.texts:
                yield entry
            entry, keyword = Entry(), ""
        elif text.startswith("#,"):
            entry.fuzzy = "fuzzy" in text
        elif text.startswith("#"):
            continue
        elif text.startswith('"'):
            entry.texts[keyword] += ast.literal_eval(text)
        else:
            keyword, _space, value = text.partition(" ")
            entry.texts[keyword] = ast.literal_eval(value)
