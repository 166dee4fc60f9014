"""The priority that the organisation's matrix gives."""

from __future__ import annotations

from django.db.models import Q

from zhiheng.desk.models import PriorityRule
from zhiheng.desk.rules.priority import Cell, priority_of


def priority_for(*, kind: str, impact: int, urgency: int) -> int:
    """The priority of a ticket of this kind with this impact and urgency."""
    rows = PriorityRule.objects.filter(Q(kind=kind) | Q(kind=""), impact=impact, urgency=urgency)
    cells = [Cell(*values) for values in rows.values_list("kind", "impact", "urgency", "priority")]
    return priority_of(cells, kind=kind, impact=impact, urgency=urgency)
