"""The clock: each rule of the desk as an example."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from zhiheng.measure.calendar import WEEKDAYS, WorkingCalendar, always, weekly_from
from zhiheng.measure.clock import (
    ClockAct,
    ClockEvent,
    ClockPolicy,
    ClockState,
    ClockStatus,
    SpanKind,
    audit_pauses,
    derive_clock,
    step_instant,
)
from zhiheng.measure.errors import MeasureError

OFFICE = WorkingCalendar(
    zone="Asia/Shanghai", weekly=weekly_from({day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]})
)
NATURAL = always()
HOUR = 3600
START, PAUSE, RESUME, STOP = ClockAct.START, ClockAct.PAUSE, ClockAct.RESUME, ClockAct.STOP
REOPEN, RESET, POLICY, DEADLINE, CANCEL = (
    ClockAct.REOPEN,
    ClockAct.RESET,
    ClockAct.POLICY,
    ClockAct.DEADLINE,
    ClockAct.CANCEL,
)
HUNDRED = ClockPolicy(NATURAL, target_s=100)


def at(day: int, hour: int, minute: int = 0) -> int:
    """An instant of June 2026 in Shanghai; the 1st is a Monday."""
    return int(datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def run(*acts: tuple[int, ClockAct] | ClockEvent, as_of: int, policy: ClockPolicy = HUNDRED) -> ClockState:
    return derive_clock(events(*acts), policy=policy, as_of_s=as_of)


def events(*acts: tuple[int, ClockAct] | ClockEvent) -> list[ClockEvent]:
    return [a if isinstance(a, ClockEvent) else ClockEvent(a[0], a[1], entry=i) for i, a in enumerate(acts)]


def changed(at_s: int, target_s: int, *, restart: bool = False, may_pause: bool = True) -> ClockEvent:
    policy = ClockPolicy(NATURAL, target_s=target_s, may_pause=may_pause)
    return ClockEvent(at_s, POLICY, policy=policy, restart=restart)


def test_nothing_is_due_before_the_start() -> None:
    clock = run(as_of=10)
    assert (clock.state, clock.due_s, clock.remaining_s, clock.missed) == (
        ClockStatus.PENDING,
        None,
        100,
        False,
    )
    assert step_instant([], policy=HUNDRED, as_of_s=10) is None


def test_a_running_clock_counts_and_is_late_after_its_due_instant() -> None:
    assert run((0, START), as_of=100).state is ClockStatus.RUNNING
    late = run((0, START), as_of=101)
    assert (late.state, late.due_s, late.missed_s, late.remaining_s) == (
        ClockStatus.BREACHED_RUNNING,
        100,
        100,
        -1,
    )


@pytest.mark.parametrize(("stop", "state"), [(100, ClockStatus.MET), (101, ClockStatus.BREACHED_DONE)])
def test_stopped_at_the_due_instant_is_met(stop: int, state: ClockStatus) -> None:
    clock = run((0, START), (stop, STOP), as_of=500)
    assert (clock.state, clock.due_s, clock.elapsed_s, clock.stopped_s) == (state, 100, stop, stop)


def test_a_pause_moves_the_due_time_by_working_time_only() -> None:
    policy = ClockPolicy(OFFICE, target_s=8 * HOUR)
    # Friday 5 June 15:00, paused 16:00 to Monday 10:00: two working hours, not sixty-six.
    clock = run((at(5, 15), START), (at(5, 16), PAUSE), (at(8, 10), RESUME), as_of=at(8, 12), policy=policy)
    assert clock.paused_s == 2 * HOUR
    assert clock.elapsed_s == 3 * HOUR
    assert clock.due_s == OFFICE.add(OFFICE.add(at(5, 15), 8 * HOUR), 2 * HOUR) == at(8, 17)
    assert [(s.kind, s.work_s, s.opened_by, s.closed_by) for s in clock.spans] == [
        (SpanKind.RUNNING, HOUR, 0, 1),
        (SpanKind.PAUSED, 2 * HOUR, 1, 2),
        (SpanKind.RUNNING, 2 * HOUR, 2, None),
    ]
    assert [d.work_s for d in clock.spans[1].days(OFFICE)] == [HOUR, 0, 0, HOUR]


def test_a_pause_in_closed_hours_moves_nothing() -> None:
    policy = ClockPolicy(OFFICE, target_s=HOUR)
    clock = run((at(1, 16, 30), START), (at(1, 18), PAUSE), (at(2, 8), RESUME), as_of=at(2, 9), policy=policy)
    assert (clock.paused_s, clock.due_s) == (0, at(2, 9, 30))


def test_a_paused_clock_is_on_hold_and_cannot_become_late() -> None:
    clock = run((0, START), (30, PAUSE), as_of=10_000)
    assert (clock.state, clock.due_s, clock.missed, clock.remaining_s) == (
        ClockStatus.PAUSED,
        None,
        False,
        70,
    )


def test_pausing_a_late_clock_keeps_the_breach() -> None:
    paused = run((0, START), (130, PAUSE), as_of=200)
    assert (paused.state, paused.missed, paused.missed_s, paused.due_s) == (
        ClockStatus.PAUSED,
        True,
        100,
        100,
    )
    assert run((0, START), (130, PAUSE), (180, RESUME), as_of=190).missed_s == 100
    assert run((0, START), (130, PAUSE), (180, STOP), as_of=190).state is ClockStatus.BREACHED_DONE


def test_pausing_at_the_due_instant_is_not_late_and_leaves_nothing() -> None:
    acts = ((0, START), (100, PAUSE), (180, RESUME))
    assert run(*acts[:2], as_of=170).due_s is None
    assert (run(*acts, as_of=180).due_s, run(*acts, as_of=180).missed) == (180, False)
    assert run(*acts, as_of=181).missed_s == 180


def test_stopped_while_paused_is_judged_by_the_time_used() -> None:
    clock = run((0, START), (30, PAUSE), (900, STOP), as_of=1000)
    assert (clock.state, clock.elapsed_s, clock.paused_s, clock.due_s) == (ClockStatus.MET, 30, 870, 970)


def test_a_response_clock_does_not_pause() -> None:
    policy = ClockPolicy(NATURAL, target_s=100, may_pause=False)
    clock = run((0, START), (30, PAUSE), (60, RESUME), as_of=101, policy=policy)
    assert (clock.paused_s, clock.missed) == (0, True)
    assert [(i.act, i.entry, i.reason) for i in clock.ignored] == [
        ("pause", 1, "the policy does not pause"),
        ("resume", 2, "not paused"),
    ]


def test_days_end_with_the_working_day_and_move_by_the_pause() -> None:
    policy = ClockPolicy(OFFICE, target_days=2)
    assert run((at(4, 15), START), as_of=at(4, 16), policy=policy).due_s == at(8, 17)
    clock = run((at(4, 15), START), (at(5, 9), PAUSE), (at(5, 12), RESUME), as_of=at(5, 12), policy=policy)
    assert clock.due_s == at(9, 12)
    assert policy.due_from(at(4, 15)) == at(8, 17)
    assert ClockPolicy(OFFICE, target_days=0).due_from(at(4, 15)) == at(4, 17)
    assert ClockPolicy(OFFICE, target_s=HOUR).due_from(at(4, 15)) == at(4, 16)


def test_a_policy_change_that_restarts_begins_a_new_lap() -> None:
    clock = run((0, START), changed(130, 50, restart=True), as_of=140)
    assert (clock.started_s, clock.elapsed_s, clock.due_s, clock.missed) == (130, 10, 180, False)
    (lap,) = clock.laps
    assert (lap.ended_by, lap.missed, lap.missed_s, lap.elapsed_s) == ("policy", True, 100, 130)
    assert clock.ever_missed
    assert not run((0, START), changed(30, 50, restart=True), as_of=40).ever_missed


def test_a_restart_while_paused_stays_paused_if_the_new_policy_may_pause() -> None:
    paused = run((0, START), (30, PAUSE), changed(40, 50, restart=True), (90, RESUME), as_of=95)
    assert (paused.started_s, paused.elapsed_s, paused.paused_s, paused.due_s) == (40, 5, 50, 140)
    assert (
        run((0, START), (30, PAUSE), changed(40, 50, restart=True, may_pause=False), as_of=60).elapsed_s == 20
    )


def test_a_policy_change_that_keeps_the_start_keeps_its_pauses() -> None:
    clock = run((0, START), (20, PAUSE), (60, RESUME), changed(70, 200), as_of=80)
    assert (clock.started_s, clock.paused_s, clock.elapsed_s, clock.due_s) == (0, 40, 40, 240)
    assert clock.laps[0].due_s == 140
    # The pause is measured again on the new calendar.
    office = ClockEvent(at(1, 18), POLICY, policy=ClockPolicy(OFFICE, target_s=HOUR))
    moved = run((at(1, 15), START), (at(1, 16), PAUSE), (at(1, 18), RESUME), office, as_of=at(2, 9))
    assert (moved.paused_s, moved.due_s) == (HOUR, at(1, 18))


def test_a_policy_that_makes_late_at_once_is_late_from_the_change() -> None:
    clock = run((0, START), changed(50, 20), as_of=60)
    assert (clock.due_s, clock.missed_s, clock.retroactive) == (20, 50, True)
    paused = run((0, START), (30, PAUSE), changed(50, 20), as_of=60)
    assert (paused.state, paused.missed_s, paused.retroactive) == (ClockStatus.PAUSED, 50, True)
    assert not run((0, START), as_of=101).retroactive


def test_a_looser_policy_does_not_wipe_out_a_breach() -> None:
    clock = run((0, START), changed(130, 1000), as_of=140)
    assert (clock.missed, clock.due_s, clock.ever_missed) == (False, 1000, True)


def test_a_policy_without_pauses_lets_a_paused_clock_run() -> None:
    clock = run((0, START), (30, PAUSE), changed(50, 100, may_pause=False), as_of=60)
    assert (clock.state, clock.elapsed_s, clock.paused_s) == (ClockStatus.RUNNING, 40, 20)


def test_a_policy_may_change_before_the_start_but_not_after_the_end() -> None:
    assert run(changed(0, 50), (10, START), as_of=20).due_s == 60
    done = run((0, START), (50, STOP), changed(60, 10), ClockEvent(70, DEADLINE, due_s=5), as_of=80)
    assert (done.state, len(done.ignored), done.laps) == (ClockStatus.MET, 2, ())


def test_a_fixed_deadline_is_not_moved_by_pauses() -> None:
    fixed = ClockEvent(10, DEADLINE, due_s=60)
    clock = run((0, START), fixed, (20, PAUSE), as_of=50)
    assert (clock.due_s, clock.manual, clock.missed, clock.remaining_s) == (60, True, False, 10)
    resting = run((0, START), fixed, (20, PAUSE), as_of=80)
    assert (resting.state, resting.missed, resting.remaining_s) == (ClockStatus.PAUSED, False, -20)
    assert run((0, START), fixed, (20, PAUSE), (90, RESUME), as_of=91).missed_s == 90
    assert run((0, START), fixed, (20, PAUSE), (90, STOP), as_of=91).missed_s == 90
    assert run((0, START), fixed, (20, PAUSE), (50, STOP), as_of=91).state is ClockStatus.MET


def test_a_fixed_deadline_moves_with_pauses_when_asked_to() -> None:
    fixed = ClockEvent(25, DEADLINE, due_s=60, moved_by_pauses=True)
    acts = ((0, START), (5, PAUSE), (10, RESUME), (20, PAUSE), fixed, (40, RESUME))
    clock = run(*acts, as_of=50)
    assert (clock.due_s, clock.remaining_s) == (
        75,
        25,
    )  # of the pause 20 to 40 only 25 to 40 came after it was fixed
    held = run((0, START), ClockEvent(5, DEADLINE, due_s=60, moved_by_pauses=True), (20, PAUSE), as_of=99)
    assert (held.due_s, held.remaining_s, held.missed) == (None, None, False)
    late = run((0, START), ClockEvent(5, DEADLINE, due_s=60, moved_by_pauses=True), (70, PAUSE), as_of=99)
    assert (late.due_s, late.missed_s) == (60, 60)


def test_a_deadline_may_be_fixed_before_the_start_and_taken_back() -> None:
    fixed, back = ClockEvent(0, DEADLINE, due_s=40), ClockEvent(20, DEADLINE)
    pending = run(fixed, as_of=5)
    assert pending.manual
    assert run(fixed, (10, START), as_of=15).due_s == 40
    free = run(fixed, (10, START), back, as_of=25)
    assert (free.due_s, free.manual, free.laps[0].due_s) == (110, False, 40)
    # A change of policy does not take back what a person promised, a reset does.
    assert run(fixed, (10, START), changed(20, 500, restart=True), as_of=25).due_s == 40
    assert run(fixed, (10, START), (20, RESET), as_of=25).due_s == 120


def test_reopening_goes_on_from_the_time_used() -> None:
    clock = run((0, START), (60, STOP), (500, REOPEN), as_of=510)
    assert (clock.state, clock.elapsed_s, clock.paused_s, clock.due_s) == (ClockStatus.RUNNING, 70, 0, 540)
    assert [s.kind for s in clock.spans] == [SpanKind.RUNNING, SpanKind.STOPPED, SpanKind.RUNNING]
    late = run((0, START), (150, STOP), (500, REOPEN), as_of=510)
    assert (late.state, late.missed_s) == (ClockStatus.BREACHED_RUNNING, 100)


def test_a_late_reopening_begins_a_new_lap_when_the_policy_says_so() -> None:
    policy = ClockPolicy(NATURAL, target_s=100, new_lap_after_s=50)
    assert run((0, START), (60, STOP), (110, REOPEN), as_of=111, policy=policy).started_s == 0
    fresh = run((0, START), (60, STOP), (111, REOPEN), as_of=112, policy=policy)
    assert (fresh.started_s, fresh.elapsed_s, fresh.laps[0].ended_by, fresh.laps[0].missed) == (
        111,
        1,
        "stop",
        False,
    )


def test_a_reset_completes_the_lap_and_the_next_reply_starts_another() -> None:
    reset = run((0, START), (130, RESET), as_of=140)
    assert (reset.started_s, reset.elapsed_s, reset.laps[0].missed, reset.laps[0].ended_by) == (
        130,
        10,
        True,
        "reset",
    )
    second = run((0, START), (40, STOP), (70, START), as_of=90)
    assert (second.started_s, second.elapsed_s, second.laps[0].ended_s) == (70, 20, 40)


def test_cancelling_keeps_a_breach_and_can_be_taken_back() -> None:
    early, late = (run((0, START), (t, CANCEL), as_of=900) for t in (50, 150))
    assert (early.state, early.missed) == (ClockStatus.CANCELLED, False)
    assert (late.state, late.missed, late.missed_s) == (ClockStatus.CANCELLED, True, 100)
    assert run((0, START), (50, CANCEL), (60, REOPEN), as_of=70).state is ClockStatus.RUNNING
    assert run((0, START), (50, CANCEL), (60, CANCEL), as_of=70).ignored[0].reason == "not running"


@pytest.mark.parametrize(
    ("acts", "reason"),
    [
        ([(0, START), (1, START)], "already started"),
        ([(0, PAUSE)], "not running"),
        ([(0, START), (1, PAUSE), (2, PAUSE)], "not running"),
        ([(0, RESUME)], "not paused"),
        ([(0, STOP)], "not running"),
        ([(0, START), (1, STOP), (2, STOP)], "not running"),
        ([(0, CANCEL)], "not running"),
        ([(0, REOPEN)], "not stopped"),
        ([(0, START), (1, REOPEN)], "not stopped"),
        ([(0, RESET)], "not started"),
    ],
)
def test_an_act_that_means_nothing_is_listed(acts: list[tuple[int, ClockAct]], reason: str) -> None:
    clock = run(*acts, as_of=50)
    assert [(i.act, i.reason) for i in clock.ignored] == [(str(acts[-1][1]), reason)]


def test_steps_of_the_ladder() -> None:
    acts = events((0, START), (20, PAUSE), (60, RESUME))
    step = {s: step_instant(acts, policy=HUNDRED, as_of_s=70, share=s) for s in (0.1, 0.5, 0.75, 1.0)}
    assert step == {0.1: 10, 0.5: 90, 0.75: 115, 1.0: 140}
    assert step_instant(acts, policy=HUNDRED, as_of_s=70, offset_s=-30) == 110
    assert step_instant(acts, policy=HUNDRED, as_of_s=70, offset_s=30) == 170
    assert step_instant(acts, policy=HUNDRED, as_of_s=70, offset_s=-300) == 0
    assert step_instant(acts[:2], policy=HUNDRED, as_of_s=70) is None
    with pytest.raises(MeasureError, match="share"):
        step_instant(acts, policy=HUNDRED, as_of_s=70, share=-1)
    fixed = [*acts, ClockEvent(65, DEADLINE, due_s=80)]
    assert step_instant(fixed, policy=HUNDRED, as_of_s=70, share=0.5) == 40
    moving = [
        *events((0, START)),
        ClockEvent(5, DEADLINE, due_s=60, moved_by_pauses=True),
        ClockEvent(9, PAUSE),
    ]
    assert step_instant(moving, policy=HUNDRED, as_of_s=70) is None


def test_the_pause_audit_finds_verdicts_made_by_pausing() -> None:
    acts = events((0, START), (20, PAUSE), (60, RESUME), (130, STOP))
    assert audit_pauses(acts, policy=HUNDRED, as_of_s=200)
    assert not audit_pauses(
        events((0, START), (20, PAUSE), (60, RESUME), (90, STOP)), policy=HUNDRED, as_of_s=200
    )
    assert not audit_pauses(events((0, START), (130, STOP)), policy=HUNDRED, as_of_s=200)


def test_bad_input_names_the_argument() -> None:
    with pytest.raises(MeasureError, match="events: must be in time order, stop at 5"):
        run((10, START), (5, STOP), as_of=20)
    with pytest.raises(MeasureError, match="target: must be given either"):
        ClockPolicy(NATURAL)
    with pytest.raises(MeasureError, match="target: must be given either"):
        ClockPolicy(NATURAL, target_s=1, target_days=1)
    with pytest.raises(MeasureError, match="target: must not be negative"):
        ClockPolicy(NATURAL, target_s=-1)
    with pytest.raises(MeasureError, match="policy: must be given"):
        ClockEvent(0, POLICY)
    with pytest.raises(MeasureError, match="policy: must be given"):
        ClockEvent(0, START, policy=HUNDRED)
    with pytest.raises(MeasureError, match="due_s: must be given"):
        ClockEvent(0, START, due_s=5)


def test_later_events_are_left_out() -> None:
    assert run((0, START), (50, STOP), as_of=40).state is ClockStatus.RUNNING
