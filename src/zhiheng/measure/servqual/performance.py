"""SERVPERF: perception alone, by item, dimension and overall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.measure.result import Measurement
from zhiheng.measure.servqual.answers import (
    ANSWERED_SHARE,
    SERVQUAL_DIMENSIONS,
    check_share,
    read_scale,
    read_structure,
    read_weights,
)
from zhiheng.measure.servqual.figures import IntervalMethod, IntervalPlan


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean perception by item and dimension name, overall, and weighted (None without weights)."""

    items: dict[str, Measurement]
    dimensions: dict[str, Measurement]
    unweighted: Measurement
    weighted: Measurement | None
    n: int
    answered_share: float
    method: str = "servperf"

    def __str__(self) -> str:
        rows = (f"{name}: {figure}" for name, figure in self.dimensions.items())
        return "\n".join((f"{self.method}, n={self.n}", *rows, f"unweighted: {self.unweighted}"))


def servperf(
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
) -> Scores:
    """Perceived performance P by item, dimension and overall, without expectations (Cronin & Taylor 1992).

    Everything as for `gap_analysis`: `perception` respondents × items on `scale` with NaN for "don't know", the
    rule of `answered_share`, weights of 100 points. Half the questions of a gap survey and more reliable, but
    it does not say whether a score is good enough: see `zone_of_tolerance`. Unit: points of the scale. Errors:
    as for `gap_analysis`.
    """
    plan = IntervalPlan(interval, confidence, seed, replicates)
    check_share(answered_share)
    table = read_scale("perception", perception, scale)
    structure = read_structure(dimensions, items, table.shape[1])
    shares = None if weights is None else read_weights(weights, table.shape[0], len(structure.dimensions))
    figures = plan.means(structure.columns(table, answered_share, shares), "points")
    k, d = len(structure.items), len(structure.dimensions)
    return Scores(
        items=dict(zip(structure.items, figures[:k], strict=True)),
        dimensions=dict(zip(structure.dimensions, figures[k : k + d], strict=True)),
        unweighted=figures[k + d],
        weighted=None if weights is None else figures[k + d + 1],
        n=int(table.shape[0]),
        answered_share=answered_share,
    )
