"""Named acts on tickets. Each locks, asks the pure rules, saves, moves the clocks and leaves one entry."""

from zhiheng.desk.services.assignment import assign_ticket, claim_ticket
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.conversation import add_note, reply, urge
from zhiheng.desk.services.editing import edit_ticket
from zhiheng.desk.services.history import LoadResult, load_history
from zhiheng.desk.services.links import attach_item, detach_item, link_tickets, unlink_tickets
from zhiheng.desk.services.opening import open_ticket
from zhiheng.desk.services.overdue import flip_overdue
from zhiheng.desk.services.priorities import change_priority, install_priority_matrix
from zhiheng.desk.services.rederiving import rederive_open_clocks
from zhiheng.desk.services.transitions import confirm_solution, mark_restored, transition

__all__ = [
    "LoadResult",
    "add_note",
    "assign_ticket",
    "attach_item",
    "change_priority",
    "claim_ticket",
    "confirm_solution",
    "detach_item",
    "drive_clocks",
    "edit_ticket",
    "flip_overdue",
    "install_priority_matrix",
    "link_tickets",
    "load_history",
    "mark_restored",
    "open_ticket",
    "rederive_open_clocks",
    "reply",
    "transition",
    "unlink_tickets",
    "urge",
]
