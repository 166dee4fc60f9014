"""Mistakes in a declaration are named; what is derived can be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from zhiheng.platform.grants import Own
from zhiheng.records import Act, Column, Fields, Fixed, Layout, Menu, RecordType, Related, Section, View
from zhiheng.records.checks import check_declarations, messages_about
from zhiheng.records.declaration import plural_of
from zhiheng.records.registry import Registry, registry
from zhiheng.records.show import UnknownRecord, show_record
from zhiheng.records.tests.shop.models import Category, Order
from zhiheng.records.tests.shop.records import SendForm, urgent


@pytest.mark.parametrize(
    ("name", "plural"),
    [("Ticket", "tickets"), ("ItemClass", "item-classes"), ("Category", "categories"), ("Day", "days")],
)
def test_plurals(name: str, plural: str) -> None:
    assert plural_of(name) == plural


def deaf(*, order: Order) -> None:
    """A service that does not take what its form asks."""


def blind(*, other: Order) -> None:
    """A service that does not take the record."""


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"columns": ["nonsense"]}, "records.E001"),
        ({"columns": ["title", Column("title")]}, "records.E002"),
        ({"filters": ["nonsense"]}, "records.E003"),
        ({"filters": ["stage", "stage"]}, "records.E006"),
        ({"filters": ["weight"]}, "records.W001"),
        ({"search": {"nonsense": 1}}, "records.E007"),
        ({"form": [Section("", ["nonsense"])]}, "records.E008"),
        ({"form": [Section("", ["title"]), Section("", ["title"])]}, "records.E010"),
        ({"panels": [Fields("nonsense")]}, "records.E011"),
        ({"detail": Layout(side=[Related("nonsense")])}, "records.E012"),
        ({"acts": [Act("a", deaf), Act("a", deaf)]}, "records.E013"),
        ({"acts": [Act("a", deaf, key="x"), Act("b", deaf, key="x")]}, "records.E014"),
        ({"acts": [Act("a", deaf, permission="No!")]}, "records.E015"),
        ({"acts": [Act("a", blind)]}, "records.E016"),
        ({"acts": [Act("a", deaf, form=SendForm)]}, "records.E017"),
        ({"import_key": ["nonsense"]}, "records.E018"),
        ({"redact": ["nonsense"]}, "records.E019"),
        ({"order": "-nonsense"}, "records.E020"),
        ({"views": [View("a", "A", where=urgent), View("a", "A", where=urgent)]}, "records.E021"),
        ({"confidential": "title"}, "records.E022"),
        ({"scope": Own("nonsense")}, "records.E023"),
        ({"menu": Menu("nowhere")}, "records.E025"),
        ({"fixed": Fixed(str, act="nonsense")}, "records.E026"),
        ({"labels": {"nonsense": "Words"}}, "records.E027"),
        ({"words": {"category.nonsense": urgent}}, "records.E027"),
        ({"vocabularies": {"nonsense": "ticket-kind"}}, "records.E027"),
        ({"texts": ["nonsense"]}, "records.E027"),
    ],
)
def test_a_mistake_is_named(declared: dict[str, Any], code: str) -> None:
    found = list(messages_about(RecordType(model=Order, **declared)))
    assert [message.id for message in found] == [code]
    assert "shop.order" in found[0].msg


def test_the_declarations_of_the_platform_have_no_mistake() -> None:
    assert [message for message in check_declarations(None) if message.is_serious()] == []


def test_two_declarations_of_one_model_are_refused() -> None:
    held = Registry()
    first = held.add(RecordType(model=Category))
    assert held.add(first) is first
    with pytest.raises(ImproperlyConfigured, match="declared twice"):
        held.add(RecordType(model=Category))


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("note (private)", "key: number", "\nAddresses\n")),
        ("zh-hans", ("note（内部）", "键：number", "\n地址\n")),
    ],
)
def test_what_is_derived_can_be_read(language: str, lines: tuple[str, ...]) -> None:
    with translation.override(language):
        text = show_record("shop.order")
    for line in ("shop.order:send", "stage, stage__not", "/api/v1/shop/orders/", *lines):
        assert line in text


def test_a_record_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownRecord, match=r"shop\.order"):
        show_record("shop.nonsense")
    assert all(show_record(record_type.label) for record_type in registry)
