"""From the acts on a clock to its state: one pure fold that can be repeated at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from zhiheng.measure.clock.events import ClockAct, ClockEvent, ClockPolicy
from zhiheng.measure.clock.lap import Deadline, Running, Stretch
from zhiheng.measure.clock.state import ClockState, ClockStatus, Ignored, Lap, SpanKind
from zhiheng.measure.errors import MeasureError


class _Fold(NamedTuple):
    policy: ClockPolicy
    lap: Running | None = None
    deadline: Deadline | None = None  # fixed before the start
    laps: tuple[Lap, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def derive_clock(events: Iterable[ClockEvent], *, policy: ClockPolicy, as_of_s: int) -> ClockState:
    """The state of a clock at `as_of_s` after its events, in time order; later events are left out.

    The rules: used and paused time are working time only; a pause moves the due time by the working time it
    lasts; a paused clock is on hold and does not become late; a clock that is late stays late through a
    pause, a stop and a cancellation; used exactly the target is not late. A fixed deadline moves with pauses
    only if asked to; a clock that rests past it is late when it leaves the rest. An act that means nothing
    in its state is listed under `ignored`.
    """
    return _state(_folded(events, policy, as_of_s), as_of_s)


def step_instant(
    events: Iterable[ClockEvent],
    *,
    policy: ClockPolicy,
    as_of_s: int,
    share: float = 1.0,
    offset_s: int = 0,
) -> int | None:
    """When the clock uses `share` of its target plus `offset_s` working seconds: the time of a step of the
    ladder.

    None while it is on hold before that, or pending. Under a fixed deadline the target is the working time
    from the start to the deadline as it now stands.
    """
    if not share >= 0:
        raise MeasureError("share", f"must not be negative, is {share!r}")
    lap = _folded(events, policy, as_of_s).lap
    if lap is None:
        return None
    if lap.deadline is None:
        return lap.reached(max(int(lap.policy.work_from(lap.started_s) * share) + offset_s, 0))
    due = lap.due()
    if due is None:
        return None
    calendar = lap.policy.calendar
    target = max(calendar.elapsed(lap.started_s, due, signed=True), 0)
    return calendar.add(lap.started_s, max(int(target * share) + offset_s, 0))


def _folded(events: Iterable[ClockEvent], policy: ClockPolicy, as_of_s: int) -> _Fold:
    fold = _Fold(policy)
    last_s: int | None = None
    for event in events:
        if last_s is not None and event.at_s < last_s:
            raise MeasureError(
                "events", f"must be in time order, {event.act} at {event.at_s} is before {last_s}"
            )
        last_s = event.at_s
        if event.at_s <= as_of_s:
            fold = _ACTS[event.act](fold, event)
    return fold


def _start(fold: _Fold, event: ClockEvent) -> _Fold:
    if fold.lap is not None and fold.lap.stopped_s is None:
        return _ignore(fold, event, "already started")
    return _new_lap(fold, event, fold.policy)


def _pause(fold: _Fold, event: ClockEvent) -> _Fold:
    if fold.lap is None or fold.lap.kind is not SpanKind.RUNNING:
        return _ignore(fold, event, "not running")
    if not fold.policy.may_pause:
        return _ignore(fold, event, "the policy does not pause")
    return _with_lap(fold, fold.lap.turned(SpanKind.PAUSED, event.at_s, event.entry))


def _resume(fold: _Fold, event: ClockEvent) -> _Fold:
    if fold.lap is None or fold.lap.kind is not SpanKind.PAUSED:
        return _ignore(fold, event, "not paused")
    return _with_lap(fold, fold.lap.turned(SpanKind.RUNNING, event.at_s, event.entry))


def _stop(fold: _Fold, event: ClockEvent) -> _Fold:
    if fold.lap is None or fold.lap.stopped_s is not None:
        return _ignore(fold, event, "not running")
    return _with_lap(fold, fold.lap.turned(SpanKind.STOPPED, event.at_s, event.entry))


def _cancel(fold: _Fold, event: ClockEvent) -> _Fold:
    stopped = _stop(fold, event)
    if stopped.lap is None or stopped.lap is fold.lap:
        return stopped
    return stopped._replace(lap=stopped.lap._replace(cancelled=True))


def _reopen(fold: _Fold, event: ClockEvent) -> _Fold:
    if fold.lap is None or fold.lap.stopped_s is None:
        return _ignore(fold, event, "not stopped")
    limit = fold.policy.new_lap_after_s
    if limit is not None and event.at_s - fold.lap.stopped_s > limit:
        return _new_lap(fold, event, fold.policy)
    lap = fold.lap.turned(SpanKind.RUNNING, event.at_s, event.entry)._replace(cancelled=False)
    return fold._replace(lap=lap)


def _reset(fold: _Fold, event: ClockEvent) -> _Fold:
    return _ignore(fold, event, "not started") if fold.lap is None else _new_lap(fold, event, fold.policy)


def _change_policy(fold: _Fold, event: ClockEvent) -> _Fold:
    assert event.policy is not None
    if fold.lap is None:
        return fold._replace(policy=event.policy)
    if fold.lap.stopped_s is not None:
        return _ignore(fold, event, "a finished clock keeps its policy")
    if event.restart:
        paused = fold.lap.kind is SpanKind.PAUSED and event.policy.may_pause
        begun = _new_lap(fold, event, event.policy)
        return _pause(begun, event) if paused else begun
    lap = fold.lap._replace(policy=event.policy, ruled_from_s=event.at_s)
    if lap.kind is SpanKind.PAUSED and not event.policy.may_pause:
        lap = lap.turned(SpanKind.RUNNING, event.at_s, event.entry)
    return fold._replace(policy=event.policy, lap=lap, laps=(*fold.laps, _finished(fold.lap, event)))


def _fix_deadline(fold: _Fold, event: ClockEvent) -> _Fold:
    fixed = None if event.due_s is None else Deadline(event.at_s, event.due_s, event.moved_by_pauses)
    if fold.lap is None:
        return fold._replace(deadline=fixed)
    if fold.lap.stopped_s is not None:
        return _ignore(fold, event, "a finished clock keeps its deadline")
    lap = fold.lap._replace(deadline=fixed, ruled_from_s=event.at_s)
    return fold._replace(lap=lap, laps=(*fold.laps, _finished(fold.lap, event)))


_ACTS: dict[ClockAct, Callable[[_Fold, ClockEvent], _Fold]] = {
    ClockAct.START: _start,
    ClockAct.PAUSE: _pause,
    ClockAct.RESUME: _resume,
    ClockAct.STOP: _stop,
    ClockAct.REOPEN: _reopen,
    ClockAct.RESET: _reset,
    ClockAct.POLICY: _change_policy,
    ClockAct.DEADLINE: _fix_deadline,
    ClockAct.CANCEL: _cancel,
}


def _new_lap(fold: _Fold, event: ClockEvent, policy: ClockPolicy) -> _Fold:
    earlier = fold.laps if fold.lap is None else (*fold.laps, _finished(fold.lap, event))
    deadline = fold.deadline
    if event.act is ClockAct.POLICY and fold.lap is not None:
        deadline = fold.lap.deadline  # a change of policy does not take back what a person promised
    begun = Running(policy, (Stretch(SpanKind.RUNNING, event.at_s, event.entry),), event.at_s, deadline)
    return _Fold(policy, begun, None, earlier, fold.ignored)


def _finished(lap: Running, event: ClockEvent) -> Lap:
    stopped = lap.stopped_s
    at_s = event.at_s if stopped is None else stopped
    figures = lap.figures(at_s)
    return Lap(
        ended_by=str(event.act) if stopped is None else "stop",
        started_s=lap.started_s,
        ended_s=at_s,
        elapsed_s=figures.used_s,
        paused_s=figures.paused_s,
        due_s=figures.due_s,
        missed=figures.missed_s is not None,
        missed_s=figures.missed_s,
    )


def _with_lap(fold: _Fold, lap: Running) -> _Fold:
    return _Fold(fold.policy, lap, fold.deadline, fold.laps, fold.ignored)


def _ignore(fold: _Fold, event: ClockEvent, reason: str) -> _Fold:
    return fold._replace(ignored=(*fold.ignored, Ignored(event.at_s, str(event.act), event.entry, reason)))


def _state(fold: _Fold, as_of_s: int) -> ClockState:
    lap = fold.lap
    if lap is None:
        return ClockState(
            state=ClockStatus.PENDING,
            as_of_s=as_of_s,
            started_s=None,
            stopped_s=None,
            elapsed_s=0,
            paused_s=0,
            due_s=None,
            target_s=fold.policy.target_s,
            remaining_s=fold.policy.target_s,
            missed=False,
            missed_s=None,
            retroactive=False,
            manual=fold.deadline is not None,
            spans=(),
            laps=(),
            ignored=fold.ignored,
        )
    figures = lap.figures(as_of_s)
    due, missed_s = figures.due_s, figures.missed_s
    target = lap.policy.work_from(lap.started_s)
    left: int | None = target - figures.used_s
    if lap.deadline is not None:
        judged = as_of_s if lap.stopped_s is None else lap.stopped_s
        left = None if due is None else lap.policy.calendar.elapsed(judged, due, signed=True)
    return ClockState(
        state=_status(lap, missed=missed_s is not None),
        as_of_s=as_of_s,
        started_s=lap.started_s,
        stopped_s=lap.stopped_s,
        elapsed_s=figures.used_s,
        paused_s=figures.paused_s,
        due_s=due,
        target_s=target,
        remaining_s=left,
        missed=missed_s is not None,
        missed_s=missed_s,
        retroactive=missed_s is not None and due is not None and due < lap.ruled_from_s,
        manual=lap.deadline is not None,
        spans=figures.spans,
        laps=fold.laps,
        ignored=fold.ignored,
    )


def _status(lap: Running, *, missed: bool) -> ClockStatus:
    if lap.cancelled:
        return ClockStatus.CANCELLED
    if lap.kind is SpanKind.PAUSED:
        return ClockStatus.PAUSED
    if lap.kind is SpanKind.STOPPED:
        return ClockStatus.BREACHED_DONE if missed else ClockStatus.MET
    return ClockStatus.BREACHED_RUNNING if missed else ClockStatus.RUNNING


def audit_pauses(events: Sequence[ClockEvent], *, policy: ClockPolicy, as_of_s: int) -> bool:
    """Whether only its pauses keep the clock from being late (D08)."""
    kept = [e for e in events if e.act not in (ClockAct.PAUSE, ClockAct.RESUME)]
    with_pauses = derive_clock(events, policy=policy, as_of_s=as_of_s)
    return not with_pauses.missed and derive_clock(kept, policy=policy, as_of_s=as_of_s).missed
