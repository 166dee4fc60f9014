"""Invented examples of each component's view model, in all states."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from zhiheng.ui.components import (
    ActLine,
    Attachment,
    Audience,
    Avatar,
    Clock,
    ClockDay,
    ClockEntry,
    ClockPause,
    ClockState,
    Figure,
    Link,
    Message,
    ProcessStrip,
    Step,
    StepState,
    Timeline,
    Trend,
    Verdict,
)

AT = datetime(2026, 11, 20, 1, 2, tzinfo=UTC)
HOUR = 3600


def figures() -> list[Figure]:
    """One figure for each verdict."""
    return [
        Figure(
            name=_("Mean response time"),
            unit="h",
            value=2.4,
            low=2.2,
            high=2.6,
            target=2.0,
            n=1842,
            higher_is_better=False,
            verdict=Verdict.NOT_MET,
            scale=(0, 4),
            definition_url="#",
            rows_url="#",
            rows=214,
            trend=Trend((1.8, 1.9, 2.1, 1.9, 2.2, 2.0, 2.3, 2.2, 2.4, 2.3, 2.6, 2.4, 2.4), 1.7, 2.5),
        ),
        Figure(
            name=_("Mean restoration time"),
            unit="h",
            value=3.1,
            low=2.7,
            high=3.5,
            target=4.0,
            n=306,
            higher_is_better=False,
            verdict=Verdict.MET,
            scale=(0, 8),
            definition_url="#",
            rows_url="#",
            rows=306,
            trend=Trend((4.6, 4.1, 4.3, 3.9, 3.6, 3.8, 3.4, 3.5, 3.2, 3.3, 3.0, 3.2, 3.1), 2.6, 4.4),
        ),
        Figure(
            name=_("Satisfied share"),
            unit="share",
            value=0.912,
            low=0.889,
            high=0.931,
            target=0.9,
            n=742,
            verdict=Verdict.MET_UNCERTAIN,
            definition_url="#",
            rows_url="#",
            trend=Trend(
                (0.88, 0.89, 0.9, None, None, 0.9, 0.92, 0.91, 0.91, 0.92, 0.91, 0.91, 0.91), 0.86, 0.94
            ),
        ),
        Figure(
            name=_("Request closure rate"),
            unit="share",
            value=0.935,
            low=0.918,
            high=None,
            target=0.95,
            n=530,
            verdict=Verdict.NOT_MET_UNCERTAIN,
            definition_url="#",
            rows_url="#",
            next_step=Link(_("2 findings"), "#"),
        ),
        Figure(
            name=_("Fault recurrence rate"),
            unit="share",
            value=None,
            target=0.05,
            n=26,
            higher_is_better=False,
            verdict=Verdict.NOT_ENOUGH_DATA,
            definition_url="#",
            missing=_(
                "26 faults have passed the 30-day window; at least 30 are needed. 37 % lack a cause code."
            ),
        ),
        Figure(
            name=_("First-contact resolution"),
            unit="share",
            value=None,
            verdict=Verdict.NOT_COMPUTABLE,
            definition_url="#",
            missing=_("The source has no field for the channel."),
        ),
        Figure(
            name=_("Open tickets"),
            unit="count",
            value=2817,
            verdict=Verdict.NO_TARGET,
            n=2817,
            rows_url="#",
            trend=Trend((2410, 2466, 2522, 2604, 2590, 2688, 2702, 2817)),
        ),
    ]


def clocks() -> list[Clock]:
    """One clock for each state; the first can be opened."""
    clock = partial(Clock, calendar=_("5×8, China"), day_s=8 * HOUR, started_at=AT)
    due = AT + timedelta(hours=4)
    derived = Clock(
        label=_("Restoration"),
        state=ClockState.RUNNING,
        target_s=4 * HOUR,
        elapsed_s=2280,
        id="clock-sample",
        due_at=due,
        paused_s=1800,
        calendar=_("24×7"),
        started_at=AT,
        entries=(
            ClockEntry(AT, _("Registered by monitoring"), 0),
            ClockEntry(AT + timedelta(minutes=18), _("On hold: waiting for the customer"), 1080),
            ClockEntry(AT + timedelta(minutes=48), _("The customer replied"), 1080),
        ),
        pauses=(
            ClockPause(
                AT + timedelta(minutes=18), AT + timedelta(minutes=48), _("Waiting for the customer"), 1800
            ),
        ),
        days=(
            ClockDay(date(2026, 11, 20), 2280, _("working day")),
            ClockDay(date(2026, 11, 21), 0, _("weekend")),
        ),
    )
    return [
        derived,
        clock(label=_("Response"), state=ClockState.RUNNING, target_s=4 * HOUR, elapsed_s=13320, due_at=due),
        clock(
            label=_("Resolution"),
            state=ClockState.PAUSED,
            target_s=24 * HOUR,
            elapsed_s=9 * HOUR,
            paused_s=90000,
        ),
        clock(
            label=_("Response"),
            state=ClockState.MET,
            target_s=2 * HOUR,
            elapsed_s=720,
            stopped_at=AT + timedelta(minutes=12),
        ),
        clock(
            label=_("Resolution"), state=ClockState.BREACHED, target_s=8 * HOUR, elapsed_s=36300, due_at=due
        ),
        clock(
            label=_("Restoration"),
            state=ClockState.MISSED,
            target_s=4 * HOUR,
            elapsed_s=5 * HOUR,
            stopped_at=due,
        ),
        Clock(label=_("Next reply"), state=ClockState.PENDING, target_s=HOUR, elapsed_s=0),
        Clock(label=_("Resolution"), state=ClockState.CANCELLED, target_s=HOUR, elapsed_s=600),
    ]


def process_strip() -> ProcessStrip:
    """A process in its third step, one step skipped."""
    return ProcessStrip(
        (
            Step(_("Accept"), StepState.DONE, _("4 min")),
            Step(_("Dispatch"), StepState.DONE, _("6 min")),
            Step(_("Diagnose and restore"), StepState.NOW, _("SOP 3 / 5 · skipped 0")),
            Step(_("Approval"), StepState.SKIPPED, _("not needed")),
            Step(_("User confirms"), StepState.NEXT, _("next")),
            Step(_("Close"), StepState.LATER, _("call back, file")),
        )
    )


def timeline() -> Timeline:
    """A conversation with acts before, between and after."""

    def act(minute: int, text: str, actor: str = "") -> ActLine:
        return ActLine(at=AT + timedelta(minutes=minute), text=text, actor=actor)

    engineer = Avatar("网络工程师", url="#")
    return Timeline(
        (
            act(0, _("registered by monitoring: core-sw-01, port 3, 42 % packet loss")),
            Message(
                at=AT + timedelta(minutes=9),
                author=Avatar("王小明", "customer"),
                channel=_("Phone"),
                body="整层都打不开 OA，九点半有董事会，请尽快。",
            ),
            Message(
                at=AT + timedelta(minutes=12),
                author=engineer,
                body="您好，已定位到核心交换机光模块，备件正在更换，预计 09:40 恢复。\n我会在 09:30 再更新一次。",
                attachments=(Attachment("port-3.png", "#", "212 kB"),),
            ),
            act(13, _("changed the priority from P3 to P2"), "网络工程师"),
            act(14, _("linked core-sw-01"), "网络工程师"),
            act(15, _("raised the priority from P2 to P1 (impact: 2 customers)"), "网络工程师"),
            Message(
                at=AT + timedelta(minutes=16),
                author=Avatar("Lin Host"),
                audience=Audience.PRIVATE,
                body="Same batch of optics as PRB-118. @网络工程师 please note the serial number after the swap.",
            ),
            act(18, _("did step 3 of the SOP “Replace an optical module”"), "网络工程师"),
        ),
        older_url="#",
    )
