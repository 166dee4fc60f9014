"""Events: typed views of what happened, made from journal entries. Past tense, frozen, ids and plain values.

An event never vetoes: it tells of something that is committed. Handlers ask for event classes or for act names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self, TypeVar
from uuid import UUID

from zhiheng.kernel.actor import Actor, Cause

KEY = "key"


class Happened(Protocol):
    """What an event is made from: an entry of the journal, its payload in today's shape."""

    @property
    def act(self) -> str: ...
    @property
    def record_id(self) -> int | None: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def cause(self) -> Cause: ...
    @property
    def correlation(self) -> UUID: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class NotThisEvent(ValueError):  # noqa: N818 - read as a statement
    """The entry is of another act, or its payload lacks what the event tells. A programming error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one record. A subclass names its acts and the values of the payload it tells.

    A field has the name of its key in the payload, or names it: ``from_state: str = told_as("from")``. A field with a
    default may be missing from the payload.
    """

    acts: ClassVar[tuple[str, ...]] = ()

    record_id: int
    occurred_at: datetime
    actor: Actor
    cause: Cause
    correlation: UUID

    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:  # noqa: ARG003 - for subclasses
        """Whether an entry with this payload is such an event; an act may be several (a reply that also reopens)."""
        return True

    @classmethod
    def tells_of(cls, entry: Happened) -> bool:
        """Whether the entry is such an event."""
        return entry.act in cls.acts and cls.fits(entry.data)

    @classmethod
    def from_entry(cls, entry: Happened) -> Self:
        """The entry as this event. Raises NotThisEvent."""
        if not cls.tells_of(entry) or entry.record_id is None:
            raise NotThisEvent(f"an entry of {entry.act} is no {cls.__name__}")
        shared = {each.name for each in fields(Event)}
        values = {name: getattr(entry, name) for name in shared}
        for each in fields(cls):
            if each.name in shared:
                continue
            key = each.metadata.get(KEY, each.name)
            if key in entry.data:
                values[each.name] = entry.data[key]
            elif each.default is MISSING:
                raise NotThisEvent(f"an entry of {entry.act} lacks {key!r}, which {cls.__name__} tells")
        return cls(**values)


def told_as(key: str) -> Any:
    """A field whose key in the payload has another name."""
    return field(metadata={KEY: key})


Kind = TypeVar("Kind", bound=type[Event])
_by_act: dict[str, list[type[Event]]] = {}


def event(kind: Kind) -> Kind:
    """Register an event class under its acts. Raises ValueError for one that names none."""
    if not kind.acts:
        raise ValueError(f"the event {kind.__name__} names no act")
    for name in kind.acts:
        held = _by_act.setdefault(name, [])
        if kind not in held:
            held.append(kind)
    return kind


def event_types(act: str) -> tuple[type[Event], ...]:
    """The event classes that entries of an act may be, in order of registration."""
    return tuple(_by_act.get(act, ()))


def events_in(entry: Happened) -> list[Event]:
    """Every event that an entry is: none, one or several."""
    return [kind.from_entry(entry) for kind in event_types(entry.act) if kind.tells_of(entry)]
