"""The one function that moves a ticket, and the acts that are moves by another name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import role_slugs
from zhiheng.desk import events
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Ticket
from zhiheng.desk.rules.guards import TicketView, first_refusal
from zhiheng.desk.rules.moves import Move, Times, after
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.conversation import write_message
from zhiheng.desk.services.locking import locked
from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict
from zhiheng.kernel.text import localized
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Definition, Refusal, decide_move

MESSAGES = {
    "unknown_state": _("This ticket's process has no state “%(detail)s”."),
    "not_allowed_from_here": _(
        "The process does not lead there from “%(detail)s”. Reload the page: somebody may have moved the ticket."
    ),
    "role_missing": _("Only these roles may do this: %(detail)s."),
    "missing": _("Missing: %(detail)s."),
}


def transition(
    *,
    ticket: Ticket,
    to: str,
    reason: str = "",
    solution: str = "",
    question: str = "",
    author: Person | None = None,
    expected_state: str | None = None,
) -> Ticket:
    """Move a ticket to the state ``to`` of its own process version: lock, rules, guards, save, clocks, journal.

    A ``question`` becomes a public message (a pause must be after a visible question), a ``solution`` the ticket's solution.
    ``expected_state`` is the state the person saw. Raises Conflict with what is in the way.
    """
    with locked(ticket) as held:
        if expected_state is not None and held.state != expected_state:
            raise Conflict(
                _("Somebody has moved this ticket meanwhile. Look at it again before you act."),
                code="moved_meanwhile",
            )
        definition = definition_of(held.process_version_id)
        given = {
            name
            for name, value in (
                ("reason", reason), ("solution", solution or held.solution), ("question", question),
                ("assignee", held.assignee_id),
            )
            if value
        }  # fmt: skip
        _check(held, definition, to=to, given=given, roles=role_slugs(current().actor))
        at = now()
        data = move_data(held, definition, to) | ({"reason": reason} if reason else {})
        with act(events.TRANSITIONED, record=held, data=data) as done:
            if question:
                message = write_message(
                    ticket=held,
                    body=question,
                    author=author,
                    asks_customer=True,
                    channel=Channel.PORTAL,
                    at=at,
                )
                done.data["message"] = message.pk
                held.responded_at = held.responded_at or at
            if solution:
                held.solution = solution
            apply_move(held, definition, to=to, at=at)
            held.save()
        drive_clocks(ticket=held)
    return ticket


def mark_restored(*, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """The service works again, by workaround or cure, while the ticket stays open. Stops the restoration clock."""
    with locked(ticket) as held:
        if held.restored_at is not None:
            raise Conflict(_("The service is already marked as restored."), code="already_restored")
        moment = at or now()
        with act(events.RESTORED, record=held, occurred_at=moment):
            held.restored_at = moment
            held.updated_at = now()
            held.save()
        drive_clocks(ticket=held)
    return ticket


def confirm_solution(*, ticket: Ticket) -> Ticket:
    """The requester accepts the solution: the loop closes where the process leads from here to a closed state."""
    with locked(ticket) as held:
        if held.state_category != "solved":
            raise Conflict(_("Only a solved ticket can be confirmed."), code="not_solved")
        definition = definition_of(held.process_version_id)
        closing = next(
            (
                move
                for move in definition.moves_from(held.state)
                if definition.category(move.target) == "closed"
            ),
            None,
        )
        at = now()
        data = move_data(held, definition, closing.target) if closing else {}
        with act(events.CONFIRMED, record=held, data=data):
            held.confirmed_at = at
            if closing:
                apply_move(held, definition, to=closing.target, at=at)
            held.save()
        drive_clocks(ticket=held)
    return ticket


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


def _check(
    ticket: Ticket, definition: Definition, *, to: str, given: Collection[str], roles: Collection[str] | None
) -> None:
    decision = decide_move(definition, source=ticket.state, target=to, given=given, roles=roles)
    if isinstance(decision, Refusal):
        detail = decision.detail
        if decision.code == "not_allowed_from_here":
            detail = localized(definition.state(ticket.state).name)
        raise Conflict(MESSAGES[decision.code] % {"detail": detail}, code=decision.code, field="to")
    view = TicketView(
        ticket.pk, ticket.kind.slug, ticket.state, ticket.state_category, ticket.priority,
        {field.name: getattr(ticket, field.attname) for field in ticket._meta.concrete_fields},
    )  # fmt: skip
    refusal = first_refusal(view, to=definition.category(to))
    if refusal is not None:
        raise Conflict(refusal.detail or refusal.code, code=refusal.code, field="to")
