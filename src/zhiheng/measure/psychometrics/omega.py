"""McDonald's omega: the reliability of a sum under one common factor, fitted by maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, check_confidence
from zhiheng.measure.names import checked_names
from zhiheng.measure.psychometrics.answers import (
    FACTOR_N,
    SMALL_SAMPLE,
    ZERO_VARIANCE,
    Answers,
    MissingRule,
    read_answers,
)
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

LEAST_UNIQUENESS = 0.005
ROUNDS = 500
SETTLED = 1e-9


@dataclass(frozen=True, slots=True)
class Omega:
    """Omega total of one factor with the loading of each item; `omega.flags` say what is wrong with the fit."""

    omega: Measurement
    names: tuple[str, ...]
    loadings: tuple[float, ...]

    @property
    def uniquenesses(self) -> tuple[float, ...]:
        """1 − loading²: what an item does not share with the factor."""
        return tuple(1 - loading * loading for loading in self.loadings)

    def __str__(self) -> str:
        loadings = ", ".join(f"{n} {v:.2f}" for n, v in zip(self.names, self.loadings, strict=False))
        return f"omega {self.omega}; loadings {loadings or 'none'}"


def mcdonald_omega(
    answers: object,
    *,
    names: Sequence[str] | None = None,
    missing: MissingRule = "refuse",
    confidence: float = 0.95,
    seed: int | None = None,
    replicates: int = 1_000,
    population: str = "",
) -> Omega:
    """The share of a total score that one common factor explains: ω = (Σ l)² / ((Σ l)² + Σ (1 − l²)).

    l: standardised loadings of the one-factor model, by maximum likelihood on the correlations (McDonald 1999;
    Jöreskog 1967). `answers`: respondents × at least 3 items. With a `seed` a percentile bootstrap over
    respondents gives the interval (not under "pairwise"). Flags: "small_sample" below 200 respondents,
    "heywood" (a uniqueness at its floor of 0.005), "not_settled", "mixed_signs" (an item that should be
    reversed by its key), "zero_variance". Omega of one factor says nothing where there are several: see
    `parallel_analysis`. Unit: a pure number, 0..1. Errors: fewer than 3 items, NaN without a rule.
    """
    check_confidence(confidence)
    table = read_answers("answers", answers, missing=missing, least_items=3)
    labels = checked_names("names", names, table.items)
    empty = Measurement(None, "", table.n, method="omega-ml", confidence=confidence, population=population)
    correlation = table.correlation()
    if correlation is None or table.n <= table.items:
        few = table.n <= table.items or table.covariance() is None
        return Omega(empty.flagged(*table.flags, NOT_ENOUGH_DATA if few else ZERO_VARIANCE), labels, ())
    loadings, settled = one_factor(correlation[None])
    flags = (*table.flags, *_fit_flags(loadings[0], bool(settled[0]), table.n))
    figure = replace(empty, value=float(omega_of(loadings)[0]), flags=flags)
    if seed is not None and missing != "pairwise":
        spread = _replicated(table, replicates=replicates, seed=seed)
        low, high = percentile_interval(spread, confidence=confidence)
        figure = replace(figure, low=low, high=high, method="omega-ml-bootstrap-percentile")
    return Omega(figure, labels, tuple(float(v) for v in loadings[0]))


def omega_of(loadings: Floats) -> Floats:
    """Omega of each row of standardised loadings."""
    common = loadings.sum(axis=1) ** 2
    omega: Floats = common / (common + (1 - loadings**2).sum(axis=1))
    return omega


def one_factor(correlations: Floats) -> tuple[Floats, Booleans]:
    """Maximum-likelihood loadings of one factor for a stack of correlation matrices, and whether each settled.

    Given uniquenesses ψ the best loadings come from the first eigenvector of ψ^-½ R ψ^-½; then ψ = 1 − l², and
    again (Lawley & Maxwell 1971 §2.6). That creeps where a uniqueness nears 0, so each round extrapolates two
    steps (Varadhan & Roland 2008, scheme S3). The sign is that of the loadings' sum.
    """
    stack, k = correlations.shape[:2]
    unique = np.full((stack, k), 0.5)
    moving = np.ones(stack, dtype=np.bool_)
    for _ in range(ROUNDS):
        if not moving.any():
            break
        here, start = correlations[moving], unique[moving]
        once = _uniquenesses(_loadings(here, start))
        twice = _uniquenesses(_loadings(here, once))
        step, bend = once - start, twice - 2 * once + start
        sizes = np.linalg.norm(step, axis=1), np.linalg.norm(bend, axis=1)
        reach = np.divide(sizes[0], sizes[1], out=np.ones(here.shape[0]), where=sizes[1] > 0)
        reach = np.maximum(reach, 1.0)[:, None]
        ahead = np.clip(start + 2 * reach * step + reach**2 * bend, LEAST_UNIQUENESS, 1.0)
        found = _uniquenesses(_loadings(here, ahead))
        unique[moving] = found
        moving[moving] = np.abs(found - ahead).max(axis=1) > SETTLED
    loadings = _loadings(correlations, unique)
    signs = np.where(loadings.sum(axis=1) < 0, -1.0, 1.0)
    return loadings * signs[:, None], ~moving


def _loadings(correlations: Floats, unique: Floats) -> Floats:
    """The best loadings for given uniquenesses, none so large that its item's uniqueness is under the floor."""
    scale = np.sqrt(unique)
    roots, vectors = np.linalg.eigh(correlations / scale[:, :, None] / scale[:, None, :])
    strength = np.sqrt(np.maximum(roots[:, -1] - 1, 0.0))
    most = np.sqrt(1 - LEAST_UNIQUENESS)
    loadings: Floats = np.clip(strength[:, None] * vectors[:, :, -1] * scale, -most, most)
    return loadings


def _uniquenesses(loadings: Floats) -> Floats:
    unique: Floats = np.clip(1 - loadings**2, LEAST_UNIQUENESS, 1.0)
    return unique


def _fit_flags(loadings: Floats, settled: bool, n: int) -> tuple[str, ...]:
    raised = {
        SMALL_SAMPLE: n < FACTOR_N,
        "not_settled": not settled,
        "heywood": bool((1 - loadings**2 < LEAST_UNIQUENESS + 1e-6).any()),
        "mixed_signs": bool((loadings < 0).any()),
    }
    return tuple(flag for flag, up in raised.items() if up)


def _replicated(table: Answers, *, replicates: int, seed: int) -> Floats:
    """Omega of every bootstrap replicate; NaN where an item does not vary in it or the fit does not settle."""
    centred = table.values - table.values.mean(axis=0)
    blocks = []
    for counts in bootstrap_counts(table.n, replicates=replicates, seed=seed):
        means = counts @ centred / table.n
        # An item at a time: all products at once would be respondents × items².
        second = np.stack([counts @ (centred * item[:, None]) for item in centred.T], axis=1) / table.n
        covariances = second - means[:, :, None] * means[:, None, :]
        variances, moments = (np.diagonal(m, axis1=1, axis2=2) for m in (covariances, second))
        # A column of one value has a variance of rounding errors here, not of 0.
        usable = (variances > 1e-9 * moments).all(axis=1)
        scale = np.sqrt(variances[usable])
        loadings, settled = one_factor(covariances[usable] / scale[:, :, None] / scale[:, None, :])
        values = np.full(usable.size, np.nan)
        values[usable] = np.where(settled, omega_of(loadings), np.nan)
        blocks.append(values)
    return np.concatenate(blocks)
