"""The rows of a list as they are drawn, and the count below them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from zhiheng.kernel.actor import SYSTEM
from zhiheng.kernel.time import frozen
from zhiheng.records.columns import Column, Due
from zhiheng.records.listing.cells import Table
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import count_beside, fetch_page
from zhiheng.records.registry import registry
from zhiheng.records.routes import detail_urls, record_url

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


def drawn(record: Any, *columns: Column, pickable: bool = False) -> str:
    """One record as a row, drawn five past six."""
    with frozen(AT):
        [row] = Table(registry["shop.order"], columns).rows([record], pickable=pickable)
    return str(row.drawn)


def test_a_row_leads_to_its_record_and_can_be_picked(orders: Callable[..., Any]) -> None:
    [order] = orders(1, title="Pen")
    url = record_url(order)
    assert drawn(order, Column("title", grow=True), Column("pieces")) == (
        f'<tr data-row="{order.pk}" data-url="{url}" data-peek="{url}peek/">'
        f'<td class="fill" data-label="Title"><a href="{url}">Pen</a></td>'
        '<td class="num" data-label="Pieces">1</td></tr>'
    )
    assert f'name="selected" value="{order.pk}"' in drawn(order, Column("title"), pickable=True)


def test_what_people_wrote_is_text_in_every_cell_and_attribute(orders: Callable[..., Any]) -> None:
    [order] = orders(1, number='"><b>1', title="<script>{}")
    columns = (Column("number"), Column("title"), Column("odd", value=lambda rows: {order.pk: "<i>x"}))
    html = drawn(order, *columns, pickable=True)
    assert not {"<b>", "<script>", "<i>"} & set(html.replace(">", "> ").split())
    assert "&lt;script&gt;{}" in html
    assert "&quot;&gt;&lt;b&gt;1" in html
    assert "&lt;i&gt;x" in html


def test_an_empty_cell_says_so_to_a_phone_that_leaves_it_out(orders: Callable[..., Any]) -> None:
    [order] = orders(1, note="")
    assert '<td class="none" data-label="Note">—</td>' in drawn(order, Column("title"), Column("note"))


@pytest.mark.parametrize(("hours", "look"), [(-1, "miss"), (3, "risk"), (5, "ok")])
def test_a_promised_time_is_drawn_by_how_near_it_is(
    orders: Callable[..., Any], hours: int, look: str
) -> None:
    [order] = orders(1, due_at=AT + timedelta(hours=hours))
    assert f'<time class="due {look}" datetime="2026-11-20T' in drawn(order, Column("title"), Due())


def test_nothing_is_a_dash(orders: Callable[..., Any]) -> None:
    [order] = orders(1)
    columns = (Column("category"), Due(), Column("none", value=lambda rows: {}))
    assert drawn(order, Column("title"), *columns).count("—</td>") == 3


def test_addresses_of_many_records_are_those_of_each(orders: Callable[..., Any]) -> None:
    made = orders(3)
    assert list(map(detail_urls(registry["shop.order"]), made)) == list(map(record_url, made))


def test_a_list_on_one_page_counts_itself(
    orders: Callable[..., Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    orders(5)
    asked = read_request(registry["shop.order"], {}, SYSTEM)
    for size, queries, shown in ((5, 0, "5"), (4, 1, "5")):
        sized = replace(asked, size=size)
        page = fetch_page(sized, SYSTEM)
        with django_assert_num_queries(queries):
            assert str(count_beside(page, sized, SYSTEM)) == shown
    last = replace(asked, size=4, after=page.older)
    assert str(count_beside(fetch_page(last, SYSTEM), last, SYSTEM)) == "5"


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("Power cut", "Power cut"),
        ("停电。\n\nPower cut.", "停电…"),
        ("\n Power cut \n", "Power cut"),
        ("long " * 40, "long " * 23 + "long…"),
    ],
)
def test_a_long_text_shows_how_it_begins(orders: Callable[..., Any], note: str, shown: str) -> None:
    [order] = orders(1, note=note)
    assert f'<td data-label="Note">{shown}</td>' in drawn(order, Column("title"), Column("note"))
