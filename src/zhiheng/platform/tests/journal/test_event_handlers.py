"""Handlers may ask for event classes instead of act names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from zhiheng.kernel.actor import SYSTEM, Cause
from zhiheng.kernel.events import Event
from zhiheng.kernel.registry import Registry
from zhiheng.platform.journal import EntryView, handler
from zhiheng.platform.journal import handlers as registered


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRated(Event):
    acts: ClassVar = ("platform.note.rated", "platform.note.rated_again")

    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePraised(NoteRated):
    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:
        return bool(data["stars"] == 5)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Registry[Any]:
    empty: Registry[Any] = Registry("handler")
    monkeypatch.setattr(registered, "handlers", empty)
    return empty


def entry(act: str, **data: Any) -> EntryView:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return EntryView(1, act, act, "", False, at, at, SYSTEM, Cause.JOB, "platform.note", 7, uuid4(), {}, data)


def test_a_handler_gets_the_event_and_only_entries_that_are_one(own_registry: Registry[Any]) -> None:
    got: list[int] = []

    @handler("praise", NotePraised)
    def praise(event: NotePraised) -> None:
        got.append(event.stars)

    held = own_registry["praise"]
    assert held.acts == ("platform.note.rated", "platform.note.rated_again")
    for stars in (5, 3):
        held.handle(entry("platform.note.rated", stars=stars))
    held.handle(entry("platform.note.rated_again", stars=5))
    assert got == [5, 5]


def test_of_several_events_the_first_that_fits_is_given(own_registry: Registry[Any]) -> None:
    got: list[type[Event]] = []

    @handler("either", NotePraised, NoteRated)
    def either(event: NoteRated) -> None:
        got.append(type(event))

    for stars in (5, 3):
        own_registry["either"].handle(entry("platform.note.rated", stars=stars))
    assert got == [NotePraised, NoteRated]


def test_events_and_acts_are_not_named_together() -> None:
    untyped: Any = handler
    with pytest.raises(ValueError, match="event classes, or acts"):
        untyped("both", NoteRated, acts=("platform.note.rated",))
    with pytest.raises(ValueError, match="event classes, or acts"):
        untyped("neither")
