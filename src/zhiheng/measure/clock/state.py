"""What a clock says: its state, its figures, and the spans and laps they are derived from.

Named tuples for the sake of loading history, like those of `lap`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from zhiheng.measure.calendar import DayShare, WorkingCalendar


class ClockStatus(StrEnum):
    """Where a clock stands."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED_RUNNING = "breached_running"
    BREACHED_DONE = "breached_done"
    CANCELLED = "cancelled"


class SpanKind(StrEnum):
    """What the clock did in a span."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # between a stop and the reopening: counts neither as used nor as paused


class ClockSpan(NamedTuple):
    """One stretch of a clock's life: its working seconds and the journal entries at its two ends."""

    kind: SpanKind
    from_s: int
    to_s: int
    work_s: int
    opened_by: int | None
    closed_by: int | None

    def days(self, calendar: WorkingCalendar) -> tuple[DayShare, ...]:
        """The span day by day, with the calendar's rule for each."""
        return calendar.by_day(self.from_s, self.to_s)


class Lap(NamedTuple):
    """A finished or replaced run of the clock, so that no breach is lost to a reset or a change of policy."""

    ended_by: str
    started_s: int
    ended_s: int
    elapsed_s: int
    paused_s: int
    due_s: int | None
    missed: bool
    missed_s: int | None


class Ignored(NamedTuple):
    """An act that meant nothing in the state it met, and why."""

    at_s: int
    act: str
    entry: int | None
    reason: str


class ClockState(NamedTuple):
    """A clock at `as_of_s`. All seconds of `elapsed_s`, `paused_s`, `remaining_s` are working time of the
    calendar.

    `due_s` is None while nothing is due: pending, or paused and not yet missed ("on hold"). `missed` stays
    true through a pause, a stop and a cancellation; `missed_s` is when. `retroactive`: a change of policy
    made it late at once, which deserves one notice, not the whole ladder. `spans` explain the current lap,
    `laps` the earlier ones.
    """

    state: ClockStatus
    as_of_s: int
    started_s: int | None
    stopped_s: int | None
    elapsed_s: int
    paused_s: int
    due_s: int | None
    target_s: int | None
    remaining_s: int | None
    missed: bool
    missed_s: int | None
    retroactive: bool
    manual: bool
    spans: tuple[ClockSpan, ...]
    laps: tuple[Lap, ...]
    ignored: tuple[Ignored, ...]

    @property
    def ever_missed(self) -> bool:
        """Whether this lap or an earlier one was missed."""
        return self.missed or any(lap.missed for lap in self.laps)
