"""Events: which entries are which event, and what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest

from zhiheng.kernel.actor import SYSTEM, Actor, Cause
from zhiheng.kernel.events import Event, NotThisEvent, event, event_types, events_in, told_as

AT = datetime(2026, 3, 1, tzinfo=UTC)
OPERATION = UUID("01a1fbd1-0b85-79e4-a149-c585690b43e8")


@dataclass(frozen=True)
class Entry:
    """As much of an entry as an event is made from."""

    act: str
    data: Mapping[str, Any] = field(default_factory=dict)
    record_id: int | None = 7
    occurred_at: datetime = AT
    actor: Actor = SYSTEM
    cause: Cause = Cause.PAGE
    correlation: UUID = OPERATION


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class KettleFilled(Event):
    acts: ClassVar = ("kitchen.kettle.filled",)

    litres: float
    by_hand: bool = told_as("manual")
    note: str = ""


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class KettleOverfilled(KettleFilled):
    @classmethod
    def fits(cls, data: Mapping[str, Any]) -> bool:
        return data["litres"] > 2


def test_an_event_tells_what_its_entry_says() -> None:
    told = KettleFilled.from_entry(
        Entry("kitchen.kettle.filled", {"litres": 1.5, "manual": True, "unasked": 1})
    )
    assert (told.record_id, told.occurred_at, told.actor, told.cause) == (7, AT, SYSTEM, Cause.PAGE)
    assert (told.litres, told.by_hand, told.note, told.correlation) == (1.5, True, "", OPERATION)
    with pytest.raises(FrozenInstanceError):
        told.litres = 2  # type: ignore[misc]


def test_one_entry_may_be_several_events() -> None:
    assert event_types("kitchen.kettle.filled") == (KettleFilled, KettleOverfilled)
    little, much = (Entry("kitchen.kettle.filled", {"litres": litres, "manual": False}) for litres in (1, 3))
    assert [type(each) for each in events_in(little)] == [KettleFilled]
    assert [type(each) for each in events_in(much)] == [KettleFilled, KettleOverfilled]
    assert events_in(Entry("kitchen.kettle.emptied")) == []


@pytest.mark.parametrize(
    "entry",
    [
        Entry("kitchen.kettle.emptied", {"litres": 3, "manual": True}),
        Entry("kitchen.kettle.filled", {"litres": 1, "manual": True}),
        Entry("kitchen.kettle.filled", {"litres": 3, "manual": True}, record_id=None),
        Entry("kitchen.kettle.filled", {"litres": 3}),
    ],
    ids=["another act", "does not fit", "of no record", "a value is missing"],
)
def test_what_is_not_this_event_is_refused(entry: Entry) -> None:
    with pytest.raises(NotThisEvent):
        KettleOverfilled.from_entry(entry)


def test_an_event_names_its_acts_and_is_registered_once() -> None:
    with pytest.raises(ValueError, match="names no act"):
        event(Event)
    event(KettleFilled)
    assert event_types("kitchen.kettle.filled").count(KettleFilled) == 1
