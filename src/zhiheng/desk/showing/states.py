"""States of tickets by the names that their processes give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html

from zhiheng.desk.models import Ticket
from zhiheng.kernel.text import localized
from zhiheng.processes.queries import definition_of


class StateTag(str):
    """The name of a state for files and the API; on a page a neutral tag."""

    __slots__ = ()

    def __str__(self) -> str:
        name = "".join(self)
        return format_html('<span class="tag state">{}</span>', name)


def state_column(tickets: Sequence[Ticket]) -> Mapping[int, object]:
    """The state of each ticket as a list draws it; definitions are parsed once per process version."""
    return {ticket.pk: StateTag(state_name(ticket)) for ticket in tickets}


def state_name(ticket: Ticket) -> str:
    """The name of the state a ticket stands in."""
    state = definition_of(ticket.process_version_id).states.get(ticket.state)
    return localized(dict(state.name)) if state else ticket.state
