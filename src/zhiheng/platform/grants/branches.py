"""The rows an actor reaches, branch by branch: by scope, ids and kinds; as a Q or tested in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignObject, Model, Q

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants.holdings import Holdings, holdings_of
from zhiheng.platform.grants.permissions import READING_ACTIONS, Kinds, either
from zhiheng.platform.grants.scopes import ModelScopes, scopes_of
from zhiheng.platform.models.grants import ScopeName

SPLIT_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """Rows of some kinds whose scope field holds one of some ids. No field: every row of those kinds."""

    field: str
    fact: str
    ids: tuple[int, ...]
    kinds: Kinds

    def q(self, declaration: ModelScopes) -> Q:
        """The rows as a condition that an index can serve."""
        condition = Q()
        if self.field:
            only = len(self.ids) == 1
            condition &= Q(**{self.field: self.ids[0]} if only else {f"{self.field}__in": self.ids})
        if self.kinds is not None:
            condition &= Q(**{f"{declaration.kind_field}__in": sorted(self.kinds)})
        return condition


@dataclass(frozen=True, slots=True)
class Branches:
    """All branches of one actor for one act on one model. ``everything`` means without regard to scope."""

    declaration: ModelScopes | None
    items: tuple[Branch, ...] = ()
    everything: bool = False
    held: Holdings | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return self.everything or bool(self.items)

    @property
    def all(self) -> bool:
        """Whether every row is reached, so that no condition is needed."""
        return self.everything and not self.hides

    @property
    def hides(self) -> bool:
        """Whether some confidential rows have to be left out."""
        return bool(self.hidden)

    @property
    def hidden(self) -> frozenset[int]:
        """Ids of the records that are about the actor: left out while they are confidential.

        Nearly everybody has none, and then no statement says anything of it: a condition over a subquery kept
        PostgreSQL from counting in the index alone.
        """
        if self.held is None or self.declaration is None or self.declaration.confidential is None:
            return frozenset()
        return self.held.concerned(self.declaration.record_type)

    @property
    def qs(self) -> tuple[Q, ...]:
        """One condition per branch; rows are reached by their union. Empty when ``all`` or when none is."""
        if self.all or self.declaration is None:
            return ()
        shown = self._shown()
        if self.everything:
            return (shown,)
        return tuple(branch.q(self.declaration) & shown for branch in self.items)

    def split(self) -> Branches:
        """One branch per id while they are few: each is an equality whose index also gives the order."""
        total = sum(len(branch.ids) for branch in self.items)
        if total > SPLIT_LIMIT:
            return self
        parts = (
            [replace(branch, ids=(value,)) for value in branch.ids] if branch.field else [branch]
            for branch in self.items
        )
        return replace(self, items=tuple(chain.from_iterable(parts)))

    def _shown(self) -> Q:
        if self.declaration is None or not self.hidden:
            return Q()
        return ~Q(**{str(self.declaration.confidential): True}, pk__in=sorted(self.hidden))


def branches(actor: Actor, action: str, model: type[Model]) -> Branches:
    """Which rows of the model the actor may do this to. A model or an act that nobody declared is denied."""
    declaration = scopes_of(model)
    held = holdings_of(actor)
    if held.trusted:
        return Branches(declaration, everything=True)
    if declaration is None:
        return Branches(None)
    # A page asks some forty times, half of them again.
    asked = (declaration.model, action)
    if asked not in held.answers:
        held.answers[asked] = tuple(_items(declaration, held, action))
    items = held.answers[asked]
    everything = any(not branch.field and branch.kinds is None for branch in items)
    return Branches(declaration, items=() if everything else items, everything=everything, held=held)


def _items(declaration: ModelScopes, held: Holdings, action: str) -> Iterator[Branch]:
    reach = held.reach(declaration.record_type, action)
    whole: Kinds = reach.get(ScopeName.ALL, frozenset())
    if declaration.everyone and action in READING_ACTIONS:
        for kinds in reach.values():
            whole = either(whole, kinds)
    if declaration.kind_field is None and whole is not None:
        whole = frozenset()  # a permission for one kind says nothing about a model without kinds
    if whole is None or whole:
        yield Branch("", "", (), whole)
    if whole is None:
        return
    for scope in declaration.scopes:
        kinds = reach.get(scope.name, frozenset())
        left = kinds if kinds is None else kinds - whole
        if left is None or (left and declaration.kind_field):
            ids = held.ids(scope.name)
            if ids:
                yield Branch(scope.field, scope.fact_column, ids, left)


def reaches(found: Branches, instance: Model) -> bool | None:
    """Whether an instance lies in a branch, from its own values; None when only the database can tell."""
    declaration = found.declaration
    if found.all or declaration is None:
        return found.all
    if not found:
        return False
    answers = (
        [True] if found.everything else [_lies_in(branch, declaration, instance) for branch in found.items]
    )
    if True not in answers:
        return None if None in answers else False
    if declaration.confidential is None or not getattr(instance, declaration.confidential):
        return True
    return instance.pk not in found.hidden


def _lies_in(branch: Branch, declaration: ModelScopes, instance: Model) -> bool | None:
    if branch.field:
        names = _attributes(declaration.model, branch.field)
        if names is None:
            return None
        if _value(instance, names) not in branch.ids:
            return False
    if branch.kinds is not None:
        names = _attributes(declaration.model, str(declaration.kind_field))
        return None if names is None else _value(instance, names) in branch.kinds
    return True


def _attributes(model: type[Model], path: str) -> tuple[str, ...] | None:
    """The attributes that follow a field path forward; None when it goes through a many relation."""
    names: list[str] = []
    at: type[Model] | None = model
    for part in path.split("__"):
        if at is None:
            return None
        try:
            found = at._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if not isinstance(found, Field) or found.many_to_many:
            return None
        names.append(found.name)
        related = found.related_model if isinstance(found, ForeignObject) else None
        at = related if isinstance(related, type) else None
        last = found.attname
    return (*names[:-1], last)


def _value(instance: Model, names: tuple[str, ...]) -> object:
    value: object = instance
    for name in names:
        value = getattr(value, name, None)
    return value
