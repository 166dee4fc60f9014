"""TOPSIS: how close each case comes to the best and how far it stays from the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers, booleans, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA

Norm = Literal["vector", "min-max"]


@dataclass(frozen=True, slots=True)
class Topsis:
    """Closeness 0..1 of each case (1: the best in everything), its rank, and the two ideals it is measured from."""

    closeness: Floats
    ranks: Integers
    best: Floats
    worst: Floats
    method: str
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        order = np.argsort(self.ranks, kind="stable")
        shown = ", ".join(f"{position + 1}: {self.closeness[position]:.4f}" for position in order)
        return f"{shown or ', '.join(self.flags)} ({self.method})"


def topsis(
    table: object,
    *,
    weights: object,
    cost: Sequence[bool] | Booleans | None = None,
    norm: Norm = "vector",
) -> Topsis:
    """Closeness d⁻ / (d⁺ + d⁻) to the ideal by weighted Euclidean distance (Hwang & Yoon 1981).

    `table` is cases × criteria, `weights` one per criterion, ≥ 0, summing to 1; `cost` marks criteria where
    less is better. `norm` "vector" divides a column by its length, "min-max" puts it on 0..1; they can
    disagree, so name it. Adding or removing a case can turn the order of others round: for choosing once, not
    for a series. All cases alike: closeness 0.5 each, flagged "zero_variance". Unit: closeness, 0..1. Errors:
    NaN, weights that do not sum to 1, an unknown norm.
    """
    x, w = matrix("table", table), floats("weights", weights, minimum=0)
    m, k = x.shape
    falling = np.zeros(k, np.bool_) if cost is None else booleans("cost", cost)
    if w.size != k or not k or abs(w.sum() - 1) > 1e-9:
        raise MeasureError("weights", f"must be one for each of the {k} columns and sum to 1")
    if falling.size != k:
        raise MeasureError("cost", f"must mark each of the {k} columns, marks {falling.size}")
    if norm not in ("vector", "min-max"):
        raise MeasureError("norm", f'must be "vector" or "min-max", is {norm!r}')
    method = f"topsis-{norm}"
    if m == 0:
        none = np.zeros(0)
        return Topsis(none, none.astype(np.int64), none, none, method, (NOT_ENOUGH_DATA,))
    if norm == "vector":
        length = np.sqrt((x**2).sum(axis=0))
        scaled = x / np.where(length > 0, length, 1.0)
    else:
        low, span = x.min(axis=0), np.ptp(x, axis=0)
        scaled = (x - low) / np.where(span > 0, span, 1.0)
    weighted = np.where(falling, -scaled, scaled) * w
    best, worst = weighted.max(axis=0), weighted.min(axis=0)
    above = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    below = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    alike = not (above + below).any()
    closeness = np.full(m, 0.5) if alike else below / (above + below)
    ranks = 1 + m - np.searchsorted(np.sort(closeness), closeness, side="right")
    flags = ("zero_variance",) if alike else ()
    sign = np.where(falling, -1.0, 1.0)
    return Topsis(closeness, ranks.astype(np.int64), best * sign, worst * sign, method, flags)
