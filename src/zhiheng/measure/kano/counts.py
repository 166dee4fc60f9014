"""What the counts of categories say: better and worse, the category with its strength, Fong's test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import check_confidence, count
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.kano.tables import CATEGORIES
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

FONG_Z = 1.65
"""Fong's own constant for a two-sided level of 10 % (1.645 rounded)."""


@dataclass(frozen=True, slots=True)
class BetterWorse:
    """How far a feature lifts satisfaction when there (0 to 1) and lowers it when not (0 to −1)."""

    better: Measurement
    worse: Measurement

    def __str__(self) -> str:
        return f"better {self.better}, worse {self.worse}"


def better_worse(counts: Mapping[str, int], *, confidence: float = 0.95, population: str = "") -> BetterWorse:
    """Better = (A + O) / (A + O + M + I), worse = −(O + M) / (A + O + M + I) (Berger et al. 1993).

    `counts`: respondents per category letter; R and Q stay out of both. Wilson intervals. Both are shares of
    the same respondents, so they are not independent. Nobody in A, O, M, I: "not_enough_data". Unit: shares;
    worse below 0. Errors: unknown letters, counts that are not whole.
    """
    check_confidence(confidence)
    number = checked_counts(counts)
    whole = number["A"] + number["O"] + number["M"] + number["I"]
    better = wilson_interval(number["A"] + number["O"], whole, confidence=confidence, population=population)
    lowered = wilson_interval(number["O"] + number["M"], whole, confidence=confidence, population=population)
    if lowered.value is None or lowered.low is None or lowered.high is None:
        return BetterWorse(better, lowered)
    worse = replace(lowered, value=-lowered.value, low=-lowered.high, high=-lowered.low)
    return BetterWorse(better, worse)


@dataclass(frozen=True, slots=True)
class Fong:
    """Whether the two most frequent categories can be told apart: `difference` against the `critical` value."""

    first: str
    second: str
    difference: int
    critical: float
    n: int
    method: str = "fong-10%"
    flags: tuple[str, ...] = ()

    @property
    def distinguishable(self) -> bool:
        """Whether the first category leads by at least the critical value."""
        return self.n > 0 and self.difference >= self.critical

    def __str__(self) -> str:
        verdict = "clear" if self.distinguishable else "undetermined"
        lead = f"{self.first} over {self.second} by {self.difference} (critical {self.critical:.2f})"
        return f"{verdict}: {lead}, n={self.n}"


def fong_test(counts: Mapping[str, int]) -> Fong:
    """Whether the two most frequent categories differ: |a − b| ≥ 1.65 √((a + b)(2n − a − b) / 2n) (Fong 1996).

    `counts`: respondents per category letter, n their sum. Two-sided level 10 %. The variance form is an
    approximation: `classify` with a seed gives the bootstrap share in which the category leads beside it. Unit:
    respondents. Errors: as for `better_worse`.
    """
    number = checked_counts(counts)
    n = sum(number.values())
    first, second = leaders(number)
    a, b = number[first], number[second]
    critical = FONG_Z * math.sqrt((a + b) * (2 * n - a - b) / (2 * n)) if n else 0.0
    return Fong(first, second, a - b, critical, n, flags=() if n else (NOT_ENOUGH_DATA,))


def leaders(number: Mapping[str, int]) -> tuple[str, str]:
    """The two most frequent categories; ties are broken M > O > A > I > R > Q."""
    ranked = sorted(CATEGORIES, key=lambda letter: (-number[letter], CATEGORIES.index(letter)))
    return ranked[0], ranked[1]


def checked_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """A whole number for every category letter; those not given are 0."""
    unknown = sorted(set(counts) - set(CATEGORIES))
    if unknown:
        raise MeasureError("counts", f"must use the letters {' '.join(CATEGORIES)}, has {unknown[0]!r}")
    return {letter: count("counts", counts.get(letter, 0)) for letter in CATEGORIES}


def lead_probability(number: Mapping[str, int], *, replicates: int, seed: tuple[int, int]) -> float:
    """The share of bootstrap replicates in which the leading category leads again (ties broken the same way).

    Drawing respondents with replacement is drawing the counts from their multinomial.
    """
    tally = np.array([number[letter] for letter in CATEGORIES], dtype=np.float64)
    draws = np.random.default_rng(seed).multinomial(int(tally.sum()), tally / tally.sum(), size=replicates)
    first, _ = leaders(number)
    return float((draws.argmax(axis=1) == CATEGORIES.index(first)).mean())
