"""What a program sends past every form is refused with the field, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import InvalidInput
from zhiheng.records.registry import registry
from zhiheng.records.services import create_record
from zhiheng.records.tests.shop.models import Category

pytestmark = pytest.mark.django_db
JSON = "application/json"
CATEGORIES = "/api/v1/shop/categories/"
NO_TEXTS = (
    ["Net"], "Net", 7, {"zh": ["网"]}, {"en": None}, {"fr": "Réseau"}, {"en": {"en": "Net"}}, [], {}, None,
)  # fmt: skip


@pytest.mark.parametrize("name", NO_TEXTS)
def test_a_text_that_is_not_one_per_language_is_refused(
    name: Any, person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(person("robot", "shop.category:*"))
    refused = client.post(CATEGORIES, {"code": "net", "name": name}, JSON)
    assert refused.status_code == 400
    assert "name" in refused.json().get("field", "") or "name" in refused.json()["errors"]
    assert not Category.objects.exists()
    kept = client.post(CATEGORIES, {"code": "net", "name": {"en": "Net"}}, JSON).json()["id"]
    assert client.patch(f"{CATEGORIES}{kept}/", {"name": name}, JSON).status_code == 400
    bulk = {"change": [{"id": kept, "name": name}]}
    assert client.post(f"{CATEGORIES}bulk/", bulk, JSON).status_code == 400
    assert Category.objects.get().name == {"en": "Net"}


def test_a_service_gets_what_it_names_and_all_that_it_needs() -> None:
    def open_category(*, code: str, name: dict[str, str], retired: bool = False) -> Category:
        made = Category(code=code, name=name, retired=retired)
        made.save()
        return made

    record_type = replace(registry.of(Category), create=open_category)  # type: ignore[type-var]
    name = {"en": "Net"}
    with acting(SYSTEM, Cause.API):
        with pytest.raises(InvalidInput) as missing:
            create_record(record_type=record_type, values={"name": name})
        assert (missing.value.code, missing.value.field) == ("required", "code")
        with pytest.raises(InvalidInput) as unknown:
            create_record(record_type=record_type, values={"name": name, "code": "net", "parent": None})
        assert (unknown.value.code, unknown.value.field) == ("not_editable", "parent")
        made = create_record(record_type=record_type, values={"name": name, "code": "net"})
    assert list(Category.objects.all()) == [made]
