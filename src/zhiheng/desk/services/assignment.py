"""Who works on a ticket: claim, assign, transfer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.accounts.queries import acting_person, teams_of
from zhiheng.desk import events
from zhiheng.desk.models import Ticket
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.desk.services.moving import apply_move
from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes.choices import FINAL, StateCategory
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Definition


def assign_ticket(*, ticket: Ticket, team: Team | None, to: Person | None = None, reason: str = "") -> Ticket:
    """Give the ticket to a team, and to a person of it or to nobody yet.

    A new ticket that gets a team or a person is thereby accepted: it moves on where its process leads from the
    start to an open state that needs nothing. Raises InvalidInput when the person is not in the team or has left,
    or the team is retired; Conflict when the ticket is over.
    """
    _check_receiver(team, to)
    with locked(ticket) as held:
        if held.state_category in FINAL:
            raise Conflict(_("This ticket is over. Reopen it before you assign it."), code="ticket_over")
        definition = definition_of(held.process_version_id)
        at = now()
        data: dict[str, object] = {
            "from_team": held.team_id, "from_assignee": held.assignee_id,
            "team": team.pk if team else None, "assignee": to.pk if to else None,
        }  # fmt: skip
        if reason:
            data["reason"] = reason
        accepted = _accepting_state(held, definition)
        if accepted is not None:
            data |= {
                "from": held.state, "to": accepted, "from_category": held.state_category,
                "to_category": definition.category(accepted),
            }  # fmt: skip
        with act(events.ASSIGNED, record=held, data=data):
            held.team, held.assignee = team, to
            held.updated_at = at
            if accepted is not None:
                apply_move(held, definition, to=accepted, at=at)
            held.save()
        drive_clocks(ticket=held)
    return ticket


def claim_ticket(*, ticket: Ticket, person: Person | None = None) -> Ticket:
    """Take a ticket oneself. One that has no team yet gets one's first. Raises InvalidInput outside one's own teams."""
    taker = person or acting_person(current().actor)
    if taker is None:
        raise InvalidInput(_("Only a person can take a ticket."), code="not_a_person")
    team = ticket.team or teams_of(taker).order_by("id").first()
    return assign_ticket(ticket=ticket, team=team, to=taker)


def _check_receiver(team: Team | None, to: Person | None) -> None:
    if team is not None and team.retired_at is not None:
        raise InvalidInput(_("This team is retired; choose another."), code="team_retired", field="team")
    if to is not None and not to.is_active:
        raise InvalidInput(_("This person has left; choose another."), code="person_inactive", field="to")
    if to is not None and team is not None and not Membership.objects.filter(team=team, person=to).exists():
        raise InvalidInput(
            _("%(person)s is not in the team %(team)s.") % {"person": to, "team": team},
            code="not_in_team",
            field="to",
        )


def _accepting_state(ticket: Ticket, definition: Definition) -> str | None:
    """Where assigning takes a new ticket: the first open state that its process reaches without asking for anything."""
    if ticket.state_category != StateCategory.NEW:
        return None
    return next(
        (
            move.target
            for move in definition.moves_from(ticket.state)
            if definition.category(move.target) == StateCategory.OPEN and not move.needs
        ),
        None,
    )
