"""SERVQUAL: the gap between what customers expect and what they perceive, by item, dimension and overall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Booleans, Floats
from zhiheng.measure.multiplicity import holm
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement
from zhiheng.measure.servqual.answers import (
    ANSWERED_SHARE,
    SERVQUAL_DIMENSIONS,
    check_share,
    read_scale,
    read_structure,
    read_weights,
    same_shape,
)
from zhiheng.measure.servqual.checks import DimensionCheck, dimension_checks
from zhiheng.measure.servqual.figures import IntervalMethod, IntervalPlan

CEILING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap, perception minus expectation over the respondents that gave both; below 0 falls short.

    `effect`: Cohen's d_z, gap over the standard deviation of gaps. `p_holm`: adjusted over its family
    (all items, or all dimensions).
    """

    name: str
    expectation: float | None
    perception: float | None
    gap: Measurement
    effect: float | None
    p_value: float | None
    p_holm: float | None
    flags: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether the gap differs from 0 with its whole family at the level of the interval."""
        return self.p_holm is not None and self.p_holm < 1 - self.gap.confidence

    def __str__(self) -> str:
        p = "?" if self.p_holm is None else f"{self.p_holm:.3g}"
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: {self.gap}, p (Holm) {p}{notes}"


@dataclass(frozen=True, slots=True)
class GapAnalysis:
    """The gap table of a survey. `weighted` is None without weights; `checks` hold each dimension's reliability."""

    items: tuple[Gap, ...]
    dimensions: tuple[Gap, ...]
    unweighted: Gap
    weighted: Gap | None
    checks: tuple[DimensionCheck, ...]
    n: int
    answered_share: float
    method: str = "servqual-gap"

    def __str__(self) -> str:
        overall = (self.unweighted,) if self.weighted is None else (self.unweighted, self.weighted)
        return "\n".join((f"{self.method}, n={self.n}", *(str(g) for g in (*self.dimensions, *overall))))


def gap_analysis(
    expectation: object,
    perception: object,
    *,
    dimensions: Sequence[str] = SERVQUAL_DIMENSIONS,
    items: Sequence[str] | None = None,
    weights: object | None = None,
    scale: tuple[float, float] = (1, 7),
    answered_share: float = ANSWERED_SHARE,
    interval: IntervalMethod = "t",
    confidence: float = 0.95,
    seed: int | None = None,
    replicates: int = 2_000,
) -> GapAnalysis:
    """Gaps G = P − E by item, dimension and overall (Parasuraman, Zeithaml & Berry 1988).

    `expectation`, `perception`: respondents × items on `scale`, NaN for "don't know"; `dimensions` names the
    dimension of each item. A dimension's gap is the mean of a respondent's item gaps (at least `answered_share`
    of them, else missing), then over respondents; overall the mean over dimensions; weighted Σ w_d / 100 · G_d
    with each respondent's 100 points in `weights` (respondents × dimensions, or one row). Paired t or bootstrap
    (`seed`) intervals; paired t tests, Holm over the items and over the dimensions. Flags: "ceiling" (most
    expectations at the top: the gap is nearly the perception alone), "zero_variance", "no_interval",
    "not_enough_data". Differences lose reliability: see `checks`. Repeated answers of a person make intervals
    too narrow. Unit: points of the scale. Errors: unpaired tables, answers off the scale, weights that do not
    sum to 100.
    """
    plan = IntervalPlan(interval, confidence, seed, replicates)
    check_share(answered_share)
    expected, perceived = _paired(expectation, perception, scale)
    structure = read_structure(dimensions, items, expected.shape[1])
    shares = None if weights is None else read_weights(weights, expected.shape[0], len(structure.dimensions))
    sides = [structure.columns(side, answered_share, shares) for side in (expected, perceived)]
    names = (*structure.items, *structure.dimensions, "unweighted", "weighted")
    gaps = _gaps(names[: sides[0].shape[1]], sides[0], sides[1], plan)
    k, d = len(structure.items), len(structure.dimensions)
    return GapAnalysis(
        items=_family(gaps[:k], _ceilings(expected, np.eye(k, dtype=np.bool_), scale[1])),
        dimensions=_family(gaps[k : k + d], _ceilings(expected, structure.member, scale[1])),
        unweighted=_family(gaps[k + d : k + d + 1], (False,))[0],
        weighted=None if shares is None else _family(gaps[k + d + 1 :], (False,))[0],
        checks=dimension_checks(expected, perceived, structure),
        n=int(expected.shape[0]),
        answered_share=answered_share,
    )


def _paired(expectation: object, perception: object, scale: tuple[float, float]) -> tuple[Floats, Floats]:
    """Both tables with NaN wherever one of the two answers is missing."""
    expected = read_scale("expectation", expectation, scale)
    perceived = read_scale("perception", perception, scale)
    same_shape(expectation=expected, perception=perceived)
    unpaired = np.isnan(expected) | np.isnan(perceived)
    return np.where(unpaired, np.nan, expected), np.where(unpaired, np.nan, perceived)


def _gaps(names: tuple[str, ...], expected: Floats, perceived: Floats, plan: IntervalPlan) -> list[Gap]:
    differences = perceived - expected
    rows = []
    for i, (name, figure) in enumerate(zip(names, plan.means(differences, "points"), strict=True)):
        both = ~np.isnan(differences[:, i])
        effect, p_value, flags = _paired_test(differences[both, i])
        rows.append(
            Gap(
                name=name,
                expectation=float(expected[both, i].mean()) if both.any() else None,
                perception=float(perceived[both, i].mean()) if both.any() else None,
                gap=figure,
                effect=effect,
                p_value=p_value,
                p_holm=None,
                flags=flags,
            )
        )
    return rows


def _paired_test(differences: Floats) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Cohen's d_z, the paired t test's p, and why there is none."""
    n = differences.size
    if n < 2:
        return None, None, (NOT_ENOUGH_DATA,)
    mean, deviation = float(differences.mean()), float(differences.std(ddof=1))
    # Equal gaps of a dimension differ in their last digit when they are means: that is no variance.
    if deviation <= 1e-12 * max(1.0, abs(mean)):
        return None, None, ("zero_variance",)
    effect = mean / deviation
    return effect, distributions.student_tail(effect * math.sqrt(n), n - 1), ()


def _family(gaps: list[Gap], ceilings: Sequence[bool]) -> tuple[Gap, ...]:
    """The gaps with Holm's adjustment over those that have a p-value, and the ceiling flag."""
    tested = [i for i, gap in enumerate(gaps) if gap.p_value is not None]
    adjusted = dict(zip(tested, holm([gaps[i].p_value for i in tested]).tolist(), strict=True))
    return tuple(
        replace(gap, p_holm=adjusted.get(i), flags=(*gap.flags, *(("ceiling",) if ceilings[i] else ())))
        for i, gap in enumerate(gaps)
    )


def _ceilings(expected: Floats, member: Booleans, top: float) -> tuple[bool, ...]:
    """For each group of items, whether more than half of the expectations are the highest answer."""
    given = (~np.isnan(expected)).sum(axis=0) @ member
    highest = (expected == top).sum(axis=0) @ member
    return tuple(bool(v) for v in highest > CEILING_SHARE * given)
