"""Checks at the door: turns what a caller passes into NumPy arrays that the formulas may trust."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.errors import MeasureError

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Numbers = Sequence[float] | Sequence[int] | NDArray[np.floating] | NDArray[np.integer]
Flags = Sequence[bool] | NDArray[np.bool_]


def column(argument: str, values: object) -> NDArray[np.generic]:
    """A one-dimensional array of any type."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise MeasureError(argument, f"must be one-dimensional, has {array.ndim} dimensions")
    return array


def floats(argument: str, values: object, *, minimum: float | None = None) -> Floats:
    """A one-dimensional array of finite floats, none below `minimum`."""
    array = column(argument, values)
    if array.dtype.kind not in "iufb" and array.size:
        raise MeasureError(argument, "must hold numbers only")
    result = array.astype(np.float64)
    if not np.isfinite(result).all():
        raise MeasureError(argument, "must be finite (no NaN, no infinity)")
    if minimum is not None and result.size and result.min() < minimum:
        raise MeasureError(argument, f"must not be below {minimum:g}, found {result.min():g}")
    return result


def matrix(argument: str, values: object, *, missing: bool = False) -> Floats:
    """A two-dimensional array of finite floats; with `missing`, NaN marks a value that was not given."""
    try:
        array = np.asarray(values)
    except ValueError as ragged:
        raise MeasureError(argument, "must have rows of one length") from ragged
    if array.ndim != 2:
        raise MeasureError(argument, f"must be two-dimensional, has {array.ndim} dimensions")
    if array.dtype.kind not in "iufb" and array.size:
        raise MeasureError(argument, "must hold numbers only")
    result = array.astype(np.float64)
    if np.isinf(result).any():
        raise MeasureError(argument, "must be finite (no infinity)")
    if not missing and np.isnan(result).any():
        raise MeasureError(argument, "must be finite (no NaN, no infinity)")
    return result


def seconds(argument: str, values: object) -> Integers:
    """A one-dimensional array of whole seconds (int64)."""
    array = column(argument, values)
    if not array.size:
        return array.astype(np.int64)
    if array.dtype.kind == "f":
        if not np.isfinite(array.astype(np.float64)).all():
            raise MeasureError(argument, "must be finite (no NaN, no infinity)")
        if (array != np.floor(array.astype(np.float64))).any():
            raise MeasureError(argument, "must hold whole seconds")
    elif array.dtype.kind not in "iu":
        raise MeasureError(argument, "must hold whole seconds")
    return array.astype(np.int64)


def instant(argument: str, value: float) -> int:
    """A whole number of seconds."""
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value != np.floor(value):
        raise MeasureError(argument, f"must be a whole number of seconds, is {value!r}")
    return int(value)


def period(from_s: float, to_s: float) -> tuple[int, int]:
    """Begin and end of a period that is not empty, in whole seconds."""
    begin, end = instant("from_s", from_s), instant("to_s", to_s)
    if end <= begin:
        raise MeasureError("to_s", "must lie after from_s")
    return begin, end


def booleans(argument: str, values: object) -> Booleans:
    """A one-dimensional array of true and false (0 and 1 are taken as such)."""
    array = column(argument, values)
    if array.dtype.kind == "b" or not array.size:
        return array.astype(np.bool_)
    if array.dtype.kind not in "iuf" or not np.isin(array, (0, 1)).all():
        raise MeasureError(argument, "must hold true and false only")
    return array.astype(np.bool_)


def same_length(**arrays: NDArray[np.generic]) -> int:
    """The common length of the named arrays."""
    (first, reference), *others = arrays.items()
    for name, array in others:
        if array.size != reference.size:
            raise MeasureError(name, f"must be as long as {first} ({reference.size}), has {array.size}")
    return int(reference.size)


def check_confidence(confidence: float) -> float:
    """A confidence level strictly between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        raise MeasureError("confidence", f"must lie strictly between 0 and 1, is {confidence!r}")
    return confidence


def count(argument: str, value: int, *, minimum: int = 0) -> int:
    """A whole number not below `minimum`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise MeasureError(argument, f"must be a whole number, is {value!r}")
    if value < minimum:
        raise MeasureError(argument, f"must not be below {minimum}, is {value}")
    return int(value)
