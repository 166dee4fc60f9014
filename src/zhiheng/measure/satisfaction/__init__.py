"""Surveys: what customers answered, how sure that is, and whom it speaks for.

Figures: `csat`, `customer_effort`, `net_promoter_score`, `response_rate` and the interval of a mean under
dependent answers (`cluster_interval`, `bootstrap_interval`). Weights: `post_stratify`, `rake`,
`effective_sample_size`. Beyond the figure: `drivers` of satisfaction, `nonresponse_check`, `shrink` for small
groups. Answers that are missing are left out by the caller, who states the rule.
"""

from zhiheng.measure.satisfaction.bootstrap import bootstrap_interval
from zhiheng.measure.satisfaction.clusters import ClusteredMean, cluster_interval
from zhiheng.measure.satisfaction.drivers import Driver, Drivers, drivers
from zhiheng.measure.satisfaction.nonresponse import AttributeCheck, NonresponseCheck, nonresponse_check
from zhiheng.measure.satisfaction.promoters import (
    NetPromoterDifference,
    NetPromoterScore,
    ScoreInterval,
    net_promoter_difference,
    net_promoter_of_counts,
    net_promoter_sample_size,
    net_promoter_score,
)
from zhiheng.measure.satisfaction.raking import RakedWeights, rake
from zhiheng.measure.satisfaction.ratings import csat, customer_effort, response_rate
from zhiheng.measure.satisfaction.shrinkage import Shrunk, ShrunkShares, shrink
from zhiheng.measure.satisfaction.weighting import (
    EffectiveSampleSize,
    PostStratified,
    Stratum,
    effective_sample_size,
    post_stratify,
)

__all__ = [
    "AttributeCheck",
    "ClusteredMean",
    "Driver",
    "Drivers",
    "EffectiveSampleSize",
    "NetPromoterDifference",
    "NetPromoterScore",
    "NonresponseCheck",
    "PostStratified",
    "RakedWeights",
    "ScoreInterval",
    "Shrunk",
    "ShrunkShares",
    "Stratum",
    "bootstrap_interval",
    "cluster_interval",
    "csat",
    "customer_effort",
    "drivers",
    "effective_sample_size",
    "net_promoter_difference",
    "net_promoter_of_counts",
    "net_promoter_sample_size",
    "net_promoter_score",
    "nonresponse_check",
    "post_stratify",
    "rake",
    "response_rate",
    "shrink",
]
