"""Filter chips: what their opened forms offer and count, and what they never show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from zhiheng.records.filters import filters_of
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.tally import Glance, glance_at, tally
from zhiheng.records.listing.timelimit import TooSlow
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


@pytest.fixture
def asked_by(person: Callable[..., Any], actor_of: Callable[..., Any]) -> Any:
    """`asked_by(stage=["paid"])`: the list as a clerk asks for it, and the clerk."""
    actor = actor_of(person("clerk", "shop.order:view"))
    return lambda **given: (read_request(registry["shop.order"], given, actor), actor)


def the_filter(asked: Any, name: str) -> Any:
    return next(each for each in filters_of(asked.record_type) if each.name == name)


def words(counts: dict[str, Any]) -> dict[str, str]:
    return {value: str(count) for value, count in counts.items()}


@pytest.mark.parametrize("seen", ["whole", "nothing"])
def test_a_count_stops_at_its_cap_whichever_way_it_is_counted(
    orders: Callable[..., Any], asked_by: Any, seen: str
) -> None:
    orders(7, stage="paid")
    orders(5, stage="sent")
    asked, actor = asked_by()
    stage = the_filter(asked, "stage")
    glance = glance_at(asked, stage, actor, seconds=PATIENT_S) if seen == "whole" else Glance()
    found = tally(
        asked, stage, ["paid", "sent", "new", "nonsense"], actor, glance=glance, seconds=PATIENT_S, cap=5
    )
    assert words(found) == {"paid": "5+", "sent": "5", "new": "0", "nonsense": "0"}


def test_of_a_long_list_what_is_rare_among_the_first_rows_is_counted(
    orders: Callable[..., Any], asked_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(2, stage="sent")
    orders(6, stage="paid")
    monkeypatch.setattr("zhiheng.records.listing.tally.GLANCE", 7)
    asked, actor = asked_by()
    stage = the_filter(asked, "stage")
    glance = glance_at(asked, stage, actor, seconds=PATIENT_S)
    assert (glance.whole, sum(glance.values.values())) == (False, 8), "one row more than it looks at"
    found = tally(asked, stage, ["paid", "sent", "new"], actor, glance=glance, seconds=PATIENT_S, cap=5)
    assert words(found) == {"paid": "5+", "sent": "2", "new": "0"}


def test_what_takes_too_long_to_count_is_at_least_what_was_seen(
    orders: Callable[..., Any], asked_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(2, stage="paid")
    monkeypatch.setattr("zhiheng.records.listing.tally._count_each", lambda *_given, **_named: {})
    asked, actor = asked_by()
    glance = Glance(Counter({"paid": 2}), whole=False)
    found = tally(asked, the_filter(asked, "stage"), ["paid", "new"], actor, glance=glance, seconds=PATIENT_S)
    assert words(found) == {"paid": "2+"}, "of new ones nothing is known"


def test_too_slow_ends_without_an_answer(
    orders: Callable[..., Any], asked_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(2, stage="paid")

    def slow(**_given: Any) -> Any:
        raise TooSlow("")

    monkeypatch.setattr("zhiheng.records.listing.tally.time_limit", slow)
    asked, actor = asked_by()
    stage = the_filter(asked, "stage")
    glance = glance_at(asked, stage, actor, seconds=PATIENT_S)
    assert glance == Glance()
    assert tally(asked, stage, ["paid"], actor, glance=glance, seconds=PATIENT_S) == {}


def test_me_is_counted_as_oneself(orders: Callable[..., Any], asked_by: Any) -> None:
    asked, actor = asked_by()
    orders(3, owner_id=actor.id)
    owner = the_filter(asked, "owner")
    for glance in (glance_at(asked, owner, actor, seconds=PATIENT_S), Glance()):
        assert words(tally(asked, owner, ["me"], actor, glance=glance, seconds=PATIENT_S)) == {"me": "3"}


def test_the_commonest_values_come_first(orders: Callable[..., Any], asked_by: Any) -> None:
    rare, common = (Category.objects.create(code=code, name={"en": code}) for code in ("rare", "common"))
    orders(1, category=rare)
    orders(3, category=common)
    orders(5)
    asked, actor = asked_by(category=[str(rare.pk)])
    glance = glance_at(asked, the_filter(asked, "category"), actor, seconds=PATIENT_S)
    assert glance.most_common(8) == [str(common.pk), str(rare.pk)]
    assert glance.most_common(1) == [str(common.pk)]


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
