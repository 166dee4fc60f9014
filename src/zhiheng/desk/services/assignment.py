"""Who works on a ticket: claim, assign, transfer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.desk import events
from zhiheng.desk.models import Ticket
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.desk.services.locking import locked
from zhiheng.desk.services.transitions import apply_move
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act
from zhiheng.processes.queries import definition_of


def assign_ticket(*, ticket: Ticket, team: Team | None, to: Person | None = None, reason: str = "") -> Ticket:
    """Give the ticket to a team, and to a person of it or to nobody yet.

    A new ticket that gets a team or a person is thereby accepted: it moves on where its process leads from the start to an open
    state that needs nothing. Raises InvalidInput when the person is not in the team or the team is retired.
    """
    if team is not None and team.retired_at is not None:
        raise InvalidInput(_("This team is retired; choose another."), code="team_retired", field="team")
    if to is not None and team is not None and not Membership.objects.filter(team=team, person=to).exists():
        raise InvalidInput(
            _("%(person)s is not in the team %(team)s.") % {"person": to, "team": team},
            code="not_in_team",
            field="to",
        )
    with locked(ticket) as held:
        definition = definition_of(held.process_version_id)
        at = now()
        data: dict[str, object] = {
            "from_team": held.team_id, "from_assignee": held.assignee_id,
            "team": team.pk if team else None, "assignee": to.pk if to else None,
        }  # fmt: skip
        if reason:
            data["reason"] = reason
        accepted = next(
            (
                move.target
                for move in definition.moves_from(held.state)
                if held.state_category == "new"
                and definition.category(move.target) == "open"
                and not move.needs
            ),
            None,
        )
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


def claim_ticket(*, ticket: Ticket, person: Person) -> Ticket:
    """Take a ticket of one's own queue. Raises InvalidInput when it belongs to a team one is not in."""
    return assign_ticket(ticket=ticket, team=ticket.team, to=person)
