"""The constants of control charts: what range and standard deviation of a normal sample of n are on average."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from zhiheng.measure.arrays import Floats

MOVING_RANGE = 1.128
"""d2 of two values as it has always been printed (1.12838), so that limits are 2.660 times the mean moving range and
Laney's factor is the published one."""

_REACH = 9.0  # the normal tail beyond it is below 1e-18
_NODES = 240


@lru_cache(maxsize=64)
def c4(n: int) -> float:
    """E(s) / σ of n normal values: √(2 / (n − 1)) Γ(n / 2) / Γ((n − 1) / 2)."""
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


@lru_cache(maxsize=64)
def d2(n: int) -> float:
    """E(range) / σ of n normal values: ∫ 1 − Φ(x)^n − (1 − Φ(x))^n dx (Tippett 1925); 2 / √π for n = 2."""
    _, weight, below = _grid()
    return float(weight @ (1 - below**n - (1 - below) ** n))


@lru_cache(maxsize=64)
def d3(n: int) -> float:
    """SD(range) / σ of n normal values: E(range²) = 2 ∬_{x<y} 1 − Φ(y)^n − (1 − Φ(x))^n + (Φ(y) − Φ(x))^n."""
    if n == 2:
        return math.sqrt(2 - 4 / math.pi)
    x, weight, below = _grid()
    # For each y the inner integral over x in (−reach, y), by the same nodes drawn together.
    share = (x + _REACH) / (2 * _REACH)
    inner_x = -_REACH + share[None, :] * (x[:, None] + _REACH)
    inner_weight = weight[None, :] * (x[:, None] + _REACH) / (2 * _REACH)
    low = _phi(inner_x.ravel()).reshape(inner_x.shape)
    high = below[:, None]
    square = 1 - high**n - (1 - low) ** n + (high - low) ** n
    second = 2 * float(weight @ (inner_weight * square).sum(axis=1))
    return math.sqrt(second - d2(n) ** 2)


@lru_cache(maxsize=1)
def _grid() -> tuple[Floats, Floats, Floats]:
    """Gauss-Legendre nodes on (−reach, reach), their weights and Φ there."""
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    return node * _REACH, weight * _REACH, _phi(node * _REACH)


def _phi(x: Floats) -> Floats:
    return np.array([math.erfc(-value / math.sqrt(2)) / 2 for value in x.tolist()])
