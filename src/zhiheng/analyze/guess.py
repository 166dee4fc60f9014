"""A mapping guessed from an unknown export's header and values, for a person to check."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from zhiheng.analyze.arrays import one_chunk
from zhiheng.analyze.mappings import Mapping
from zhiheng.analyze.mappings.model import REQUIRED_ROLES, ROLES, TIME_ROLES
from zhiheng.analyze.quality import ReadError
from zhiheng.analyze.time_column import guess_formats

MISSING_MARKERS = ("", "?", "NULL", "null", "None", "N/A", "n/a", "NaN", "nan", "-", "--", "无", "空")
_WORD = re.compile(r"[\W_]+")
_CASE_SHAPE = r"^[A-Za-z\p{Han}]{0,12}[-_ #]?\d{2,}([-_]\d+)*$"
_MOST_STATES = 60
_MIN_SCORE = 1.0


def guess_mapping(header: list[str], sample: Any, file: str) -> Mapping:
    """Guess what each column means. Raises ReadError when no case, activity or time column can be told."""
    columns = {name: one_chunk(sample[name]).dictionary_encode() for name in header}
    formats = {name: guess_formats(array.dictionary)[0] for name, array in columns.items()}
    scores = {
        (role, name): score
        for name in header
        for role in _texts()["headers"]
        if (score := _score(role, name, columns[name], bool(formats[name]))) >= _MIN_SCORE
    }
    chosen: dict[str, str] = {}
    _take(chosen, scores, REQUIRED_ROLES)
    _take(chosen, scores, tuple(_texts()["headers"]))
    for role in REQUIRED_ROLES:
        if role not in chosen:
            raise ReadError(f"no_{role}", file=file, found=", ".join(header))
    words = columns[chosen["activity"]].dictionary.to_pylist()
    return Mapping(
        name="guessed",
        title={"zh": "按表头和取值推测的映射", "en": "mapping guessed from header and values"},
        columns={role: chosen[role] for role in ROLES if role in chosen},
        formats=_merged_formats([formats[chosen[role]] for role in ("time", *TIME_ROLES) if role in chosen]),
        states={word: category for word in words if word and (category := category_of(str(word)))},
        missing=MISSING_MARKERS,
    )


def category_of(state: str) -> str | None:
    """Return the state category a name stands for, None when no word tells."""
    word = _plain(state)
    lists: dict[str, list[str]] = _texts()["states"]
    exact = next((category for category, words in lists.items() if word in words), None)
    if exact or not word:
        return exact
    return next(
        (category for category, words in lists.items() if any(_inside(item, word) for item in words)), None
    )


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "guess.toml").read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    return _WORD.sub("", text.lower())


def _inside(item: str, word: str) -> bool:
    # Short Latin words hide in others (ci in "special"), two Chinese characters seldom do.
    return item in word and (len(item) >= 6 or not item.isascii())


def _take(chosen: dict[str, str], scores: dict[tuple[str, str], float], roles: tuple[str, ...]) -> None:
    # Best pair first; a column plays one role, a role has one column.
    for (role, name), _ in sorted(scores.items(), key=lambda item: -item[1]):
        if role in roles and role not in chosen and name not in chosen.values():
            chosen[role] = name


def _score(role: str, name: str, column: Any, is_time: bool) -> float:
    named = _name_score(role, name)
    if role == "time" or role in TIME_ROLES:
        # Every export has one time at least: a column full of times will do for it whatever its name.
        return named + 1.0 if is_time and (named or role == "time") else 0.0
    if is_time:
        return 0.0
    rows, words = len(column), len(column.dictionary)
    if role == "case":
        shaped = (
            pc.mean(pc.match_substring_regex(column.dictionary, _CASE_SHAPE).cast("int64")).as_py() or 0.0
        )
        repeated = rows >= 2 * words or words > _MOST_STATES
        return named + (0.8 * shaped + 0.3 * repeated if words > 1 or named else 0.0)
    if role == "activity":
        few = 0 < words <= _MOST_STATES and rows >= 2 * words
        known = [word for word in column.dictionary.to_pylist() if word and category_of(str(word))]
        return (
            named + (1.2 * len(known) / max(words, 1) if few else 0.0) - (0.0 if few or named >= 2 else 1.0)
        )
    return named


def _name_score(role: str, name: str) -> float:
    word = _plain(name)
    words: list[str] = _texts()["headers"][role]
    if word in words:
        return 3.0 - words.index(word) / len(words)
    return 1.2 if any(_inside(item, word) for item in words) else 0.0


def _merged_formats(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern for formats in lists for pattern in formats))
