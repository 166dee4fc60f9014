"""Agreement on categories beyond chance: Cohen's kappa of two raters, Fleiss' kappa of several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, column, matrix, same_length
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.psychometrics.labels import label, plain
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

Weights = Literal["none", "linear", "quadratic"]


def cohen_kappa(
    first: object,
    second: object,
    *,
    categories: Sequence[object] | None = None,
    weights: Weights = "none",
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """Agreement of two raters beyond chance: κ = (p_o − p_e) / (1 − p_e) (Cohen 1960, weighted 1968).

    `first`, `second`: the category each rater gave each case. `weights` credit near misses by the distance of
    positions in `categories` (default: the categories found, in rising order): "linear" 1 − d/(m−1),
    "quadratic" 1 − (d/(m−1))². Interval from the large-sample variance (Fleiss, Cohen & Everitt 1969), cut at
    ±1. Kappa falls where one category is rare: give the table too. One category only: "zero_variance". Unit: a
    pure number, −1..1. Errors: raters with unequal numbers of cases, NaN, a category that is not declared.
    """
    if weights not in ("none", "linear", "quadratic"):
        raise MeasureError("weights", f'must be "none", "linear" or "quadratic", is {weights!r}')
    method = "cohen-kappa" if weights == "none" else f"cohen-kappa-{weights}"
    check_confidence(confidence)
    table = _cross_table(first, second, categories)
    n = int(table.sum())
    empty = Measurement(None, "", n, method=method, confidence=confidence, population=population)
    if n < 2:
        return empty.flagged(NOT_ENOUGH_DATA)
    shares = table / n
    credit = _credit(table.shape[0], weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreed, expected = float((credit * shares).sum()), float(rows @ credit @ columns)
    if 1 - expected < 1e-12:
        return empty.flagged(ZERO_VARIANCE)
    kappa = (agreed - expected) / (1 - expected)
    margins = (credit @ columns)[:, None] + credit.T @ rows
    squares = float((shares * (credit - margins * (1 - kappa)) ** 2).sum())
    variance = (squares - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    return _with_error(empty, kappa, variance)


def _cross_table(first: object, second: object, categories: Sequence[object] | None) -> Floats:
    one, two = plain("first", column("first", first)), plain("second", column("second", second))
    same_length(first=one, second=two)
    for name, values in (("first", one), ("second", two)):
        if values.dtype.kind == "f" and not np.isfinite(values.astype(np.float64)).all():
            raise MeasureError(name, "must be finite (no NaN, no infinity)")
    found, codes = np.unique(np.concatenate((one, two)), return_inverse=True)
    if categories is not None:
        listed = [label(category) for category in categories]
        unknown = sorted({label(value) for value in found.tolist()} - set(listed))
        if len(set(listed)) != len(listed):
            raise MeasureError("categories", "must each be named once")
        if unknown:
            raise MeasureError("categories", f"must name every category found, {unknown[0]!r} is missing")
        codes = np.array([listed.index(label(value)) for value in found.tolist()], dtype=np.int64)[codes]
    size = len(categories) if categories is not None else found.size
    cells = np.bincount(codes[: one.size] * size + codes[one.size :], minlength=size * size)
    return cells.reshape(size, size).astype(np.float64)


def _credit(size: int, weights: Weights) -> Floats:
    """How far a pair of categories counts as agreement, 1 on the diagonal."""
    if weights == "none" or size == 1:
        return np.eye(size)
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    credit: Floats = 1 - (distance if weights == "linear" else distance**2)
    return credit


def fleiss_kappa(counts: object, *, confidence: float = 0.95, population: str = "") -> Measurement:
    """Agreement of several raters beyond chance: κ = (P̄ − P̄_e) / (1 − P̄_e) (Fleiss 1971).

    `counts`: cases × categories, how many raters chose the category; every case by the same number of raters
    (at least 2), not necessarily the same persons. Interval by linearisation over cases (Gwet 2021), cut at ±1.
    Flags: "zero_variance" (one category only), "not_enough_data" (fewer than 2 cases). Unit: a pure number,
    −1..1. Errors: rows with unequal numbers of raters, parts of raters.
    """
    check_confidence(confidence)
    table = matrix("counts", counts)
    n = int(table.shape[0])
    if (table < 0).any() or (table != np.floor(table)).any():
        raise MeasureError("counts", "must be whole numbers not below 0")
    empty = Measurement(None, "", n, method="fleiss-kappa", confidence=confidence, population=population)
    if n < 2:
        return empty.flagged(NOT_ENOUGH_DATA)
    raters = table.sum(axis=1)
    if (raters != raters[0]).any():
        raise MeasureError("counts", f"must have the same number of raters in every row ({raters[0]:g})")
    r = float(raters[0])
    if r < 2:
        raise MeasureError("counts", f"must have at least 2 raters per case, has {r:g}")
    agreed = (table * (table - 1)).sum(axis=1) / (r * (r - 1))
    shares = table.mean(axis=0) / r
    expected = float(shares @ shares)
    if 1 - expected < 1e-12:
        return empty.flagged(ZERO_VARIANCE)
    kappa = (float(agreed.mean()) - expected) / (1 - expected)
    influence = (agreed - expected) / (1 - expected)
    influence -= 2 * (1 - kappa) * (table @ shares / r - expected) / (1 - expected)
    variance = float(((influence - kappa) ** 2).sum()) / (n * (n - 1))
    return _with_error(empty, kappa, variance)


def _with_error(empty: Measurement, kappa: float, variance: float) -> Measurement:
    """The figure with kappa and its normal interval, cut at ±1."""
    half = two_sided_z(empty.confidence) * math.sqrt(max(variance, 0.0))
    return replace(empty, value=kappa, low=max(kappa - half, -1.0), high=min(kappa + half, 1.0))
