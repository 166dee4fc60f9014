"""Whether the dimensions of a gap survey are reliable, and how much of it their differences keep."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.alpha import alpha_of
from zhiheng.measure.psychometrics.answers import covariance_of
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.servqual.answers import Structure


@dataclass(frozen=True, slots=True)
class DimensionCheck:
    """One dimension over the respondents that answered all of it.

    Alphas of expectation and perception, their correlation, and the reliability of the gap.
    """

    name: str
    n: int
    alpha_expectation: float | None
    alpha_perception: float | None
    correlation: float | None
    gap_reliability: float | None
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = (
            "?" if v is None else f"{v:.2f}"
            for v in (self.alpha_expectation, self.alpha_perception, self.gap_reliability)
        )
        return (
            f"{self.name}: alpha E {next(shown)}, alpha P {next(shown)}, of the gap {next(shown)}, n={self.n}"
        )


def difference_reliability(
    *,
    perception_deviation: float,
    expectation_deviation: float,
    perception_reliability: float,
    expectation_reliability: float,
    correlation: float,
) -> float | None:
    """The reliability of P − E: (s_P² r_PP + s_E² r_EE − 2 r s_P s_E) / (s_P² + s_E² − 2 r s_P s_E).

    Lord 1963; the more P and E correlate, the less of their reliability the difference keeps. None where the
    difference does not vary.

    `perception_deviation` s_P, `expectation_deviation` s_E, `perception_reliability` r_PP,
    `expectation_reliability` r_EE, `correlation` r of P and E. Unit: a pure number, at most 1. Errors: NaN, infinity.
    """
    given = {
        "perception_deviation": perception_deviation,
        "expectation_deviation": expectation_deviation,
        "perception_reliability": perception_reliability,
        "expectation_reliability": expectation_reliability,
        "correlation": correlation,
    }
    for name, value in given.items():
        if not math.isfinite(value):
            raise MeasureError(name, f"must be finite, is {value!r}")
    p, e = perception_deviation, expectation_deviation
    shared = 2 * correlation * p * e
    whole = p * p + e * e - shared
    if whole <= 1e-12 * (p * p + e * e):
        return None
    return (p * p * perception_reliability + e * e * expectation_reliability - shared) / whole


def dimension_checks(expected: Floats, perceived: Floats, structure: Structure) -> tuple[DimensionCheck, ...]:
    """The check of every dimension; one of a single item has no alpha and no reliability."""
    return tuple(
        _check(name, expected[:, chosen], perceived[:, chosen])
        for name, chosen in zip(structure.dimensions, structure.member.T, strict=True)
    )


def _check(name: str, expected: Floats, perceived: Floats) -> DimensionCheck:
    complete = ~(np.isnan(expected).any(axis=1) | np.isnan(perceived).any(axis=1))
    e, p = expected[complete], perceived[complete]
    n = int(complete.sum())
    covariances = [covariance_of(e), covariance_of(p)]
    if n < 3 or e.shape[1] < 2 or covariances[0] is None or covariances[1] is None:
        return DimensionCheck(name, n, None, None, None, None, (NOT_ENOUGH_DATA,))
    alphas = [alpha_of(covariance) for covariance in covariances if covariance is not None]
    both = covariance_of(np.column_stack((p.mean(axis=1), e.mean(axis=1))))
    if both is None or alphas[0] is None or alphas[1] is None:
        return DimensionCheck(name, n, alphas[0], alphas[1], None, None, ("zero_variance",))
    s_p, s_e = math.sqrt(both[0, 0]), math.sqrt(both[1, 1])
    correlation = float(both[0, 1]) / (s_p * s_e)
    kept = difference_reliability(
        perception_deviation=s_p,
        expectation_deviation=s_e,
        perception_reliability=alphas[1],
        expectation_reliability=alphas[0],
        correlation=correlation,
    )
    return DimensionCheck(name, n, alphas[0], alphas[1], correlation, kept)
