"""The REST resources, by the requests a program sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator

from zhiheng.records.tests.shop.models import Category, Order

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_a_record_is_added_read_changed_and_deleted(
    person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(person("robot", "shop.category:*"))
    base = "/api/v1/shop/categories/"
    added = client.post(base, {"code": "net", "name": {"zh": "网", "en": "Net"}}, JSON)
    assert added.status_code == 201
    url = f"{base}{added.json()['id']}/"
    read = client.get(url)
    assert read.json() == {
        "id": added.json()["id"],
        "label": "net",
        "url": f"/shop/categories/{added.json()['id']}/",
        "code": "net",
        "name": {"zh": "网", "en": "Net"},
        "parent": None,
        "retired": False,
    }
    changed = client.patch(url, {"retired": True}, JSON, headers={"If-Match": read.headers["ETag"]})
    assert changed.json()["retired"] is True
    stale = client.patch(url, {"retired": False}, JSON, headers={"If-Match": read.headers["ETag"]})
    assert stale.status_code == 412
    assert stale.json()["code"] == "edited_meanwhile"
    twice = client.post(base, {"code": "net", "name": {"en": "N"}}, JSON)
    assert twice.status_code == 400
    assert twice.headers["Content-Type"] == "application/problem+json"
    assert client.patch(url, {"nonsense": 1}, JSON).json()["code"] == "field_unknown"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_lists_page_filter_and_refuse(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any]
) -> None:
    client = signed_in(person("robot", "shop.order:view"))
    orders(120, stage="paid")
    orders(3)
    seen, url = [], "/api/v1/shop/orders/?stage=paid&order=number"
    while url:
        page = client.get(url).json()
        seen += [row["number"] for row in page["results"]]
        url = page["next"]
    assert seen == [f"O-{number:04d}" for number in range(1, 121)]
    assert page["count"] == 120
    assert "secret" not in page["results"][0]
    assert client.get("/api/v1/shop/orders/?stage=nonsense").json()["count"] == 0
    assert client.get("/api/v1/shop/orders/?nonsense=1").json()["code"] == "filter_unknown"
    assert client.get("/api/v1/shop/orders/?placed_at__from=never").json()["code"] == "filter_date"
    assert client.post("/api/v1/shop/orders/", {}, JSON).status_code in {400, 403}


def test_an_act_and_bulk(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any]
) -> None:
    client = signed_in(person("robot", "shop.order:*", "shop.category:*"))
    first = orders(1)[0]
    url = f"/api/v1/shop/orders/{first.pk}/acts/send/"
    assert client.post(url, {}, JSON).json()["errors"] == {"carrier": ["This field is required."]}
    assert client.post(url, {"carrier": "rail"}, JSON).json()["stage"] == "sent"
    assert client.post(url, {"carrier": "rail"}, JSON).status_code == 409
    bulk = "/api/v1/shop/categories/bulk/"
    rows = [{"code": code, "name": {"en": code}} for code in ("a", "b")]
    assert client.post(bulk, {"add": rows}, JSON).status_code == 200
    refused = client.post(bulk, {"add": [{"code": "c", "name": {"en": "c"}}, rows[0]]}, JSON)
    assert refused.status_code == 400
    assert Category.objects.count() == 2, "all or nothing"
    assert Order.objects.get().stage == "sent"


def test_nobody_and_the_description(
    person: Callable[..., Any], signed_in: Callable[..., Any], client: Any
) -> None:
    assert client.get("/api/v1/shop/orders/").status_code in {401, 403}
    schema = signed_in(person("robot")).get("/api/v1/schema/?format=json")
    assert schema.status_code == 200
    paths = schema.json()["paths"]
    names = {parameter["name"] for parameter in paths["/api/v1/shop/orders/"]["get"]["parameters"]}
    assert {"stage", "stage__not", "placed_at__within", "q", "order", "after"} <= names
    assert "/api/v1/shop/orders/{id}/acts/send/" in paths


def test_the_description_is_whole() -> None:
    reset_generator_stats()
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    assert not GENERATOR_STATS, "what the description does not know, or names twice, is said above"
    act = paths["/api/v1/shop/orders/{id}/acts/send/"]["post"]
    assert set(act["responses"]) >= {"200", "204", "400", "409"}
    assert act["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/OrderSend"
    }
    assert paths["/api/v1/shop/orders/bulk/"]["post"]["operationId"] == "shop_order_bulk"
    page = paths["/api/v1/shop/orders/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert page == {"$ref": "#/components/schemas/OrderPage"}


def test_a_time_from_before_standard_time_can_be_read_back(
    person: Callable[..., Any], signed_in: Callable[..., Any], orders: Callable[..., Any]
) -> None:
    """Shanghai's clocks were 8:05:43 ahead until 1901, an offset that RFC 3339 cannot write."""
    client = signed_in(person("robot", "shop.order:*"))
    url = f"/api/v1/shop/orders/{orders(1)[0].pk}/"
    for given, answered in (
        ("1310-02-01T01:34:32Z", "1310-02-01T01:34:32Z"),
        ("2026-11-20T01:00:00Z", "2026-11-20T09:00:00+08:00"),
    ):
        assert client.patch(url, {"due_at": given}, JSON).json()["due_at"] == answered
        assert client.get(url).json()["due_at"] == answered
