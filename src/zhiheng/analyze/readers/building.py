"""Columns built row by row in bounded memory: each distinct text once, a code per row."""

from __future__ import annotations

from array import array

import numpy as np
import pyarrow as pa

from zhiheng.analyze.arrays import int32_array, text_array


class TextColumn:
    """A dictionary column that grows by one text, or a missing one, at a time."""

    def __init__(self, rows: int = 0) -> None:
        self._codes = array("i", [-1]) * rows
        self._words: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def append(self, text: str | None) -> None:
        """Add one row; None = missing."""
        self._codes.append(-1 if text is None else self._words.setdefault(text, len(self._words)))

    def pad(self, rows: int) -> None:
        """Add missing rows until there are `rows`."""
        self._codes.extend([-1] * (rows - len(self._codes)))

    def to_arrow(self, missing: frozenset[str] = frozenset()) -> pa.DictionaryArray:
        """Return the column; texts in `missing` are null."""
        codes = np.frombuffer(self._codes, dtype=np.int32).copy()
        gone = [code for word, code in self._words.items() if word in missing]
        valid = (codes >= 0) & ~np.isin(codes, gone)
        indices = int32_array(np.where(valid, codes, 0).astype(np.int32), valid)
        return pa.DictionaryArray.from_arrays(indices, text_array(list(self._words)))
