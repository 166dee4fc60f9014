"""How far a grant reaches: which field of a model names its person, team, organisation, service, contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.platform.grants.permissions import permissions


@dataclass(frozen=True, slots=True)
class Scope:
    """A field path of the model whose ids are compared with the actor's ids of that scope.

    ``fact`` is the column of the facts mirror that carries the same id; it defaults to ``<scope>_id``.
    """

    field: str
    fact: str = ""
    name: ClassVar[str] = ""

    @property
    def fact_column(self) -> str:
        """Column of the facts that holds the id."""
        return self.fact or f"{self.name}_id"


class Own(Scope):
    """Rows of the person who acts, by a field that names a person."""

    __slots__ = ()
    name = "own"

    @property
    def fact_column(self) -> str:
        """Column of the facts that holds the person's id."""
        return self.fact or f"{self.field.replace('__', '_')}_id"


class Team(Scope):
    """Rows of a team that the person belongs to."""

    __slots__ = ()
    name = "team"


class Organisation(Scope):
    """Rows of the person's organisation and everything below it."""

    __slots__ = ()
    name = "organisation"


class Service(Scope):
    """Rows of a service that the person's teams deliver."""

    __slots__ = ()
    name = "service"


class Contract(Scope):
    """Rows of a contract the person is named in."""

    __slots__ = ()
    name = "contract"


@dataclass(frozen=True, slots=True)
class Everyone:
    """Rows nobody owns (look-ups): any grant reads them all, only one of scope *all* changes them."""

    name: ClassVar[str] = "everyone"


@dataclass(frozen=True, slots=True)
class ModelScopes:
    """The scope declaration of one model."""

    model: type[Model]
    scopes: tuple[Scope, ...]
    everyone: bool
    confidential: str | None
    kind_field: str | None
    fact_key: str

    @property
    def record_type(self) -> str:
        """ "desk.ticket"."""
        return self.model._meta.label_lower


_declared: dict[type[Model], ModelScopes] = {}

GENERIC_LABELS: Mapping[str, object] = {
    "view": _("View"),
    "add": pgettext_lazy("permission", "Add"),
    "change": _("Change"),
    "delete": _("Delete"),
    "export": _("Export"),
    "import": _("Import"),
}


def register_scopes(
    model: type[Model],
    scopes: Scope | Everyone | Sequence[Scope | Everyone],
    *,
    confidential: str | None = None,
    kind_field: str | None = None,
    fact_key: str = "",
    actions: Mapping[str, object] | None = None,
) -> None:
    """Declare how rows of a model are reached; ``actions`` are its acts beyond the generic ones.

    ``confidential`` is a boolean field: where it is true, the persons the record concerns never see the row.
    ``kind_field`` is the path to the slug of its kind. ``fact_key`` is its id column in the facts.
    """
    given = (scopes,) if isinstance(scopes, Scope | Everyone) else tuple(scopes)
    concrete = model._meta.concrete_model or model
    _declared[concrete] = ModelScopes(
        model=concrete,
        scopes=tuple(scope for scope in given if isinstance(scope, Scope)),
        everyone=any(isinstance(scope, Everyone) for scope in given),
        confidential=confidential,
        kind_field=kind_field,
        fact_key=fact_key or f"{concrete._meta.model_name}_id",
    )
    permissions.register(concrete._meta.label_lower, {**GENERIC_LABELS, **(actions or {})})


def scopes_of(model: type[Model]) -> ModelScopes | None:
    """The declaration of a model; None when it has none, and then nobody but the system reaches its rows."""
    return _declared.get(model._meta.concrete_model or model)


def declared_scopes() -> Iterable[ModelScopes]:
    """Every declaration, for checks."""
    return _declared.values()


def withdraw_scopes(model: type[Model]) -> None:
    """Forget a declaration; for tests that declare models of their own."""
    _declared.pop(model._meta.concrete_model or model, None)
