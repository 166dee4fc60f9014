"""One time column of one file: which formats it is written in, decided on its first block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import bools_of, codes_of, narrowed_numbers, null_scalar, valid_of
from zhiheng.analyze.timestamps import (
    DAY_FIRST_FORMATS,
    MONTH_FIRST_FORMATS,
    PLAIN_FORMATS,
    fallback_formats,
    has_zone,
    local_to_utc,
    parse_texts,
    simplify,
)


class TimeColumn:
    """Reads a column's blocks into UTC seconds.

    Formats given are trusted while they read more than half of the first block; else they are guessed anew
    (`guessed`). Texts they do not fit are tried in any format that cannot contradict them. `used` counts rows
    per format, `unreadable` those that no format fits; `ambiguous` says that day and month could not be told
    apart; `zoned` that all texts carry an offset.
    """

    def __init__(self, formats: Sequence[str], zone: str | None) -> None:
        self.formats = tuple(formats)
        self.used: Counter[str] = Counter()
        self.guessed = False
        self.ambiguous = False
        self.unreadable = 0
        self.zoned = True
        self._zone = zone
        self._first = True

    def read(self, source: Any) -> Any:
        """Return the seconds of one block, null where missing or unreadable."""
        if pa.types.is_temporal(source.type):
            return self._typed(source)
        array = source if pa.types.is_dictionary(source.type) else source.cast(pa.utf8()).dictionary_encode()
        words = array.dictionary
        if self._first:
            self._first = False
            self._choose(words)
        seconds, used = parse_texts(words, self.formats, self._zone)
        # Blanks are missing, not unreadable; the rest may be written in another way.
        if seconds.null_count > words.null_count:
            seconds = self._rest(words, seconds, used)
        self._count(array, used, whole=seconds.null_count == words.null_count)
        self.unreadable += _lost(array, seconds)
        if self.zoned:
            self.zoned = has_zone(words)
        return narrowed_numbers(seconds).take(array.indices)

    def _choose(self, words: Any) -> None:
        known = len(words) - words.null_count
        if self.formats:
            seconds, _ = parse_texts(words, self.formats, self._zone)
            if known == 0 or len(seconds) - seconds.null_count > known / 2:
                return
        formats, ambiguous = guess_formats(words)
        if formats:
            self.guessed = bool(self.formats)
            self.formats, self.ambiguous = formats, ambiguous

    def _rest(self, words: Any, seconds: Any, used: dict[str, Any]) -> Any:
        left = pc.if_else(pc.is_null(seconds), simplify(words), null_scalar(pa.utf8()))
        formats = (*self.formats, *fallback_formats(self.formats))
        more, hits = parse_texts(left, formats, self._zone)
        for pattern, hit in hits.items():
            used[pattern] = pc.or_(used[pattern], hit) if pattern in used else hit
        return pc.coalesce(seconds, more)

    def _count(self, array: Any, used: dict[str, Any], *, whole: bool) -> None:
        if whole and len(used) == 1:
            self.used[next(iter(used))] += len(array) - array.null_count
            return
        codes = codes_of(array)
        codes = codes[codes >= 0]
        per_word = np.bincount(codes, minlength=len(array.dictionary))
        for pattern, hit in used.items():
            mask = bools_of(hit)
            self.used[pattern] += int(per_word[mask].sum())

    def _typed(self, source: Any) -> Any:
        if pa.types.is_date(source.type):
            source = source.cast(pa.timestamp("s"))
        seconds = (
            pc.floor_temporal(source, unit="second").cast(pa.timestamp("s", source.type.tz)).cast(pa.int64())
        )
        self.used["typed"] += len(source) - source.null_count
        if source.type.tz is None:
            self.zoned = False
            return local_to_utc(seconds, self._zone)
        return seconds


def _lost(array: Any, seconds: Any) -> int:
    # Rows whose text is there but is no time.
    if seconds.null_count == array.dictionary.null_count:
        return 0
    lost = np.flatnonzero(valid_of(array.dictionary) & ~valid_of(seconds))
    return int(np.isin(codes_of(array), lost).sum())


def guess_formats(words: Any) -> tuple[tuple[str, ...], bool]:
    """Return the formats of distinct texts, best first, and whether day and month could be swapped.

    Empty when fewer than half of the texts are times. Day-first is taken where nothing speaks for
    month-first.
    """
    known = len(words) - words.null_count
    texts = simplify(words)
    plain, used = parse_texts(texts, PLAIN_FORMATS, None)
    left = pc.if_else(pc.is_null(plain), texts, null_scalar(pa.utf8()))
    day, day_used = parse_texts(left, DAY_FIRST_FORMATS, None)
    month, month_used = parse_texts(left, MONTH_FIRST_FORMATS, None)
    day_hits, month_hits = len(day) - day.null_count, len(month) - month.null_count
    hits = max(day_hits, month_hits)
    if len(plain) - plain.null_count + hits <= known / 2:
        return (), False
    ranked = dict(used)
    if hits:
        ranked.update(day_used if day_hits >= month_hits else month_used)
    order = sorted(ranked, key=lambda pattern: -int(pc.sum(ranked[pattern].cast(pa.int64())).as_py()))
    return tuple(order), hits > 0 and day_hits == month_hits
