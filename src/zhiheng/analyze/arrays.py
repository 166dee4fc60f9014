"""Arrow arrays and scalars from NumPy and lists, and back, without pandas.

`pa.array`, `pa.scalar`, `to_numpy` and any plain Python value given to `pyarrow.compute` load pandas where it
is installed, which takes longer than reading the log: go through here instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
_NARROW_TYPES = ((pa.int8(), 127), (pa.int16(), 32_767), (pa.int32(), 2_147_483_647))


def text_array(texts: Sequence[str | None]) -> pa.Array:
    """Return a string array of the texts; None is null."""
    parts = [b"" if text is None else text.encode() for text in texts]
    offsets = np.zeros(len(parts) + 1, dtype=np.int32)
    np.cumsum([len(part) for part in parts], out=offsets[1:])
    valid = _bits(np.array([text is not None for text in texts], dtype=np.bool_))
    return pa.Array.from_buffers(
        pa.utf8(), len(parts), [valid, pa.py_buffer(offsets), pa.py_buffer(b"".join(parts))]
    )


def repeated(text: str, times: int) -> pa.Array:
    """Return a string array of one text so many times."""
    return text_array([text]).take(int64_array(np.zeros(times, dtype=np.int64)))


def int64_array(values: IntArray, valid: BoolArray | None = None) -> pa.Array:
    """Return an int64 Arrow array over the values; where `valid` is False it is null."""
    data = np.ascontiguousarray(values, dtype=np.int64)
    bitmap = None if valid is None else _bits(valid)
    return pa.Array.from_buffers(pa.int64(), len(data), [bitmap, pa.py_buffer(data)])


def bool_array(values: BoolArray) -> pa.Array:
    """Return a boolean Arrow array without nulls."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def int32_array(values: npt.NDArray[np.int32], valid: BoolArray | None = None) -> pa.Array:
    """Return an int32 Arrow array over the values; where `valid` is False it is null."""
    data = np.ascontiguousarray(values, dtype=np.int32)
    bitmap = None if valid is None else _bits(valid)
    return pa.Array.from_buffers(pa.int32(), len(data), [bitmap, pa.py_buffer(data)])


def int_scalar(value: int, kind: pa.DataType | None = None) -> pa.Scalar:
    """Return an integer scalar, int64 unless another type is given."""
    array = int64_array(np.array([value], dtype=np.int64))
    return array[0] if kind is None else array.cast(kind)[0]


def null_scalar(kind: pa.DataType) -> pa.Scalar:
    """Return the null of a type."""
    return pa.nulls(1, kind)[0]


def one_chunk(column: Any) -> Any:
    """Return a chunked array as one array."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def narrowed(array: Any) -> Any:
    """Return a dictionary array with the narrowest codes: a log is mostly codes, and has few words per column."""
    words = len(array.dictionary)
    kind = next(kind for kind, limit in _NARROW_TYPES if words <= limit)
    if array.indices.type == kind:
        return array
    return pa.DictionaryArray.from_arrays(array.indices.cast(kind), array.dictionary, safe=False)


def narrowed_numbers(array: Any) -> Any:
    """Return an integer array in the narrowest type that holds its values: seconds fit in four bytes until 2038."""
    bounds = pc.min_max(array).as_py()
    if bounds["min"] is None:
        return array.cast(pa.int8())
    most = max(bounds["max"], -bounds["min"] - 1)
    kind = next((kind for kind, limit in _NARROW_TYPES if most <= limit), pa.int64())
    return array if array.type == kind else array.cast(kind)


def join_tables(tables: list[pa.Table]) -> pa.Table:
    """Join tables below each other; a column that some lack is null there. Empties the list.

    One column at a time, letting go of its parts, so that the log is never in memory twice.
    """
    types = {field.name: field.type for table in reversed(tables) for field in table.schema}
    names = list(dict.fromkeys(name for table in tables for name in table.column_names))
    parts = {name: [_column(table, name, types[name]) for table in tables] for name in names}
    tables.clear()
    return pa.table({name: _joined(parts.pop(name)) for name in names})


def _column(table: pa.Table, name: str, kind: pa.DataType) -> Any:
    if name in table.column_names:
        return one_chunk(table[name])
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(pa.nulls(table.num_rows, pa.int32()), text_array([]))
    return pa.nulls(table.num_rows, kind)


def _joined(chunks: list[Any]) -> Any:
    if pa.types.is_integer(chunks[0].type):
        widest = max((chunk.type for chunk in chunks), key=lambda kind: int(kind.bit_width))
        return one_chunk(pa.chunked_array([chunk.cast(widest) for chunk in chunks]))
    if not pa.types.is_dictionary(chunks[0].type):
        return one_chunk(pa.chunked_array(chunks))
    # Chunks of narrow codes may need wide ones together.
    wide = [
        pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary, safe=False)
        for chunk in chunks
    ]
    return narrowed(one_chunk(pa.chunked_array(wide).unify_dictionaries()))


def codes_of(array: Any) -> IntArray:
    """Return the codes of a dictionary array, -1 = null."""
    return values_of(array.indices, -1)


def values_of(array: Any, missing: int = 0) -> IntArray:
    """Return an integer array's values, `missing` where null."""
    if not len(array):
        return np.zeros(0, dtype=np.int64)
    width = np.dtype(f"i{array.type.bit_width // 8}")
    data = np.frombuffer(array.buffers()[1], dtype=width)[array.offset : array.offset + len(array)]
    values = data.astype(np.int64, copy=False)
    return np.where(valid_of(array), values, missing) if array.null_count else values


def text_buffers(texts: Any) -> tuple[IntArray, npt.NDArray[np.uint8]]:
    """Return where each text of a string array begins (and the last ends), and the bytes of all of them."""
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    data = texts.buffers()[2]
    held = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)[first:last]
    return offsets.astype(np.int64) - first, held


def bools_of(array: Any) -> BoolArray:
    """Return a boolean array's values, False where null."""
    if array.null_count:
        array = pc.and_kleene(array, pc.is_valid(array))
    if not len(array):
        return np.zeros(0, dtype=np.bool_)
    bits = np.frombuffer(array.buffers()[1], dtype=np.uint8)
    flags = np.unpackbits(bits, bitorder="little")[array.offset : array.offset + len(array)]
    return flags.astype(np.bool_)


def numbers_of(array: Any) -> npt.NDArray[Any]:
    """Return the values of an integer array, or the codes of a dictionary array, as wide as they are held.

    Without nulls only. Nothing is copied. Mind that sums and products of narrow numbers overflow.
    """
    if pa.types.is_dictionary(array.type):
        array = array.indices
    width = np.dtype(f"i{array.type.bit_width // 8}")
    return np.frombuffer(array.buffers()[1], dtype=width)[array.offset : array.offset + len(array)]


def valid_of(array: Any) -> BoolArray:
    """Return where an array is not null."""
    return bools_of(pc.is_valid(array)) if array.null_count else np.ones(len(array), dtype=np.bool_)


def _bits(values: BoolArray) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little").tobytes())
