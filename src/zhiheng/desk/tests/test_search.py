"""A ticket is found by what was said on it: replies by whoever sees it, notes only by readers of private texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from zhiheng.accounts.models import Person
from zhiheng.desk import services
from zhiheng.desk.models import Ticket
from zhiheng.desk.queries.queues import all_open
from zhiheng.desk.tests.conftest import Desk, actor_of
from zhiheng.kernel.actor import SYSTEM
from zhiheng.records import registry
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import count_beside, fetch_page
from zhiheng.records.models import SearchDocument
from zhiheng.records.search.index import rebuild
from zhiheng.records.search.matching import count_documents, in_document, matching_documents
from zhiheng.records.search.query import search
from zhiheng.records.search.tokens import terms

pytestmark = pytest.mark.django_db(transaction=True)


def found(desk: Desk, words: str, *, by_requester: bool = False) -> list[object]:
    """The records that a person finds by these words."""
    person = desk.requester if by_requester else desk.engineer
    return [hit.record for hit in search(actor_of(person), words).hits]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """A ticket with a public reply and a private note."""
    ticket = desk.opened()
    with desk.at(1):
        services.reply(ticket=ticket, body="核心交换机已经更换", author=desk.engineer)
        services.add_note(ticket=ticket, body="A marmoset bit through the cable.")
    return ticket


def test_words_of_messages_find_the_ticket(desk: Desk, ticket: Ticket) -> None:
    assert found(desk, "交换机") == [ticket]
    assert found(desk, "交换机", by_requester=True) == [ticket]
    assert found(desk, "marmoset", by_requester=True) == []
    public = SearchDocument.objects.get(record_type="desk.ticket", record_id=ticket.pk, private=False)
    private = SearchDocument.objects.get(record_type="desk.ticket", record_id=ticket.pk, private=True)
    assert "marmoset" not in public.head + public.body
    assert "marmoset" in private.body


@pytest.mark.parametrize("common", [0, 10_000])
def test_words_narrow_a_list_alike_whether_they_are_rare_or_common(
    desk: Desk, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr("zhiheng.records.search.matching.COMMON", common)
    other = desk.opened(title="核心交换机")

    def listed(words: str, person: Person, *, size: int = 50) -> tuple[set[object], str]:
        asked = read_request(registry["desk.ticket"], {"q": [words]}, actor_of(person))
        asked = replace(asked, size=size)
        page = fetch_page(asked, actor_of(person))
        return set(page.rows), str(count_beside(page, asked, actor_of(person)))

    assert listed("交换机", desk.engineer) == ({ticket, other}, "2")
    assert listed("marmoset", desk.engineer) == ({ticket}, "1")
    assert listed("marmoset", desk.requester) == (set(), "0")
    assert listed("okapi", desk.engineer) == (set(), "0")
    # Of common words a page that is not the last says that there are more, not how many.
    assert listed("交换机", desk.engineer, size=1) == ({other}, "2" if common else "1+")


def test_a_document_found_by_its_key_holds_the_words_by_which_the_index_finds_it(
    desk: Desk, ticket: Ticket
) -> None:
    desk.opened(title="Printer PR-7 打印机离线 数据库连接超时")
    desk.opened(title="ｐｒｉｎｔｅｒ is offline")
    hits = {
        "printer": 2, "print": 2, "rinter": 0, "PR 7": 1, "离线 printer": 1, "打印": 1, "印机离线": 1, "机": 2,
        "数据库超时": 0, "marmoset cable": 1,
    }  # fmt: skip
    for words, expected in hits.items():
        asked = terms(words)
        by_index = set(matching_documents(asked).values_list("pk", flat=True))
        assert set(SearchDocument.objects.filter(in_document(asked)).values_list("pk", flat=True)) == by_index
        assert count_documents(asked, most=10) == len(by_index)
        assert len(by_index) == expected, words


@pytest.mark.slow
def test_a_common_word_gives_the_newest_and_then_all_there_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiheng.records.search.query.COUNT_CAP", 5)
    tickets = [desk.opened(title=f"okapi {number}") for number in range(6)]
    actor = actor_of(desk.engineer)
    newest = search(actor, "okapi", limit=3)
    assert [hit.record for hit in newest.hits] == tickets[:2:-1]
    assert str(newest.count) == "5+"
    every = search(actor, "okapi", limit=50)
    assert [hit.record for hit in every.hits] == tickets[::-1]
    assert str(every.count) == "5+"


@pytest.mark.slow
@pytest.mark.parametrize("many", [0, 5_000])
def test_whoever_sees_little_finds_theirs_among_the_hits_of_a_common_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("zhiheng.records.search.query.COUNT_CAP", 2)
    monkeypatch.setattr("zhiheng.records.search.query.MANY", many)
    tickets = [desk.opened(title=f"okapi {number}") for number in range(3)]
    assert [hit.record for hit in search(actor_of(desk.requester), "okapi").hits] == tickets[::-1]
    assert search(actor_of(desk.stranger), "okapi").hits == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the rows it counted")
def test_sqlite_sees_that_the_index_of_open_tickets_fits() -> None:
    plan = Ticket.objects.filter(all_open(SYSTEM)).order_by("next_due_at", "pk").values("pk")[:5].explain()
    assert "ticket_open_due" in plan
    assert "TEMP B-TREE" not in plan


def test_a_rebuild_writes_what_the_transactions_wrote(ticket: Ticket) -> None:
    kept = list(SearchDocument.objects.order_by("pk").values())
    assert any(document["record_id"] == ticket.pk for document in kept)
    rebuild(registry["desk.ticket"])
    assert list(SearchDocument.objects.order_by("pk").values()) == kept
