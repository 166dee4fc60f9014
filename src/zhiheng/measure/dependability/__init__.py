"""How dependable a service is: availability, structures of parts, failures, error budgets.

Measured: `availability` (union of outages, planned and unplanned, weighted), `union_of_outages`. Computed from
parts: `series`, `parallel`, `k_of_n`, `graph_availability` (shared parts, minimal cut sets). Failures: `mtbf`,
`mttr`, `mtbsi` with exact limits, `poisson_limits`. Objectives: `error_budget`, `burn_rate`, `budget_used`,
`burn_rate_alerts`.
"""

from zhiheng.measure.dependability.budget import ErrorBudget, budget_used, burn_rate, error_budget
from zhiheng.measure.dependability.burning import SRE_POLICIES, BurnAlert, BurnPolicy, burn_rate_alerts
from zhiheng.measure.dependability.failures import mtbf, mtbsi, mttr, poisson_limits
from zhiheng.measure.dependability.graph import CutSet, GraphAvailability, Group, graph_availability
from zhiheng.measure.dependability.outages import Availability, availability, union_of_outages
from zhiheng.measure.dependability.structure import k_of_n, parallel, series

__all__ = [
    "SRE_POLICIES",
    "Availability",
    "BurnAlert",
    "BurnPolicy",
    "CutSet",
    "ErrorBudget",
    "GraphAvailability",
    "Group",
    "availability",
    "budget_used",
    "burn_rate",
    "burn_rate_alerts",
    "error_budget",
    "graph_availability",
    "k_of_n",
    "mtbf",
    "mtbsi",
    "mttr",
    "parallel",
    "poisson_limits",
    "series",
    "union_of_outages",
]
