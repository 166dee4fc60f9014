"""The tokeniser by hand-made examples; hits on both databases; what a person may not see is not found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.kernel.actor import SYSTEM
from zhiheng.records.models import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search import matching as matching_module
from zhiheng.records.search.index import rebuild
from zhiheng.records.search.matching import matching
from zhiheng.records.search.query import search
from zhiheng.records.search.tokens import Term, indexed, terms
from zhiheng.records.tests.shop.models import Order


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("打印机坏了", "打印 印机 机坏 坏了 了"),
        ("备", "备"),
        ("VPN网关 SRV-12345", "vpn 网关 关 srv 12345"),
        ("ＡＢＣ　Ｘ１", "abc x1"),
        ("カメラ・レンズ_2", "カメ メラ ラ レン ンズ ズ 2"),
        ("…!?", ""),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    assert indexed(text) == tokens


def test_terms() -> None:
    assert terms("打印机 vpn") == [Term(("打印", "印机")), Term(("vpn",), prefix=True)]
    assert terms("机") == [Term(("机",), prefix=True)]
    assert terms("vpn 打印") == [Term(("vpn",)), Term(("打印",))], "a pair goes no further"


@given(st.text(max_size=200))
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    assert all(character.isalnum() or character == " " for character in indexed(text))


def found(words: str, actor: Any = SYSTEM) -> list[str]:
    return [hit.record.number for hit in search(actor, words, only=[registry["shop.order"]]).hits]


@pytest.mark.django_db
def test_words_find_records(orders: Callable[..., Any]) -> None:
    orders(1, title="打印机坏了")
    orders(1, title="数据库备份失败 SRV12345")
    orders(1, title="Printer's broken")
    assert found("打印") == ["O-0001"]
    assert found("备份") == ["O-0002"]
    assert found("库备") == ["O-0002"]
    assert found("了") == ["O-0001"]
    assert found("srv12345") == ["O-0002"]
    assert found("srv") == ["O-0002"]
    assert found("print") == ["O-0003"]
    assert found("印刷") == []
    assert found("broken printer") == ["O-0003"]
    assert found("O-0001") == ["O-0001"]
    assert found("' \" * : & | ! ( )") == []


@pytest.mark.django_db
def test_documents_follow_records(orders: Callable[..., Any]) -> None:
    first, second = orders(2, title="打印机")
    first.title = "扫描仪"
    first.save()
    assert (found("打印"), found("扫描")) == (["O-0002"], ["O-0001"])
    Order.objects.filter(pk=second.pk).update(title="投影")
    assert (found("打印"), found("投影")) == ([], ["O-0002"])
    first.delete()
    assert found("扫描") == []
    SearchDocument.objects.all().delete()
    assert rebuild(registry["shop.order"]) == 1
    assert found("投影") == ["O-0002"]


@pytest.mark.django_db
def test_hits_stay_within_what_a_person_may_see(
    orders: Callable[..., Any], person: Callable[..., Any], actor_of: Callable[..., Any]
) -> None:
    mine = person("mine", "shop.order:view", scope="own")
    reader = person("reader", "shop.order:view", "shop.order:view_private")
    nobody = person("nobody")
    orders(1, title="打印机", owner=mine, note="密钥")
    orders(1, title="打印机", note="密钥")
    assert found("打印", actor_of(mine)) == ["O-0001"]
    assert found("打印", actor_of(reader)) == ["O-0002", "O-0001"], "newest first"
    assert found("打印", actor_of(nobody)) == []
    assert found("密钥", actor_of(mine)) == [], "private texts need a permission of their own"
    assert found("密钥", actor_of(reader)) == ["O-0002", "O-0001"]


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["打印", "打印机", "彩色打印机"])
def test_many_hits_are_counted_no_further_than_the_cap(
    orders: Callable[..., Any], monkeypatch: Any, words: str
) -> None:
    monkeypatch.setattr("zhiheng.records.search.query.COUNT_CAP", 5)
    orders(9, title="彩色打印机")
    result = search(SYSTEM, words, limit=3)
    assert str(result.count) == "5+"
    assert [hit.record.number for hit in result.hits] == ["O-0009", "O-0008", "O-0007"]


@pytest.mark.django_db
@pytest.mark.parametrize("near", [2, 20_000])
def test_a_phrase_among_few_of_the_newest_is_found_everywhere(
    orders: Callable[..., Any], monkeypatch: Any, near: int
) -> None:
    monkeypatch.setattr("zhiheng.records.search.query.NEAR", near)
    monkeypatch.setattr("zhiheng.records.search.matching.SAMPLE", 2)
    orders(2, title="打印机坏了")
    orders(3, title="打印纸，机器坏了")
    assert found("打印机坏了") == ["O-0002", "O-0001"], "the newest two do not hold it"
    assert found("打印机") == ["O-0002", "O-0001"], "pairs side by side, not anywhere"
    assert found("机坏") == ["O-0002", "O-0001"]


@pytest.mark.django_db
def test_whether_a_phrase_is_common_is_told_by_the_newest_or_else_counted(
    orders: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(matching_module, "COMMON", 3)
    orders(4, title="打印机坏了")
    orders(1, title="键盘坏了")
    counted: list[int] = []
    count = matching_module.count_documents

    def counting(asked: list[Term], *, most: int) -> int:
        counted.append(count(asked, most=most))
        return counted[-1]

    monkeypatch.setattr(matching_module, "count_documents", counting)

    def is_common(words: str) -> bool:
        counted.clear()
        with connection.cursor() as cursor:
            cursor.execute("analyze records_searchdocument")
        return matching(registry["shop.order"], words, SYSTEM).common

    # Four of some ten documents: not twice as many as would be common.
    assert (is_common("打印机"), counted) == (True, [4])
    assert (is_common("键盘坏"), counted) == (False, [1])
    orders(9, title="打印机坏了")
    assert (is_common("打印机"), counted) == (True, [] if connection.vendor == "postgresql" else [4])


@pytest.mark.django_db
def test_the_search_page_and_the_palette(
    orders: Callable[..., Any], person: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    orders(1, title="打印机坏了")
    browser = signed_in(person("reader", "shop.order:view"))
    assert "打印机坏了" in browser.get("/search/?q=打印").content.decode()
    assert "打印机坏了" not in signed_in(person("nobody")).get("/search/?q=打印").content.decode()
