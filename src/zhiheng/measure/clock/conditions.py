"""When a clock starts, pauses and stops, as conditions on the ticket; what they make of its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from zhiheng.measure.clock.events import ClockAct, ClockEvent
from zhiheng.measure.errors import MeasureError

Situation = TypeVar("Situation")
Condition = Callable[[Situation], bool]


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ClockConditions(Generic[Situation]):
    """The conditions of a commitment over a ticket's situation (its state category, or a record of fields).

    A clock attaches where `start` holds and neither `stop` nor `cancel` does. On an attached clock `cancel`
    goes before `stop`, `stop` before `reset`, `reset` before `pause`; it resumes where `pause` no longer
    holds. `reset` acts when it begins to hold. After a stop or a cancellation a clock that attaches again
    goes on from the time used, or with `again_from_zero` begins a new lap (the next-reply clock).
    """

    start: Condition[Situation]
    stop: Condition[Situation]
    pause: Condition[Situation] = _never
    cancel: Condition[Situation] = _never
    reset: Condition[Situation] = _never
    again_from_zero: bool = False


def acts_of(
    history: Iterable[tuple[int, Situation, int | None]], conditions: ClockConditions[Situation]
) -> tuple[ClockEvent, ...]:
    """The acts that a history gives: rows (instant, situation from then on, entry) in time order."""
    acts: list[ClockEvent] = []
    at_rest, attached_before, paused, was_reset = True, False, False, False
    last_s: int | None = None
    for at_s, situation, entry in history:
        if last_s is not None and at_s < last_s:
            raise MeasureError("history", f"must be in time order, {at_s} comes after {last_s}")
        last_s = at_s
        found: list[ClockAct] = []
        resets = conditions.reset(situation)
        ends = _ending(conditions, situation)
        if at_rest and ends is None and conditions.start(situation):
            goes_on = attached_before and not conditions.again_from_zero
            found.append(ClockAct.REOPEN if goes_on else ClockAct.START)
            at_rest, attached_before, paused = False, True, False
        elif not at_rest and ends is not None:
            found.append(ends)
            at_rest = True
        elif not at_rest and resets and not was_reset:
            found.append(ClockAct.RESET)
            paused = False
        if not at_rest and conditions.pause(situation) != paused:
            paused = not paused
            found.append(ClockAct.PAUSE if paused else ClockAct.RESUME)
        was_reset = resets
        acts.extend(ClockEvent(at_s, act, entry) for act in found)
    return tuple(acts)


def contradictions(
    conditions: ClockConditions[Situation], situations: Iterable[Situation]
) -> tuple[tuple[str, Situation], ...]:
    """What a designer should be told before saving: the conditions that can never act as meant, among all
    situations.

    "never_starts": start holds only where stop or cancel holds too. "stop_hides_pause",
    "cancel_hides_pause": a situation that should pause ends the clock instead. "cancel_hides_stop": a
    situation that should complete the clock cancels it.
    """
    found: list[tuple[str, Situation]] = []
    starting = [s for s in situations if conditions.start(s) or conditions.pause(s) or conditions.stop(s)]
    begins = [s for s in starting if conditions.start(s)]
    if begins and all(_ending(conditions, s) is not None for s in begins):
        found.extend(("never_starts", s) for s in begins)
    for situation in starting:
        ends = _ending(conditions, situation)
        if ends is not None and conditions.pause(situation):
            found.append((f"{ends}_hides_pause", situation))
        if ends is ClockAct.CANCEL and conditions.stop(situation):
            found.append(("cancel_hides_stop", situation))
    return tuple(found)


def _ending(conditions: ClockConditions[Situation], situation: Situation) -> ClockAct | None:
    if conditions.cancel(situation):
        return ClockAct.CANCEL
    return ClockAct.STOP if conditions.stop(situation) else None
