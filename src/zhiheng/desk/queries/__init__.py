"""Reading the desk: queues, clocks and how they were derived, what a requester may follow, priorities.

``portal_tickets(person)`` and ``portal_timeline(ticket)`` hold only what is public; ``reads_private(actor, ticket)``
says who may see more. Conditions of queues (``mine``, ``unassigned`` …) take the actor and answer a ``Q``.
"""

from zhiheng.desk.queries.access import persons_concerned, reads_private, speaks_for_requester, works_the_desk
from zhiheng.desk.queries.around import item_of, items_of, link_of, links_of, messages_of, persons_of
from zhiheng.desk.queries.clocks import ClockDerivation, clock_derivations, happenings_of
from zhiheng.desk.queries.portal import portal_tickets, portal_timeline
from zhiheng.desk.queries.priorities import priority_for
from zhiheng.desk.queries.queues import (
    all_open,
    count_of,
    due_soon,
    first_of,
    first_queue,
    free_in_my_teams,
    mine,
    of_my_teams,
    recently_solved,
    unassigned,
)
from zhiheng.desk.queries.row_clocks import RowClock, clocks_of, elapsed_now, leading_clocks

__all__ = [
    "ClockDerivation",
    "RowClock",
    "all_open",
    "clock_derivations",
    "clocks_of",
    "count_of",
    "due_soon",
    "elapsed_now",
    "first_of",
    "first_queue",
    "free_in_my_teams",
    "happenings_of",
    "item_of",
    "items_of",
    "leading_clocks",
    "link_of",
    "links_of",
    "messages_of",
    "mine",
    "of_my_teams",
    "persons_concerned",
    "persons_of",
    "portal_tickets",
    "portal_timeline",
    "priority_for",
    "reads_private",
    "recently_solved",
    "speaks_for_requester",
    "unassigned",
    "works_the_desk",
]
