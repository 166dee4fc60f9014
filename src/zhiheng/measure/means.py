"""The mean of one column with Student's interval."""

from __future__ import annotations

import math

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.result import Measurement, not_enough


def mean_measurement(
    values: Floats, unit: str, *, confidence: float = 0.95, population: str = ""
) -> Measurement:
    """The mean with x̄ ± t s / √n (Student 1908); of paired differences this is the paired t interval.

    `values` are checked already (finite). One value has a mean but no interval, flagged "no_interval"; none
    is "not_enough_data". Assumes independent cases.
    """
    check_confidence(confidence)
    n = int(values.size)
    if n == 0:
        return not_enough(unit, method="student-t", confidence=confidence, population=population)
    mean = float(values.mean())
    if n == 1:
        return Measurement(
            mean,
            unit,
            1,
            method="student-t",
            confidence=confidence,
            population=population,
            flags=("no_interval",),
        )
    error = math.sqrt(float(values.var(ddof=1)) / n)
    half = distributions.student_quantile(0.5 + confidence / 2, n - 1) * error
    return Measurement(
        mean,
        unit,
        n,
        low=mean - half,
        high=mean + half,
        method="student-t",
        confidence=confidence,
        population=population,
    )
