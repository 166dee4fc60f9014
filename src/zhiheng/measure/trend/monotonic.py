"""A steady rise or fall: the Mann-Kendall test and Sen's slope, also for values that depend on the one before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, count, floats, same_length
from zhiheng.measure.distributions import normal_tail, two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

Dependence = Literal["none", "hamed-rao", "block-bootstrap"]

LEAST = 4
SMALL = 8
MOST = 5000


@dataclass(frozen=True, slots=True)
class MannKendall:
    """The test of no trend: S = pairs that rise less pairs that fall, its variance, z, p and Kendall's τ."""

    s: int
    variance: float | None
    z: float | None
    p_value: float | None
    tau: float | None
    n: int
    method: str
    flags: tuple[str, ...] = ()

    def direction(self, *, level: float = 0.05) -> str:
        """ "rising" or "falling" where p < `level`, else "none shown"."""
        if self.p_value is None or self.p_value >= level:
            return "none shown"
        return "rising" if self.s > 0 else "falling"

    def __str__(self) -> str:
        notes = ", ".join((f"n={self.n}", self.method, *self.flags))
        if self.z is None or self.p_value is None:
            return f"trend not computable ({notes})"
        return f"trend {self.direction()}: S={self.s}, z={self.z:.3f}, p={self.p_value:.3g} ({notes})"


@dataclass(frozen=True, slots=True)
class SenSlope:
    """The median slope of all pairs, and the line's height at time 0."""

    slope: Measurement
    intercept: float | None

    def __str__(self) -> str:
        return str(self.slope)


def mann_kendall(
    values: object,
    *,
    dependence: Dependence = "none",
    block: int | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> MannKendall:
    """S = Σ_{i<j} sign(x_j − x_i), Var S = (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18 over ties t, z with continuity
    correction (Mann 1945; Kendall 1975).

    Values in time order, at most 5,000. Values that resemble their predecessors make the plain test find trends
    that are none: "hamed-rao" multiplies Var S by n / n* from the significant autocorrelations of the ranks of the
    detrended values (Hamed & Rao 1998; never below 1); "block-bootstrap" draws `replicates` series of `block`s
    (n^(1/3) values if left out) of the detrended values and compares |S|. Remove the season first. Not enough data
    under 4 values, "small_sample" under 8.

    Unit: a count (S), z and p. Errors: NaN, more than 5,000 values, an unknown kind of dependence.
    """
    if dependence not in ("none", "hamed-rao", "block-bootstrap"):
        raise MeasureError(
            "dependence", f'must be "none", "hamed-rao" or "block-bootstrap", is {dependence!r}'
        )
    x = _series(values)
    n, method = int(x.size), "mann-kendall" if dependence == "none" else f"mann-kendall, {dependence}"
    s = int(_pair_signs(x[None, :])[0])
    variance = score_variance(x)
    if n < LEAST or variance == 0:
        why = (NOT_ENOUGH_DATA, "zero_variance") if n >= LEAST else (NOT_ENOUGH_DATA,)
        return MannKendall(s, None, None, None, None, n, method, why)
    rest = x - float(np.median(_slopes(np.arange(n, dtype=float), x))) * np.arange(n)
    if dependence == "hamed-rao":
        variance *= _inflation(rest)
    z = math.copysign(max(abs(s) - 1, 0), s) / math.sqrt(variance)
    p_value = normal_tail(z)
    if dependence == "block-bootstrap":
        length = math.ceil(n ** (1 / 3)) if block is None else count("block", block, minimum=1)
        if length >= n:
            raise MeasureError("block", f"must be shorter than the series ({n}), is {length}")
        p_value = _block_bootstrap(rest, s, length, count("replicates", replicates, minimum=100), seed)
    pairs = n * (n - 1) / 2
    untied = math.sqrt(pairs * (pairs - sum(t * (t - 1) / 2 for t in _ties(x))))
    flags = ("small_sample",) if n < SMALL else ()
    return MannKendall(s, variance, z, p_value, s / untied, n, method, flags)


def sen_slope(
    values: object, *, times: object | None = None, confidence: float = 0.95, unit: str = "per step"
) -> SenSlope:
    """The median of (x_j − x_i) / (t_j − t_i) over all pairs, with the rank interval of Sen 1968.

    `times` in strictly rising order, 0, 1, 2, … if left out; the slope is per unit of time, the intercept
    median(x) − slope · median(t). Limits are the slopes of rank (N ± z √Var S) / 2. A quarter of the values may be
    wild without moving it. Independent values are assumed. Not enough data under 4 values.

    Unit: that of `values` per unit of time. Errors: NaN, times that do not rise.
    """
    z = two_sided_z(confidence)
    x = _series(values)
    t = np.arange(x.size, dtype=float) if times is None else floats("times", times)
    same_length(values=x, times=t)
    if (np.diff(t) <= 0).any():
        raise MeasureError("times", "must rise strictly")
    n = int(x.size)
    if n < LEAST:
        return SenSlope(not_enough(unit, n=n, method="sen", confidence=confidence), None)
    slopes = np.sort(_slopes(t, x))
    middle = float(np.median(slopes))
    reach = z * math.sqrt(score_variance(x))
    low = max(round((slopes.size - reach) / 2) - 1, 0)
    high = min(round((slopes.size + reach) / 2), slopes.size - 1)
    slope = Measurement(
        value=middle,
        unit=unit,
        n=n,
        low=float(slopes[low]),
        high=float(slopes[high]),
        method="sen",
        confidence=confidence,
        flags=("small_sample",) if n < SMALL else (),
    )
    return SenSlope(slope, float(np.median(x)) - middle * float(np.median(t)))


def score_variance(x: Floats) -> float:
    """Var S without a trend, corrected for ties."""
    n = x.size
    return (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in _ties(x))) / 18


