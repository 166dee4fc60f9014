"""Filter chips: what their opened forms offer and count, and what they never show."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from zhiheng.records.filters import filters_of
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.tally import frequent, tally
from zhiheng.records.registry import registry
from zhiheng.records.tests.shop.models import Category, Order

pytestmark = pytest.mark.django_db
PATIENT_S = 60.0


@pytest.fixture
def browser(person: Callable[..., Any], signed_in: Callable[..., Any]) -> Any:
    return signed_in(person("clerk", "shop.order:*", "shop.category:*"))


def counts_in(page: Any) -> dict[str, str]:
    """The words of each option with the number behind them."""
    pattern = re.compile(r"<span>([^<]*)</span>\s*<span class=\"count\"[^>]*>([^<]*)</span>")
    return dict(pattern.findall(page.content.decode()))


def test_an_opened_chip_counts_under_the_other_filters_only(orders: Callable[..., Any], browser: Any) -> None:
    orders(3, stage="paid", pieces=1)
    orders(2, stage="sent", pieces=1)
    orders(4, stage="paid", pieces=2)
    page = browser.get("/shop/orders/filters/?chip=stage&pieces=1&stage=sent")
    assert counts_in(page) == {"new": "0", "paid": "3", "sent": "2"}, "its own choice hides no option"
    assert 'value="sent" checked' in page.content.decode()


def test_counts_follow_words_and_view(orders: Callable[..., Any], browser: Any) -> None:
    orders(2, stage="paid", urgent=True)
    orders(1, stage="paid")
    assert counts_in(browser.get("/shop/orders/filters/?chip=stage&view=urgent"))["paid"] == "2"
    Order.objects.create(
        number="X-1", title="Zebra", stage="sent", placed_at=Order.objects.all()[0].placed_at
    )
    assert counts_in(browser.get("/shop/orders/filters/?chip=stage&q=Zebra"))["sent"] == "1"


def test_counts_hold_what_the_person_may_see(
    orders: Callable[..., Any], person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    clerk = person("clerk", "shop.order:view", scope="own")
    orders(2, stage="paid", owner=clerk)
    orders(5, stage="paid")
    assert counts_in(signed_in(clerk).get("/shop/orders/filters/?chip=stage"))["paid"] == "2"


def test_a_count_stops_at_its_cap(
    orders: Callable[..., Any], person: Callable[..., Any], actor_of: Callable[..., Any]
) -> None:
    orders(7, stage="paid")
    actor = actor_of(person("clerk", "shop.order:view"))
    asked = read_request(registry["shop.order"], {}, actor)
    stage = next(each for each in _filters(asked) if each.name == "stage")
    found = tally(asked, stage, ["paid", "sent", "new"], actor, seconds=PATIENT_S, cap=5)
    assert {value: str(count) for value, count in found.items()} == {"paid": "5+", "sent": "0", "new": "0"}


def test_what_takes_too_long_is_offered_without_numbers(
    orders: Callable[..., Any], browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(2, stage="paid")
    monkeypatch.setattr("zhiheng.records.views.chip_options.tally", lambda *_args, **_named: {})
    page = browser.get("/shop/orders/filters/?chip=stage")
    assert counts_in(page) == {}
    assert "paid" in page.content.decode()


def test_the_commonest_values_come_first(
    orders: Callable[..., Any], person: Callable[..., Any], actor_of: Callable[..., Any]
) -> None:
    rare, common = (Category.objects.create(code=code, name={"en": code}) for code in ("rare", "common"))
    orders(1, category=rare)
    orders(3, category=common)
    orders(5)
    actor = actor_of(person("clerk", "shop.order:view"))
    asked = read_request(registry["shop.order"], {"category": [str(rare.pk)]}, actor)
    category = next(each for each in _filters(asked) if each.name == "category")
    assert frequent(asked, category, actor, most=8, seconds=PATIENT_S) == [common.pk, rare.pk]
    assert frequent(asked, category, actor, most=1, seconds=PATIENT_S) == [common.pk]


def test_many_values_are_searched_the_commonest_offered(orders: Callable[..., Any], browser: Any) -> None:
    made = [
        Category.objects.create(code=f"c{place:02d}", name={"en": f"Kind {place}"}) for place in range(22)
    ]
    orders(2, category=made[13])
    page = browser.get("/shop/orders/filters/?chip=category")
    assert counts_in(page) == {str(made[13]): "2"}
    assert "/records/options/shop.category/" in page.content.decode()


def test_a_record_that_one_may_not_see_is_not_told_by_its_id(
    orders: Callable[..., Any], person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    owner = person("owner-nobody-sees")
    reader = signed_in(person("reader", "shop.order:view"))
    orders(1, owner=owner)
    page = reader.get(f"/shop/orders/?owner={owner.pk}").content.decode()
    assert re.search(r"Owner: not visible to you</summary>", page, re.IGNORECASE)
    assert "nobody-sees" not in re.sub(r"<table.*?</table>", "", page, flags=re.DOTALL)
    form = reader.get(f"/shop/orders/filters/?chip=owner&owner={owner.pk}").content.decode()
    assert "not visible to you" in form, "it can be taken off"


def _filters(asked: Any) -> Any:
    return filters_of(asked.record_type)
