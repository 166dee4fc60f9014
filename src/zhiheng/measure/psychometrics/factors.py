"""Whether a set of items hangs together enough for factors, and how many: KMO, Bartlett, parallel analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, count
from zhiheng.measure.distributions import chi_square_tail
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.psychometrics.answers import (
    FACTOR_N,
    SINGULAR,
    SMALL_SAMPLE,
    ZERO_VARIANCE,
    Answers,
    MissingRule,
    inverse_of,
    read_answers,
)
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement


@dataclass(frozen=True, slots=True)
class SamplingAdequacy:
    """The Kaiser-Meyer-Olkin measure of all items and of each (None where it cannot be computed)."""

    overall: Measurement
    names: tuple[str, ...]
    items: tuple[float, ...]

    def __str__(self) -> str:
        return f"KMO {self.overall}"


def kmo(
    answers: object,
    *,
    names: Sequence[str] | None = None,
    missing: MissingRule = "refuse",
    population: str = "",
) -> SamplingAdequacy:
    """How much of the correlations is shared by more than two items: Σ r² / (Σ r² + Σ p²) over all pairs.

    r correlations, p = −(R⁻¹)_ij / √((R⁻¹)_ii (R⁻¹)_jj) partial correlations (Kaiser 1970, Kaiser & Rice 1974).
    `answers`: respondents × items. Kaiser's words: below .5 unacceptable, from .8 meritorious. Flags:
    "small_sample" below 200 respondents, "singular", "zero_variance", "not_enough_data". Unit: a pure number,
    0..1. Errors: fewer than 2 items, NaN without a rule.
    """
    table = read_answers("answers", answers, missing=missing)
    labels = checked_names("names", names, table.items)
    correlation, inverse, flags = _matrices(table)
    overall: float | None = None
    items: tuple[float, ...] = ()
    if correlation is not None and inverse is not None:
        scale = np.sqrt(np.diag(inverse))
        partial = inverse / np.outer(scale, scale)
        shared, left = correlation**2, partial**2
        np.fill_diagonal(shared, 0.0)
        np.fill_diagonal(left, 0.0)
        if float(shared.sum()) == 0:
            flags = (*flags, "no_correlation")
        else:
            overall = float(shared.sum() / (shared.sum() + left.sum()))
            columns = shared.sum(axis=0) + left.sum(axis=0)
            items = tuple(float(v) for v in shared.sum(axis=0) / np.where(columns > 0, columns, 1.0))
    figure = Measurement(
        overall, "", table.n, method="kaiser-meyer-olkin", population=population, flags=flags
    )
    return SamplingAdequacy(figure, labels, items)


@dataclass(frozen=True, slots=True)
class Sphericity:
    """Bartlett's test that the items do not correlate at all; statistic and p are None where not computable."""

    statistic: float | None
    degrees: int
    p_value: float | None
    n: int
    method: str = "bartlett-sphericity"
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.statistic is None or self.p_value is None:
            return f"Bartlett sphericity: {', '.join(self.flags)}"
        return f"Bartlett chi2={self.statistic:.3f}, df={self.degrees}, p={self.p_value:.3g}, n={self.n}"


def bartlett_sphericity(answers: object, *, missing: MissingRule = "refuse") -> Sphericity:
    """The test of R = I: χ² = −(n − 1 − (2k + 5)/6) ln |R| with k (k−1) / 2 degrees of freedom (Bartlett 1950).

    `answers`: respondents × items, normal by assumption. With many respondents it rejects for correlations of
    no use: read it with `kmo`. Flags as for `kmo`. Unit: χ² and p. Errors: as for `kmo`.
    """
    table = read_answers("answers", answers, missing=missing)
    k = table.items
    degrees = k * (k - 1) // 2
    correlation, inverse, flags = _matrices(table)
    statistic = None
    if correlation is not None and inverse is not None:
        determinant = float(np.linalg.slogdet(correlation)[1])
        statistic = max(0.0, -(table.n - 1 - (2 * k + 5) / 6) * determinant)
    return Sphericity(
        statistic=statistic,
        degrees=degrees,
        p_value=None if statistic is None else chi_square_tail(statistic, degrees),
        n=table.n,
        flags=flags,
    )


