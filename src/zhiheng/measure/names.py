"""The names of columns: as declared, or their numbers from 1."""

from __future__ import annotations

from collections.abc import Sequence

from zhiheng.measure.errors import MeasureError


def checked_names(argument: str, names: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    """One name for each column, each once; without names their numbers from 1."""
    if names is None:
        return tuple(str(number) for number in range(1, columns + 1))
    listed = tuple(str(name) for name in names)
    if len(listed) != columns:
        raise MeasureError(argument, f"must name every column ({columns}), names {len(listed)}")
    if len(set(listed)) != columns:
        raise MeasureError(argument, "must be different from each other")
    return listed
