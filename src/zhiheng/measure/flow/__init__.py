"""Process mining over event arrays: sort a log once with `build_traces`, then ask it questions.

Codes are integers given by the caller; results carry codes, never names. Durations are whole seconds.
"""

from zhiheng.measure.flow.arcs import Arc, Wait, bottlenecks, directly_follows
from zhiheng.measure.flow.conformance import (
    Conformance,
    Deviation,
    DeviationKind,
    ProcessDefinition,
    check_conformance,
)
from zhiheng.measure.flow.holders import HandOverArc, HandOvers, hand_overs
from zhiheng.measure.flow.traces import Traces, build_traces
from zhiheng.measure.flow.variants import Variants, end_activities, rework, start_activities, variants

__all__ = [
    "Arc",
    "Conformance",
    "Deviation",
    "DeviationKind",
    "HandOverArc",
    "HandOvers",
    "ProcessDefinition",
    "Traces",
    "Variants",
    "Wait",
    "bottlenecks",
    "build_traces",
    "check_conformance",
    "directly_follows",
    "end_activities",
    "hand_overs",
    "rework",
    "start_activities",
    "variants",
]
