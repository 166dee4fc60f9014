"""Shares of R² by averaging over all orders of entry, for one correlation matrix or many at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, count
from zhiheng.measure.resampling import bootstrap_counts
from zhiheng.measure.satisfaction.clusters import cluster_codes

_SINGULAR = 1e-10  # what is left of a standardised variance below this is rounding
_CELLS = 1_000_000  # the most R² values, or cells of matrices, held at once


def lmg_shares(correlations: Floats) -> Floats:
    """The share of R² of each attribute, for a stack of correlation matrices whose last column is the outcome.

    stack × (p+1) × (p+1) → stack × p. Σ over sets S without j of |S|! (p−|S|−1)! / p! · (R²(S+j) − R²(S)).
    """
    p = correlations.shape[1] - 1
    step = max(1, _CELLS >> p)
    blocks = [
        _shapley(_explained(correlations[start : start + step]), p)
        for start in range(0, len(correlations), step)
    ]
    return np.concatenate(blocks)


def sampled_shares(correlations: Floats, orders: Integers) -> Floats:
    """The same averaged over the `orders` given (orders × p) instead of all; each order alone adds up to R²."""
    stack, p = len(correlations), correlations.shape[1] - 1
    step = max(1, _CELLS // (len(orders) * (p + 1) ** 2))
    shares = np.zeros((stack, p))
    for start in range(0, stack, step):
        part = slice(start, start + step)
        gains = _gains(correlations[part], orders)
        for order, gain in zip(orders, gains.transpose(1, 0, 2), strict=True):
            shares[part, order] += gain
    return shares / len(orders)


def random_orders(p: int, *, pairs: int, seed: int) -> Integers:
    """Random orders of p attributes, each with its reverse, which makes their mean steadier."""
    random = np.random.default_rng(count("seed", seed))
    forward = random.permuted(np.tile(np.arange(p), (pairs, 1)), axis=1)
    return np.vstack((forward, forward[:, ::-1]))


def correlations(x: Floats) -> Floats:
    """The correlation matrix of the columns, as a stack of one; a constant column correlates with nothing."""
    moments = _moments(_standardised(x))
    return _from_moments(moments.sum(axis=0)[None, :], x.shape[1])


def bootstrap_shares(
    attributes: Floats,
    outcome: Floats,
    clusters: object | None,
    shares: Callable[[Floats], Floats],
    *,
    replicates: int,
    seed: int,
) -> Floats:
    """replicates × attributes: the `shares` of samples drawn with replacement by row or by label of `clusters`."""
    z = _standardised(np.column_stack((attributes, outcome)))
    moments = _moments(z)
    if clusters is not None:
        codes, sizes = cluster_codes(clusters, len(moments))
        grouped = np.zeros((sizes.size, moments.shape[1]))
        np.add.at(grouped, codes, moments)
        moments = grouped
    draws = bootstrap_counts(len(moments), replicates=replicates, seed=seed)
    return np.concatenate([shares(_from_moments(counts @ moments, z.shape[1])) for counts in draws])


def is_constant(x: Floats) -> tuple[bool, ...]:
    """For each column whether all its values are the same."""
    return tuple((x.max(axis=0) == x.min(axis=0)).tolist()) if len(x) else (True,) * x.shape[1]


def _standardised(x: Floats) -> Floats:
    centred = x - x.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    constant = np.array(is_constant(x))
    result: Floats = np.where(constant, 0.0, centred / np.where(constant, 1.0, spread))
    return result


def _moments(z: Floats) -> Floats:
    """One row per case whose sums give every mean and product of a sample: 1, z_i, z_i z_j for i ≤ j."""
    left, right = np.triu_indices(z.shape[1])
    return np.column_stack((np.ones(len(z)), z, z[:, left] * z[:, right]))


def _from_moments(sums: Floats, q: int) -> Floats:
    n, means = sums[:, :1], sums[:, 1 : q + 1] / sums[:, :1]
    left, right = np.triu_indices(q)
    upper = sums[:, q + 1 :] / n - means[:, left] * means[:, right]
    covariance = np.empty((len(sums), q, q))
    covariance[:, left, right] = upper
    covariance[:, right, left] = upper
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    known = variance > _SINGULAR
    scale = np.where(known, 1 / np.sqrt(np.where(known, variance, 1.0)), 0.0)
    result: Floats = covariance * scale[:, :, None] * scale[:, None, :]
    return result


def _explained(correlations: Floats) -> Floats:
    """R² of every set of attributes (rows, bit j = attribute j) for each matrix (columns).

    Walks the tree in which a set is extended only by later attributes: each step is one elimination.
    """
    p = correlations.shape[1] - 1
    explained = np.zeros((1 << p, len(correlations)))
    waiting = [(0, 0, correlations)]
    while waiting:
        members, first, left = waiting.pop()
        for k in range(p - first):
            pivot, row = left[:, k, k], left[:, k, k + 1 :]
            slope = np.where((pivot > _SINGULAR)[:, None], row, 0.0) / np.maximum(pivot, _SINGULAR)[:, None]
            extended = members | 1 << (first + k)
            explained[extended] = explained[members] + slope[:, -1] * row[:, -1]
            if first + k + 1 < p:
                rest = left[:, k + 1 :, k + 1 :] - slope[:, :, None] * row[:, None, :]
                waiting.append((extended, first + k + 1, rest))
    return explained


def _gains(correlations: Floats, orders: Integers) -> Floats:
    """stack × orders × p: what each attribute adds to R² when it enters in its place of each order."""
    p = orders.shape[1]
    places = np.column_stack((orders, np.full(len(orders), p)))
    ordered = correlations[:, places[:, :, None], places[:, None, :]].reshape(-1, p + 1, p + 1)
    gains = _gains_of_regular(ordered)
    if gains is None:
        gains = _gains_of_any(ordered)
    return gains.reshape(len(correlations), len(orders), p)


def _gains_of_regular(ordered: Floats) -> Floats | None:
    """The squares of the last row of the Cholesky factor; None if an attribute follows from those before it."""
    try:
        squares: Floats = np.linalg.cholesky(ordered).astype(np.float64) ** 2
    except np.linalg.LinAlgError:
        return None
    pivots = np.diagonal(squares, axis1=1, axis2=2)[:, :-1]
    return squares[:, -1, :-1] if pivots.min() > _SINGULAR else None


def _gains_of_any(left: Floats) -> Floats:
    """The same by elimination, in which an attribute that follows from those before it adds nothing."""
    gains = np.empty((len(left), left.shape[1] - 1))
    for k in range(gains.shape[1]):
        pivot, row = left[:, 0, 0], left[:, 0, 1:]
        slope = np.where((pivot > _SINGULAR)[:, None], row, 0.0) / np.maximum(pivot, _SINGULAR)[:, None]
        gains[:, k] = slope[:, -1] * row[:, -1]
        left = left[:, 1:, 1:] - slope[:, :, None] * row[:, None, :]
    return gains


def _shapley(explained: Floats, p: int) -> Floats:
    sets = np.arange(1 << p)
    size = sum((sets >> bit) & 1 for bit in range(p))
    weight = np.ones(p)  # s! (p − s − 1)! / p! = 1 / (p · C(p − 1, s))
    for s in range(1, p):
        weight[s] = weight[s - 1] * s / (p - s)
    weight /= p
    result = np.empty((explained.shape[1], p))
    for bit in range(p):
        without = sets[(sets >> bit) & 1 == 0]
        gain = explained[without | 1 << bit] - explained[without]
        result[:, bit] = weight[np.asarray(size)[without]] @ gain
    return result
