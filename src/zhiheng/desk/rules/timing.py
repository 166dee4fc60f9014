"""Which acts on a ticket start, pause, resume and stop each promise's clock. Pure: happenings in, clock events out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from zhiheng.desk.rules.moves import DONE, DROPPED
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.clock import ClockAct, ClockEvent, ClockPolicy

WAITING_CUSTOMER = "waiting-customer"


class What(StrEnum):
    """What happened on a ticket, as far as clocks care."""

    MOVED = "moved"
    ANSWERED = "answered"  # staff wrote or said something that the requester can see or hear
    ASKED = "asked"  # the requester's side wrote something that awaits an answer
    RESTORED = "restored"


class Happening(NamedTuple):
    """One thing that happened at ``at_s`` (epoch seconds); a move carries the categories it led from and to."""

    at_s: int
    what: What
    entry: int | None = None
    old: str = ""
    new: str = ""


def policy_of(promise: str, *, calendar: WorkingCalendar, target_s: int, pauses: bool) -> ClockPolicy:
    """What a promise's clock runs on; a response clock never pauses."""
    return ClockPolicy(calendar, target_s=target_s, may_pause=pauses and promise != "response")


def clock_events(
    promise: str, happenings: Iterable[Happening], *, start_s: int, pauses: bool
) -> list[ClockEvent]:
    """The events of one promise's clock that starts at ``start_s``; what happened before it does not count.

    * response: stops at the first answer, or when the ticket is solved without one; it never pauses.
    * next reply: starts when the requester's side writes, stops at the next answer, again and again.
    * restoration and resolution: pause while waiting for the customer (if the commitment says so), stop when the
      ticket is solved, go on when it is reopened; restoration also stops when the service is marked as restored.
    """
    later = [each for each in happenings if each.at_s >= start_s]
    if promise == "next_reply":
        return list(_next_reply(later))
    events = [ClockEvent(start_s, ClockAct.START)]
    if promise == "response":
        events.extend(_response(later))
    else:
        events.extend(_work(later, pauses=pauses, restored_counts=promise == "restoration"))
    return events


def _response(happenings: Iterable[Happening]) -> Iterator[ClockEvent]:
    for each in happenings:
        if each.what is What.ANSWERED or (each.what is What.MOVED and each.new in DONE):
            yield ClockEvent(each.at_s, ClockAct.STOP, each.entry)
            return
        if each.what is What.MOVED and each.new in DROPPED:
            yield ClockEvent(each.at_s, ClockAct.CANCEL, each.entry)
            return


def _next_reply(happenings: Iterable[Happening]) -> Iterator[ClockEvent]:
    waiting = started = False
    for each in happenings:
        if each.what is What.ASKED and not waiting:
            yield ClockEvent(each.at_s, ClockAct.RESET if started else ClockAct.START, each.entry)
            waiting = started = True
        elif waiting and (each.what is What.ANSWERED or (each.what is What.MOVED and each.new in DONE)):
            yield ClockEvent(each.at_s, ClockAct.STOP, each.entry)
            waiting = False
        elif started and each.what is What.MOVED and each.new in DROPPED:
            yield ClockEvent(each.at_s, ClockAct.CANCEL, each.entry)
            return


def _work(happenings: Iterable[Happening], *, pauses: bool, restored_counts: bool) -> Iterator[ClockEvent]:
    stopped = paused = False
    for each in happenings:
        if each.what is What.RESTORED and restored_counts and not stopped:
            yield ClockEvent(each.at_s, ClockAct.STOP, each.entry)
            stopped, paused = True, False
        elif each.what is What.MOVED:
            if each.new in DROPPED:
                yield ClockEvent(each.at_s, ClockAct.CANCEL, each.entry)
                return
            if each.new in DONE:
                if not stopped:
                    yield ClockEvent(each.at_s, ClockAct.STOP, each.entry)
                stopped, paused = True, False
                continue
            if stopped and each.old in DONE:
                yield ClockEvent(each.at_s, ClockAct.REOPEN, each.entry)
                stopped = False
            if stopped:
                continue
            waits = pauses and each.new == WAITING_CUSTOMER
            if waits != paused:
                yield ClockEvent(each.at_s, ClockAct.PAUSE if waits else ClockAct.RESUME, each.entry)
                paused = waits
