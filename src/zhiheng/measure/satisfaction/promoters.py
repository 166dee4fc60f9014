"""The net promoter score: promoters less detractors, its interval, its change, the sample it needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from zhiheng.measure.arrays import check_confidence, count, floats
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.proportion import SampleSize
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

ScoreInterval = Literal["adjusted-wald", "wald"]

_ADDED = {"adjusted-wald": 0.75, "wald": 0.0}  # promoters and detractors added; twice as many passives


@dataclass(frozen=True, slots=True)
class NetPromoterScore:
    """The score in points (−100..100) with its three counts.

    `centre` and `standard_error` (points) are those of the interval's method; None without answers.
    """

    figure: Measurement
    promoters: int
    passives: int
    detractors: int
    centre: float | None
    standard_error: float | None

    def __str__(self) -> str:
        counts = f"{self.promoters} promoters, {self.passives} passives, {self.detractors} detractors"
        return f"{self.figure}: {counts}"


@dataclass(frozen=True, slots=True)
class NetPromoterDifference:
    """One score less another, independent one: the difference in points and the test that it is zero."""

    figure: Measurement
    z: float | None
    p_value: float | None

    def __str__(self) -> str:
        return str(self.figure) if self.p_value is None else f"{self.figure}, p={self.p_value:.3g}"


def net_promoter_score(
    scores: object,
    *,
    interval: ScoreInterval = "adjusted-wald",
    confidence: float = 0.95,
    population: str = "",
) -> NetPromoterScore:
    """100 · (promoters − detractors) / n of answers 0..10: promoters give 9 or 10, detractors 0 to 6
    (Reichheld 2003).

    The same as the mean of +1, 0 and −1, times 100. See `net_promoter_of_counts` for the interval. The score
    drops most of what was answered: show the three counts with it. `scores`: one whole number per answer. Unit:
    points, −100..100. Errors: scores that are not whole or not 0 to 10.
    """
    values = floats("scores", scores)
    if ((values < 0) | (values > 10) | (values % 1 != 0)).any():
        raise MeasureError("scores", "must be whole numbers from 0 to 10")
    promoters, detractors = int((values >= 9).sum()), int((values <= 6).sum())
    return net_promoter_of_counts(
        promoters,
        int(values.size) - promoters - detractors,
        detractors,
        interval=interval,
        confidence=confidence,
        population=population,
    )


def net_promoter_of_counts(
    promoters: int,
    passives: int,
    detractors: int,
    *,
    interval: ScoreInterval = "adjusted-wald",
    confidence: float = 0.95,
    population: str = "",
) -> NetPromoterScore:
    """The net promoter score of counted answers.

    Var = (p + d − (p − d)²) / n. "adjusted-wald" adds ¾ promoter, ¾ detractor and 1½ passives to the interval
    (not to the value), which covers best (Rocks 2016); "wald" has no width when all answer alike, and then no
    limits are given. Limits are kept inside ±100. `promoters`, `passives`, `detractors`: how many answered so.
    Unit: points, −100..100. Errors: counts that are not whole or below 0, an unknown interval.
    """
    if interval not in _ADDED:
        raise MeasureError("interval", f'must be "adjusted-wald" or "wald", is {interval!r}')
    up, middle = count("promoters", promoters), count("passives", passives)
    down = count("detractors", detractors)
    n, z = up + middle + down, two_sided_z(confidence)
    if n == 0:
        nothing = not_enough("points", method=interval, confidence=confidence, population=population)
        return NetPromoterScore(nothing, 0, 0, 0, None, None)
    added = _ADDED[interval]
    weight = n + 4 * added
    p, d = (up + added) / weight, (down + added) / weight
    error = 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / weight)
    centre = 100 * (p - d)
    figure = Measurement(
        value=100 * (up - down) / n,
        unit="points",
        n=n,
        low=max(centre - z * error, -100.0) if error else None,
        high=min(centre + z * error, 100.0) if error else None,
        method=interval,
        confidence=confidence,
        population=population,
        flags=(ZERO_VARIANCE,) if n in (up, middle, down) else (),
    )
    return NetPromoterScore(figure, up, middle, down, centre, error)


def net_promoter_difference(
    first: NetPromoterScore, second: NetPromoterScore, *, confidence: float = 0.95
) -> NetPromoterDifference:
    """`first` less `second` in points, of two independent samples: variances add, z against zero.

    Interval and test use centre and variance of the method both scores were made with. For a panel that
    answered twice the samples are not independent: bootstrap each person's change instead. Unit: points,
    −200..200. Errors: two scores with intervals of different methods. Source: Rocks 2016.
    """
    method, z_limit = first.figure.method, two_sided_z(confidence)
    if method != second.figure.method:
        raise MeasureError(
            "second", f"must use the interval of first ({method}), uses {second.figure.method}"
        )
    n = first.figure.n + second.figure.n
    if first.figure.value is None or second.figure.value is None:
        return NetPromoterDifference(
            not_enough("points", n=n, method=method, confidence=confidence), None, None
        )
    centre = (first.centre or 0.0) - (second.centre or 0.0)
    error = math.hypot(first.standard_error or 0.0, second.standard_error or 0.0)
    z = centre / error if error else None
    figure = Measurement(
        value=first.figure.value - second.figure.value,
        unit="points",
        n=n,
        low=centre - z_limit * error if error else None,
        high=centre + z_limit * error if error else None,
        method=method,
        confidence=confidence,
        flags=() if error else (NOT_ENOUGH_DATA, ZERO_VARIANCE),
    )
    return NetPromoterDifference(figure, z, None if z is None else math.erfc(abs(z) / math.sqrt(2)))


def net_promoter_sample_size(
    *, margin: float, promoters: float, detractors: float, confidence: float = 0.95
) -> SampleSize:
    """The answers needed to know the score to ± `margin` points: z² (p + d − (p − d)²) / e².

    `promoters` and `detractors` are the expected shares; `share` of the result is their difference, `margin` is
    on its scale (5 points = 0.05). Unit: answers, a whole number. Errors: shares outside 0..1 or above 1
    together, a margin outside 0..100. Source: Cochran 1977 §4.4 with the variance of Rocks 2016.
    """
    check_confidence(confidence)
    if not 0 < margin <= 100:
        raise MeasureError("margin", f"must lie above 0 and not above 100 points, is {margin!r}")
    for name, share in (("promoters", promoters), ("detractors", detractors)):
        if not 0 <= share <= 1:
            raise MeasureError(name, f"must lie between 0 and 1, is {share!r}")
    if not 0 < promoters + detractors <= 1:
        raise MeasureError("detractors", "must with promoters be above 0 and not above 1")
    spread = promoters + detractors - (promoters - detractors) ** 2
    exact = two_sided_z(confidence) ** 2 * spread / (margin / 100) ** 2
    whole = max(math.ceil(exact - 1e-9), 1)
    return SampleSize(exact, whole, margin / 100, promoters - detractors, None, confidence)
