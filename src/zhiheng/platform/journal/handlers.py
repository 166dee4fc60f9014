"""Handlers: idempotent functions that get the entries of certain acts after commit, in order per record.

A handler only writes to the database: it runs in a transaction with the cursor that counts it, so what it
writes is written once. What is slow or leaves the database (mail, webhook) it enqueues as a job. It cannot
veto.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, overload

from django.db.models import Q

from zhiheng.kernel.actor import Cause
from zhiheng.kernel.events import Event
from zhiheng.kernel.registry import Registry
from zhiheng.platform.journal.entries import EntryView

Handle = Callable[[EntryView], object]
Plan = Callable[[Sequence[EntryView]], Callable[[], object]]
Told = TypeVar("Told", bound=Event)

DEFAULT_ATTEMPTS = 8


@dataclass(frozen=True)
class Handler:
    """A registered handler. `acts` are names or prefixes ending in `*`."""

    name: str
    handle: Handle
    acts: tuple[str, ...]
    history: bool = False
    from_start: bool = False
    max_attempts: int = DEFAULT_ATTEMPTS
    plan: Plan | None = None

    @cached_property
    def wanted(self) -> Q:
        """The entries it gets, as a condition."""
        exact = [act for act in self.acts if "*" not in act]
        condition = Q(act__in=exact) if exact else Q(pk__in=[])
        for prefix in (act[:-1] for act in self.acts if act.endswith("*")):
            condition = condition | Q(act__startswith=prefix) if prefix else Q()
            if not prefix:
                break
        return condition if self.history else condition & ~Q(cause=Cause.HISTORY.value)

    def wants(self, act: str, cause: str) -> bool:
        """Whether it gets such an entry: the same as `wanted`, for entries that no database asks for."""
        named = any(act.startswith(name[:-1]) if name.endswith("*") else act == name for name in self.acts)
        return named and (self.history or cause != Cause.HISTORY.value)


handlers: Registry[Handler] = Registry("handler")


@overload
def handler(
    name: str,
    *,
    acts: tuple[str, ...],
    history: bool = False,
    from_start: bool = False,
    max_attempts: int = DEFAULT_ATTEMPTS,
    plan: Plan | None = None,
) -> Callable[[Handle], Handle]: ...
@overload
def handler(
    name: str,
    *events: type[Told],
    history: bool = False,
    from_start: bool = False,
    max_attempts: int = DEFAULT_ATTEMPTS,
) -> Callable[[Callable[[Told], object]], Callable[[Told], object]]: ...
def handler(
    name: str,
    *events: type[Event],
    acts: tuple[str, ...] = (),
    history: bool = False,
    from_start: bool = False,
    max_attempts: int = DEFAULT_ATTEMPTS,
    plan: Plan | None = None,
) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
    """Register a function for event classes (`TicketResolved`), which it gets, or for the entries of `acts`
    ("desk.ticket.assigned", "desk.ticket.*", "*").

    `history`: also entries of cause history. `from_start`: a new handler begins with the first entry ever,
    not with the next. After `max_attempts` an entry is a dead letter. `plan` handles many entries at once: it
    reads what they need, outside a transaction, and returns what writes for all of them, inside one; where that
    fails, `function` gets them one by one. Raises ValueError for a pattern with
    `*` inside, and for events and acts together.
    """
    if bool(events) == bool(acts) or any("*" in act[:-1] for act in acts):
        raise ValueError(
            f"handler {name}: name event classes, or acts (names or prefixes that end in *), not {acts!r}"
        )
    wanted = acts or tuple(dict.fromkeys(act for kind in events for act in kind.acts))

    def register(function: Callable[[Any], object]) -> Callable[[Any], object]:
        handle = told(function, events) if events else function
        handlers.register(name, Handler(name, handle, wanted, history, from_start, max_attempts, plan))
        return function

    return register


def told(function: Callable[[Any], object], events: tuple[type[Event], ...]) -> Handle:
    """A handler of entries that gives `function` the first of `events` that an entry is, if it is any."""

    def handle(entry: EntryView) -> None:
        for kind in events:
            if kind.tells_of(entry):
                function(kind.from_entry(entry))
                return

    return handle
