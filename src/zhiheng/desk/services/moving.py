"""What a move does to a ticket's row, and what it leaves in its entry."""

from __future__ import annotations

from datetime import datetime

from zhiheng.desk.models import Ticket
from zhiheng.desk.rules.moves import Move, Times, after
from zhiheng.processes.rules import Definition


def move_data(ticket: Ticket, definition: Definition, to: str) -> dict[str, object]:
    """What every move leaves in its entry: the event log of the process is read from exactly this."""
    return {
        "from": ticket.state, "to": to,
        "from_category": ticket.state_category, "to_category": definition.category(to),
        "team": ticket.team_id, "assignee": ticket.assignee_id,
    }  # fmt: skip


def apply_move(ticket: Ticket, definition: Definition, *, to: str, at: datetime) -> None:
    """Set state and times on the instance by the pure fold; does not save."""
    category = definition.category(to)
    before = Times(
        ticket.restored_at, ticket.resolved_at, ticket.confirmed_at, ticket.closed_at, ticket.reopen_count
    )
    times = after(before, Move(at, ticket.state_category, category))
    ticket.state, ticket.state_category = to, category
    ticket.restored_at, ticket.resolved_at = times.restored_at, times.resolved_at
    ticket.confirmed_at, ticket.closed_at = times.confirmed_at, times.closed_at
    ticket.reopen_count = times.reopen_count
    ticket.updated_at = at
