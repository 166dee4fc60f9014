"""Record types of the desk: the ticket and the priority matrix."""

from zhiheng.desk.records.priorities import PRIORITY_RULE
from zhiheng.desk.records.tickets import TICKET

__all__ = ["PRIORITY_RULE", "TICKET"]
