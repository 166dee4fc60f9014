"""Rows of a statement held as columns: a statement that gives a row per second of duration gives very many.

An estimator reads the columns it knows as arrays; to everybody else they are rows like any others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import pyarrow as pa

Integers = np.ndarray[tuple[int], np.dtype[np.int64]]


class ColumnRows(Sequence[Mapping[str, Any]]):
    """Rows of whole numbers, none of them missing; `columns` are arrays of one length, int64."""

    def __init__(self, columns: Mapping[str, Integers]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(place, slice):
            return ColumnRows({name: values[place] for name, values in self.columns.items()})
        return {name: int(values[place]) for name, values in self.columns.items()}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        names = tuple(self.columns)
        for values in zip(*(column.tolist() for column in self.columns.values()), strict=True):
            yield dict(zip(names, values, strict=True))


def by_scope(table: pa.Table) -> dict[str | None, ColumnRows]:
    """The rows of each scope, without the column that names it; None where it is null."""
    whole = table.combine_chunks()
    if not whole.num_rows:
        return {}
    coded = whole["scope"].chunk(0).dictionary_encode()
    names: list[Any] = [*coded.dictionary.to_pylist(), None]
    codes = _values(coded.indices, missing=len(names) - 1)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    columns = {
        name: _values(whole[name].cast("int64").chunk(0), missing=0)[order]
        for name in whole.column_names
        if name != "scope"
    }
    return {
        None if name is None else str(name): ColumnRows(
            {column: values[low:high] for column, values in columns.items()}
        )
        for name, low, high in zip(names, bounds[:-1], bounds[1:], strict=True)
        if low < high
    }


def _values(array: pa.Array, *, missing: int) -> Integers:
    """The values of an integer array; Arrow's own conversion loads pandas where it is installed."""
    valid, data = array.buffers()
    kept = slice(array.offset, array.offset + len(array))
    values = np.frombuffer(data, dtype=f"i{array.type.bit_width // 8}")[kept].astype(np.int64)
    if array.null_count:
        bits = np.unpackbits(np.frombuffer(valid, dtype=np.uint8), bitorder="little")[kept]
        values[bits == 0] = missing
    return values


def joined(parts: Iterable[Sequence[Mapping[str, Any]]]) -> Sequence[Mapping[str, Any]]:
    """All rows of several scopes."""
    held = list(parts)
    columns = [part.columns for part in held if isinstance(part, ColumnRows)]
    if held and len(columns) == len(held):
        return ColumnRows({name: np.concatenate([part[name] for part in columns]) for name in columns[0]})
    return [row for part in held for row in part]


def integers(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> tuple[Integers, ...]:
    """Columns of rows as arrays, in the order of the rows."""
    if isinstance(rows, ColumnRows):
        return tuple(rows.columns[name].astype(np.int64, copy=False) for name in names)
    return tuple(np.array([int(row[name]) for row in rows], dtype=np.int64) for name in names)
