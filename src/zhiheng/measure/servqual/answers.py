"""The answers of a SERVQUAL-structured survey: items in dimensions, missing answers, weights of dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names

SERVQUAL_DIMENSIONS = (
    *("tangibles",) * 4,
    *("reliability",) * 5,
    *("responsiveness",) * 4,
    *("assurance",) * 4,
    *("empathy",) * 5,
)
"""The dimension of each of the 22 items of the classic structure (Parasuraman, Zeithaml & Berry 1988)."""

ANSWERED_SHARE = 0.8
"""A respondent's dimension counts when at least this share of its items is answered."""

WEIGHT_TOTAL = 100.0


@dataclass(frozen=True, slots=True)
class Structure:
    """Which item belongs to which dimension. `member`: items × dimensions."""

    items: tuple[str, ...]
    dimensions: tuple[str, ...]
    member: Booleans

    def scores(self, values: Floats, answered_share: float) -> Floats:
        """Each respondent's mean of a dimension's answered items; NaN where too few are answered."""
        present = ~np.isnan(values)
        answered = present.astype(np.float64) @ self.member
        sums = np.where(present, values, 0.0) @ self.member
        # The share is compared with a little room: 0.8 of 5 items are 4, whatever binary makes of 0.8.
        enough = (answered >= answered_share * self.member.sum(axis=0) - 1e-9) & (answered > 0)
        scores: Floats = np.divide(sums, answered, out=np.full(sums.shape, np.nan), where=enough)
        return scores

    def columns(self, values: Floats, answered_share: float, shares: Floats | None) -> Floats:
        """Items, dimensions, unweighted and (with `shares`) weighted overall of each respondent, side by side."""
        parts = self.scores(values, answered_share)
        columns = [values, parts, overall_scores(parts)[:, None]]
        if shares is not None:
            columns.append(weighted_scores(parts, shares)[:, None])
        return np.concatenate(columns, axis=1)


def read_structure(dimensions: Sequence[str], items: Sequence[str] | None, columns: int) -> Structure:
    """The structure that names a dimension for each of the columns."""
    labels = tuple(str(name) for name in dimensions)
    if len(labels) != columns:
        raise MeasureError(
            "dimensions", f"must name the dimension of every item ({columns}), names {len(labels)}"
        )
    found = tuple(dict.fromkeys(labels))
    member = np.array([[label == name for name in found] for label in labels], dtype=np.bool_)
    return Structure(checked_names("items", items, columns), found, member.reshape(columns, len(found)))


def read_scale(argument: str, values: object, scale: tuple[float, float]) -> Floats:
    """Respondents × items on the declared scale; NaN: no answer or "don't know"."""
    low, high = scale
    if not low < high:
        raise MeasureError("scale", f"must be its lowest and highest answer, is {scale!r}")
    table = matrix(argument, values, missing=True)
    if not table.shape[1]:
        raise MeasureError(argument, "must have at least one item (column)")
    if (table < low).any() or (table > high).any():
        raise MeasureError(argument, f"must lie on the scale {low:g} to {high:g}")
    return table


def same_shape(**tables: Floats) -> None:
    """The named tables must be paired: the same respondents and items."""
    (first, reference), *others = tables.items()
    for name, table in others:
        if table.shape != reference.shape:
            raise MeasureError(name, f"must have the shape of {first} {reference.shape}, has {table.shape}")


def check_share(answered_share: float) -> float:
    """The missing rule's share, above 0 and at most 1."""
    if not 0 < answered_share <= 1:
        raise MeasureError("answered_share", f"must lie above 0 and not above 1, is {answered_share!r}")
    return answered_share


def read_weights(weights: object, respondents: int, dimensions: int) -> Floats:
    """Respondents × dimensions of shares that sum to 1; a row of NaN where somebody gave no weights.

    Given are the points each respondent split, 100 in all, or one row of points for everybody.
    """
    array = np.asarray(weights)
    table = matrix("weights", array[None] if array.ndim == 1 else array, missing=True)
    if table.shape[1] != dimensions:
        raise MeasureError("weights", f"must weigh every dimension ({dimensions}), weighs {table.shape[1]}")
    if table.shape[0] != respondents and array.ndim != 1:
        raise MeasureError("weights", f"must have a row per respondent ({respondents}), has {table.shape[0]}")
    given = ~np.isnan(table).any(axis=1)
    if (np.isnan(table).any(axis=1) != np.isnan(table).all(axis=1)).any():
        raise MeasureError("weights", "must weigh all dimensions in a row or none")
    if (table < 0).any():
        raise MeasureError("weights", "must not be below 0")
    sums = table[given].sum(axis=1)
    off = np.flatnonzero(np.abs(sums - WEIGHT_TOTAL) > 1e-6)
    if off.size:
        row = int(np.flatnonzero(given)[off[0]])
        raise MeasureError(
            "weights", f"must sum to {WEIGHT_TOTAL:g} in every row, row {row} to {sums[off[0]]:g}"
        )
    return np.broadcast_to(table / WEIGHT_TOTAL, (respondents, dimensions))


def overall_scores(scores: Floats) -> Floats:
    """Each respondent's mean over the dimensions; NaN where one is missing."""
    mean: Floats = scores.mean(axis=1)
    return mean


def weighted_scores(scores: Floats, weights: Floats) -> Floats:
    """Each respondent's weighted sum over the dimensions; NaN where a dimension or the weights are missing."""
    total: Floats = (scores * weights).sum(axis=1)
    return total
