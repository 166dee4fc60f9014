"""When the level of a series changed: the division into level stretches that best repays its number of breaks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, check_confidence, count, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

NORMAL_QUARTILE = 0.6744897501960817


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The level changed with the value at `position`; `shift` is the mean after less the mean before it."""

    position: int
    before: float
    after: float
    shift: Measurement

    def __str__(self) -> str:
        return f"at {self.position}: {self.before:.4g} → {self.after:.4g}"


@dataclass(frozen=True, slots=True)
class ChangePoints:
    """The changes of level of a series, in order; `sigma` is the noise they were weighed against."""

    points: tuple[ChangePoint, ...]
    n: int
    sigma: float
    penalty: float
    method: str
    flags: tuple[str, ...] = ()

    @property
    def positions(self) -> tuple[int, ...]:
        """Where each new level begins."""
        return tuple(point.position for point in self.points)

    def __str__(self) -> str:
        found = "; ".join(str(point) for point in self.points) or "no change of level"
        return f"{found} ({', '.join((f'n={self.n}', self.method, *self.flags))})"


def change_points(
    values: object,
    *,
    minimum_length: int = 5,
    penalty: float | None = None,
    sigma: float | None = None,
    confidence: float = 0.95,
) -> ChangePoints:
    """The breaks that minimise Σ (x − mean of its stretch)² / σ² + penalty × breaks, exactly (Jackson et al. 2005).

    Values in time order; every stretch has at least `minimum_length` of them. σ comes from the differences of
    neighbours (their median absolute size / (0.6745 √2), Hampel), so that breaks do not inflate it; the default
    penalty is 3 ln n (Zhang & Siegmund 2007). Shifts carry Welch's interval, which is too narrow in that the break
    was chosen to make the shift large. Slow drift is cut into steps, and autocorrelated noise too: flagged
    "autocorrelated" when the residuals resemble their predecessors. Not enough data under twice the minimum.

    Unit: that of `values`. Errors: NaN, a minimum length below 1, a penalty or sigma not above 0.
    """
    check_confidence(confidence)
    x = floats("values", values)
    least, n = count("minimum_length", minimum_length, minimum=2), int(x.size)
    price = 3 * math.log(n) if penalty is None and n else penalty or 0.0
    if not (math.isfinite(price) and price >= 0):
        raise MeasureError("penalty", f"must be finite and not negative, is {penalty!r}")
    if sigma is not None and not (math.isfinite(sigma) and sigma > 0):
        raise MeasureError("sigma", f"must be finite and above 0, is {sigma!r}")
    method = "optimal partitioning"
    if n < 2 * least:
        return ChangePoints((), n, 0.0, price, method, (NOT_ENOUGH_DATA,))
    noise = _noise(x) if sigma is None else sigma
    if noise == 0:
        return ChangePoints((), n, 0.0, price, method, ("zero_variance",))
    edges = [0, *_breaks((x - x.mean()) / noise, least, price), n]
    parts = [x[a:b] for a, b in pairwise(edges)]
    points = tuple(
        ChangePoint(edges[k + 1], float(a.mean()), float(b.mean()), _shift(a, b, confidence))
        for k, (a, b) in enumerate(pairwise(parts))
    )
    rest = np.concatenate([part - part.mean() for part in parts])
    total = float(rest @ rest)
    related = n >= 20 and total > 0 and float(rest[1:] @ rest[:-1]) / total > 2 / math.sqrt(n)
    return ChangePoints(points, n, noise, price, method, ("autocorrelated",) if related else ())


def _noise(x: Floats) -> float:
    step = np.diff(x)
    typical = float(np.median(np.abs(step))) / (NORMAL_QUARTILE * math.sqrt(2))
    # Where most neighbours are equal the median says 0; the plain spread of the steps is an upper value.
    return typical if typical > 0 else math.sqrt(float(np.mean(step**2)) / 2)


def _breaks(x: Floats, least: int, price: float) -> list[int]:
    """Where stretches begin: best[t] = min over s of best[s] + cost(s, t) + price."""
    n = x.size
    one, two = np.concatenate(([0.0], np.cumsum(x))), np.concatenate(([0.0], np.cumsum(x**2)))
    best = np.full(n + 1, np.inf)
    best[0] = -price
    previous = np.zeros(n + 1, dtype=np.int64)
    for t in range(least, n + 1):
        s = np.arange(t - least + 1)
        cost = two[t] - two[s] - (one[t] - one[s]) ** 2 / (t - s)
        total = best[s] + cost + price
        previous[t] = int(np.argmin(total))
        best[t] = total[previous[t]]
    found, t = [], n
    while (t := int(previous[t])) > 0:
        found.append(t)
    return found[::-1]


def _shift(a: Floats, b: Floats, confidence: float) -> Measurement:
    """Welch's interval of the difference of two means; limits are the value itself where nothing varies."""
    value = float(b.mean() - a.mean())
    one, two = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
    half = 0.0
    if one + two > 0:
        degrees = (one + two) ** 2 / (one**2 / (a.size - 1) + two**2 / (b.size - 1))
        half = distributions.student_quantile((1 + confidence) / 2, degrees) * math.sqrt(one + two)
    return Measurement(
        value=value,
        unit="change",
        n=int(a.size + b.size),
        low=value - half,
        high=value + half,
        method="welch",
        confidence=confidence,
    )