def _matrices(table: Answers) -> tuple[Floats | None, Floats | None, tuple[str, ...]]:
    """Correlations, their inverse, and the flags that say why there are none."""
    covariance = table.covariance() if table.n > table.items else None
    if covariance is None:
        return None, None, (*table.flags, NOT_ENOUGH_DATA)
    correlation = table.correlation()
    if correlation is None:
        return None, None, (*table.flags, ZERO_VARIANCE)
    inverse = inverse_of(correlation)
    if inverse is None:
        return None, None, (*table.flags, SINGULAR)
    return correlation, inverse, (*table.flags, *((SMALL_SAMPLE,) if table.n < FACTOR_N else ()))


@dataclass(frozen=True, slots=True)
class ParallelAnalysis:
    """Eigenvalues of the answers beside those that unrelated items would give by chance.

    `factors`: how many leading eigenvalues exceed the chosen quantile of chance (None: not computable).
    """

    factors: int | None
    eigenvalues: tuple[float, ...]
    chance_mean: tuple[float, ...]
    chance_quantile: tuple[float, ...]
    quantile: float
    n: int
    replicates: int
    seed: int
    method: str = "horn-parallel-components"
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.factors is None:
            return f"parallel analysis: {', '.join(self.flags)}"
        noun = "factor" if self.factors == 1 else "factors"
        return f"parallel analysis: {self.factors} {noun} (n={self.n}, above {self.quantile:.0%} of chance)"


def parallel_analysis(
    answers: object,
    *,
    seed: int,
    missing: MissingRule = "refuse",
    replicates: int = 1_000,
    quantile: float = 0.95,
) -> ParallelAnalysis:
    """How many factors the items hold: eigenvalues of R above those of as many unrelated normal items (Horn 1965).

    Counts the leading eigenvalues that exceed the `quantile` of chance (Glorfeld 1995: .95; Horn: the mean).
    Chance tables are drawn as Wishart matrices (Bartlett 1933), so their cost does not depend on the number of
    respondents. `answers`: respondents × items; more respondents than items. Flags as for `kmo`. Drawn with
    `seed`. Unit: factors, a whole number. Errors: as for `kmo`, and a quantile outside (0, 1).
    """
    count("replicates", replicates, minimum=1)
    if not 0 < quantile < 1:
        raise MeasureError("quantile", f"must lie strictly between 0 and 1, is {quantile!r}")
    table = read_answers("answers", answers, missing=missing)
    chance = _chance_eigenvalues(table.n, table.items, replicates, count("seed", seed))
    correlation, _, flags = _matrices(table)
    # Eigenvalues need no inverse: items that depend on each other are no obstacle here.
    correlation = table.correlation() if SINGULAR in flags else correlation
    found = (None, (), (), ()) if correlation is None else _exceeding(correlation, chance, quantile)
    factors, eigenvalues, means, quantiles = found
    return ParallelAnalysis(
        factors=factors,
        eigenvalues=eigenvalues,
        chance_mean=means,
        chance_quantile=quantiles,
        quantile=quantile,
        n=table.n,
        replicates=replicates,
        seed=seed,
        flags=flags,
    )


def _exceeding(
    correlation: Floats, chance: Floats, quantile: float
) -> tuple[int, tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    eigenvalues = np.linalg.eigvalsh(correlation)[::-1]
    limits = np.quantile(chance, quantile, axis=0)
    below = np.flatnonzero(eigenvalues <= limits)
    factors = int(below[0]) if below.size else eigenvalues.size
    means = chance.mean(axis=0)
    return (
        factors,
        tuple(float(v) for v in eigenvalues),
        tuple(float(v) for v in means),
        tuple(float(v) for v in limits),
    )


def _chance_eigenvalues(n: int, k: int, replicates: int, seed: int) -> Floats:
    """Falling eigenvalues (replicates × k) of the correlations of k unrelated normal items, n respondents.

    The scatter matrix of n rows is L L', L lower triangular: normal below the diagonal, χ with n−1, n−2, ...
    degrees of freedom on it.
    """
    random = np.random.default_rng(seed)
    if n <= k:
        return np.zeros((0, k))
    lower = np.tril(random.standard_normal((replicates, k, k)), -1)
    diagonal = np.sqrt(random.chisquare(n - 1 - np.arange(k), size=(replicates, k)))
    lower[:, np.arange(k), np.arange(k)] = diagonal
    scatter = lower @ lower.transpose(0, 2, 1)
    scale = np.sqrt(np.diagonal(scatter, axis1=1, axis2=2))
    correlations = scatter / scale[:, :, None] / scale[:, None, :]
    return np.asarray(np.linalg.eigvalsh(correlations)[:, ::-1], dtype=np.float64)
