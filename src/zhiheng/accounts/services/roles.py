"""Roles: the ones every installation starts with, read from a data file; giving and taking them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person
from zhiheng.kernel.errors import Conflict
from zhiheng.platform.grants import forget_holdings
from zhiheng.platform.grants.services import assign_role, end_assignment
from zhiheng.platform.models import Grant, Role, RoleAssignment


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """One role of the data file; `grants` are pairs of scope and permission."""

    slug: str
    name: dict[str, str]
    description: dict[str, str]
    administrative: str
    held_by_everyone: bool
    grants: tuple[tuple[str, str], ...]


@cache
def shipped_roles() -> tuple[ShippedRole, ...]:
    """The roles of `data/roles.toml`."""
    text = files("zhiheng.accounts.data").joinpath("roles.toml").read_text(encoding="utf-8")
    return tuple(_role(slug, table) for slug, table in tomllib.loads(text).items())


def install_shipped_roles() -> list[Role]:
    """Add the shipped roles that are not there yet, with their grants. Returns the new ones."""
    with transaction.atomic():
        known = set(Role.objects.values_list("slug", flat=True))
        added = [_install(role) for role in shipped_roles() if role.slug not in known]
    forget_holdings()
    return added


def change_role(*, role: Role, **values: Any) -> Role:
    """Change a role's texts. Raises Conflict when its administrative mark changes while it is in use."""
    if values.get("administrative", role.administrative) != role.administrative and (
        role.grants.exists() or role.assignments.exists()
    ):
        raise Conflict(
            _("A role that is in use keeps its administrative mark."),
            code="role_in_use",
            field="administrative",
            remedy=_("Make another role."),
        )
    for name, value in values.items():
        setattr(role, name, value)
    role.full_clean()
    role.save()
    forget_holdings()
    return role


def give_role(
    *, person: Person, role: Role, valid_from: datetime | None = None, valid_until: datetime | None = None
) -> RoleAssignment:
    """Give a person a role. Raises NotAllowed for oneself, Conflict for a second administrative role."""
    return assign_role(role=role, person_id=person.pk, valid_from=valid_from, valid_until=valid_until)


def take_role(*, roleassignment: RoleAssignment) -> None:
    """Take a role from a person. Raises NotAllowed for oneself."""
    end_assignment(assignment=roleassignment)


def _install(shipped: ShippedRole) -> Role:
    role = Role.objects.create(
        slug=shipped.slug,
        name=shipped.name,
        description=shipped.description,
        administrative=shipped.administrative,
        held_by_everyone=shipped.held_by_everyone,
    )
    Grant.objects.bulk_create(
        Grant(role=role, permission=permission, scope=scope) for scope, permission in shipped.grants
    )
    return role


def _role(slug: str, table: dict[str, Any]) -> ShippedRole:
    return ShippedRole(
        slug=slug,
        name=table["name"],
        description=table["description"],
        administrative=table.get("administrative", ""),
        held_by_everyone=table.get("held_by_everyone", False),
        grants=tuple(
            (scope, permission) for scope, listed in table["grants"].items() for permission in listed
        ),
    )
