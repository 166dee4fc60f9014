"""Weights that meet several margins of a population at once, when its cells are not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, column, count, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.satisfaction.weighting import (
    TRIMMED,
    EffectiveSampleSize,
    effective_sample_size,
    stratum_codes,
    stratum_sizes,
    trim_limit,
)


@dataclass(frozen=True, slots=True)
class RakedWeights:
    """Weights that average 1; `deviation` is the largest share of a margin still off after `rounds`."""

    weights: Floats
    rounds: int
    deviation: float
    effective: EffectiveSampleSize
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        return f"margins met to {self.deviation:.1e} in {self.rounds} rounds{notes}; {self.effective}"


def rake(
    margins: Mapping[str, object],
    *,
    population: Mapping[str, Mapping[str, float]],
    trim: float | None = 5.0,
    tolerance: float = 1e-9,
    rounds: int = 1000,
) -> RakedWeights:
    """Weights under which the sample has the population's shares in every margin, by iterative proportional
    fitting (Deming & Stephan 1940).

    `margins` maps the name of a margin to the label of each answer, `population` to the size of each of its
    labels; every label of the population must occur in the sample. Trimming to `trim` times the median comes
    last and leaves the margins off by `deviation`, flagged "weights_trimmed"; "not_converged" says that no
    weights were found that meet all margins.
    One step for label k: w_i · W_k / Σ w over k. Unit: weights, on average 1. Errors: labels without a size, sizes
    without an answer, margins that are not the same in both.
    """
    if not margins or set(margins) != set(population):
        raise MeasureError("population", "must name the same margins as margins, at least one")
    count("rounds", rounds, minimum=1)
    fitted = [_margin(name, labels, population[name]) for name, labels in margins.items()]
    n = same_length(**{name: codes for name, (codes, _) in zip(margins, fitted, strict=True)})
    if n == 0:
        return RakedWeights(np.zeros(0), 0, 0.0, effective_sample_size([]), (NOT_ENOUGH_DATA,))
    _check_coverage(margins, fitted)
    weights, done, off = np.ones(n), 0, np.inf
    while done < rounds and off > tolerance:
        for codes, share in fitted:
            weights = weights * (share * n / np.bincount(codes, weights, share.size))[codes]
        done, off = done + 1, _deviation(weights, fitted)
    flags = () if off <= tolerance else ("not_converged",)
    limit = trim_limit(weights, trim)
    if weights.max() > limit:
        weights = np.minimum(weights, limit)
        weights = weights / weights.mean()
        flags, off = (*flags, TRIMMED), _deviation(weights, fitted)
    return RakedWeights(weights, done, off, effective_sample_size(weights), flags)


def _margin(name: str, labels: object, sizes: Mapping[str, float]) -> tuple[Integers, Floats]:
    names, values = stratum_sizes(f"population[{name!r}]", sizes)
    codes = stratum_codes(f"margins[{name!r}]", column(f"margins[{name!r}]", labels).astype(str), names)
    return codes, values / values.sum()


def _check_coverage(margins: Mapping[str, object], fitted: list[tuple[Integers, Floats]]) -> None:
    for name, (codes, share) in zip(margins, fitted, strict=True):
        if (np.bincount(codes, minlength=share.size) == 0).any():
            raise MeasureError(f"margins[{name!r}]", "must hold every label of the population at least once")


def _deviation(weights: Floats, fitted: list[tuple[Integers, Floats]]) -> float:
    total = weights.sum()
    return max(
        float(np.abs(np.bincount(codes, weights, share.size) / total - share).max())
        for codes, share in fitted
    )
