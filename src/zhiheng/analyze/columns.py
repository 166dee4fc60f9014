"""From a source's columns to the roles of a log: text cleaned, times and numbers read, rows refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import (
    BoolArray,
    codes_of,
    int64_array,
    narrowed,
    narrowed_numbers,
    null_scalar,
    one_chunk,
    text_array,
    valid_of,
)
from zhiheng.analyze.encoding import repair_mojibake
from zhiheng.analyze.mappings import COUNT_ROLES, FLAG_ROLES, TIME_ROLES, Mapping
from zhiheng.analyze.source import Block
from zhiheng.analyze.time_column import TimeColumn

_TRUE = ("true", "1", "yes", "y", "t", "是", "达标")
_FALSE = ("false", "0", "no", "n", "f", "否", "未达标")


@dataclass(slots=True)
class RoleReader:
    """Turns the blocks of one file into tables of roles, and counts what it repaired or refused.

    Time formats of a mapping that was itself guessed are guessed again, on more rows (`guess_times`).

    `refused` maps a reason to the numbers of the rows; `repaired` counts cells per kind of repair.
    """

    mapping: Mapping
    columns: MappingType[str, str]
    zone: str | None
    guess_times: bool = False
    refused: dict[str, list[int]] = field(default_factory=dict)
    repaired: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    times: dict[str, TimeColumn] = field(default_factory=dict)
    _markers: Any = field(init=False)

    def __post_init__(self) -> None:
        self._markers = text_array([*self.mapping.missing, ""])

    def roles_of(self, block: Block) -> pa.Table:
        """Return the block's rows that can be placed, as a table of roles."""
        arrays: dict[str, Any] = {}
        raw_time_valid: BoolArray | None = None
        for role, column in self.columns.items():
            source = _whole(block.table[column])
            if role == "time" or role in TIME_ROLES:
                arrays[f"{role}_s"] = self._time(role, source)
                if role == "time":
                    raw_time_valid = valid_of(source)
                continue
            text = self._text(source)
            if role in FLAG_ROLES:
                arrays[role] = self._converted(role, text, _flag)
            elif role in COUNT_ROLES:
                arrays[role] = self._converted(role, text, _count)
            else:
                arrays[role] = text
        return self._placed(pa.table(arrays), block.record, raw_time_valid)

    def _placed(self, table: pa.Table, record: int, raw_time_valid: BoolArray | None) -> pa.Table:
        checks = {
            "case_missing": table["case"],
            "activity_missing": table["activity"],
            "time": table["time_s"],
        }
        if not any(column.null_count for column in checks.values()):
            return table
        kept = np.ones(table.num_rows, dtype=np.bool_)
        for reason, column in checks.items():
            bad = ~valid_of(one_chunk(column)) & kept
            kept &= ~bad
            if reason != "time":
                self._refuse(reason, bad, record)
            elif raw_time_valid is not None:
                self._refuse("time_missing", bad & ~raw_time_valid, record)
                self._refuse("time_unparseable", bad & raw_time_valid, record)
        return kept_rows(table, kept)

    def _refuse(self, reason: str, bad: BoolArray, record: int) -> None:
        rows = np.flatnonzero(bad)
        if len(rows):
            self.refused.setdefault(reason, []).extend((rows + record).tolist())

    def _time(self, role: str, source: Any) -> Any:
        column = self.times.get(role)
        if column is None:
            formats = () if self.guess_times else self.mapping.formats
            column = self.times[role] = TimeColumn(formats, self.zone)
        return column.read(source)

    def _text(self, source: Any) -> Any:
        array = as_dictionary(source)
        cleaned = self._cleaned(array)
        # Two texts may have become one: encode again.
        return narrowed(array if cleaned is None else cleaned.take(array.indices).dictionary_encode())

    def _cleaned(self, array: Any) -> Any | None:
        words = array.dictionary
        trimmed = pc.utf8_trim_whitespace(words)
        plain = _is_ascii(words)
        if plain and trimmed.equals(words) and not self._has_missing(words):
            return None
        texts = trimmed.to_pylist()
        missing = set(self.mapping.missing) | {""}
        counts = np.bincount(codes_of(array)[codes_of(array) >= 0], minlength=len(texts))
        fixed: list[str | None] = []
        for original, text, count in zip(words.to_pylist(), texts, counts.tolist(), strict=True):
            better = text if text is None or text.isascii() else repair_mojibake(text)
            if better != text:
                self.repaired["mojibake_partly" if "\ufffd" in better else "mojibake"] += count
            elif text != original:
                self.repaired["trimmed"] += count
            fixed.append(None if better in missing else better)
        return None if fixed == words.to_pylist() else text_array(fixed)

    def _has_missing(self, words: Any) -> bool:
        return bool(pc.any(pc.is_in(words, value_set=self._markers)).as_py())

    def _converted(self, role: str, text: Any, convert: Any) -> Any:
        values = convert(text.dictionary)
        lost = valid_of(text.dictionary) & ~valid_of(values)
        if lost.any():
            codes = codes_of(text)
            self.unreadable[role] += int(lost[codes[codes >= 0]].sum())
        return values.take(text.indices)


def _whole(column: Any) -> Any:
    # Most blocks come in one piece.
    return column.chunk(0) if column.num_chunks == 1 else one_chunk(column.unify_dictionaries())


def kept_rows(table: pa.Table, kept: BoolArray) -> pa.Table:
    """Return some rows of a table, its dictionaries without the words that went with the others."""
    left = table.take(int64_array(np.flatnonzero(kept)))
    columns = {name: one_chunk(left[name]) for name in left.column_names}
    return pa.table(
        {
            name: _without_unused(column) if pa.types.is_dictionary(column.type) else column
            for name, column in columns.items()
        }
    )


def _without_unused(column: Any) -> Any:
    return narrowed(column.dictionary_decode().dictionary_encode())


def as_dictionary(source: Any) -> Any:
    """Return any Arrow array as dictionary-encoded text."""
    if pa.types.is_dictionary(source.type):
        if pa.types.is_string(source.type.value_type) and source.type.index_type == pa.int32():
            return source
        source = source.dictionary_decode()
    if pa.types.is_floating(source.type):
        whole = pc.all(pc.or_kleene(pc.is_null(source), pc.equal(source, pc.floor(source)))).as_py()
        source = source.cast(pa.int64()) if whole else source
    return source.cast(pa.utf8()).dictionary_encode()


def _is_ascii(words: Any) -> bool:
    buffer = words.buffers()[2]
    return buffer is None or bytes(buffer).isascii()


def _flag(words: Any) -> Any:
    lower = pc.utf8_lower(words)
    true = pc.is_in(lower, value_set=text_array(_TRUE))
    known = pc.or_(true, pc.is_in(lower, value_set=text_array(_FALSE)))
    return pc.if_else(known, true, null_scalar(pa.bool_()))


def _count(words: Any) -> Any:
    number = pc.replace_substring_regex(words, r"\.0*$", "")
    fits = pc.match_substring_regex(number, r"^-?\d{1,18}$")
    return narrowed_numbers(pc.if_else(fits, number, null_scalar(pa.utf8())).cast(pa.int64()))
