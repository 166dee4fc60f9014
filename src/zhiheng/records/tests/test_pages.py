"""The generated pages, by the requests a browser sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhiheng.platform.journal import entries_for
from zhiheng.records.tests.shop.models import Category, Order

pytestmark = pytest.mark.django_db


def test_a_plain_record_is_added_read_edited_and_deleted(
    person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    browser = signed_in(person("clerk", "shop.category:*"))
    assert browser.get("/shop/categories/").status_code == 200
    added = browser.post("/shop/categories/add/", {"code": "net", "name_zh": "网络", "name_en": "Network"})
    record = Category.objects.get()
    assert added.url == f"/shop/categories/{record.pk}/"
    assert record.name == {"zh": "网络", "en": "Network"}
    page = browser.get(added.url)
    assert b"Network" in page.content
    edited = browser.post(f"{added.url}edit/", {"code": "lan", "name_zh": "网络", "name_en": "Network"})
    assert edited.status_code == 302
    record.refresh_from_db()
    assert record.code == "lan"
    assert [entry.act for entry in entries_for(record)] == ["shop.category.changed", "shop.category.created"]
    assert browser.get(f"{added.url}delete/").status_code == 200
    assert browser.post(f"{added.url}delete/").url == "/shop/categories/"
    assert not Category.objects.exists()


def test_a_rich_list_and_page(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any]
) -> None:
    browser = signed_in(person("clerk", "shop.order:*", "shop.line:view"))
    first = orders(3)[0]
    page = browser.get("/shop/orders/")
    assert page.status_code == 200
    assert b"Order 2" in page.content
    assert b"<span>3 records</span>" in page.content
    one = browser.get(f"/shop/orders/?q={first.number}")
    assert b"<span>1 record</span>" in one.content
    detail = browser.get(f"/shop/orders/{first.pk}/")
    assert detail.status_code == 200
    sent = browser.post(f"/shop/orders/{first.pk}/act/send/", {"carrier": "rail"})
    assert sent.status_code == 302
    assert Order.objects.get(pk=first.pk).stage == "sent"


def test_the_history_names_linked_records_to_those_who_may_see_them(
    person: Callable[..., Any],
    signed_in: Callable[..., Any],
    orders: Callable[..., Any],
) -> None:
    pens, paper = (Category.objects.create(code=code, name={"en": code}) for code in ("pens", "paper"))
    [order] = orders(1)
    for category in (pens, paper):
        order.category = category
        order.save()
    lines = {
        "all": ("Category: — → pens", "Category: pens → paper"),
        "none": (f"Category: — → #{pens.pk}", f"Category: #{pens.pk} → #{paper.pk}"),
    }
    for name, permissions in (("all", ["shop.order:*", "shop.category:view"]), ("none", ["shop.order:*"])):
        page = signed_in(person(name, *permissions)).get(f"/shop/orders/{order.pk}/").content.decode()
        assert all(line in page for line in lines[name]), name
        assert not any(line in page for other, told in lines.items() if other != name for line in told)
