"""Weights that make a sample speak for its population stratum by stratum, and what they cost in precision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, Integers, check_confidence, column, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE, mean_within

TRIMMED = "weights_trimmed"
"""Weights above the limit were cut: less variance, some bias, and totals that no longer quite match."""


@dataclass(frozen=True, slots=True)
class EffectiveSampleSize:
    """How many equally weighted answers the weighted ones are worth (Kish 1965); None without answers."""

    n: int
    value: float | None
    design_effect: float | None
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.value is None:
            return f"not computable (n={self.n}, {', '.join(self.flags)})"
        return f"{self.value:.4g} of {self.n} answers, design effect {self.design_effect:.4g}"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: its size in the population, its answers, their mean, and the weight each answer carries."""

    name: str
    population: float
    n: int
    mean: float | None
    weight: float | None

    def __str__(self) -> str:
        mean, weight = ("?" if v is None else f"{v:.4g}" for v in (self.mean, self.weight))
        return f"{self.name}: mean {mean}, weight {weight}, n={self.n} of {self.population:g}"


@dataclass(frozen=True, slots=True)
class PostStratified:
    """A weighted mean beside the raw one, stratum by stratum. `weights` average 1 and follow the answers."""

    figure: Measurement
    raw: Measurement
    strata: tuple[Stratum, ...]
    weights: Floats
    effective: EffectiveSampleSize
    covered: float

    def __str__(self) -> str:
        return f"weighted {self.figure}; raw {self.raw}; effective {self.effective}"


def effective_sample_size(weights: object) -> EffectiveSampleSize:
    """(Σ w)² / Σ w², and the design effect n Σ w² / (Σ w)² that unequal weights alone cause (Kish 1965).

    Weights are ≥ 0 on any scale; all 0, NaN or below 0 are errors. Says nothing of clusters or strata.

    `weights`: one per answer. Unit: answers. Errors: weights below 0, all 0, NaN.
    """
    w = floats("weights", weights, minimum=0)
    n = int(w.size)
    if n == 0:
        return EffectiveSampleSize(0, None, None, (NOT_ENOUGH_DATA,))
    largest = float(w.max())
    if largest == 0:
        raise MeasureError("weights", "must not all be 0")
    w = w / largest
    effective = float(w.sum()) ** 2 / float((w * w).sum())
    return EffectiveSampleSize(n, effective, n / effective)


def post_stratify(
    values: object,
    strata: object,
    *,
    population: Mapping[str, float],
    trim: float | None = 5.0,
    unit: str = "points",
    limits: tuple[float, float] = (-np.inf, np.inf),
    confidence: float = 0.95,
) -> PostStratified:
    """The mean of `values` with each stratum weighted to its share of the `population`: Σ_h W_h x̄_h.

    `strata` labels each value; `population` gives the size N_h of each label. Weights go as N_h / n_h; those
    above `trim` times the median weight are cut to it, flagged "weights_trimmed". Var = Σ W_h² s_h² / n_h
    (linearised; Cochran 1977 §5A.9 without the term in 1/n²), Student's t with n − strata degrees, limits kept
    inside `limits`. A stratum with one answer takes the pooled variance of the others, flagged
    "single_answer:name"; one without answers is not spoken for, flagged "uncovered:name": `covered` is the
    share of the population that is. Weights repair only what differs between strata. Unit: that of `values`.
    Errors: labels that `population` does not name, sizes not above 0, `trim` below 1.
    """
    check_confidence(confidence)
    x, labels = floats("values", values), column("strata", strata).astype(str)
    same_length(values=x, strata=labels)
    names, sizes = stratum_sizes("population", population)
    codes = stratum_codes("strata", labels, names)
    n_h = np.bincount(codes, minlength=len(names))
    full = np.divide(sizes, n_h, out=np.zeros(sizes.size), where=n_h > 0)
    weight = np.minimum(full, trim_limit(full[codes], trim))
    means = np.divide(np.bincount(codes, x, sizes.size), n_h, out=np.zeros(sizes.size), where=n_h > 0)
    flags = [f"uncovered:{name}" for name, n in zip(names, n_h, strict=True) if n == 0]
    flags += [TRIMMED] if (weight < full).any() else []
    flags += [f"single_answer:{name}" for name, n in zip(names, n_h, strict=True) if n == 1]
    scale = float(weight[codes].mean()) if x.size else 1.0
    share = np.divide(weight * n_h, float((weight * n_h).sum()), out=np.zeros(sizes.size), where=n_h > 0)
    figure = _weighted_mean(
        x, codes, share=share, means=means, unit=unit, limits=limits, confidence=confidence
    )
    return PostStratified(
        figure=replace(figure, flags=(*flags, *figure.flags)),
        raw=mean_within(x, unit=unit, limits=limits, confidence=confidence),
        strata=tuple(
            Stratum(name, float(size), int(n), float(mean) if n else None, float(w) / scale if n else None)
            for name, size, n, mean, w in zip(names, sizes, n_h, means, weight, strict=True)
        ),
        weights=weight[codes] / scale,
        effective=effective_sample_size(weight[codes]),
        covered=float(sizes[n_h > 0].sum() / sizes.sum()),
    )


def stratum_sizes(argument: str, sizes: Mapping[str, float]) -> tuple[tuple[str, ...], Floats]:
    """Labels and sizes of a population, every size above 0."""
    if not sizes:
        raise MeasureError(argument, "must name at least one stratum")
    values = floats(argument, list(sizes.values()))
    if (values <= 0).any():
        raise MeasureError(argument, "must hold sizes above 0 only")
    return tuple(str(name) for name in sizes), values


def stratum_codes(argument: str, labels: np.ndarray, names: tuple[str, ...]) -> Integers:
    """The position of each label among `names`."""
    known = {name: position for position, name in enumerate(names)}
    unknown = sorted(set(labels.tolist()) - set(known))
    if unknown:
        raise MeasureError(argument, f"must all be named in population, {unknown[0]!r} is not")
    return np.array([known[label] for label in labels.tolist()], dtype=np.int64)


def trim_limit(weights: Floats, trim: float | None) -> float:
    """The largest weight allowed: `trim` times the median."""
    if trim is None or not weights.size:
        return np.inf
    if not trim >= 1:
        raise MeasureError("trim", f"must be at least 1, is {trim!r}")
    return trim * float(np.median(weights))


def _weighted_mean(
    x: Floats,
    codes: Integers,
    *,
    share: Floats,
    means: Floats,
    unit: str,
    limits: tuple[float, float],
    confidence: float,
) -> Measurement:
    n_h = np.bincount(codes, minlength=share.size)
    n, degrees = int(x.size), int(x.size) - int((n_h > 0).sum())
    nothing = not_enough(unit, n=n, method="post-stratified", confidence=confidence)
    if degrees < 1:
        return nothing
    squares = np.bincount(codes, (x - means[codes]) ** 2, n_h.size)
    variance = np.where(n_h > 1, squares / np.maximum(n_h - 1, 1), squares.sum() / degrees)
    error = float(np.sqrt((share**2 * variance / np.maximum(n_h, 1)).sum()))
    value = float(share @ means)
    if error <= 1e-14 * float(np.abs(x).max()):
        return replace(nothing, value=value, flags=(ZERO_VARIANCE,))
    half = distributions.student_quantile(0.5 + confidence / 2, degrees) * error
    low, high = max(value - half, limits[0]), min(value + half, limits[1])
    return replace(nothing, value=value, low=low, high=high, flags=())
