"""Edits that meet other edits, fields edited in place, bulk work, marks on a record, saved views."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile

from zhiheng.kernel.actor import SYSTEM
from zhiheng.platform.files import attachments_of
from zhiheng.platform.journal import entries_for
from zhiheng.platform.tags import tags_of
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import fetch_page
from zhiheng.records.registry import registry
from zhiheng.records.tests.shop.models import Category, Order

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(person: Callable[..., Any], signed_in: Callable[..., Any]) -> Any:
    return signed_in(person("clerk", "shop.order:*", "shop.category:*"))


@pytest.fixture
def category() -> Category:
    return Category.objects.create(code="net", name={"zh": "网", "en": "Net"})


def seen_in(page: Any) -> str:
    """The stamps that a form carries."""
    found = re.search(r'name="seen" value="([^"]*)"', page.content.decode())
    assert found
    return found[1].replace("&quot;", '"')


def test_two_people_edit_the_same_field(by_system: None, category: Category, browser: Any) -> None:
    url = f"/shop/categories/{category.pk}/edit/"
    seen = seen_in(browser.get(url))
    category.code = "theirs"
    category.save()
    sent = {"code": "mine", "name_zh": "网", "name_en": "Net", "seen": seen}
    refused = browser.post(url, sent)
    assert refused.status_code == 422
    assert "Somebody else changed" in refused.content.decode()
    category.refresh_from_db()
    assert category.code == "theirs"


def test_two_people_edit_different_fields(by_system: None, category: Category, browser: Any) -> None:
    url = f"/shop/categories/{category.pk}/edit/"
    seen = seen_in(browser.get(url))
    category.retired = True
    category.save()
    sent = {"code": "mine", "name_zh": "网", "name_en": "Net", "retired": "on", "seen": seen}
    assert browser.post(url, sent).status_code == 302
    category.refresh_from_db()
    assert (category.code, category.retired) == ("mine", True)


def test_a_property_in_place(by_system: None, category: Category, browser: Any) -> None:
    url = f"/shop/categories/{category.pk}/field/code/"
    form = browser.get(url, headers=HTMX)
    assert "<html" not in form.content.decode()
    saved = browser.post(url, {"code": "lan", "seen": seen_in(form)}, headers=HTMX)
    assert "lan" in saved.content.decode()
    assert browser.post(url, {"code": ""}, headers=HTMX).status_code == 422
    assert "<html" in browser.get(url).content.decode(), "without JavaScript it is a page"
    assert browser.get(f"/shop/categories/{category.pk}/field/id/").status_code == 404


def test_a_field_is_checked_on_leaving_it(browser: Any) -> None:
    answer = browser.post("/shop/categories/add/?check=code", {"code": "not a slug"})
    assert "valid" in answer.content.decode()
    assert browser.post("/shop/categories/add/?check=code", {"code": "fine"}).content.strip() == b""


def test_bulk_edit_and_act(orders: Callable[..., Any], browser: Any) -> None:
    rows = orders(3)
    chosen = {"selected": [row.pk for row in rows]}
    sent = {**chosen, "act": "edit", "confirmed": "1", "set-pieces": "1", "pieces": "7"}
    answer = browser.post("/shop/orders/bulk/", {**sent, "back": "stage=draft"})
    assert answer.url == "/shop/orders/?stage=draft", "all done: back to the list as it was"
    assert set(Order.objects.values_list("pieces", flat=True)) == {7}
    assert entries_for(rows[0])[0].cause == "bulk"
    sent = {**chosen, "act": "send", "confirmed": "1", "carrier": "rail"}
    assert "3 records" in browser.post("/shop/orders/bulk/", sent, follow=True).content.decode()
    again = browser.post("/shop/orders/bulk/", sent).content.decode()
    assert "Refused: 3" in again, "each record says why it was refused"
    assert browser.post("/shop/orders/bulk/", {**sent, "act": "nonsense"}).status_code == 404


def test_an_act_says_where_it_goes_on(orders: Callable[..., Any], browser: Any) -> None:
    first, second, third = orders(3)
    url, sent = "/shop/orders/{}/act/send/", {"carrier": "rail"}
    answer = browser.post(url.format(first.pk), {**sent, "next": "/shop/orders/?stage=sent"})
    assert answer.url == "/shop/orders/?stage=sent"
    answer = browser.post(url.format(second.pk), {**sent, "next": "https://elsewhere.example/"})
    assert answer.url == f"/shop/orders/{second.pk}/"
    stays = {"X-Stay": "1", "HX-Request": "true"}
    refused = browser.post(url.format(third.pk), {}, headers=stays)
    assert refused.status_code == 422
    assert "<form" in refused.content.decode()
    answer = browser.post(url.format(third.pk), sent, headers=stays)
    assert answer.json() == {"message": f"Send: {third}"}
    kept = [str(message) for message in messages.get_messages(answer.wsgi_request)]
    assert kept == [f"Send: {first}", f"Send: {second}"], "the page that stays has shown its own"


def test_marks_on_a_record(by_system: None, category: Category, browser: Any) -> None:
    base = f"/shop/categories/{category.pk}/"
    assert browser.post(f"{base}tags/", {"tags": "core，edge, core"}).status_code == 302
    assert [tag.name for tag in tags_of(category)] == ["core", "edge"]
    browser.post(f"{base}files/", {"file": SimpleUploadedFile("plan.txt", b"a plan")})
    [attachment] = attachments_of(category)
    browser.post(f"{base}files/{attachment.pk}/remove/")
    assert attachments_of(category) == []
    assert browser.post(f"{base}watch/").status_code == 302


def test_marks_need_the_right_to_change(
    by_system: None, category: Category, person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    reader = signed_in(person("reader", "shop.category:view"))
    assert reader.post(f"/shop/categories/{category.pk}/tags/", {"tags": "x"}).status_code == 403
    assert tags_of(category) == []


def test_a_view_is_saved_used_and_forgotten(
    orders: Callable[..., Any], browser: Any, person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    orders(1, stage="paid")
    kept = browser.post("/shop/orders/views/", {"name": "Paid", "query": "stage=paid"})
    page = browser.get(kept.url).content.decode()
    assert "Paid" in page
    other = signed_in(person("other", "shop.order:view"))
    assert "Paid" not in other.get("/shop/orders/").content.decode()
    number = kept.url.rsplit("=", 1)[1]
    assert other.post(f"/shop/orders/views/{number}/delete/").status_code in {403, 404}
    assert browser.post(f"/shop/orders/views/{number}/delete/").status_code == 302


def test_the_filter_tags(by_system: None, category: Category, browser: Any) -> None:
    Category.objects.create(code="other", name={"en": "Other"})
    browser.post(f"/shop/categories/{category.pk}/tags/", {"tags": "core"})
    asked = read_request(registry["shop.category"], {"tags": ["core"]}, SYSTEM)
    assert asked.problems == ()
    assert [row.code for row in fetch_page(asked, SYSTEM).rows] == ["net"]
