"""Clock: the remaining working time of a commitment, and how it was derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhiheng.ui.durations import Day, spelled
from zhiheng.ui.formatting import DAY, coarse_duration, duration, stamp, weekday
from zhiheng.ui.icons import icon
from zhiheng.ui.navigation import Text

AT_RISK_SHARE = 0.8
BAR_WIDTH = 104.0


class ClockState(StrEnum):
    """Where a commitment stands, as a person sees it."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    """Missed and still running."""
    MISSED = "missed"
    """Stopped after it was missed."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ClockEntry:
    """A journal entry that moved the clock, and the working seconds used up to it."""

    at: datetime
    text: Text
    used_s: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class ClockPause:
    """A stretch in which the clock stood still, and why. `until` None: still paused."""

    since: datetime
    until: datetime | None
    reason: Text
    work_s: int


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One calendar day of the clock: the working seconds counted in it, and the rule of the calendar that
    applied.
    """

    day: date
    counted_s: int
    rule: Text = ""

    @property
    def weekday(self) -> str:
        """The name of the day."""
        return weekday(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A commitment of a ticket. Seconds are working time of `calendar`; `day_s` is the length of its service
    day.

    `remaining_s` is below zero once missed. `id` is unique on the page where the derivation is given.
    """

    label: Text
    state: ClockState
    target_s: int
    elapsed_s: int
    id: str = ""
    due_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_s: int = 0
    calendar: Text = ""
    day_s: int = DAY
    entries: tuple[ClockEntry, ...] = ()
    pauses: tuple[ClockPause, ...] = ()
    days: tuple[ClockDay, ...] = ()
    derivation_url: str = ""

    @property
    def remaining_s(self) -> int:
        """Working seconds left; below zero by as much as it is over."""
        return self.target_s - self.elapsed_s

    @property
    def share(self) -> float:
        """Used part of the target, 0 to 1."""
        return min(1.0, max(0.0, self.elapsed_s / self.target_s)) if self.target_s else 1.0

    @property
    def at_risk(self) -> bool:
        """Running with less than a fifth of its time left."""
        return self.state is ClockState.RUNNING and self.share >= AT_RISK_SHARE

    @property
    def look(self) -> str:
        """Class: pending, running, at-risk, paused, met, breached, cancelled."""
        if self.at_risk:
            return "at-risk"
        return "breached" if self.state is ClockState.MISSED else self.state.value

    @property
    def icon(self) -> str:
        """Its shape, so that colour is not the only sign."""
        return "circle-x" if self.state is ClockState.MISSED else ICONS[self.look]

    @property
    def bar(self) -> float:
        """Length of the used part in SVG units."""
        return round(self.share * BAR_WIDTH, 1)

    @property
    def text(self) -> str:
        """`3:22 left`, `2:05 over`, `on hold, 3:00 left`, `met`. A pause keeps what was missed before it."""
        shown_s = self.elapsed_s if self.state is ClockState.MET else self.remaining_s
        late = self.state is ClockState.PAUSED and shown_s < 0
        if late or self.state in (ClockState.BREACHED, ClockState.MISSED):
            shown_s = -shown_s
        words = PAUSED_LATE if late else WORDS[self.state]
        return str(words) % {"time": duration(max(0, shown_s), self.day_s)}

    @property
    def face(self) -> SafeString:
        """The words with their icon over the bar; the hatched part is what a pause keeps."""
        bar = str(self.bar)
        hatch = HATCH.format(bar) if self.look == "paused" else ""
        # Numbers and marks of our own need no escaping, and a list has fifty clocks.
        return mark_safe(FACE.format(icon(self.icon), escape(self.text), bar, hatch))  # noqa: S308

    @property
    def small(self) -> SafeString:
        """The clock without its derivation. Drawn here, since a list has one in every row."""
        title = f"{self.label} · {self.shown_due}" if self.due_at else self.label
        drawn = f'<span class="clock {self.look}" title="{conditional_escape(str(title))}">{self.face}</span>'
        return mark_safe(drawn)  # noqa: S308 - the words are escaped

    @property
    def shown_target(self) -> str:
        """The promised time, in days of the hours that it runs in."""
        return spelled(self.target_s, Day(self.day_s, working=self.day_s != DAY))

    @property
    def shown_elapsed(self) -> str:
        """The used time."""
        return duration(self.elapsed_s, self.day_s)

    @property
    def shown_paused(self) -> str:
        """How long it stood still, coarsely; "" if never."""
        return coarse_duration(self.paused_s) if self.paused_s else ""

    @property
    def shown_due(self) -> str:
        """When it is due."""
        return stamp(self.due_at)

    @property
    def derived(self) -> bool:
        """Whether it can show how it came about."""
        return bool(self.id and (self.entries or self.days or self.pauses or self.derivation_url))


WORDS = {
    ClockState.PENDING: gettext_lazy("Not started"),
    ClockState.RUNNING: gettext_lazy("%(time)s left"),
    ClockState.PAUSED: pgettext_lazy("clock", "On hold, %(time)s left"),
    ClockState.MET: gettext_lazy("Met in %(time)s"),
    ClockState.BREACHED: gettext_lazy("%(time)s over"),
    ClockState.MISSED: gettext_lazy("Missed by %(time)s"),
    ClockState.CANCELLED: gettext_lazy("Cancelled"),
}
PAUSED_LATE = pgettext_lazy("clock", "On hold, %(time)s over")
FACE = (
    '<span class="clock-text">{}{}</span>'
    '<svg class="clock-bar" viewBox="0 0 104 4" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="rail" width="104" height="4" rx="2"/><rect class="run" width="{}" height="4" rx="2"/>{}</svg>'
)
HATCH = '<path class="hatch" d="M{} 2H104" stroke-dasharray="2 4"/>'
ICONS = {
    "pending": "circle-dashed",
    "running": "clock",
    "at-risk": "alert-triangle",
    "paused": "player-pause",
    "met": "circle-check",
    "breached": "flame",
    "cancelled": "minus",
}
