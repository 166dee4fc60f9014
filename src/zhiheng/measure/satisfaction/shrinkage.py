"""Shares of many small groups, drawn towards what all groups have in common: for tables of agents or teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, Integers, check_confidence, count, same_length, seconds
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

NO_SPREAD = "no_spread_between_groups"
"""The groups differ by no more than chance: every group's best estimate is the share of all."""

_SPREADS = (1e-6, 1e3)  # of θ = 1 / (α + β): from as good as none to all groups at 0 or 1
_GOLDEN = (5**0.5 - 1) / 2
_GAIN = 1e-6  # in log-likelihood over no spread at all; less is rounding


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One group: its raw share and the shrunk one; `weight` is how much of its own data counts (0..1)."""

    name: str
    raw: Measurement
    shrunk: Measurement
    weight: float

    def __str__(self) -> str:
        return f"{self.name}: {self.shrunk}, raw {self.raw}"


@dataclass(frozen=True, slots=True)
class ShrunkShares:
    """All groups in the order given, with the prior Beta(alpha, beta) fitted to them (None: no spread)."""

    groups: tuple[Shrunk, ...]
    mean: float | None
    alpha: float | None
    beta: float | None
    n: int
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join((*(str(group) for group in self.groups), *self.flags))


def shrink(
    numerator: object,
    denominator: object,
    *,
    names: Sequence[str] | None = None,
    minimum_n: int = 10,
    confidence: float = 0.95,
) -> ShrunkShares:
    """Each group's share drawn towards the share of all by as much as chance moves it (empirical Bayes).

    Beta-binomial: shares come from one Beta(α, β), fitted by maximum marginal likelihood (Griffiths 1973); a
    group then has (α + x) / (α + β + n) with the equal-tailed interval of Beta(α + x, β + n − x), which takes α
    and β as known and is a little too narrow with few groups. Where groups spread no more than chance all get
    the common share with its Wilson interval, flagged "no_spread_between_groups". Groups of fewer than
    `minimum_n` are flagged "not_enough_data" and are not to be shown. Overlapping intervals are not a rank.
    `numerator` of `denominator` cases, one pair per group. Unit: shares. Errors: counts that are not whole, a
    numerator outside 0..denominator.
    """
    check_confidence(confidence)
    x, n = seconds("numerator", numerator), seconds("denominator", denominator)
    groups = same_length(numerator=x, denominator=n)
    if groups and (x.min() < 0 or (x > n).any()):
        raise MeasureError("numerator", "must lie between 0 and denominator")
    labels = checked_names("names", names, groups)
    count("minimum_n", minimum_n)
    total, met = int(n.sum()), int(x.sum())
    prior = _fitted(x, n) if int((n > 0).sum()) >= 2 and 0 < met < total else None
    if int((n > 0).sum()) < 2:
        flags: tuple[str, ...] = (NOT_ENOUGH_DATA,)
    elif not 0 < met < total:
        flags = (ZERO_VARIANCE,)
    else:
        flags = (NO_SPREAD,) if prior is None else ()
    common = wilson_interval(met, total, confidence=confidence)
    table = tuple(
        _shrunk(name, int(a), int(b), prior=prior, common=common, minimum_n=minimum_n)
        for name, a, b in zip(labels, x, n, strict=True)
    )
    alpha, beta = prior or (None, None)
    mean = alpha / (alpha + beta) if alpha and beta else common.value
    return ShrunkShares(table, mean, alpha, beta, total, flags)


def _shrunk(
    name: str,
    x: int,
    n: int,
    *,
    prior: tuple[float, float] | None,
    common: Measurement,
    minimum_n: int,
) -> Shrunk:
    raw = wilson_interval(x, n, confidence=common.confidence).with_minimum(minimum_n)
    if prior is None:
        pooled = replace(common, n=n, numerator=None, denominator=None, method="pooled-wilson")
        return Shrunk(name, raw, pooled.with_minimum(minimum_n), 0.0)
    a, b, tail = prior[0] + x, prior[1] + n - x, (1 - common.confidence) / 2
    figure = Measurement(
        value=a / (a + b),
        unit="share",
        n=n,
        low=distributions.beta_quantile(tail, a, b),
        high=distributions.beta_quantile(1 - tail, a, b),
        method="beta-binomial",
        confidence=common.confidence,
    )
    return Shrunk(name, raw, figure.with_minimum(minimum_n), n / (n + sum(prior)))


def _fitted(x: Integers, n: Integers) -> tuple[float, float] | None:
    """α and β of the largest marginal likelihood; None where no spread at all is at least as likely."""
    mean = x.sum() / n.sum()
    none = float(x.sum() * np.log(mean) + (n - x).sum() * np.log1p(-mean))
    low, high = _SPREADS
    for _ in range(5):  # each round looks closer around the best spread so far
        spreads = np.geomspace(low, high, 41)
        means, likelihood = _profile(spreads, x, n)
        best = int(likelihood.argmax())
        low, high = spreads[max(best - 1, 0)], spreads[min(best + 1, 40)]
    if likelihood[best] <= none + _GAIN:
        return None
    size = 1 / float(spreads[best])
    return float(means[best]) * size, float(1 - means[best]) * size


def _profile(spreads: Floats, x: Integers, n: Integers) -> tuple[Floats, Floats]:
    """For each spread the most likely mean and its log-likelihood, by golden section: it is concave in the mean."""
    size = 1 / spreads
    low, high = np.full(spreads.size, 1e-9), np.full(spreads.size, 1 - 1e-9)
    for _ in range(34):  # to 1e-7
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        falls = _likelihood(left, size, x, n) > _likelihood(right, size, x, n)
        low, high = np.where(falls, low, left), np.where(falls, right, high)
    middle = (low + high) / 2
    return middle, _likelihood(middle, size, x, n)


def _likelihood(mean: Floats, size: Floats, x: Integers, n: Integers) -> Floats:
    a, b = (mean * size)[:, None], ((1 - mean) * size)[:, None]
    terms = distributions.log_beta(a + x, b + n - x) - distributions.log_beta(a, b)
    total: Floats = terms.sum(axis=1)
    return total
