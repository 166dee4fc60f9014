"""Permission strings ``app.model[.kind]:action`` and which of them exist. Pure: no tables, no actors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ANY = "*"
GENERIC_ACTIONS = ("view", "add", "change", "delete", "export", "import")
READING_ACTIONS = frozenset({"view", "export"})

RESERVED: Mapping[str, str] = {
    "platform.role": "security",
    "platform.grant": "security",
    "platform.roleassignment": "security",
    "accounts.apitoken": "security",
    "platform.job": "system",
    "platform.parked": "system",
    "platform.entry": "audit",
}
"""Record types that belong to one administrative role. No ``*`` covers them: they must be named."""

_GRAMMAR = re.compile(r"^(\*|[a-z_]+\.(?:\*|[a-z_]+(?:\.(?:\*|[\w-]+))?)):(\*|[a-z_]+)$")

Kinds = frozenset[str] | None
"""Slugs of kinds; None means every kind."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One parsed permission string; ``*`` stands for any app, model, kind or action."""

    app: str
    model: str
    kind: str
    action: str

    def __str__(self) -> str:
        if self.app == ANY:
            return f"{ANY}:{self.action}"
        kind = "" if self.kind == ANY else f".{self.kind}"
        return f"{self.app}.{self.model}{kind}:{self.action}"

    def covers(self, record_type: str, action: str) -> bool:
        """Whether it speaks about this act on some kind of this record type ("desk.ticket")."""
        app, model = record_type.split(".")
        if record_type in RESERVED and (self.app, self.model) != (app, model):
            return False
        return self.app in {ANY, app} and self.model in {ANY, model} and self.action in {ANY, action}

    @property
    def kinds(self) -> Kinds:
        """The kinds it is narrowed to."""
        return None if self.kind == ANY else frozenset({self.kind})


def parse(text: str) -> Permission:
    """Read a permission string. Raises ValueError when it does not follow the grammar."""
    found = _GRAMMAR.match(text)
    if found is None:
        raise ValueError(
            f"{text!r} is no permission: write app.model:action, app.model.kind:action or a * in a part."
        )
    record, action = found.groups()
    app, model, kind = (*record.split("."), ANY, ANY)[:3]
    return Permission(app=app, model=model, kind=kind, action=action)


def either(first: Kinds, second: Kinds) -> Kinds:
    """Kinds that one or the other allows."""
    return None if first is None or second is None else first | second


def both(first: Kinds, second: Kinds) -> Kinds:
    """Kinds that the one and the other allow."""
    if first is None:
        return second
    return first if second is None else first & second


def kinds_allowed(permissions: Iterable[Permission], record_type: str, action: str) -> Kinds:
    """Kinds on which these permissions together allow the act; an empty set when there are none."""
    allowed: Kinds = frozenset()
    for permission in permissions:
        if permission.covers(record_type, action):
            allowed = either(allowed, permission.kinds)
    return allowed


class PermissionRegistry:
    """Acts that exist per record type, as declared at start-up. What is not here is denied."""

    def __init__(self) -> None:
        self._actions: dict[str, dict[str, object]] = {}

    def register(self, record_type: str, actions: Mapping[str, object]) -> None:
        """Add acts (name → translatable label) of a record type; declaring one again replaces its label."""
        self._actions.setdefault(record_type, {}).update(actions)

    def knows(self, record_type: str, action: str) -> bool:
        """Whether the record type has the act."""
        return action in self._actions.get(record_type, {})

    def is_known(self, text: str) -> bool:
        """Whether a permission string is well formed and speaks about at least one act that exists."""
        try:
            permission = parse(text)
        except ValueError:
            return False
        return any(
            permission.covers(record_type, action)
            for record_type, actions in self._actions.items()
            for action in actions
        )

    def all(self) -> dict[str, dict[str, object]]:
        """Record type → act → label, for the page where a role is composed."""
        return {record_type: dict(actions) for record_type, actions in sorted(self._actions.items())}


permissions = PermissionRegistry()
