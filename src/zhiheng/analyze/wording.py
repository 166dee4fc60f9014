"""The language of the person at the terminal, and texts by key in both languages out of a TOML file. No Django."""

import locale
import os
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

LANGUAGES = ("zh", "en")


def preferred_language() -> str:
    """The language of the terminal: Chinese where LC_ALL, LC_MESSAGES, LANG or else the system's locale says so.

    The first variable that is set decides, also where its locale is not installed, as in most containers: Python
    itself would fall back to English there.
    """
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, named), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


@cache
def texts_in(file: Path) -> dict[str, dict[str, str]]:
    """Every text of a file by key and language."""
    loaded: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one file in one language: `wording("key", name=value)`. A subclass names the file."""

    language: str

    FILE: ClassVar[Path]

    def __call__(self, key: str, **params: object) -> str:
        """The text of a key with its parameters filled in."""
        return self.catalogue()[key][self.language].format_map(params)

    def has(self, key: str) -> bool:
        """Whether the file knows a key."""
        return key in self.catalogue()

    @classmethod
    def catalogue(cls) -> dict[str, dict[str, str]]:
        """Every text by key and language."""
        return texts_in(cls.FILE)


def width_of(text: str) -> int:
    """How many columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int) -> str:
    """The text with spaces up to so many columns."""
    return text + " " * (width - width_of(text))
