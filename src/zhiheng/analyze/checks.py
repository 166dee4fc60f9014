"""Checks of a whole log: rows exported twice, time that runs backwards, tied times, states without a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhiheng.analyze.arrays import (
    BoolArray,
    IntArray,
    codes_of,
    int64_array,
    numbers_of,
    one_chunk,
    valid_of,
    values_of,
)
from zhiheng.analyze.columns import kept_rows
from zhiheng.analyze.mappings.model import VERSION_ROLE
from zhiheng.analyze.quality import QualityNote

_NAMELESS = re.compile(r"[\W\d_]+")
Numbers = npt.NDArray[Any]
_MIX = np.uint64(0x9E3779B97F4A7C15)


def check_log(table: pa.Table, lengths: Sequence[int]) -> tuple[pa.Table, list[QualityNote]]:
    """Return the log without rows exported twice and without the version column, and what was noticed.

    `lengths` are the rows each file gave. A row that equals an earlier one in every role was exported twice
    when a version tells updates apart, or when the earlier one is of another file; else it may be real and
    stays.
    """
    # As narrow as the log holds them.
    case, times = numbers_of(one_chunk(table["case"])), numbers_of(one_chunk(table["time_s"]))
    order, tied = _ordered(case, times)
    notes = [*_backwards(case, times), *_ties(case[order], tied), *_nameless(table)]
    copies = _copies(table, order, tied)
    if len(copies):
        file = np.repeat(np.arange(len(lengths)), lengths)
        removed = (
            copies[:, 1]
            if VERSION_ROLE in table.column_names
            else copies[file[copies[:, 0]] != file[copies[:, 1]], 1]
        )
        kept_twice = len(copies) - len(removed)
        if len(removed):
            notes.append(QualityNote("duplicates_removed", "repaired", len(removed)))
            keep = np.ones(len(case), dtype=np.bool_)
            keep[removed] = False
            table = kept_rows(table, keep)
        if kept_twice:
            notes.append(QualityNote("duplicates_kept", "info", kept_twice))
    if VERSION_ROLE in table.column_names:
        table = table.drop_columns([VERSION_ROLE])
    return pa.table({name: one_chunk(table[name]) for name in table.column_names}), notes


def _ordered(case: Numbers, times: Numbers) -> tuple[IntArray, BoolArray]:
    # The rows by case and time, and whether each equals the one before it in both.
    first = int(times.min())
    key = case.astype(np.int64)
    key *= int(times.max()) - first + 1
    key += times
    key -= first
    # Exports come grouped by case or by time; a grouped log is in order already but for a few rows.
    order = np.argsort(key, kind="stable")
    key = key[order]
    return order, key[1:] == key[:-1]


def _backwards(case: Numbers, times: Numbers) -> list[QualityNote]:
    back = int(((case[1:] == case[:-1]) & (times[1:] < times[:-1])).sum())
    return [QualityNote("time_backwards", "repaired", back)] if back else []


def _ties(case: Numbers, tied: BoolArray) -> list[QualityNote]:
    # In order of case, so that counting changes is counting cases.
    with_ties = case[1:][tied]
    cases = int(np.count_nonzero(np.diff(with_ties))) + 1 if len(with_ties) else 0
    return [QualityNote("times_tied", "info", cases)] if cases else []


def _nameless(table: pa.Table) -> list[QualityNote]:
    activity = one_chunk(table["activity"])
    counts = np.bincount(codes_of(activity), minlength=len(activity.dictionary))
    odd = {
        str(name): int(count)
        for name, count in zip(activity.dictionary.to_pylist(), counts, strict=True)
        if _NAMELESS.fullmatch(str(name))
    }
    if not odd:
        return []
    return [QualityNote("state_nameless", "info", sum(odd.values()), {"states": ", ".join(odd)})]


def _copies(table: pa.Table, order: IntArray, tied: BoolArray) -> IntArray:
    # Pairs (earlier row, later row) equal in every role. Only rows tied in case and time can be.
    member = np.zeros(len(order), dtype=np.bool_)
    member[1:] |= tied
    member[:-1] |= tied
    rows = order[member]
    if not len(rows):
        return np.zeros((0, 2), dtype=np.int64)
    digest = np.zeros(len(rows), dtype=np.uint64)
    for name in table.column_names:
        digest ^= _values(one_chunk(table[name]), rows).view(np.uint64)
        digest *= _MIX
        digest ^= digest >> np.uint64(29)
    grouped = np.lexsort((rows, digest))
    same = digest[grouped][1:] == digest[grouped][:-1]
    earlier, later = rows[grouped][:-1][same], rows[grouped][1:][same]
    equal = np.ones(len(earlier), dtype=np.bool_)
    for name in table.column_names:  # the digest only proposes
        column = one_chunk(table[name])
        equal &= _values(column, earlier) == _values(column, later)
    return np.stack([earlier[equal], later[equal]], axis=1)


def _values(array: Any, rows: IntArray) -> IntArray:
    chosen = array.take(int64_array(rows))
    if pa.types.is_dictionary(chosen.type):
        return codes_of(chosen)
    if pa.types.is_boolean(chosen.type):
        chosen = chosen.cast(pa.int64())
    return np.where(valid_of(chosen), values_of(chosen), np.iinfo(np.int64).min)
