"""Times that may still be running: an open ticket is a censored time, never a missing one.

The mean of finished tickets alone falls when the backlog grows; these estimators do not. One group:
`kaplan_meier`, `restricted_mean`, `quantile`, `nelson_aalen`. Several groups and covariates: `log_rank`,
`cox`. Several kinds of end (resolved, cancelled, merged): `aalen_johansen`. Events that return:
`mean_cumulative_function`.
"""

from zhiheng.measure.survival.competing import CumulativeIncidence, Incidence, aalen_johansen
from zhiheng.measure.survival.cox import CoxModel, HazardRatio, cox
from zhiheng.measure.survival.curve import (
    Hazard,
    Survival,
    kaplan_meier,
    nelson_aalen,
    quantile,
    restricted_mean,
)
from zhiheng.measure.survival.log_rank import LogRank, log_rank
from zhiheng.measure.survival.recurrent import MeanCumulative, mean_cumulative_function

__all__ = [
    "CoxModel",
    "CumulativeIncidence",
    "Hazard",
    "HazardRatio",
    "Incidence",
    "LogRank",
    "MeanCumulative",
    "Survival",
    "aalen_johansen",
    "cox",
    "kaplan_meier",
    "log_rank",
    "mean_cumulative_function",
    "nelson_aalen",
    "quantile",
    "restricted_mean",
]
