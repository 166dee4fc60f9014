"""Names of the persons and teams that entries mention by id: two queries for a whole story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhiheng.accounts.models import ApiToken, Person, Team
from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.platform.journal import EntryView

PERSON_KEYS = ("assignee", "from_assignee")
TEAM_KEYS = ("team", "from_team")


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. Who or what is gone is named by its number."""

    people: dict[int, str]
    teams: dict[int, str]
    tokens: dict[int, str]

    def person(self, key: object) -> str:
        """The name of a person."""
        return self.people.get(key, f"#{key}") if isinstance(key, int) else ""

    def team(self, key: object) -> str:
        """The name of a team."""
        return self.teams.get(key, f"#{key}") if isinstance(key, int) else ""

    def actor(self, actor: Actor) -> str:
        """Who did it."""
        if actor.kind is ActorKind.PERSON:
            return self.person(actor.id)
        if actor.kind is ActorKind.TOKEN:
            return self.tokens.get(actor.id or 0, _("API"))
        return {ActorKind.RULE: _("Rule"), ActorKind.ANONYMOUS: _("Anonymous")}.get(actor.kind, _("System"))


def names_in(entries: Iterable[EntryView]) -> Names:
    """The names that these entries need."""
    people: set[int] = set()
    teams: set[int] = set()
    tokens: set[int] = set()
    for entry in entries:
        if entry.actor.id is not None:
            (tokens if entry.actor.kind is ActorKind.TOKEN else people).add(entry.actor.id)
        people.update(_ids(entry, PERSON_KEYS, "assignee", "requester"))
        teams.update(_ids(entry, TEAM_KEYS, "team"))
    held = Person.objects.filter(pk__in=people).only("pk", "name", "username")
    return Names(
        people={person.pk: str(person) for person in held},
        teams={team.pk: str(team) for team in Team.objects.filter(pk__in=teams)} if teams else {},
        tokens=dict(ApiToken.objects.filter(pk__in=tokens).values_list("pk", "name")) if tokens else {},
    )


def _ids(entry: EntryView, keys: Iterable[str], *fields: str) -> Iterable[int]:
    values = [entry.data.get(key) for key in keys]
    values += [value for field in fields for value in entry.changes.get(field, ())]
    return (value for value in values if isinstance(value, int))
