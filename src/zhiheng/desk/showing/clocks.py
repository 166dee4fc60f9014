"""Clocks as components: the small one of a list, the card with its derivation on the ticket."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiheng.agreements.choices import Level, Promise
from zhiheng.calendars.queries import working_calendar
from zhiheng.desk import queries
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.queries import ClockDerivation, RowClock, elapsed_now
from zhiheng.kernel.time import from_epoch, now
from zhiheng.measure.calendar import DayShare, WorkingCalendar
from zhiheng.measure.clock import ClockSpan, SpanKind
from zhiheng.ui import components
from zhiheng.ui.formatting import DAY

SHOWN = {
    ClockState.PENDING.value: components.ClockState.PENDING, ClockState.RUNNING.value: components.ClockState.RUNNING,
    ClockState.PAUSED.value: components.ClockState.PAUSED, ClockState.MET.value: components.ClockState.MET,
    ClockState.BREACHED_RUNNING.value: components.ClockState.BREACHED,
    ClockState.BREACHED_DONE.value: components.ClockState.MISSED,
    ClockState.CANCELLED.value: components.ClockState.CANCELLED,
}  # fmt: skip
RULES = {
    "weekly": gettext_lazy("weekly hours"),
    "yearly": gettext_lazy("closed every year"),
    "closed": gettext_lazy("closed day"),
    "open": gettext_lazy("open by exception"),
}
MOST_DAYS = 31
"""A derivation shows at most the last month day by day; what came before stands in one line."""


class DrawnClock(str):
    """The words of a clock, for files and the API; on a page the clock itself."""

    __slots__ = ("shown",)
    shown: components.Clock

    def __str__(self) -> str:
        return self.shown.small


def clock_column(tickets: Collection[Ticket]) -> Mapping[int, object]:
    """The column of a list: per ticket its leading clock, for one query."""
    at, labels = now(), label_of_pairs()
    drawn: dict[int, object] = {}
    for pk, clock in queries.leading_clocks(tickets).items():
        shown = small_clock(clock, at=at, labels=labels)
        drawn[pk] = DrawnClock(shown.text)
        drawn[pk].shown = shown  # type: ignore[attr-defined]
    return drawn


def label_of_pairs() -> Mapping[tuple[str, str], str]:
    """The words of every level with every promise in the reader's language: worked out once for a list."""
    return {
        (level.value, promise.value): f"{level.label} · {promise.label}"
        for level in Level
        for promise in Promise
    }


def shown_state(clock: TicketClock | RowClock, *, at: datetime) -> components.ClockState:
    """The state as a person sees it; a clock whose time ran out a moment ago is overdue before the job says so."""
    late = clock.state == ClockState.RUNNING and clock.due_at is not None and clock.due_at < at
    return components.ClockState.BREACHED if late else SHOWN[clock.state]


def small_clock(
    clock: TicketClock | RowClock, *, at: datetime, labels: Mapping[tuple[str, str], str] | None = None
) -> components.Clock:
    """A clock without its derivation, as it stands in a list; ``labels`` where many are drawn."""
    return components.Clock(
        label=(labels or label_of_pairs())[clock.level, clock.promise],
        state=shown_state(clock, at=at),
        target_s=clock.target_seconds,
        elapsed_s=elapsed_now(clock, at=at),
        due_at=clock.due_at,
        started_at=clock.started_at,
        stopped_at=clock.stopped_at,
        paused_s=clock.paused_seconds,
        day_s=service_day_s(working_calendar(clock.calendar_version_id)),
    )


def service_day_s(calendar: WorkingCalendar) -> int:
    """How long a day of service is: eight hours for 5×8, so that "1 d" means a working day there."""
    return (
        max((sum(hours.end_s - hours.start_s for hours in day) for day in calendar.weekly), default=0) or DAY
    )


def calendar_name(clock: TicketClock) -> str:
    """The service hours the clock counts."""
    return str(clock.calendar_version.calendar) if clock.calendar_version else _("natural time")


def clock_card(derivation: ClockDerivation, *, words: Mapping[int, str], at: datetime) -> components.Clock:
    """A clock with all it was derived from. ``words`` says in a line what each entry did."""
    clock, state, calendar = derivation.clock, derivation.state, derivation.calendar
    spans = [span for span in state.spans if span.kind is not SpanKind.STOPPED]
    return components.Clock(
        id=f"clock-{clock.pk}",
        label=str(clock.commitment),
        state=shown_state(clock, at=at),
        target_s=clock.target_seconds,
        elapsed_s=state.elapsed_s,
        due_at=from_epoch(state.due_s) if state.due_s is not None else None,
        started_at=clock.started_at,
        stopped_at=from_epoch(state.stopped_s) if state.stopped_s is not None else None,
        paused_s=state.paused_s,
        calendar=calendar_name(clock),
        day_s=service_day_s(calendar),
        entries=tuple(_entries(state.spans, words)),
        pauses=tuple(_pauses(spans, words, at)),
        days=tuple(_days(spans, calendar)),
    )


def _entries(spans: Iterable[ClockSpan], words: Mapping[int, str]) -> Iterable[components.ClockEntry]:
    used = 0
    for number, span in enumerate(spans):
        text = (
            words.get(span.opened_by or 0) or _("started")
            if number == 0
            else words.get(span.opened_by or 0, "")
        )
        if text:
            yield components.ClockEntry(from_epoch(span.from_s), text, used)
        used += span.work_s if span.kind is SpanKind.RUNNING else 0
        last = span
    if spans and last.closed_by is not None and words.get(last.closed_by):
        yield components.ClockEntry(from_epoch(last.to_s), words[last.closed_by], used)


def _pauses(
    spans: Iterable[ClockSpan], words: Mapping[int, str], at: datetime
) -> Iterable[components.ClockPause]:
    for span in spans:
        if span.kind is SpanKind.PAUSED:
            until = from_epoch(span.to_s)
            reason = words.get(span.opened_by or 0) or _("waiting for the customer")
            ended = until if span.closed_by is not None or until < at else None
            yield components.ClockPause(from_epoch(span.from_s), ended, reason, span.work_s)


def _days(spans: Iterable[ClockSpan], calendar: WorkingCalendar) -> Iterable[components.ClockDay]:
    by_day: dict[object, list[DayShare]] = {}
    for span in spans:
        if span.kind is SpanKind.RUNNING:
            for share in span.days(calendar):
                by_day.setdefault(share.day, []).append(share)
    days = [shares for _day, shares in sorted(by_day.items(), key=lambda item: str(item[0]))]
    earlier, shown = days[:-MOST_DAYS], days[-MOST_DAYS:]
    if earlier:
        counted = sum(share.work_s for shares in earlier for share in shares)
        yield components.ClockDay(earlier[-1][0].day, counted, _("up to this day"))
    for shares in shown:
        first = shares[0]
        rule = _("around the clock") if calendar.never_closes else str(RULES.get(first.rule, first.rule))
        counted = sum(share.work_s for share in shares)
        yield components.ClockDay(first.day, counted, f"{rule} · {first.name}" if first.name else rule)
