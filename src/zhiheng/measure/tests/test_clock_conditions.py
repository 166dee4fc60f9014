"""From the states of a ticket to the acts on its clocks."""

from __future__ import annotations

import pytest

from zhiheng.measure.calendar import always
from zhiheng.measure.clock import (
    ClockAct,
    ClockConditions,
    ClockPolicy,
    ClockStatus,
    acts_of,
    contradictions,
    derive_clock,
)
from zhiheng.measure.errors import MeasureError

OPEN = {"new", "open", "waiting_customer", "waiting_internal"}
RESOLUTION: ClockConditions[str] = ClockConditions(
    start=lambda state: state in OPEN,
    pause=lambda state: state == "waiting_customer",
    stop=lambda state: state in {"solved", "closed"},
    cancel=lambda state: state in {"cancelled", "merged"},
)
NEXT_REPLY: ClockConditions[str] = ClockConditions(
    start=lambda last: last == "customer", stop=lambda last: last == "agent", again_from_zero=True
)


def acts(conditions: ClockConditions[str], *states: str) -> list[tuple[int, ClockAct]]:
    history = [(10 * i, state, 100 + i) for i, state in enumerate(states)]
    return [(event.at_s, event.act) for event in acts_of(history, conditions)]


def test_a_ticket_with_a_question_and_a_reopening() -> None:
    states = (
        "new",
        "open",
        "waiting_customer",
        "waiting_customer",
        "open",
        "solved",
        "closed",
        "open",
        "solved",
    )
    assert acts(RESOLUTION, *states) == [
        (0, ClockAct.START),
        (20, ClockAct.PAUSE),
        (40, ClockAct.RESUME),
        (50, ClockAct.STOP),
        (70, ClockAct.REOPEN),
        (80, ClockAct.STOP),
    ]
    history = [(10 * i, state, i) for i, state in enumerate(states)]
    clock = derive_clock(acts_of(history, RESOLUTION), policy=ClockPolicy(always(), target_s=100), as_of_s=90)
    assert (clock.state, clock.elapsed_s, clock.paused_s, clock.ignored) == (ClockStatus.MET, 40, 20, ())
    assert clock.spans[1].opened_by == 2


def test_a_ticket_that_starts_in_waiting_starts_paused_and_may_end_there() -> None:
    assert acts(RESOLUTION, "waiting_customer", "solved", "waiting_customer") == [
        (0, ClockAct.START),
        (0, ClockAct.PAUSE),
        (10, ClockAct.STOP),
        (20, ClockAct.REOPEN),
        (20, ClockAct.PAUSE),
    ]


def test_cancelling_goes_before_stopping_and_nothing_attaches_to_what_is_over() -> None:
    assert acts(RESOLUTION, "open", "merged", "cancelled") == [(0, ClockAct.START), (10, ClockAct.CANCEL)]
    assert acts(RESOLUTION, "solved", "draft") == []


def test_each_question_of_the_customer_starts_a_new_lap() -> None:
    assert acts(NEXT_REPLY, "customer", "customer", "agent", "note", "customer") == [
        (0, ClockAct.START),
        (20, ClockAct.STOP),
        (40, ClockAct.START),
    ]


def test_a_reset_acts_once_when_it_begins_to_hold() -> None:
    conditions: ClockConditions[str] = ClockConditions(
        start=lambda s: True,
        stop=lambda s: s == "done",
        reset=lambda s: s.startswith("moved"),
        pause=lambda s: s.endswith("waiting"),
    )
    assert acts(conditions, "open", "waiting", "moved waiting", "moved", "open", "moved", "done") == [
        (0, ClockAct.START),
        (10, ClockAct.PAUSE),
        (20, ClockAct.RESET),
        (20, ClockAct.PAUSE),
        (30, ClockAct.RESUME),
        (50, ClockAct.RESET),
        (60, ClockAct.STOP),
    ]


def test_history_out_of_order_is_refused() -> None:
    with pytest.raises(MeasureError, match="history: must be in time order, 5 comes after 9"):
        acts_of([(9, "open", None), (5, "solved", None)], RESOLUTION)


def test_traps_are_named_before_they_are_saved() -> None:
    states = ("new", "open", "waiting_customer", "solved", "cancelled")
    assert contradictions(RESOLUTION, states) == ()
    dead: ClockConditions[str] = ClockConditions(start=lambda s: s == "open", stop=lambda s: s != "new")
    assert contradictions(dead, states) == (("never_starts", "open"),)
    hidden: ClockConditions[str] = ClockConditions(
        start=lambda s: s in {"new", "open"},
        pause=lambda s: s == "waiting_customer",
        stop=lambda s: s in {"waiting_customer", "cancelled"},
        cancel=lambda s: s == "cancelled",
    )
    assert contradictions(hidden, states) == (
        ("stop_hides_pause", "waiting_customer"),
        ("cancel_hides_stop", "cancelled"),
    )
    assert contradictions(hidden, ()) == ()
