"""Reading the catalogue: which services are a person's."""

from __future__ import annotations

from django.db.models import Q

from zhiheng.accounts.queries import team_ids_of
from zhiheng.catalog.models import Service
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import person_of


def service_ids_of(actor: Actor) -> set[int]:
    """The services a person owns or that one of their teams answers for."""
    person_id = person_of(actor)
    if person_id is None:
        return set()
    theirs = Q(owner_id=person_id) | Q(team_id__in=team_ids_of(actor))
    return set(Service.objects.filter(theirs).order_by().values_list("pk", flat=True))
