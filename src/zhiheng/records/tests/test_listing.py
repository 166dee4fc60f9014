"""Order, paging, filters and counts of a list against a plain sort in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiheng.kernel.actor import SYSTEM
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import frozen
from zhiheng.records.listing import timelimit
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import count_rows, fetch_page
from zhiheng.records.registry import registry
from zhiheng.records.tests.shop.models import Order

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


def pages(order: str, size: int, monkeypatch: Any) -> list[list[int]]:
    """The keys of every page, forwards."""
    monkeypatch.setattr("zhiheng.records.listing.request.SIZES", (size,))
    found, after = [], ""
    while True:
        asked = read_request(registry["shop.order"], {"order": [order], "after": [after]}, SYSTEM)
        page = fetch_page(asked, SYSTEM)
        found.append([row.pk for row in page.rows])
        if not page.older:
            return found
        after = page.older


def sorted_keys(name: str, *, descending: bool) -> list[int]:
    """The same order by Python: empty values are the greatest, ties go by key."""
    latest = datetime.max.replace(tzinfo=UTC)
    rows = [(getattr(row, name) or latest, row.pk) for row in Order.objects.all()]
    return [key for _value, key in sorted(rows, reverse=descending)]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ["due_at", "placed_at"])
def test_pages_hold_every_row_once_in_order(
    orders: Callable[..., Any], monkeypatch: Any, name: str, descending: bool
) -> None:
    for index in range(14):
        due = None if index % 5 == 0 else AT + timedelta(hours=index % 3)
        orders(1, due_at=due, placed_at=AT + timedelta(minutes=index // 4))
    expected = sorted_keys(name, descending=descending)
    for size in (1, 3, 14):
        found = pages(("-" if descending else "") + name, size, monkeypatch)
        assert list(itertools.chain(*found)) == expected
        assert all(len(page) == size for page in found[:-1])


def test_newer_leads_back(orders: Callable[..., Any], monkeypatch: Any) -> None:
    orders(7)
    monkeypatch.setattr("zhiheng.records.listing.request.SIZES", (3,))

    def ask(**place: str) -> Any:
        values = {name: [text] for name, text in place.items()}
        return fetch_page(
            read_request(registry["shop.order"], {"order": ["number"], **values}, SYSTEM), SYSTEM
        )

    first = ask()
    second = ask(after=first.older)
    third = ask(after=second.older)
    assert [len(page.rows) for page in (first, second, third)] == [3, 3, 1]
    assert (first.newer, third.older) == ("", "")
    assert [row.pk for row in ask(before=third.newer).rows] == [row.pk for row in second.rows]
    back = ask(before=second.newer)
    assert ([row.pk for row in back.rows], back.newer) == ([row.pk for row in first.rows], "")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_a_made_up_cursor_is_refused_not_run(text: str) -> None:
    asked = read_request(registry["shop.order"], {"order": ["placed_at"], "after": [text]}, SYSTEM)
    try:
        fetch_page(asked, SYSTEM)
    except InvalidInput as error:
        assert error.code == "cursor"


def numbers(**parameters: str | list[str]) -> list[str]:
    """Numbers of the orders that the parameters ask for."""
    values = {name: [text] if isinstance(text, str) else text for name, text in parameters.items()}
    asked = read_request(registry["shop.order"], values, SYSTEM)
    assert asked.problems == ()
    return sorted(row.number for row in fetch_page(asked, SYSTEM).rows)


def test_every_operator(orders: Callable[..., Any], person: Callable[..., Any]) -> None:
    owner = person("owner")
    orders(1, stage="paid", pieces=5, due_at=AT)
    orders(1, stage="sent", pieces=9, owner=owner, placed_at=AT)
    orders(1, stage="new", pieces=1, due_at=AT + timedelta(days=1), placed_at=AT - timedelta(days=30))
    assert numbers(stage=["paid", "sent"]) == ["O-0001", "O-0002"]
    assert numbers(stage__not="paid") == ["O-0002", "O-0003"]
    assert numbers(owner__empty="1") == ["O-0001", "O-0003"]
    assert numbers(owner=str(owner.pk)) == ["O-0002"]
    assert numbers(pieces__from="5", pieces__to="8") == ["O-0001"]
    assert numbers(due_at__empty="0") == ["O-0001", "O-0003"]
    assert numbers(due_at__from="2026-11-21") == ["O-0003"]
    assert numbers(due_at__to="2026-11-20") == ["O-0001"]
    assert numbers(due_at__within="2026-11-20..2026-11-20") == ["O-0001"]
    with frozen(AT):
        assert numbers(due_at__within="today") == ["O-0001"]
        assert numbers(due_at__within="tomorrow") == ["O-0003"]
        assert numbers(due_at__within="next-24h") == ["O-0001"]
        assert numbers(placed_at__within="last-month") == ["O-0003"]
    assert numbers(view="urgent") == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"pieces": "many"}, "filter_value"),
        ({"due_at__from": "2026-02-30"}, "filter_date"),
        ({"nonsense": "1"}, "filter_unknown"),
        ({"secret": "x"}, "filter_unknown"),
        ({"secret__contains": "x"}, "filter_unknown"),
    ],
)
def test_what_is_not_understood_is_named(parameters: dict[str, str], code: str) -> None:
    values = {name: [text] for name, text in parameters.items()}
    asked = read_request(registry["shop.order"], values, SYSTEM)
    assert [problem.code for problem in asked.problems] == [code]


def test_counts_stop_at_the_cap(orders: Callable[..., Any]) -> None:
    orders(7)
    asked = read_request(registry["shop.order"], {}, SYSTEM)
    assert str(count_rows(asked, SYSTEM, cap=7)) == "7"
    assert str(count_rows(asked, SYSTEM, cap=6)) == "6+"


def test_a_slow_filter_is_stopped_with_advice(orders: Callable[..., Any], monkeypatch: Any) -> None:
    orders(400)
    monkeypatch.setattr(timelimit, "limit_s", lambda: 0.001)
    monkeypatch.setattr(timelimit, "STEPS_BETWEEN_LOOKS", 1)
    asked = read_request(registry["shop.order"], {"note__contains": ["x"]}, SYSTEM)
    assert [applied.parameter for applied in asked.slow] == ["note__contains"]
    with pytest.raises(timelimit.TooSlow) as refusal, timelimit.time_limit(needed=True):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(1)")
        else:
            for _again in range(1000):
                fetch_page(asked, SYSTEM)
    assert refusal.value.remedy
    assert Order.objects.count() == 400, "the connection still works"
