"""Availability of simple structures of independent parts; parts that share something belong in `graph`."""

from __future__ import annotations

import numpy as np

from zhiheng.measure.arrays import Floats, count, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement


def series(parts: object) -> Measurement:
    """All parts are needed: Π A_i. `parts` are availabilities (0..1) of parts that fail independently.

    A common cause makes the product wrong: see `graph_availability`. Unit: share. Errors: an availability
    outside 0..1, no part. Source: Barlow & Proschan 1975.
    """
    share = shares("parts", parts)
    return _computed(float(np.prod(share)), share.size, "series")


def parallel(parts: object) -> Measurement:
    """Any one part is enough: 1 − Π (1 − A_i). Too good where the parts share power, network or software.

    `parts`: their availabilities, 0..1, of parts that fail independently. Unit: share. Errors: an availability
    outside 0..1, no part. Source: Barlow & Proschan 1975.
    """
    share = shares("parts", parts)
    return _computed(1 - float(np.prod(1 - share)), share.size, "parallel")


def k_of_n(parts: object, *, needed: int) -> Measurement:
    """At least `needed` of the parts are up; for equal parts Σ_{j ≥ k} C(n, j) A^j (1 − A)^(n − j).

    Unequal parts by convolution. Independent failures are assumed.

    `parts`: their availabilities, 0..1. Unit: share. Errors: an availability outside 0..1, more needed than
    there are. Source: Barlow & Proschan 1975.
    """
    share = shares("parts", parts)
    if count("needed", needed, minimum=1) > share.size:
        raise MeasureError("needed", f"must not exceed the number of parts ({share.size}), is {needed}")
    return _computed(at_least(share, needed), share.size, f"{needed}-of-{share.size}")


def at_least(share: Floats, needed: int) -> float:
    """The probability that at least `needed` of the independent parts are up."""
    up = np.zeros(share.size + 1)
    up[0] = 1.0
    for part in share.tolist():
        up[1:] = up[1:] * (1 - part) + up[:-1] * part
        up[0] *= 1 - part
    return float(min(up[needed:].sum(), 1.0))


def shares(argument: str, values: object) -> Floats:
    """A non-empty array of availabilities."""
    share = floats(argument, values, minimum=0)
    if not share.size:
        raise MeasureError(argument, "must hold at least one availability")
    if share.max() > 1:
        raise MeasureError(argument, f"must not be above 1, found {share.max():g}")
    return share


def _computed(value: float, n: int, method: str) -> Measurement:
    return Measurement(value=value, unit="share", n=n, method=method)
