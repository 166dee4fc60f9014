"""The Kano category of each feature from the two forms of its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import check_confidence, count
from zhiheng.measure.kano.counts import (
    BetterWorse,
    Fong,
    better_worse,
    fong_test,
    lead_probability,
    leaders,
)
from zhiheng.measure.kano.tables import BERGER, CATEGORIES, EvaluationTable, answer_pairs, find_table
from zhiheng.measure.names import checked_names
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

MINIMUM_N = 30
MIXED_BELOW = 0.06
QUESTIONABLE_ABOVE = 0.10


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature's answers: counts per category, the leading and second category, and how sure they are.

    `strength`: share of the leading category minus that of the second. `total_strength`: (A + O + M) / n.
    `lead_probability`: the bootstrap share in which the category leads (None without a seed).
    """

    name: str
    n: int
    counts: dict[str, int]
    category: str | None
    second: str | None
    strength: float | None
    total_strength: Measurement
    better_worse: BetterWorse
    fong: Fong
    lead_probability: float | None
    flags: tuple[str, ...]

    def __str__(self) -> str:
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: {self.category or '?'} (then {self.second or '?'}), {self.better_worse}{notes}"


@dataclass(frozen=True, slots=True)
class KanoAnalysis:
    """Every feature of a Kano survey, with the evaluation table that was used."""

    features: tuple[Feature, ...]
    n: int
    table: EvaluationTable
    confidence: float

    @property
    def method(self) -> str:
        """The table's label, as results cite it."""
        return f"kano-{self.table.label}"

    def __str__(self) -> str:
        return "\n".join((f"{self.method}, n={self.n}", *(str(feature) for feature in self.features)))


def classify(
    functional: object,
    dysfunctional: object,
    *,
    names: Sequence[str] | None = None,
    table: EvaluationTable | str = BERGER,
    confidence: float = 0.95,
    minimum_n: int = MINIMUM_N,
    seed: int | None = None,
    replicates: int = 2_000,
) -> KanoAnalysis:
    """The category of each feature: the one that most respondents' pairs of answers give (Kano 1984; Berger 1993).

    `functional` ("if it is there"), `dysfunctional` ("if it is not"): respondents × features of codes 1 like, 2
    must-be, 3 neutral, 4 live with, 5 dislike; NaN: no answer, the pair is left out. Ties M > O > A > I. Flags
    of a feature: "tie", "mixed" (strength below 6 %), "questionable" (more than 10 % Q: reword the question),
    "undetermined" (Fong's test), "not_enough_data" (fewer than `minimum_n` pairs). Customer groups that differ
    cancel out: classify each segment before all. Unit: counts and shares of respondents. Errors: codes other
    than 1 to 5, forms of unequal shape, an unknown table.
    """
    check_confidence(confidence)
    chosen = find_table(table)
    have, lack = answer_pairs(functional, dysfunctional)
    n, k = have.shape
    labels = checked_names("names", names, k)
    if seed is not None:
        count("seed", seed)
        count("replicates", replicates, minimum=1)
    codes = chosen.codes()
    features = []
    for i, label in enumerate(labels):
        answered = ~np.isnan(have[:, i])
        cells = codes[have[answered, i].astype(np.int64) - 1, lack[answered, i].astype(np.int64) - 1]
        tally = np.bincount(cells, minlength=len(CATEGORIES))
        number = dict(zip(CATEGORIES, (int(v) for v in tally), strict=True))
        sure = None
        if seed is not None and cells.size:
            sure = lead_probability(number, replicates=replicates, seed=(seed, i))
        features.append(_feature(label, number, sure, confidence, minimum_n))
    return KanoAnalysis(tuple(features), n, chosen, confidence)


def _feature(
    name: str, number: dict[str, int], sure: float | None, confidence: float, minimum_n: int
) -> Feature:
    n = sum(number.values())
    first, second = leaders(number)
    strength = (number[first] - number[second]) / n if n else None
    fong = fong_test(number)
    raised = {
        "tie": n > 0 and number[first] == number[second],
        "mixed": strength is not None and strength < MIXED_BELOW,
        "questionable": n > 0 and number["Q"] / n > QUESTIONABLE_ABOVE,
        "undetermined": n > 0 and not fong.distinguishable,
        NOT_ENOUGH_DATA: n < minimum_n or n == 0,
    }
    total = number["A"] + number["O"] + number["M"]
    return Feature(
        name=name,
        n=n,
        counts=number,
        category=first if n else None,
        second=second if n and number[second] else None,
        strength=strength,
        total_strength=wilson_interval(total, n, confidence=confidence).with_minimum(minimum_n),
        better_worse=better_worse(number, confidence=confidence),
        fong=fong,
        lead_probability=sure,
        flags=tuple(flag for flag, up in raised.items() if up),
    )
