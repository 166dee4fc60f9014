"""Tables of the desk."""

from zhiheng.desk.models.clocks import ClockFlip, TicketClock
from zhiheng.desk.models.conversation import Message
from zhiheng.desk.models.links import TicketItem, TicketLink
from zhiheng.desk.models.priority import PriorityRule
from zhiheng.desk.models.tickets import Ticket

__all__ = ["ClockFlip", "Message", "PriorityRule", "Ticket", "TicketClock", "TicketItem", "TicketLink"]
