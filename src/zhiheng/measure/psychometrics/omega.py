"""McDonald's omega: the reliability of a sum under one common factor, fitted by maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, check_confidence
from zhiheng.measure.names import checked_names
from zhiheng.measure.psychometrics.answers import (
    FACTOR_N,
    SMALL_SAMPLE,
    ZERO_VARIANCE,
    Answers,
    MissingRule,
    correlation_of,
    read_answers,
)
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import Measurement, not_enough

LEAST_UNIQUENESS = 0.005
ROUNDS = 2_000
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
    `parallel_analysis`.
    """
    check_confidence(confidence)
    table = read_answers("answers", answers, missing=missing, least_items=3)
    labels = checked_names("names", names, table.items)
    method = "omega-ml" if seed is None or missing == "pairwise" else "omega-ml-bootstrap-percentile"
    if table.n <= table.items or table.covariance() is None:
        empty = not_enough("", n=table.n, method=method, confidence=confidence, population=population)
        return Omega(empty.flagged(*table.flags), labels, ())
    correlation = table.correlation()
    if correlation is None:
        flags = (*table.flags, ZERO_VARIANCE)
        figure = Measurement(None, "", table.n, method=method, population=population, flags=flags)
        return Omega(figure, labels, ())
    loadings, settled = one_factor(correlation[None])
    low, high = None, None
    if seed is not None and missing != "pairwise":
        spread = _replicated(table, replicates=replicates, seed=seed)
        low, high = percentile_interval(spread, confidence=confidence)
    figure = Measurement(
        float(omega_of(loadings)[0]),
        "",
        table.n,
        low=low,
        high=high,
        method=method,
        confidence=confidence,
        population=population,
        flags=(*table.flags, *_fit_flags(loadings[0], bool(settled[0]), table.n)),
    )
    return Omega(figure, labels, tuple(float(v) for v in loadings[0]))


def omega_of(loadings: Floats) -> Floats:
    """Omega of each row of standardised loadings."""
    common = loadings.sum(axis=1) ** 2
    omega: Floats = common / (common + (1 - loadings**2).sum(axis=1))
    return omega


def one_factor(correlations: Floats) -> tuple[Floats, Booleans]:
    """Maximum-likelihood loadings of one factor for a stack of correlation matrices, and whether each settled.

    Given uniquenesses ψ the best loadings come from the first eigenvector of ψ^-½ R ψ^-½; then ψ = 1 − l², and
    again (Lawley & Maxwell 1971 §2.6). The sign is that of the loadings' sum.
    """
    stack, k = correlations.shape[:2]
    unique = np.full((stack, k), 0.5)
    loadings = np.zeros((stack, k))
    moving = np.ones(stack, dtype=np.bool_)
    for _ in range(ROUNDS):
        scale = np.sqrt(unique[moving])
        scaled = correlations[moving] / scale[:, :, None] / scale[:, None, :]
        roots, vectors = np.linalg.eigh(scaled)
        strength = np.sqrt(np.maximum(roots[:, -1] - 1, 0.0))
        found = strength[:, None] * vectors[:, :, -1] * scale
        # An item at the floor keeps it: its loading is what the floor leaves.
        found = np.clip(found, -np.sqrt(1 - LEAST_UNIQUENESS), np.sqrt(1 - LEAST_UNIQUENESS))
        loadings[moving] = found
        step = np.abs(1 - found**2 - unique[moving]).max(axis=1)
        unique[moving] = 1 - found**2
        moving[moving] = step > SETTLED
        if not moving.any():
            break
    signs = np.where(loadings.sum(axis=1) < 0, -1.0, 1.0)
    return loadings * signs[:, None], ~moving


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
    k = table.items
    products = (centred[:, :, None] * centred[:, None, :]).reshape(table.n, k * k)
    blocks = []
    for counts in bootstrap_counts(table.n, replicates=replicates, seed=seed):
        means = counts @ centred / table.n
        second = (counts @ products).reshape(-1, k, k) / table.n
        covariances = second - means[:, :, None] * means[:, None, :]
        usable = [correlation_of(c) for c in covariances]
        values = np.full(len(usable), np.nan)
        kept = np.array([r is not None for r in usable])
        if kept.any():
            loadings, settled = one_factor(np.stack([r for r in usable if r is not None]))
            values[kept] = np.where(settled, omega_of(loadings), np.nan)
        blocks.append(values)
    return np.concatenate(blocks)
