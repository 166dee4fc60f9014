"""The one function that moves a ticket, and the acts that are moves by another name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import acting_person, role_slugs
from zhiheng.desk import events
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Ticket
from zhiheng.desk.rules.guards import TicketView, first_refusal
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.desk.services.messages import write_message
from zhiheng.desk.services.moving import apply_move, move_data
from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.text import localized
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes.choices import StateCategory
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
NEEDED = {
    "reason": _("a reason"),
    "solution": _("the solution"),
    "question": _("a question to the requester"),
    "assignee": _("an assignee"),
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

    A ``question`` becomes a public message (a pause must be after a visible question), a ``solution`` the ticket's
    solution. ``expected_state`` is the state the person saw. Raises Conflict with what is in the way.
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
        writer = author or acting_person(current().actor)
        data = move_data(held, definition, to) | ({"reason": reason} if reason else {})
        with act(events.TRANSITIONED, record=held, data=data) as done:
            if question:
                message = write_message(
                    ticket=held,
                    body=question,
                    author=writer,
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
    moment = at or now()
    with locked(ticket) as held:
        if held.restored_at is not None:
            raise Conflict(_("The service is already marked as restored."), code="already_restored")
        if moment > now() or moment < (held.onset_at or held.received_at):
            raise InvalidInput(
                _("The service was restored between the fault's beginning and now."),
                code="not_in_span",
                field="at",
            )
        with act(events.RESTORED, record=held, occurred_at=moment):
            held.restored_at = moment
            held.updated_at = now()
            held.save()
        drive_clocks(ticket=held)
    return ticket


def confirm_solution(*, ticket: Ticket) -> Ticket:
    """The requester accepts the solution: the loop closes where the process leads from here to a closed state."""
    with locked(ticket) as held:
        if held.state_category != StateCategory.SOLVED:
            raise Conflict(_("Only a solved ticket can be confirmed."), code="not_solved")
        definition = definition_of(held.process_version_id)
        closing = next(
            (
                move
                for move in definition.moves_from(held.state)
                if definition.category(move.target) == StateCategory.CLOSED
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


def _check(
    ticket: Ticket, definition: Definition, *, to: str, given: Collection[str], roles: Collection[str] | None
) -> None:
    decision = decide_move(definition, source=ticket.state, target=to, given=given, roles=roles)
    if isinstance(decision, Refusal):
        detail = decision.detail
        if decision.code == "not_allowed_from_here":
            detail = localized(definition.state(ticket.state).name)
        elif decision.code == "missing":
            detail = ", ".join(str(NEEDED[need]) for need in detail.split(", "))
        raise Conflict(MESSAGES[decision.code] % {"detail": detail}, code=decision.code, field="to")
    view = TicketView(
        ticket.pk, ticket.kind.slug, ticket.state, ticket.state_category, ticket.priority,
        {field.name: getattr(ticket, field.attname) for field in ticket._meta.concrete_fields},
    )  # fmt: skip
    refusal = first_refusal(view, to=definition.category(to))
    if refusal is not None:
        raise Conflict(refusal.detail or refusal.code, code=refusal.code, field="to")
