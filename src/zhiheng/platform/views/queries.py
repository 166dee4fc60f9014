"""The saved views an actor has: their own, their teams' and everyone's."""

from __future__ import annotations

from django.db.models import Q

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import holdings_of, person_of
from zhiheng.platform.models import Audience, SavedView


def saved_views_for(actor: Actor, record_type: str) -> list[SavedView]:
    """Saved views of a list, in their order."""
    return list(SavedView.objects.filter(_theirs(actor), record_type=record_type))


def saved_view(actor: Actor, view_id: int) -> SavedView | None:
    """One saved view, if the actor has it."""
    return SavedView.objects.filter(_theirs(actor), pk=view_id).first()


def _theirs(actor: Actor) -> Q:
    person_id = person_of(actor)
    if person_id is None:
        return Q(pk__in=[])
    teams = holdings_of(actor).ids("team")
    return Q(owner_id=person_id) | Q(audience=Audience.ALL) | Q(audience=Audience.TEAM, team_id__in=teams)
