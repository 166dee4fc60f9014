"""Kano's analysis of what a feature does for satisfaction.

`classify` → `KanoAnalysis` by a versioned `EvaluationTable` (`BERGER`, `POULIOT` or one's own); from counts
`better_worse`, `fong_test`; `continuous_kano` by mean scores; `penalty_reward` from an ordinary survey.
"""

from zhiheng.measure.kano.classification import Feature, KanoAnalysis, classify
from zhiheng.measure.kano.continuous import ContinuousFeature, continuous_kano
from zhiheng.measure.kano.counts import BetterWorse, Fong, better_worse, fong_test
from zhiheng.measure.kano.penalty import Contrast, PenaltyReward, penalty_reward
from zhiheng.measure.kano.tables import ANSWERS, BERGER, CATEGORIES, POULIOT, TABLES, EvaluationTable

__all__ = [
    "ANSWERS",
    "BERGER",
    "CATEGORIES",
    "POULIOT",
    "TABLES",
    "BetterWorse",
    "ContinuousFeature",
    "Contrast",
    "EvaluationTable",
    "Feature",
    "Fong",
    "KanoAnalysis",
    "PenaltyReward",
    "better_worse",
    "classify",
    "continuous_kano",
    "fong_test",
    "penalty_reward",
]
