"""Categories and options as texts, so that 1, 1.0 and "1" are one and the same answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.errors import MeasureError


def label(value: object) -> str:
    """The text of one category; a whole number without its decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def plain(argument: str, array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The array with texts that came as objects (as data frames hold them) made texts; refuses other objects."""
    if array.dtype.kind != "O":
        return array
    if not all(isinstance(value, str) for value in array.ravel()):
        raise MeasureError(argument, "must hold numbers or texts, no other objects")
    return array.astype(np.str_)


def labels(argument: str, array: NDArray[np.generic]) -> NDArray[np.str_]:
    """The texts of an array of whole numbers or texts; "" where a number is missing (NaN)."""
    known = plain(argument, array)
    if known.dtype.kind != "f":
        return known.astype(np.str_)
    given = known.astype(np.float64)
    absent = np.isnan(given)
    whole = np.where(absent, 0.0, given)
    if np.isinf(whole).any() or (whole != np.floor(whole)).any():
        raise MeasureError(argument, "must hold whole numbers or texts")
    return np.where(absent, "", whole.astype(np.int64).astype(np.str_))
