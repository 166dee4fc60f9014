"""Missed commitments: noticed by the minute job or by whoever acts first, announced once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import TransactionTestCase

from zhiheng.desk import services
from zhiheng.desk.choices import ClockState
from zhiheng.desk.jobs import mark_missed_commitments
from zhiheng.desk.models import ClockFlip, TicketClock
from zhiheng.desk.services.overdue import claim_miss
from zhiheng.desk.tests.conftest import NINE, Desk, build_desk
from zhiheng.kernel.actor import SYSTEM, ActorKind, Cause, acting
from zhiheng.kernel.time import frozen
from zhiheng.platform.journal import entries_for


def test_a_miss_is_announced_once_by_the_system(desk: Desk) -> None:
    ticket = desk.opened()
    with frozen(NINE + timedelta(hours=2.5)), acting(SYSTEM, Cause.JOB):
        assert services.flip_overdue() == 1
        assert services.flip_overdue() == 0
    response = desk.clock(ticket, "response")
    assert (response.state, response.missed) == (ClockState.BREACHED_RUNNING, True)
    flip = ClockFlip.objects.filter(clock=response).latest("id")
    assert (flip.old_state, flip.new_state, flip.at) == ("running", "breached_running", response.due_at)
    entry = entries_for(ticket)[0]
    assert (entry.act, entry.occurred_at, entry.actor.kind) == (
        "desk.ticket.overdue", NINE + timedelta(hours=2), ActorKind.SYSTEM,
    )  # fmt: skip
    assert entry.data["promise"] == "response"


def test_an_act_after_the_due_time_announces_the_miss_before_the_job_does(desk: Desk) -> None:
    ticket = desk.opened()
    with desk.at(2.5):
        services.reply(ticket=ticket, body="Sorry, late.")
    response = desk.clock(ticket, "response")
    assert (response.state, response.missed) == (ClockState.BREACHED_DONE, True)
    overdue = [entry for entry in entries_for(ticket) if entry.act == "desk.ticket.overdue"]
    assert [entry.occurred_at for entry in overdue] == [NINE + timedelta(hours=2)]
    assert overdue[0].actor.kind == ActorKind.SYSTEM
    with frozen(NINE + timedelta(hours=3)), acting(SYSTEM, Cause.JOB):
        assert services.flip_overdue() == 0


def test_a_paused_clock_never_becomes_overdue(desk: Desk) -> None:
    ticket = desk.opened(impact=1, urgency=1)
    with desk.at(0.5):
        services.assign_ticket(ticket=ticket, team=desk.team)
        services.transition(ticket=ticket, to="waiting_customer", question="Which?")
    with frozen(NINE + timedelta(days=10)), acting(SYSTEM, Cause.JOB):
        assert services.flip_overdue() == 0


def test_a_clock_that_was_paused_meanwhile_is_not_claimed(desk: Desk) -> None:
    ticket = desk.opened(impact=1, urgency=1)
    read_before = desk.clock(ticket, "resolution")
    with desk.at(0.5):
        services.assign_ticket(ticket=ticket, team=desk.team)
        services.transition(ticket=ticket, to="waiting_customer", question="Which?")
    with frozen(NINE + timedelta(hours=9)), acting(SYSTEM, Cause.JOB):
        assert claim_miss(read_before) is False
    assert desk.clock(ticket, "resolution").missed is False


def test_the_job_works_until_none_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        desk.opened(title=f"Ticket {number}")
    monkeypatch.setattr(services.flip_overdue, "__kwdefaults__", {"limit": 1})
    with frozen(NINE + timedelta(hours=2.5)), acting(SYSTEM, Cause.JOB):
        assert mark_missed_commitments.func() == 3


class TwoWorkers(TransactionTestCase):
    """Two threads with connections of their own: each clock is claimed by exactly one of them."""

    def test_each_miss_is_claimed_by_one_of_two_threads(self) -> None:
        desk = build_desk()
        tickets = [desk.opened(title=f"Ticket {number}") for number in range(6)]
        start, claimed = threading.Barrier(2), []

        def work() -> None:
            try:
                start.wait(timeout=30)
                with frozen(NINE + timedelta(hours=2.5)), acting(SYSTEM, Cause.JOB):
                    claimed.append(services.flip_overdue())
            finally:
                connections[connection.alias].close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sum(claimed) == 6
        late = TicketClock.objects.filter(state=ClockState.BREACHED_RUNNING)
        assert late.count() == 6
        for ticket in tickets:
            names = [entry.act for entry in entries_for(ticket)]
            assert names.count("desk.ticket.overdue") == 1
