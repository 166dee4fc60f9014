"""Whether a figure changes over time, when it changed, and whether a measure improved it.

Trend: `mann_kendall` with `sen_slope`. Breaks: `change_points`. Effects: `interrupted_time_series`,
`difference_in_differences`. The proof of an improvement: `verify_improvement`, one verdict with its evidence.
"""

from zhiheng.measure.trend.change import ChangePoint, ChangePoints, change_points
from zhiheng.measure.trend.differences import DifferenceInDifferences, difference_in_differences
from zhiheng.measure.trend.interrupted import InterruptedSeries, interrupted_time_series
from zhiheng.measure.trend.monotonic import MannKendall, SenSlope, mann_kendall, sen_slope
from zhiheng.measure.trend.verdict import Guard, GuardResult, Verification, verify_improvement

__all__ = [
    "ChangePoint",
    "ChangePoints",
    "DifferenceInDifferences",
    "Guard",
    "GuardResult",
    "InterruptedSeries",
    "MannKendall",
    "SenSlope",
    "Verification",
    "change_points",
    "difference_in_differences",
    "interrupted_time_series",
    "mann_kendall",
    "sen_slope",
    "verify_improvement",
]
