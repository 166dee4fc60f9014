"""Words to records: first a capped count, then the plan that suits it, always within what the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhiheng.platform.grants import branches, visible_to
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.models.search import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.matching import (
    VIEW_PRIVATE,
    costs_reading,
    in_document,
    matching_documents,
    newest_documents,
    share_of_newest,
)
from zhiheng.records.search.tokens import Term, terms

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType

RANKED_UP_TO = 200
MANY = 5_000
"""Whoever sees more records of a type than this is served by the index of words."""
NEAR = 20_000
"""So many of the newest documents are looked through first: a common word has a page of hits among them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matches."""

    record_type: RecordType
    record: Any


class Document(NamedTuple):
    """What a search reads of a document: of a thousand hits, records of the ORM take longer than the search."""

    record_type: str
    record_id: int
    head: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, and how many there are."""

    hits: list[Hit]
    count: Count


def search(actor: Actor, words: str, *, limit: int = 20, only: Iterable[RecordType] = ()) -> Found:
    """The records that hold the words, newest first; among few, those whose title holds them come first."""
    asked = terms(words)
    types = list(only) or [each for each in registry if each.search]
    readable = _readable(actor, types)
    if not asked or readable is None:
        return Found([], Count(0, False))
    newest = [] if _is_rare(asked) else newest_documents(asked, most=COUNT_CAP + 1, near=NEAR)
    if len(newest) > COUNT_CAP:
        documents = _read(
            SearchDocument.objects.filter(readable, pk__in=newest[: limit * 10]).order_by("-pk")
        )
        if _records(documents) >= limit:
            return Found(_hits(documents, limit), Count(COUNT_CAP, True))
        # Somebody who may see little: among a million documents theirs are found by their keys, not by the word.
        narrow = _by_keys(actor, types)
        if narrow is not None:
            return _found(SearchDocument.objects.filter(narrow, in_document(asked)), asked, limit)
    # Few hits, or a word of old times: every hit is looked up.
    return _found(matching_documents(asked).filter(readable), asked, limit)


def _is_rare(asked: list[Term]) -> bool:
    # The same hits would be read twice: for the newest, and then for all since the newest are too few.
    return costs_reading(asked) and share_of_newest(asked) * NEAR < COUNT_CAP / 2


def _found(documents: QuerySet[SearchDocument], asked: list[Term], limit: int) -> Found:
    # Ordered by a sum, not by the key: SQLite would walk a million keys backwards to look for a handful of hits.
    hits = _read(documents.order_by((F("pk") + 0).desc())[: COUNT_CAP + 1])
    count = _records(hits)
    if count <= RANKED_UP_TO:
        hits.sort(key=lambda document: not _in_head(document, asked))
    return Found(_hits(hits, limit), Count(min(count, COUNT_CAP), count > COUNT_CAP))


def _read(documents: QuerySet[SearchDocument]) -> list[Document]:
    return [Document(*row) for row in documents.values_list(*Document._fields)]


def _records(documents: Iterable[Document]) -> int:
    return len({(document.record_type, document.record_id) for document in documents})


def _in_head(document: Document, asked: list[Term]) -> bool:
    head = f" {document.head} "
    return all(f" {' '.join(term.tokens)}{'' if term.prefix else ' '}" in head for term in asked)


def _kinds_of_text(record_types: Iterable[RecordType]) -> Iterator[tuple[RecordType, str, bool]]:
    """Each record type with the action that reads its documents: those for every reader and those for few."""
    for record_type in record_types:
        yield record_type, "view", False
        if record_type.has_private_texts:
            yield record_type, VIEW_PRIVATE, True


def _readable(actor: Actor, record_types: Iterable[RecordType]) -> Q | None:
    """Documents that the actor may read. Each hit is looked up by its key, so an OR of scopes costs nothing here."""
    condition: Q | None = None
    # Types that are readable as a whole in one comparison: a chain of them would be run through for every hit.
    whole: dict[bool, list[str]] = {}
    for record_type, action, private in _kinds_of_text(record_types):
        if branches(actor, action, record_type.model).all:
            whole.setdefault(private, []).append(record_type.label)
            continue
        part = _readable_of(actor, record_type, action, private=private)
        if part is not None:
            condition = part if condition is None else condition | part
    for private, labels in whole.items():
        part = Q(private=private, record_type__in=labels)
        condition = part if condition is None else condition | part
    return condition


def _by_keys(actor: Actor, record_types: Iterable[RecordType]) -> Q | None:
    """The same documents by the keys of their records; None for somebody who sees many records of some type."""
    condition = Q(pk__in=())
    for record_type, action, private in _kinds_of_text(record_types):
        documents = Q(record_type=record_type.label, private=private)
        if not branches(actor, action, record_type.model).all or not record_type.small:
            rows = visible_to(actor, action, record_type.model._base_manager.all()).order_by()
            keys = list(rows.values_list("pk", flat=True)[: MANY + 1])
            if len(keys) > MANY:
                return None
            documents &= Q(record_id__in=keys)
        condition |= documents
    return condition


def _readable_of(actor: Actor, record_type: RecordType, action: str, *, private: bool) -> Q | None:
    seen = branches(actor, action, record_type.model)
    scope: Q | None = None
    for part in seen.qs:
        scope = part if scope is None else scope | part
    if scope is None:
        return None
    rows = record_type.model._base_manager.filter(scope, pk=OuterRef("record_id"))
    return Q(Exists(rows), record_type=record_type.label, private=private)


def _hits(documents: Iterable[Document], limit: int) -> list[Hit]:
    """The records of the documents in their order, each once, with one query per record type."""
    keys = list(dict.fromkeys((document.record_type, document.record_id) for document in documents))[:limit]
    records: dict[tuple[str, int], Any] = {}
    for label in {label for label, _id in keys}:
        ids = [record_id for of_type, record_id in keys if of_type == label]
        for record in registry[label].model._base_manager.filter(pk__in=ids):
            records[label, record.pk] = record
    return [Hit(registry[key[0]], records[key]) for key in keys if key in records]
