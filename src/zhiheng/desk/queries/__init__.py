"""Reading the desk: queues, priorities, what happened on a ticket, how its clocks were derived."""

from zhiheng.desk.queries.clocks import ClockDerivation, clock_derivations, happenings_of
from zhiheng.desk.queries.priorities import priority_for

__all__ = ["ClockDerivation", "clock_derivations", "happenings_of", "priority_for"]
