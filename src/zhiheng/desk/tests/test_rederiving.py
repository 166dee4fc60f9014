"""New hours of a calendar reach the clocks that run on it, and only those."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from zhiheng.calendars.models import Calendar, CalendarVersion
from zhiheng.calendars.services import write_version
from zhiheng.desk import services
from zhiheng.desk.choices import ClockState
from zhiheng.desk.jobs import rederive_clocks
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.tests.conftest import HOUR, NINE, Desk
from zhiheng.kernel.errors import NotFound
from zhiheng.platform.jobs import run_waiting_jobs
from zhiheng.platform.journal import entries_for
from zhiheng.platform.journal import handlers as registered
from zhiheng.platform.models import Job


def close_friday(desk: Desk, *, hours: float) -> CalendarVersion:
    """The organisation closes on Friday 20 November after all."""
    calendar = Calendar.objects.get(slug="5x8-cn")
    document: dict[str, Any] = dict(calendar.versions.order_by("-number")[0].document)
    closed = {"first": "2026-11-20", "last": "2026-11-20", "closed": True, "name": "Move to the new office"}
    document["exceptions"] = [*document["exceptions"], closed]
    with desk.at(hours):
        return write_version(calendar=calendar, document=document, note="We move")


def test_open_clocks_count_on_the_new_hours_and_finished_ones_keep_theirs(desk: Desk) -> None:
    ticket = desk.opened(impact=1, urgency=1)  # four hours to solve, from Friday nine
    with desk.at(1):
        services.reply(ticket=ticket, body="We look.")
    before = TicketClock.objects.get(ticket=ticket, promise="response")
    assert desk.clock(ticket, "resolution").due_at == NINE + timedelta(hours=5)  # over the lunch hour
    version = close_friday(desk, hours=2)
    with desk.at(2):
        assert rederive_clocks.func(calendar_id=version.calendar_id) == 1
    running, done = desk.clock(ticket, "resolution"), desk.clock(ticket, "response")
    assert (running.calendar_version, running.elapsed_seconds) == (version, 0)
    # Monday nine to twelve and one to two.
    assert running.due_at == NINE + timedelta(days=3, hours=5)
    assert desk.clock(ticket, "next_reply").calendar_version == version  # pending counts as open
    assert (done.state, done.elapsed_seconds, done.calendar_version) == (
        ClockState.MET, HOUR, before.calendar_version,
    )  # fmt: skip
    ticket.refresh_from_db()
    assert ticket.next_due_at == running.due_at
    with desk.at(2):
        assert rederive_clocks.func(calendar_id=version.calendar_id) == 0  # nothing is left to do


def test_a_clock_that_the_new_hours_save_is_no_longer_overdue(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(2.5):
        services.flip_overdue()
    assert desk.clock(ticket, "response").state == ClockState.BREACHED_RUNNING
    version = close_friday(desk, hours=3)
    with desk.at(3):
        rederive_clocks.func(calendar_id=version.calendar_id)
    clock = desk.clock(ticket, "response")
    assert (clock.state, clock.missed, clock.due_at) == (
        ClockState.RUNNING, False, NINE + timedelta(days=3, hours=2),
    )  # fmt: skip
    assert [(flip.old_state, flip.new_state) for flip in clock.flips.all()][-1] == (
        ClockState.BREACHED_RUNNING, ClockState.RUNNING,
    )  # fmt: skip


def test_tickets_that_are_over_and_other_calendars_are_left_alone(desk: Desk) -> None:
    over = desk.opened(title="Over")
    with desk.at(1):
        services.transition(ticket=over, to="solved", solution="Done.")
    held = list(TicketClock.objects.filter(ticket=over, state=ClockState.MET).values())
    assert held
    with desk.at(2):
        version = close_friday(desk, hours=2)
        rederive_clocks.func(calendar_id=version.calendar_id)
        assert list(TicketClock.objects.filter(ticket=over, state=ClockState.MET).values()) == held
        other = Calendar.objects.get(slug="24x7")
        assert rederive_clocks.func(calendar_id=other.pk) == 0
        with pytest.raises(NotFound):
            rederive_clocks.func(calendar_id=0)


def test_writing_hours_tells_the_desk_which_derives_in_a_job(desk: Desk) -> None:
    ticket = desk.opened()
    version = close_friday(desk, hours=1)
    [entry] = [each for each in entries_for(version.calendar) if each.act == "calendars.calendar.rewritten"][
        :1
    ]
    assert (entry.data["version"], entry.data["number"]) == (version.pk, 2)
    with desk.at(1):
        registered.handlers["desk.clocks_follow_calendar"].handle(entry)
        assert Job.objects.filter(path__endswith="rederive_clocks").count() == 1
        run_waiting_jobs()
    assert Job.objects.get(path__endswith="rederive_clocks").result == 1
    assert desk.clock(ticket, "response").calendar_version == version
    assert Ticket.objects.get().next_due_at == NINE + timedelta(days=3, hours=2)
