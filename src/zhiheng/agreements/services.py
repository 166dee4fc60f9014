"""Proposing an exemption, and deciding on it: never the same person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhiheng.agreements import events
from zhiheng.agreements.choices import ExemptionState
from zhiheng.agreements.models import Exemption
from zhiheng.agreements.rules import Refusal, refuses_decision
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import Conflict, InvalidInput, NotAllowed
from zhiheng.kernel.time import now
from zhiheng.platform.grants import person_of
from zhiheng.platform.journal import act

NO_PERSON = _("Only a person proposes an exemption or decides on it.")
DECIDED = _("This exemption is decided already; figures were computed by it.")
ANOTHER = _("Propose another one.")


def propose_exemption(*, actor: Actor, **values: Any) -> Exemption:
    """Ask that tickets are left out of the figures. Raises NotAllowed without a person, ValidationError."""
    person_id = person_of(actor)
    if person_id is None:
        raise NotAllowed(NO_PERSON, code=Refusal.NO_PERSON)
    exemption = Exemption(proposed_by_id=person_id, **values)
    exemption.full_clean()
    with act(events.PROPOSED, record=exemption):
        exemption.save()
    return exemption


def change_exemption(*, exemption: Exemption, **values: Any) -> Exemption:
    """Change a proposal. Raises Conflict once it is decided, ValidationError."""
    if exemption.state != ExemptionState.PROPOSED:
        raise Conflict(DECIDED, code=Refusal.ALREADY_DECIDED, remedy=ANOTHER)
    for name, value in values.items():
        setattr(exemption, name, value)
    exemption.full_clean()
    exemption.save()
    return exemption


def delete_exemption(*, exemption: Exemption) -> None:
    """Withdraw a proposal. Raises Conflict once it is decided."""
    if exemption.state != ExemptionState.PROPOSED:
        raise Conflict(DECIDED, code=Refusal.ALREADY_DECIDED, remedy=ANOTHER)
    exemption.delete()


def approve_exemption(*, exemption: Exemption, actor: Actor) -> Exemption:
    """Leave its tickets out of the figures. Raises NotAllowed, InvalidInput for one's own proposal, Conflict."""
    return _decide(exemption, actor, ExemptionState.APPROVED, events.APPROVED)


def refuse_exemption(*, exemption: Exemption, actor: Actor) -> Exemption:
    """Keep its tickets in the figures. Raises NotAllowed, InvalidInput for one's own proposal, Conflict."""
    return _decide(exemption, actor, ExemptionState.REFUSED, events.REFUSED)


def _decide(exemption: Exemption, actor: Actor, state: ExemptionState, name: str) -> Exemption:
    fresh = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    person_id = person_of(actor)
    refusal = refuses_decision(
        proposed=fresh.state == ExemptionState.PROPOSED, proposer=fresh.proposed_by_id, decider=person_id
    )
    if refusal is Refusal.ALREADY_DECIDED:
        raise Conflict(DECIDED, code=refusal, remedy=ANOTHER)
    if refusal is Refusal.NO_PERSON:
        raise NotAllowed(NO_PERSON, code=refusal)
    if refusal is Refusal.OWN_PROPOSAL:
        raise InvalidInput(
            _("Nobody decides on what they proposed themselves."),
            code=refusal,
            remedy=_("Ask a colleague who may approve exemptions."),
        )
    with act(name, record=fresh):
        fresh.state, fresh.decided_by_id, fresh.decided_at = state, person_id, now()
        fresh.save()
    return fresh
