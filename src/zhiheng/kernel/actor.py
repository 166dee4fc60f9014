"""Who acts and why: the actor and the cause that every write is journaled with.

Held in a context variable: set at the edge (request, job, command), read by the journal. No permissions here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from zhiheng.kernel.ids import new_correlation


class ActorKind(StrEnum):
    """What sort of thing acts; with `Actor.id` it names the actor."""

    PERSON = "person"
    SYSTEM = "system"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    RULE = "rule"
    JOB = "job"
    ANONYMOUS = "anonymous"


class Cause(StrEnum):
    """What triggered a write. Handlers ignore `HISTORY` unless they ask for it."""

    PAGE = "page"
    PORTAL = "portal"
    API = "api"
    IMPORT = "import"
    JOB = "job"
    COMMAND = "command"
    RULE = "rule"
    MAIL = "mail"
    BULK = "bulk"
    HISTORY = "history"
    SETUP = "setup"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor. `id` is a key in the table of its kind, not a foreign key; `label` is for logs only."""

    kind: ActorKind
    id: int | None = None
    label: str = ""


SYSTEM = Actor(ActorKind.SYSTEM, label="system")
ANONYMOUS = Actor(ActorKind.ANONYMOUS, label="anonymous")


@dataclass(frozen=True, slots=True)
class Acting:
    """The current actor, the cause, and the correlation that ties all entries of one operation together."""

    actor: Actor
    cause: Cause
    correlation: UUID


class NoActor(RuntimeError):  # noqa: N818 - read as a statement
    """A journaled write was tried outside `acting(...)`. A programming error, never shown to users."""


_current: ContextVar[Acting | None] = ContextVar("zhiheng_acting", default=None)


@contextmanager
def acting(actor: Actor, cause: Cause, *, correlation: UUID | None = None) -> Iterator[Acting]:
    """Act as `actor` because of `cause`. A nested block keeps the outer correlation unless given one."""
    outer = _current.get()
    shared = correlation or (outer.correlation if outer else new_correlation())
    value = Acting(actor, cause, shared)
    token = _current.set(value)
    try:
        yield value
    finally:
        _current.reset(token)


def current() -> Acting:
    """Who acts now. Raises `NoActor` outside `acting(...)`."""
    value = _current.get()
    if value is None:
        raise NoActor("a write needs an actor and a cause: wrap it in zhiheng.kernel.actor.acting(...)")
    return value


def current_or_none() -> Acting | None:
    """Who acts now, or None: for log formatters and other readers that must not fail."""
    return _current.get()
