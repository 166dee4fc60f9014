"""Service quality as customers see it: SERVQUAL and SERVPERF, the zone of tolerance, the five gaps, TSQ and USQ.

`gap_analysis` → `GapAnalysis`, `servperf` → `Scores`, `zone_of_tolerance`; `knowledge_gap`, `standards_gap`,
`delivery_gap`, `communication_gap` and a gap analysis side by side in `five_gaps`; `technical_vs_perceived` with
`bland_altman` and `spearman`; `difference_reliability`. The wording of the 22 original items is their authors'.
"""

from zhiheng.measure.servqual.answers import SERVQUAL_DIMENSIONS
from zhiheng.measure.servqual.checks import DimensionCheck, difference_reliability
from zhiheng.measure.servqual.delivery import Delivery, DeliveryGap, communication_gap, delivery_gap
from zhiheng.measure.servqual.five import FiveGaps, GapRow, five_gaps
from zhiheng.measure.servqual.gaps import Gap, GapAnalysis, gap_analysis
from zhiheng.measure.servqual.knowledge import Difference, KnowledgeGap, knowledge_gap
from zhiheng.measure.servqual.performance import Scores, servperf
from zhiheng.measure.servqual.standards import Standard, StandardsGap, standards_gap
from zhiheng.measure.servqual.technical import (
    Agreement,
    ServicePeriod,
    TechnicalPerceived,
    bland_altman,
    spearman,
    technical_vs_perceived,
)
from zhiheng.measure.servqual.zone import Zone, ZoneOfTolerance, zone_of_tolerance

__all__ = [
    "SERVQUAL_DIMENSIONS",
    "Agreement",
    "Delivery",
    "DeliveryGap",
    "Difference",
    "DimensionCheck",
    "FiveGaps",
    "Gap",
    "GapAnalysis",
    "GapRow",
    "KnowledgeGap",
    "Scores",
    "ServicePeriod",
    "Standard",
    "StandardsGap",
    "TechnicalPerceived",
    "Zone",
    "ZoneOfTolerance",
    "bland_altman",
    "communication_gap",
    "delivery_gap",
    "difference_reliability",
    "five_gaps",
    "gap_analysis",
    "knowledge_gap",
    "servperf",
    "spearman",
    "standards_gap",
    "technical_vs_perceived",
    "zone_of_tolerance",
]
