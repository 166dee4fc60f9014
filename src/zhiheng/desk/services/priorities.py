"""Impact, urgency and the priority that follows from them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.desk import events
from zhiheng.desk.choices import Level, Priority
from zhiheng.desk.models import PriorityRule, Ticket
from zhiheng.desk.queries import priority_for
from zhiheng.desk.rules.priority import highest
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act

# Rows: impact 1…4, columns: urgency 1…4.
SHIPPED_MATRIX = ((1, 1, 2, 3), (1, 2, 3, 3), (2, 3, 3, 4), (3, 3, 4, 5))


def change_priority(*, ticket: Ticket, impact: int, urgency: int, reason: str = "") -> Ticket:
    """Set impact and urgency; the priority follows from the matrix, and the commitments from the priority.

    Lowering the priority needs a reason: a downgrade changes what was promised. Raises InvalidInput.
    """
    with locked(ticket) as held:
        priority = priority_for(kind=held.kind.slug, impact=impact, urgency=urgency)
        if priority > held.priority and not reason.strip():
            raise InvalidInput(_("Say why the priority is lowered."), code="reason_needed", field="reason")
        data = (
            {"from": held.priority, "to": priority, "reason": reason}
            if reason
            else {"from": held.priority, "to": priority}
        )
        with act(events.PRIORITISED, record=held, data={"priority": data}):
            held.impact, held.urgency, held.priority = impact, urgency, priority
            held.highest_priority = highest(held.highest_priority, priority)
            held.updated_at = now()
            held.save()
        drive_clocks(ticket=held)
    return ticket


def install_priority_matrix() -> None:
    """The shipped matrix, where the organisation has none."""
    if PriorityRule.objects.exists():
        return
    for impact, row in zip(Level.values, SHIPPED_MATRIX, strict=True):
        for urgency, priority in zip(Level.values, row, strict=True):
            PriorityRule(impact=impact, urgency=urgency, priority=Priority(priority)).save()
