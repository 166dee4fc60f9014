"""The tokeniser: words of letters and digits, and pairs of neighbouring characters where a script has no spaces.

「打印机坏了」 becomes 打印 印机 机坏 坏了 了: two-character words are found, and the last character of a run stands
alone, so that a search for one character finds it too. Both databases index exactly these tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST_WORD = 64
MOST_TOKENS = 12_000
"""A document is cut after so many tokens: PostgreSQL keeps positions up to 16,383."""

_PAIRED = "".join(
    f"{chr(first)}-{chr(last)}"
    for first, last in (
        (0x3040, 0x30FF),  # kana
        (0x3400, 0x4DBF),  # Han, extension A
        (0x4E00, 0x9FFF),  # Han
        (0xAC00, 0xD7AF),  # Hangul
        (0xF900, 0xFAFF),  # Han, compatibility
        (0x20000, 0x3FFFF),  # Han, further extensions
    )
)
# One run of a script without spaces, or one word; marks inside the paired ranges (such as ・) belong to neither.
_RUN = re.compile(rf"((?:(?!\W)[{_PAIRED}])+)|[^\W_{_PAIRED}]+")


@dataclass(frozen=True, slots=True)
class Term:
    """What a document must hold: the tokens side by side; with `prefix` the only token may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """Runs of one script, as (without spaces, text), folded so that case and width do not matter."""
    for found in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield found[1] is not None, found[0]


def tokens(text: str) -> Iterator[str]:
    """The tokens of a text to be indexed."""
    for paired, run in runs(text):
        if paired:
            yield from (first + second for first, second in pairwise(run))
            yield run[-1]
        else:
            yield run[:LONGEST_WORD]


def indexed(text: str) -> str:
    """The text as it is stored for the index: tokens with spaces between them."""
    found = []
    for number, token in enumerate(tokens(text)):
        if number >= MOST_TOKENS:
            break
        found.append(token)
    return " ".join(found)


def terms(words: str) -> list[Term]:
    """What a search asks for. The last word may go on, since the person may still be typing.

    A pair of characters does not: no token is longer, and to look for longer ones takes SQLite 19 ms at a million hits.
    """
    found: list[Term] = []
    paired = True
    for paired, run in runs(words):
        if not paired:
            found.append(Term((run[:LONGEST_WORD],)))
        elif len(run) == 1:
            found.append(Term((run,), prefix=True))
        else:
            found.append(Term(tuple(first + second for first, second in pairwise(run))))
    if found and not paired:
        found[-1] = Term(found[-1].tokens, prefix=True)
    return found


def fts5_query(asked: list[Term]) -> str:
    """The terms in the language of SQLite's FTS5. Tokens hold letters and digits only, so nothing needs escaping."""
    return " AND ".join(f'"{" ".join(term.tokens)}"{" *" if term.prefix else ""}' for term in asked)


def tsquery(asked: list[Term]) -> str:
    """The terms in the language of PostgreSQL's to_tsquery."""
    return " & ".join(
        "(" + " <-> ".join(f"'{token}'{':*' if term.prefix else ''}" for token in term.tokens) + ")"
        for term in asked
    )
