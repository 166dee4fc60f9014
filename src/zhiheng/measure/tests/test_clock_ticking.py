"""The fold of a clock against a clock that ticks minute by minute, on random acts and hours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.calendar import WorkingCalendar, weekly_from
from zhiheng.measure.clock import ClockAct, ClockEvent, ClockPolicy, derive_clock


class Ticking:
    """A clock that ticks and remembers: the same rules with no interval arithmetic at all."""

    def __init__(self, target: int, open_: frozenset[int]) -> None:
        self.target, self.open = target, open_
        self.state, self.used, self.paused, self.missed = "pending", 0, 0, False

    def act(self, act: ClockAct) -> None:
        moves = {
            ("pending", ClockAct.START): "running",
            ("running", ClockAct.PAUSE): "paused",
            ("paused", ClockAct.RESUME): "running",
            ("running", ClockAct.STOP): "stopped",
            ("paused", ClockAct.STOP): "stopped",
            ("stopped", ClockAct.REOPEN): "running",
        }
        self.state = moves.get((self.state, act), self.state)

    def tick(self, second: int) -> None:
        if self.state == "running":
            # From an instant at which the target is used up, any further running second is late, open or not.
            self.missed = self.missed or self.used >= self.target
            self.used += second in self.open
        elif self.state == "paused":
            self.paused += second in self.open


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.sampled_from([ClockAct.PAUSE, ClockAct.RESUME, ClockAct.STOP, ClockAct.REOPEN]),
        ),
        max_size=8,
    ),
    st.integers(1, 40),
    st.integers(60, 90),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 15)), min_size=1, max_size=4),
)
def test_the_fold_equals_a_ticking_clock(
    acts: list[tuple[int, ClockAct]], target: int, as_of: int, hours: list[tuple[int, int]]
) -> None:
    # One "second" of the model is a minute of the first day of 1970.
    pairs = [[f"{a // 60:02d}:{a % 60:02d}", f"{(a + n) // 60:02d}:{(a + n) % 60:02d}"] for a, n in hours]
    calendar = WorkingCalendar(zone="UTC", weekly=weekly_from({"thu": pairs, "fri": [["00:00", "24:00"]]}))
    open_minutes = frozenset(m for a, n in hours for m in range(a, a + n))
    acts = [(0, ClockAct.START), *sorted(acts, key=lambda act: act[0])]
    ticking = Ticking(target, open_minutes)
    for minute in range(as_of + 1):
        for when, act in acts:
            if when == minute:
                ticking.act(act)
        if minute < as_of:
            ticking.tick(minute)
    clock = derive_clock(
        [ClockEvent(when * 60, act) for when, act in acts],
        policy=ClockPolicy(calendar, target_s=target * 60),
        as_of_s=as_of * 60,
    )
    assert clock.elapsed_s == ticking.used * 60
    assert clock.paused_s == ticking.paused * 60
    assert clock.missed == ticking.missed
