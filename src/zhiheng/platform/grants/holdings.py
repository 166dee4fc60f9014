"""What an actor holds: grants, and their ids in each scope. Loaded once per request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, CharField, Exists, Model, Q, QuerySet, Value
from django.db.models.signals import post_delete, post_save

from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.kernel.time import now
from zhiheng.platform.grants.permissions import (
    Kinds,
    Permission,
    both,
    either,
    kinds_allowed,
    parse,
    permissions,
)
from zhiheng.platform.models.grants import ConcernedPerson, Grant, Role, RoleAssignment, ScopeName

ABOUT = "about"
"""Stands in the place of the scope where a row names a record that is about the person."""
# Code that the platform itself runs; what people and their tokens do always passes through grants.
TRUSTED = frozenset({ActorKind.SYSTEM, ActorKind.JOB, ActorKind.RULE})


@dataclass(frozen=True, slots=True)
class Delegation:
    """A person in whose name something acts, and the permissions it is narrowed to."""

    person_id: int
    permissions: tuple[str, ...]


_delegates: dict[ActorKind, Callable[[Actor], Delegation | None]] = {}


def register_delegate(kind: ActorKind, find: Callable[[Actor], Delegation | None]) -> None:
    """Let a higher package say for whom an actor of this kind (a token) acts; None: for nobody any more."""
    _delegates[kind] = find


_resolvers: dict[str, Callable[[Actor], Collection[int]]] = {}


def register_scope(
    name: str, *, ids_for: Callable[[Actor], Collection[int]], depends_on: Iterable[type[Model]] = ()
) -> None:
    """Let a higher package say which teams, organisations, services or contracts an actor has.

    ``ids_for`` gets a person, also when a token acts for one. Saving a model in ``depends_on`` drops what is
    remembered. A scope that nobody registered reaches nothing.
    """
    _resolvers[name] = ids_for
    _forget_on_change(*depends_on)


@dataclass(slots=True)
class Holdings:
    """The grants of one actor and, filled as they are asked for, their ids per scope."""

    person_id: int | None
    grants: tuple[tuple[Permission, str], ...] = ()
    limit: tuple[Permission, ...] | None = None
    trusted: bool = False
    about_them: Mapping[str, frozenset[int]] = field(default_factory=dict)
    answers: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from these grants, by whoever asked: kept and dropped with them."""
    _ids: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def reach(self, record_type: str, action: str) -> dict[str, Kinds]:
        """Scope → kinds on which the act is allowed in it; scopes without any are absent."""
        if not permissions.knows(record_type, action):
            return {}
        ceiling: Kinds = None if self.limit is None else kinds_allowed(self.limit, record_type, action)
        found: dict[str, Kinds] = {}
        for permission, scope in self.grants:
            if permission.covers(record_type, action):
                kinds = both(permission.kinds, ceiling)
                if kinds is None or kinds:
                    found[scope] = either(found.get(scope, frozenset()), kinds)
        return found

    def ids(self, scope: str) -> tuple[int, ...]:
        """The actor's ids in a scope: their teams, their organisations …"""
        if self.person_id is None:
            return ()
        if scope == ScopeName.OWN:
            return (self.person_id,)
        if scope not in self._ids:
            ids_for = _resolvers.get(scope)
            person = Actor(ActorKind.PERSON, self.person_id)
            self._ids[scope] = tuple(sorted(ids_for(person))) if ids_for else ()
        return self._ids[scope]

    def concerned(self, record_type: str) -> frozenset[int]:
        """Ids of records of this type that are about the actor."""
        return self.about_them.get(record_type, frozenset())


_remembered: ContextVar[dict[Actor, Holdings] | None] = ContextVar("zhiheng_holdings", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Load what an actor holds once within this block (a request, a job), not for every question.

    A block within another one shares what that one remembers.
    """
    token = _remembered.set({} if (known := _remembered.get()) is None else known)
    try:
        yield
    finally:
        _remembered.reset(token)


def forget_holdings() -> None:
    """Drop what is remembered: a role, a grant or something a scope depends on has changed."""
    known = _remembered.get()
    if known is not None:
        known.clear()


def _forget_on_change(*models: type[Model]) -> None:
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"grants:{model._meta.label}")


def _changed(**kwargs: object) -> None:  # noqa: ARG001 - the signature of a signal's receiver
    forget_holdings()


_forget_on_change(Role, Grant, RoleAssignment, ConcernedPerson)


def holdings_of(actor: Actor) -> Holdings:
    """What the actor holds now."""
    known = _remembered.get()
    if known is None:
        return _load(actor)
    if actor not in known:
        known[actor] = _load(actor)
    return known[actor]


def person_of(actor: Actor) -> int | None:
    """The id of the person who acts, also where a token acts for them; None for everything else."""
    if actor.kind is ActorKind.PERSON:
        return actor.id
    delegation = _delegation(actor)
    return delegation.person_id if delegation else None


def _delegation(actor: Actor) -> Delegation | None:
    find = _delegates.get(actor.kind)
    return find(actor) if find else None


def _load(actor: Actor) -> Holdings:
    if actor.kind in TRUSTED:
        return Holdings(person_id=None, trusted=True)
    if actor.kind is ActorKind.PERSON and actor.id is not None:
        return _holdings(actor.id)
    delegation = _delegation(actor)
    if delegation is None:
        return Holdings(person_id=None)
    return _holdings(delegation.person_id, limit=tuple(_readable(delegation.permissions)))


def _holdings(person_id: int, *, limit: tuple[Permission, ...] | None = None) -> Holdings:
    """The grants of a person and the records that are about them: one statement, as every request asks for both."""
    about = ConcernedPerson.objects.filter(person_id=person_id).order_by()
    rows = _grants(person_id).values_list("permission", "scope", Value(0, output_field=BigIntegerField()))
    rows = rows.union(about.values_list("record_type", Value(ABOUT, output_field=CharField()), "record_id"))
    by_text: dict[tuple[str, str], None] = {}
    about_them: dict[str, set[int]] = {}
    for text, scope, record_id in rows:
        if scope == ABOUT:
            about_them.setdefault(text, set()).add(record_id)
        else:
            by_text[text, scope] = None
    parsed = dict(_readable_pairs({text for text, _ in by_text}))
    return Holdings(
        person_id=person_id,
        grants=tuple((parsed[text], scope) for text, scope in by_text if text in parsed),
        limit=limit,
        about_them={record_type: frozenset(ids) for record_type, ids in about_them.items()},
    )


def _grants(person_id: int) -> QuerySet[Grant]:
    moment = now()
    assigned = RoleAssignment.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=moment),
        Q(valid_until=None) | Q(valid_until__gt=moment),
        person_id=person_id,
    )
    return (
        Grant.objects.filter(Q(role__held_by_everyone=True) | Q(role__in=assigned.values("role")))
        .filter(Exists(get_user_model()._default_manager.filter(pk=person_id, is_active=True)))
        .order_by()
    )


def _readable_pairs(texts: set[str]) -> Iterator[tuple[str, Permission]]:
    """Parsed permissions; a string that follows no grammar grants nothing (a system check names it)."""
    for text in texts:
        try:
            yield text, parse(text)
        except ValueError:
            continue


def _readable(texts: tuple[str, ...]) -> Iterator[Permission]:
    return (permission for _, permission in _readable_pairs(set(texts)))
