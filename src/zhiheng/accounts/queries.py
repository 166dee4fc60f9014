"""Reads of people, teams and organisations; among them the ids that grants of a scope reach."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Case, Q, QuerySet, When

from zhiheng.accounts.choices import TeamRole
from zhiheng.accounts.models import ApiToken, Membership, Organisation, Person, Team
from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.kernel.time import now
from zhiheng.platform.grants import person_of
from zhiheng.platform.models import Role, RoleAssignment

# UNION, not UNION ALL: it ends even if the tree were broken into a circle.
_BELOW_PERSON = """
with recursive below(id) as (
    select organisation_id from accounts_person where id = %s and organisation_id is not null
    union
    select child.id from accounts_organisation child join below on child.parent_id = below.id
)
select id from below
"""
_BELOW = """
with recursive below(id) as (
    select id from accounts_organisation where id = %s
    union
    select child.id from accounts_organisation child join below on child.parent_id = below.id
)
select id from below
"""

# The depth is capped so that a circle, which the services refuse, could not run for ever.
_ABOVE = """
with recursive above(id, parent_id, depth) as (
    select id, parent_id, 0 from accounts_organisation where id = %s
    union all
    select up.id, up.parent_id, above.depth + 1 from accounts_organisation up
    join above on up.id = above.parent_id where above.depth < 50
)
select id from above order by depth
"""


def organisation_ids_below(organisation_id: int) -> set[int]:
    """The organisation and all its parts, in one query."""
    return _ids(_BELOW, organisation_id)


def organisation_ids_of(actor: Actor) -> set[int]:
    """The person's organisation and all its parts, in one query."""
    person_id = person_of(actor)
    return set() if person_id is None else _ids(_BELOW_PERSON, person_id)


def team_ids_of(actor: Actor) -> Collection[int]:
    """The teams a person belongs to, retired ones left out."""
    person_id = person_of(actor)
    if person_id is None:
        return set()
    rows = Membership.objects.filter(person_id=person_id, team__retired_at=None)
    return set(rows.order_by().values_list("team_id", flat=True))


def person_by_id(person_id: int) -> Person | None:
    """A person, or None when there is none (any more)."""
    return Person.objects.filter(pk=person_id).first()


def person_signing_in_as(typed: str) -> Person | None:
    """The person with this sign-in name, else with this e-mail address."""
    if not typed:
        return None
    by_name = Person.objects.filter(username=typed).first()
    return by_name or Person.objects.filter(email__iexact=typed).first()


def acting_person(actor: Actor) -> Person | None:
    """The person who acts, also behind a token."""
    person_id = person_of(actor)
    return None if person_id is None else person_by_id(person_id)


def members_of(team: Team) -> QuerySet[Person]:
    """Active members of a team."""
    return Person.objects.filter(memberships__team=team, is_active=True)


def teams_of(person: Person) -> QuerySet[Team]:
    """Teams of a person that still work."""
    return Team.objects.filter(memberships__person=person, retired_at=None)


def team_for(*, person: Person) -> Team | None:
    """The team whose work a person does first: one they lead, else the first they joined; None without any."""
    rank = Case(When(role=TeamRole.LEAD, then=0), default=1)
    memberships = Membership.objects.filter(person=person, team__retired_at=None).select_related("team")
    first = memberships.order_by(rank, "id").first()
    return first.team if first else None


def people_of(organisation: Organisation) -> QuerySet[Person]:
    """People of an organisation, its parts not included."""
    return Person.objects.filter(organisation=organisation)


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    """A person's API tokens, newest first."""
    return ApiToken.objects.filter(person=person).order_by("-created_at", "-id")


def ancestors_of(organisation_id: int) -> tuple[int, ...]:
    """The organisation itself, then what it is part of, up to the root, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [organisation_id])
        return tuple(row[0] for row in cursor.fetchall())


def account_named(username: str) -> Person | None:
    """The account of exactly this sign-in name, also a deactivated one."""
    return Person.objects.filter(username=username).first()


def anybody_can_sign_in() -> bool:
    """Whether there is an open account with a password: people whom a history names have none."""
    unusable = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Person.objects.filter(~unusable, is_active=True).exists()


def role_named(slug: str) -> Role | None:
    """The role of that key."""
    return Role.objects.filter(slug=slug).first()


def known_roles() -> list[str]:
    """The keys of all roles."""
    return list(Role.objects.order_by("slug").values_list("slug", flat=True))


def roles_given(person: Person) -> list[str]:
    """The keys of the roles that a person was given, whenever they are valid."""
    given = RoleAssignment.objects.filter(person_id=person.pk).order_by("role__slug")
    return list(given.values_list("role__slug", flat=True))


def role_slugs(actor: Actor) -> frozenset[str] | None:
    """The roles a person holds now, with everyone's. None for system, jobs and rules: no role binds them."""
    if actor.kind not in (ActorKind.PERSON, ActorKind.TOKEN, ActorKind.ANONYMOUS):
        return None
    person_id = person_of(actor)
    at = now()
    held = Q(held_by_everyone=True) | Q(
        pk__in=RoleAssignment.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=at),
            Q(valid_until=None) | Q(valid_until__gt=at),
            person_id=person_id or 0,
        ).values("role_id")
    )
    return frozenset(Role.objects.filter(held).values_list("slug", flat=True))


def _ids(sql: str, value: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
        return {row[0] for row in cursor.fetchall()}
