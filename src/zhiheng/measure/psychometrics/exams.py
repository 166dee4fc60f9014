"""Exams with right and wrong answers: KR-20 with the error of a score, and each question's analysis."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.alpha import MINIMUM_N, feldt_limits
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement


@dataclass(frozen=True, slots=True)
class Kr20:
    """KR-20 of an exam with Feldt's interval, KR-21, and the standard error of a score in points."""

    kr20: Measurement
    kr21: float | None
    standard_error: float | None
    questions: int

    @property
    def value(self) -> float | None:
        """KR-20."""
        return self.kr20.value

    def __str__(self) -> str:
        error = "?" if self.standard_error is None else f"{self.standard_error:.2f}"
        return f"KR-20 {self.kr20}, {self.questions} questions, standard error of a score {error}"


def kr20(
    correct: object, *, confidence: float = 0.95, minimum_n: int = MINIMUM_N, population: str = ""
) -> Kr20:
    """The reliability of right-or-wrong scores: k/(k−1) · (1 − Σ pq / σ²), σ² the population variance of scores.

    `correct`: persons × questions of 0 and 1 (unanswered: 0 by the exam's rule). With the population variance
    it is Cronbach's alpha; the sample variance would not be (Kuder & Richardson 1937). KR-21 takes all
    questions as equally hard: k/(k−1) · (1 − M (k − M) / (k σ²)), never above KR-20. Standard error of a score:
    σ √(1 − KR-20). Flags as for `cronbach_alpha`. Unit: a pure number, at most 1; the standard error in
    questions. Errors: anything but 0 and 1, fewer than 2 questions.
    """
    check_confidence(confidence)
    table = right_or_wrong("correct", correct)
    n, k = table.shape
    if k < 2:
        raise MeasureError("correct", f"must have at least 2 questions (columns), has {k}")
    empty = Measurement(None, "", n, method="feldt", confidence=confidence, population=population)
    if n < 3:
        return Kr20(empty.flagged(NOT_ENOUGH_DATA), None, None, k)
    totals, p = table.sum(axis=1), table.mean(axis=0)
    mean, variance = float(totals.mean()), float(totals.var())
    if (totals == totals[0]).all():
        return Kr20(empty.flagged(ZERO_VARIANCE).with_minimum(minimum_n), None, None, k)
    value = k / (k - 1) * (1 - float((p * (1 - p)).sum()) / variance)
    low, high = feldt_limits(value, n, k, confidence)
    flags = ("below_zero",) if value < 0 else ()
    return Kr20(
        kr20=replace(empty, value=value, low=low, high=high, flags=flags).with_minimum(minimum_n),
        kr21=k / (k - 1) * (1 - mean * (k - mean) / (k * variance)),
        standard_error=math.sqrt(variance * max(0.0, 1 - value)),
        questions=k,
    )


def right_or_wrong(argument: str, correct: object) -> Floats:
    """A persons × questions table of 0 and 1."""
    table = matrix(argument, correct)
    if not np.isin(table, (0.0, 1.0)).all():
        raise MeasureError(argument, "must hold 0 and 1 only")
    return table
