"""Means of many columns at once, with t or bootstrap intervals: the common core of gaps and scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.means import mean_measurement
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval
from zhiheng.measure.result import Measurement

IntervalMethod = Literal["t", "bootstrap"]


@dataclass(frozen=True, slots=True)
class IntervalPlan:
    """How intervals are made: Student's t, or the percentile bootstrap over respondents with its seed."""

    method: IntervalMethod = "t"
    confidence: float = 0.95
    seed: int | None = None
    replicates: int = 2_000

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if self.method not in ("t", "bootstrap"):
            raise MeasureError("interval", f'must be "t" or "bootstrap", is {self.method!r}')
        if self.method == "bootstrap" and self.seed is None:
            raise MeasureError("seed", "must be given for a bootstrap interval")

    def means(self, columns: Floats, unit: str) -> tuple[Measurement, ...]:
        """The mean of each column over the respondents that have it (not NaN)."""
        figures = tuple(
            mean_measurement(column[~np.isnan(column)], unit, confidence=self.confidence)
            for column in columns.T
        )
        if self.method == "t" or self.seed is None or columns.shape[0] < 2:
            return figures
        drawn = bootstrap_means(columns, replicates=self.replicates, seed=self.seed)
        return tuple(_with_limits(figure, drawn[:, i], self.confidence) for i, figure in enumerate(figures))


def bootstrap_means(columns: Floats, *, replicates: int, seed: int) -> Floats:
    """Replicates × columns of means over respondents drawn together, so that columns stay paired."""
    present = ~np.isnan(columns)
    sums_and_sizes = np.concatenate((np.where(present, columns, 0.0), present), axis=1)
    width = columns.shape[1]
    blocks = []
    for counts in bootstrap_counts(columns.shape[0], replicates=replicates, seed=seed):
        totals = counts @ sums_and_sizes
        sums, sizes = totals[:, :width], totals[:, width:]
        blocks.append(np.divide(sums, sizes, out=np.full(sums.shape, np.nan), where=sizes > 0))
    return np.concatenate(blocks)


def _with_limits(figure: Measurement, drawn: Floats, confidence: float) -> Measurement:
    if figure.n < 2:
        return figure
    low, high = percentile_interval(drawn, confidence=confidence)
    return replace(figure, low=low, high=high, method="bootstrap-percentile")
