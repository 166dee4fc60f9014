"""The list of all tickets by what is due next is read along an index, those that are due before the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhiheng.desk.models import Ticket
from zhiheng.desk.tests.conftest import NINE, Desk
from zhiheng.kernel.actor import SYSTEM
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import fetch_page
from zhiheng.records.registry import registry


def ids(order: str) -> list[int]:
    asked = read_request(registry["desk.ticket"], {"order": [order]}, SYSTEM)
    return [row.pk for row in fetch_page(asked, SYSTEM).rows]


def test_what_is_due_stands_before_what_is_not(desk: Desk) -> None:
    first, second, third = (desk.opened(title=f"Ticket {number}").pk for number in range(3))
    Ticket.objects.filter(pk=first).update(next_due_at=None)
    for number, ticket in enumerate((third, second)):
        Ticket.objects.filter(pk=ticket).update(next_due_at=NINE + timedelta(hours=number))
    assert ids("next_due_at") == [third, second, first]
    assert ids("-next_due_at") == [first, second, third]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the rows it counted")
@pytest.mark.parametrize("order", ["next_due_at", "-next_due_at"])
def test_sqlite_sorts_nothing_for_it(order: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        ids(order)
    read = [each["sql"] for each in captured if 'FROM "desk_ticket"' in each["sql"]]
    assert len(read) == 2
    with connection.cursor() as cursor:
        plans = []
        for sql in read:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plans.append(" ".join(row[3] for row in cursor.fetchall()))
    assert not any("TEMP B-TREE" in plan for plan in plans)
    assert any("ticket_due" in plan for plan in plans)
