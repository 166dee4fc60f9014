"""The acts of the desk, and the events they are to handlers. Names and payloads are an API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.events import Event, event, told_as
from zhiheng.platform.journal import register_act
from zhiheng.processes.choices import StateCategory

OPENED = register_act("desk.ticket.opened", label=_("opened"), icon="plus", public=True).name
TRANSITIONED = register_act(
    "desk.ticket.transitioned", label=_("moved"), icon="arrow-right", public=True
).name
ASSIGNED = register_act("desk.ticket.assigned", label=_("assigned"), icon="user", public=True).name
REPLIED = register_act("desk.ticket.replied", label=_("replied"), icon="message", public=True).name
NOTED = register_act("desk.ticket.noted", label=_("noted"), icon="note").name
RESTORED = register_act(
    "desk.ticket.restored", label=_("marked the service as restored"), icon="heartbeat", public=True
).name
PRIORITISED = register_act("desk.ticket.prioritised", label=_("changed the priority"), icon="flag").name
LINKED = register_act("desk.ticket.linked", label=_("linked"), icon="link").name
UNLINKED = register_act("desk.ticket.unlinked", label=_("took a link off"), icon="link-off").name
ATTACHED = register_act(
    "desk.ticket.item_attached", label=_("named a configuration item"), icon="server"
).name
DETACHED = register_act(
    "desk.ticket.item_detached", label=_("took a configuration item off"), icon="server-off"
).name
CONFIRMED = register_act(
    "desk.ticket.confirmed", label=_("confirmed the solution"), icon="check", public=True
).name
URGED = register_act("desk.ticket.urged", label=_("urged"), icon="bell", public=True).name
OVERDUE = register_act("desk.ticket.overdue", label=_("missed a commitment"), icon="clock-exclamation").name
RECORDED = register_act(
    "desk.ticket.recorded", label=_("recorded in the source system"), icon="history", public=True
).name

MOVES = (TRANSITIONED, ASSIGNED, REPLIED, CONFIRMED)
"""Acts that may move a ticket: by itself, by being accepted, by words that reopen it, by being confirmed."""
OVER = frozenset({StateCategory.SOLVED, StateCategory.CLOSED})


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(Event):
    """A ticket was opened, by its requester or on their behalf."""

    acts: ClassVar = (OPENED,)

    kind: str
    state: str = told_as("to")
    category: str = told_as("to_category")
    team: int | None = None
    assignee: int | None = None


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAssigned(Event):
    """Another team or person answers for the ticket now."""

    acts: ClassVar = (ASSIGNED,)

    from_team: int | None
    from_assignee: int | None
    team: int | None
    assignee: int | None
    reason: str = ""


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMoved(Event):
    """The ticket is in another state, whichever act brought it there."""

    acts: ClassVar = MOVES

    from_state: str = told_as("from")
    to_state: str = told_as("to")
    from_category: str
    to_category: str

    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:
        """Only entries that carry a move."""
        return "to_category" in data


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResolved(TicketMoved):
    """The ticket was solved (or closed at once)."""

    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:
        """Into solved or closed, from neither."""
        return data.get("to_category") in OVER and data.get("from_category") not in OVER


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(TicketMoved):
    """Work on a solved or closed ticket began again."""

    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:
        """Out of solved or closed, into work."""
        return data.get("from_category") in OVER and data.get("to_category") == StateCategory.OPEN


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReplied(Event):
    """Somebody wrote a public message; `message` is its id."""

    acts: ClassVar = (REPLIED,)

    message: int
    from_requester: bool
    channel: str


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNoted(Event):
    """Staff wrote a private note; `message` is its id."""

    acts: ClassVar = (NOTED,)

    message: int


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRestored(Event):
    """The service works again, at `occurred_at`."""

    acts: ClassVar = (RESTORED,)


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUrged(Event):
    """The requester asked to go faster."""

    acts: ClassVar = (URGED,)

    reason: str = ""


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentMissed(Event):
    """A promised time ran out on the ticket, at `occurred_at`."""

    acts: ClassVar = (OVERDUE,)

    commitment: int
    level: str
    promise: str
