"""The clock of a commitment: from the acts on it to used, paused and due time, and whether it was missed.

Public: `derive_clock(events, policy=, as_of_s=) -> ClockState`, `step_instant` (ladder), `audit_pauses`
(D08), and the values `ClockEvent`, `ClockAct`, `ClockPolicy`, `ClockState`, `ClockStatus`, `ClockSpan`,
`SpanKind`, `Lap`, `Ignored`.
"""

from zhiheng.measure.clock.conditions import ClockConditions, acts_of, contradictions
from zhiheng.measure.clock.events import ClockAct, ClockEvent, ClockPolicy
from zhiheng.measure.clock.fold import audit_pauses, derive_clock, step_instant
from zhiheng.measure.clock.state import ClockSpan, ClockState, ClockStatus, Ignored, Lap, SpanKind

__all__ = [
    "ClockAct",
    "ClockConditions",
    "ClockEvent",
    "ClockPolicy",
    "ClockSpan",
    "ClockState",
    "ClockStatus",
    "Ignored",
    "Lap",
    "SpanKind",
    "acts_of",
    "audit_pauses",
    "contradictions",
    "derive_clock",
    "step_instant",
]
