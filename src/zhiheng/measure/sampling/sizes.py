"""How many cases to check so that what is wrong is found with a stated confidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from zhiheng.measure.arrays import check_confidence, count
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough

Stage = Literal["initial", "surveillance", "recertification"]

_SITES = {"initial": 1.0, "surveillance": 0.6, "recertification": 0.8}
_SLACK = 1e-9  # a bound met exactly must not be missed by rounding


@dataclass(frozen=True, slots=True)
class DiscoverySample:
    """How many cases to check: with at most `acceptable` wrong among `whole`, fewer than `rate` of all are wrong.

    `exact` is the size before rounding up (of a finite lot the same as `whole`), `reached` the confidence
    that `whole` really gives, `population` the size of the lot (None: unlimited).
    """

    exact: float
    whole: int
    rate: float
    acceptable: int
    population: int | None
    confidence: float
    reached: float

    def __str__(self) -> str:
        lot = "" if self.population is None else f" of {self.population}"
        return (
            f"{self.whole}{lot} with at most {self.acceptable} wrong: fewer than {self.rate:.1%} are wrong"
            f" (confidence {self.reached:.2%})"
        )


def discovery_sample_size(*, rate: float, confidence: float = 0.95) -> DiscoverySample:
    """The cases to check, none of them wrong, to say that fewer than `rate` are wrong: ln(1 − c) / ln(1 − p).

    The binomial (unlimited) form, on the safe side for every finite lot; the cases are drawn at random. One
    wrong case ends the statement, it does not start a second sample. Unit: cases, a whole number. Errors: a
    rate or confidence not between 0 and 1. Source: Clopper & Pearson 1934, one-sided.
    """
    check_confidence(confidence)
    _check_rate(rate)
    exact = math.log1p(-confidence) / math.log1p(-rate)
    whole = max(math.ceil(exact - _SLACK), 1)
    return DiscoverySample(exact, whole, rate, 0, None, confidence, 1 - (1 - rate) ** whole)


def hypergeometric_sample_size(
    population: int, *, rate: float, acceptable: int = 0, confidence: float = 0.95
) -> DiscoverySample:
    """The smallest sample of a lot of `population` with P(at most `acceptable` wrong | D wrong) ≤ 1 − confidence,
    D = ⌈rate · population⌉.

    Drawn without replacement, so the number of wrong cases is hypergeometric; for small lots much less than the
    binomial size. `acceptable` wrong cases may be found and the statement still holds; it must be fixed before
    the draw. Unit: cases, a whole number. Errors: a lot of none, a rate not between 0 and 1, as many acceptable
    as are to be found. Source: Clopper & Pearson 1934, for a finite lot.
    """
    check_confidence(confidence)
    _check_rate(rate)
    lot = count("population", population, minimum=1)
    wrong = max(math.ceil(rate * lot - _SLACK), 1)
    if count("acceptable", acceptable) >= wrong:
        raise MeasureError(
            "acceptable", f"must be below the {wrong} wrong cases to be found, is {acceptable}"
        )
    low, high = acceptable, lot  # too few, enough: the whole lot always shows them
    while high - low > 1:
        middle = (low + high) // 2
        if _chance_of_at_most(acceptable, lot, wrong, middle) <= (1 - confidence) * (1 + _SLACK):
            high = middle
        else:
            low = middle
    reached = 1 - _chance_of_at_most(acceptable, lot, wrong, high)
    return DiscoverySample(float(high), high, rate, acceptable, lot, confidence, reached)


def discovery_limit(n: int, *, confidence: float = 0.95, population: str = "") -> Measurement:
    """What `n` cases without one wrong show: at most 1 − (1 − c)^(1/n) are wrong, one-sided (Clopper & Pearson
    1934); about 3 / n at 95 %.

    Only for cases drawn at random. Unit: share, its upper limit. Errors: no case, a confidence outside 0..1.
    """
    check_confidence(confidence)
    cases = count("n", n)
    if cases == 0:
        return not_enough("share", method="zero-found", confidence=confidence, population=population)
    return Measurement(
        value=0.0,
        unit="share",
        n=cases,
        numerator=0,
        denominator=cases,
        low=0.0,
        high=-math.expm1(math.log1p(-confidence) / cases),
        method="zero-found",
        confidence=confidence,
        population=population,
    )


def multi_site_sample_size(sites: int, *, stage: Stage = "initial") -> int:
    """How many of alike `sites` an audit visits: √n rounded up, 0.6 √n in surveillance, 0.8 √n at
    recertification (IAF MD 1).

    A rule of the trade, not of statistics: it gives no confidence level. Sites that differ in kind or risk are
    counted apart. Unit: sites, a whole number. Errors: no site, an unknown stage.
    """
    if stage not in _SITES:
        raise MeasureError("stage", f"must be one of {', '.join(_SITES)}, is {stage!r}")
    number = count("sites", sites, minimum=1)
    return min(number, max(1, math.ceil(_SITES[stage] * math.sqrt(number) - _SLACK)))


def _check_rate(rate: float) -> None:
    if not 0 < rate < 1:
        raise MeasureError("rate", f"must lie strictly between 0 and 1, is {rate!r}")


def _chance_of_at_most(found: int, lot: int, wrong: int, drawn: int) -> float:
    """P(X ≤ found) when `drawn` of `lot` are taken, `wrong` of them wrong."""
    least = max(0, drawn - (lot - wrong))
    terms = (
        math.exp(_log_ways(wrong, k) + _log_ways(lot - wrong, drawn - k) - _log_ways(lot, drawn))
        for k in range(least, min(found, wrong, drawn) + 1)
    )
    return math.fsum(terms)


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