def _series(values: object) -> Floats:
    x = floats("values", values)
    if x.size > MOST:
        raise MeasureError(
            "values", f"must not be more than {MOST:,}, are {x.size:,}: summarise by week first"
        )
    return x


def _ties(x: Floats) -> list[int]:
    return [int(size) for size in np.unique(x, return_counts=True)[1]]


def _slopes(t: Floats, x: Floats) -> Floats:
    """The slopes of all pairs, by distance of their places."""
    parts = [(x[d:] - x[:-d]) / (t[d:] - t[:-d]) for d in range(1, x.size)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _pair_signs(rows: Floats) -> Floats:
    """S of each row."""
    total = np.zeros(rows.shape[0])
    for d in range(1, rows.shape[1]):
        total += np.sign(rows[:, d:] - rows[:, :-d]).sum(axis=1)
    return total


def _inflation(rest: Floats) -> float:
    """n / n*: 1 + 2 / (n(n−1)(n−2)) Σ (n−i)(n−i−1)(n−i−2) ρ_i over the significant ρ_i of the ranks."""
    n = rest.size
    _, code, size = np.unique(rest, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[code]
    centred = rank - rank.mean()
    total = float(centred @ centred)
    if total == 0:
        return 1.0
    lag = np.arange(1, n)
    rho = np.array([float(centred[i:] @ centred[:-i]) for i in lag.tolist()]) / total
    rho[np.abs(rho) <= two_sided_z(0.95) / math.sqrt(n)] = 0.0
    weight = (n - lag) * (n - lag - 1) * (n - lag - 2)
    return max(1 + 2 * float(weight @ rho) / (n * (n - 1) * (n - 2)), 1.0)


def _block_bootstrap(rest: Floats, s: int, length: int, replicates: int, seed: int) -> float:
    """The share of series drawn in blocks whose |S| reaches ours, ours counted among them."""
    random = np.random.default_rng(seed)
    n = rest.size
    blocks = -(-n // length)
    reached, chunk = 0, max(2_000_000 // n, 1)
    for start in range(0, replicates, chunk):
        rows = min(chunk, replicates - start)
        first = random.integers(0, n - length + 1, size=(rows, blocks))
        drawn = rest[(first[:, :, None] + np.arange(length)).reshape(rows, -1)[:, :n]]
        reached += int((np.abs(_pair_signs(drawn)) >= abs(s)).sum())
    return (reached + 1) / (replicates + 1)
