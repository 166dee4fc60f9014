"""Approved exemptions reach the facts: figures stand without their tickets and are shown with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhiheng.accounts.models import Organisation, Person
from zhiheng.agreements.models import Commitment, Exemption
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.indicators.queries import Lens, figures, judged_with_exempt
from zhiheng.indicators.tests.forgetting import forget_answers
from zhiheng.kernel.text import bilingual
from zhiheng.kernel.time import from_epoch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_mirror"),
]
CUT = BEGIN + 90 * DAY_S


def approved(first_day: int, days: int, **given: Any) -> Exemption:
    """An exemption of tickets received from a day on, for so many days."""
    proposer, approver = (Person.objects.get_or_create(username=name)[0] for name in ("lin", "wang"))
    starts: datetime = from_epoch(BEGIN + first_day * DAY_S)
    values = {"state": "approved", "decided_by": approver, "decided_at": from_epoch(CUT), **given}
    exemption = Exemption(
        ground="customer",
        reason="power cut",
        evidence="letter 7",
        proposed_by=proposer,
        starts_at=starts,
        ends_at=starts + timedelta(days=days),
        **values,
    )
    exemption.save()
    return exemption


def exempt_in(manifest: Manifest) -> set[int]:
    rows = duckdb.sql(f"select ticket_id from '{manifest.facts['tickets']}' where exempt").fetchall()
    return {ticket for (ticket,) in rows}


def received_between(first_day: int, last_day: int, **more: Any) -> set[int]:
    span = {
        "received_at__gte": from_epoch(BEGIN + first_day * DAY_S),
        "received_at__lt": from_epoch(BEGIN + last_day * DAY_S),
    }
    return set(Ticket.objects.filter(**span, **more).values_list("pk", flat=True))


def test_figures_stand_without_exempt_tickets_and_are_shown_with_them(tmp_path: Path) -> None:
    # One ticket a day for 28 days; those of the first three days are exempt, a proposal and a refusal change nothing.
    put(tmp_path, 28)
    approved(0, 3)
    approved(10, 5, state="proposed", decided_by=None, decided_at=None)
    approved(20, 5, state="refused")
    manifest = refresh(cut_s=CUT)
    assert exempt_in(manifest) == received_between(0, 3)
    lens = Lens(manifest.id, BEGIN, BEGIN + 31 * DAY_S, CUT, zone="UTC")
    found = judged_with_exempt(lens)
    assert (found.recorded, found.tickets) == (True, 3)
    assert figures(lens, ("closure_30d",))["closure_30d"].figure.measurement.n == 25
    assert found.figures["closure_30d"].measurement.n == 28


def test_without_any_exemption_the_facts_say_that_none_is_recorded(tmp_path: Path) -> None:
    put(tmp_path, 6)
    manifest = refresh(cut_s=CUT)
    lens = Lens(manifest.id, BEGIN, BEGIN + 31 * DAY_S, CUT, zone="UTC")
    assert not judged_with_exempt(lens).recorded
    approved(0, 3, state="refused")
    forget_answers()
    again = refresh(cut_s=CUT)
    found = judged_with_exempt(Lens(again.id, BEGIN, BEGIN + 31 * DAY_S, CUT, zone="UTC"))
    assert (found.recorded, found.tickets) == (True, 0)


def test_an_exemption_reaches_what_it_names_and_the_parts_of_a_customer(tmp_path: Path) -> None:
    put(tmp_path, 28)
    group = Organisation.objects.create(name="Group")
    branch = Organisation.objects.create(name="Branch", parent=group)
    office = Organisation.objects.create(name="Office", parent=branch)
    other = Organisation.objects.create(name="Other")
    tickets = list(Ticket.objects.order_by("received_at", "pk"))
    for place, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(organisation=(group, branch, office, other)[place % 4])
    commitment = Commitment.objects.create(
        name=bilingual(zh="解决", en="Resolve"), promise="resolution", target_seconds=3600
    )
    clocked = tickets[25]
    TicketClock.objects.create(
        ticket=clocked, commitment=commitment, level="sla", promise="resolution", target_seconds=3600,
        started_at=clocked.received_at,
    )  # fmt: skip
    approved(0, 4, organisation=branch)
    approved(8, 2, kind="request")  # there are none of that kind
    approved(20, 8, commitment=commitment)
    approved(12, 1, kind="incident")
    found = exempt_in(refresh(cut_s=CUT))
    below = received_between(0, 4, organisation__in=(branch, office))
    assert len(below) == 2
    assert found == below | received_between(12, 13) | {clocked.pk}
