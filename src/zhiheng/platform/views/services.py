"""Keeping, sharing and removing saved views."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import InvalidInput, NotAllowed
from zhiheng.platform.grants import holdings_of, may, person_of
from zhiheng.platform.models import Audience, SavedView

LONGEST_QUERY = 4_000


def save_view(
    *,
    actor: Actor,
    record_type: str,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    audience: str = Audience.PERSON,
    team_id: int | None = None,
) -> SavedView:
    """Keep a list under a name; the same name again replaces it.

    Raises NotAllowed for a team that is not the actor's own, or for everyone without the permission to share.
    """
    person_id = person_of(actor)
    if person_id is None:
        raise NotAllowed(_("Sign in to keep a view."))
    _check_audience(actor, audience, team_id)
    clean = name.strip()
    if not clean or len(clean) > 80 or len(query) > LONGEST_QUERY:
        raise InvalidInput(_("A view has a name of 1 to 80 characters."), code="bad_view", field="name")
    with transaction.atomic():
        found = SavedView.objects.filter(owner_id=person_id, record_type=record_type, name=clean).first()
        view = found or SavedView(owner_id=person_id, record_type=record_type, name=clean)
        view.query, view.columns = query.lstrip("?"), list(columns)
        view.audience, view.team_id = audience, team_id
        view.save()
    return view


def rename_view(*, actor: Actor, view: SavedView, name: str) -> SavedView:
    """Give one's own view another name."""
    _require_own(actor, view)
    clean = name.strip()
    taken = SavedView.objects.filter(owner_id=view.owner_id, record_type=view.record_type, name=clean)
    if not clean or len(clean) > 80 or taken.exclude(pk=view.pk).exists():
        raise InvalidInput(
            _("You already have a view of this name, or it is empty."), code="bad_view", field="name"
        )
    view.name = clean
    view.save()
    return view


def move_view(*, actor: Actor, view: SavedView, position: int) -> SavedView:
    """Put one's own view at another place among the tabs."""
    _require_own(actor, view)
    view.position = position
    view.save()
    return view


def delete_view(*, actor: Actor, view: SavedView) -> None:
    """Remove one's own view."""
    _require_own(actor, view)
    view.delete()


def _require_own(actor: Actor, view: SavedView) -> None:
    if person_of(actor) != view.owner_id:
        raise NotAllowed(_("Only its owner changes a saved view."))


def _check_audience(actor: Actor, audience: str, team_id: int | None) -> None:
    if audience not in Audience.values or (audience == Audience.TEAM) != (team_id is not None):
        raise InvalidInput(_("Choose for whom the view is."), code="bad_audience", field="audience")
    if audience == Audience.TEAM and team_id not in holdings_of(actor).ids("team"):
        raise NotAllowed(_("Share a view with a team you belong to."))
    if audience == Audience.ALL and not may(actor, "share", SavedView):
        raise NotAllowed(_("You may not share views with everyone."))
