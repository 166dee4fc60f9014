"""What was noticed while reading: notes on repaired or refused rows, and errors a person can act on.

Texts live in `messages.toml` in Chinese and English; code names them and passes the numbers.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

Severity = Literal["info", "repaired", "refused", "serious"]
LANGUAGES = ("en", "zh")
MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One place in a file: line (1 = first line of the file; 0 = unknown) and what stands there."""

    file: str
    line: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"file": self.file, "line": self.line, "text": self.text}


@dataclass(frozen=True, slots=True)
class QualityNote:
    """One kind of finding about the data, with how many rows it concerns and the first places it was seen."""

    code: str
    severity: Severity
    count: int = 0
    params: dict[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def text(self, language: str = "en") -> str:
        """Say it in a language ("en" or "zh")."""
        return render("notes", self.code, language, {"count": f"{self.count:,}", **self.params})

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, with the text in every language."""
        return {
            "code": self.code,
            "severity": self.severity,
            "count": self.count,
            "text": {language: self.text(language) for language in LANGUAGES},
            "examples": [example.as_dict() for example in self.examples],
        }


class ReadError(Exception):
    """An input that cannot be read: says what is wrong, where, and what to do."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.text("en"))

    def text(self, language: str = "en") -> str:
        """Say it in a language ("en" or "zh")."""
        return render("errors", self.code, language, self.params)


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    loaded: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        (Path(__file__).parent / "messages.toml").read_text(encoding="utf-8")
    )
    return loaded


def render(section: str, code: str, language: str, params: dict[str, str]) -> str:
    """Fill the text `code` of a section of `messages.toml`; English where a language is unknown."""
    texts = _texts()[section][code]
    return texts.get(language, texts["en"]).format_map(params)
