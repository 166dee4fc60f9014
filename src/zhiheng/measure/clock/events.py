"""What moves a clock: its policy and the acts that start, pause, stop or change it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.errors import MeasureError


class ClockAct(StrEnum):
    """The acts a clock knows."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REOPEN = "reopen"  # goes on from the time already used
    RESET = "reset"  # completes the running lap and begins another
    POLICY = "policy"  # priority, tier, service or group changed the commitment
    DEADLINE = "deadline"  # a person fixed the due time, or with None took that back
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """The commitment a clock runs on: `target_s` of working time, or `target_days` working days, end of that
    day.

    `may_pause` is false for response clocks. `new_lap_after_s`: a reopening later than this (natural seconds
    after the stop) begins a new lap instead of going on; None always goes on.
    """

    calendar: WorkingCalendar
    target_s: int | None = None
    target_days: int | None = None
    may_pause: bool = True
    new_lap_after_s: int | None = None

    def __post_init__(self) -> None:
        if (self.target_s is None) == (self.target_days is None):
            raise MeasureError("target", "must be given either in seconds or in working days")
        if min(self.target_s or 0, self.target_days or 0, self.new_lap_after_s or 0) < 0:
            raise MeasureError("target", "must not be negative")

    def work_from(self, start_s: int) -> int:
        """The working seconds that the target leaves from `start_s` on."""
        if self.target_s is not None:
            return self.target_s
        return self.calendar.elapsed(start_s, self.due_from(start_s))

    def due_from(self, start_s: int) -> int:
        """When a clock that starts at `start_s` and never pauses is due."""
        if self.target_s is not None:
            return self.calendar.add(start_s, self.target_s)
        return self.calendar.end_of_working_day(start_s, self.target_days or 0)


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One act on the clock at `at_s` (epoch seconds); `entry` names the journal entry it comes from.

    POLICY needs `policy`, and `restart` says whether the clock begins anew or keeps its start with the
    pauses so far. DEADLINE takes `due_s` (None removes it); `moved_by_pauses` lets later pauses move it,
    which they do not by default.
    """

    at_s: int
    act: ClockAct
    entry: int | None = None
    policy: ClockPolicy | None = None
    restart: bool = False
    due_s: int | None = None
    moved_by_pauses: bool = False

    def __post_init__(self) -> None:
        if (self.act is ClockAct.POLICY) != (self.policy is not None):
            raise MeasureError("policy", "must be given with a policy act, and only there")
        if self.due_s is not None and self.act is not ClockAct.DEADLINE:
            raise MeasureError("due_s", "must be given with a deadline act only")
