"""Weights: judged by people in pairs (AHP), or read off the spread of the data (entropy, CRITIC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, booleans, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA

INCONSISTENT = "inconsistent"
"""The judgements contradict each other too much to be used; ask again."""
ADVISORY = "advisory"
"""Weights of spread, not of importance, and new every period: never the weights of a contract."""

# Saaty's mean consistency index of random judgements, for 3 to 10 criteria.
_RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}


@dataclass(frozen=True, slots=True)
class AhpWeights:
    """Weights from pairwise judgements with the largest eigenvalue, consistency index and consistency ratio."""

    weights: Floats
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    judges: int
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        shown = " ".join(f"{w:.4f}" for w in self.weights)
        return f"{shown} (AHP, {self.judges} judges, consistency ratio {self.consistency_ratio:.3f}{notes})"


@dataclass(frozen=True, slots=True)
class DataWeights:
    """Weights computed from a table of cases × criteria; None where the table does not determine them."""

    weights: Floats | None
    method: str
    n: int
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = "none" if self.weights is None else " ".join(f"{w:.4f}" for w in self.weights)
        return f"{shown} ({self.method}, n={self.n}, {', '.join(self.flags)})"


def ahp_weights(judgements: object, *, most_inconsistent: float = 0.10) -> AhpWeights:
    """The principal eigenvector of pairwise judgements (Saaty 1980), summing to 1.

    `judgements` is criteria × criteria, a_ij how many times i matters as much as j, a_ji = 1 / a_ij, 2 to 10
    criteria; or judges × criteria × criteria, joined by the geometric mean. CI = (λ − n) / (n − 1), CR = CI /
    RI; above `most_inconsistent` the result is flagged "inconsistent". Adding a criterion can turn the order of
    others round. Unit: weights that sum to 1. Errors: judgements that are not square, not above 0 or not
    reciprocal.
    """
    given = np.asarray(judgements)
    if given.dtype.kind not in "iuf":
        raise MeasureError("judgements", "must hold numbers only")
    stack = given.astype(np.float64)
    stack = stack[None] if stack.ndim == 2 else stack
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2] or not stack.shape[0]:
        raise MeasureError("judgements", "must be criteria × criteria, or judges × criteria × criteria")
    n = stack.shape[1]
    if not 2 <= n <= max(_RANDOM_INDEX):
        raise MeasureError("judgements", f"must compare 2 to {max(_RANDOM_INDEX)} criteria, compares {n}")
    if not (np.isfinite(stack).all() and (stack > 0).all()):
        raise MeasureError("judgements", "must be finite and above 0")
    if not np.allclose(stack * stack.transpose(0, 2, 1), 1, rtol=0, atol=0.01):
        raise MeasureError("judgements", "must be reciprocal: a_ji = 1 / a_ij, and 1 on the diagonal")
    joined = np.exp(np.log(stack).mean(axis=0))
    values, vectors = np.linalg.eig(joined)
    largest = int(values.real.argmax())
    weights = np.abs(vectors[:, largest].real)
    eigenvalue = float(values[largest].real)
    index = max((eigenvalue - n) / (n - 1), 0.0)
    ratio = index / _RANDOM_INDEX[n] if n > 2 else 0.0
    flags = (INCONSISTENT,) if ratio > most_inconsistent else ()
    return AhpWeights(weights / weights.sum(), eigenvalue, index, ratio, len(stack), flags)


def entropy_weights(table: object) -> DataWeights:
    """w_j = (1 − e_j) / Σ (1 − e), e_j = −Σ_i p_ij ln p_ij / ln m, p_ij = x_ij / Σ_i x_ij (Shannon's entropy;
    Zeleny 1982).

    `table` is m cases × criteria, ≥ 0, in the units they come in. A criterion in which all cases are alike gets
    nothing, however important it is: flagged "advisory". Fewer than 2 cases, or nothing that differs: not
    enough data. Unit: weights that sum to 1. Errors: NaN, values below 0.
    """
    x = _table(table, minimum=0.0)
    m = len(x)
    totals = x.sum(axis=0)
    if m < 2 or (totals == 0).any():
        return DataWeights(None, "entropy", m, (NOT_ENOUGH_DATA,))
    p = x / totals
    logs = np.log(np.where(p > 0, p, 1.0))
    spare = 1 + (p * logs).sum(axis=0) / np.log(m)
    spare = np.where(x.min(axis=0) == x.max(axis=0), 0.0, np.maximum(spare, 0.0))
    return _advised(spare, "entropy", m)


def critic_weights(table: object, *, cost: Sequence[bool] | Booleans | None = None) -> DataWeights:
    """w_j ∝ C_j = s_j Σ_k (1 − r_jk) on columns put on 0..1 by minimum and maximum (Diakoulaki et al. 1995).

    `cost` marks criteria where less is better. Criteria that spread and that no other repeats weigh most,
    however important they are: flagged "advisory". A constant column gets nothing. Fewer than 2 cases, or
    nothing that differs: not enough data. `table` is cases × criteria. Unit: weights that sum to 1. Errors:
    NaN, `cost` that does not mark every column.
    """
    x = _table(table)
    m, k = x.shape
    falling = np.zeros(k, np.bool_) if cost is None else booleans("cost", cost)
    if falling.size != k:
        raise MeasureError("cost", f"must mark each of the {k} columns, marks {falling.size}")
    if m < 2:
        return DataWeights(None, "critic", m, (NOT_ENOUGH_DATA,))
    low, high = x.min(axis=0), x.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    z = np.where(falling, high - x, x - low) / span
    centred = z - z.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0))
    scaled = centred / np.where(norms > 0, norms, 1.0)
    conflict = (1 - scaled.T @ scaled).sum(axis=0) - (1 - (norms > 0))
    return _advised(norms / np.sqrt(m - 1) * conflict, "critic", m)


def _advised(size: Floats, method: str, m: int) -> DataWeights:
    total = float(size.sum())
    if not total > 1e-12:
        return DataWeights(None, method, m, (NOT_ENOUGH_DATA,))
    return DataWeights(size / total, method, m, (ADVISORY,))


def _table(table: object, *, minimum: float | None = None) -> Floats:
    x = matrix("table", table)
    if not x.shape[1]:
        raise MeasureError("table", "must have at least one column")
    if minimum is not None and x.size and x.min() < minimum:
        raise MeasureError("table", f"must not be below {minimum:g}, found {x.min():g}")
    return x
