"""Words to records: first a capped count, then the plan that suits it, always within what the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from zhiheng.platform.grants import branches
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.models.search import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.matching import COMMON, VIEW_PRIVATE, matching_documents, newest_documents
from zhiheng.records.search.tokens import Term, terms

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType

RANKED_UP_TO = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matches."""

    record_type: RecordType
    record: Any


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, and how many there are."""

    hits: list[Hit]
    count: Count


def search(actor: Actor, words: str, *, limit: int = 20, only: Iterable[RecordType] = ()) -> Found:
    """The records that hold the words, newest first; among few, those whose title holds them come first."""
    asked = terms(words)
    readable = _readable(actor, list(only) or [each for each in registry if each.search])
    if not asked or readable is None:
        return Found([], Count(0, False))
    ids = list(matching_documents(asked, most=COMMON + 1).values_list("pk", flat=True))
    if len(ids) > COMMON:
        return _newest(asked, readable, limit)
    documents = list(SearchDocument.objects.filter(readable, pk__in=ids).order_by("-pk")[: COUNT_CAP + 1])
    count = _records(documents)
    if count <= RANKED_UP_TO:
        documents.sort(key=lambda document: not _in_head(document, asked))
    return Found(_hits(documents, limit), Count(min(count, COUNT_CAP), count > COUNT_CAP))


def _newest(asked: list[Term], readable: Q, limit: int) -> Found:
    """The newest hits of a word that is in very many documents."""
    newest = SearchDocument.objects.filter(readable, pk__in=newest_documents(asked, most=limit * 10))
    documents = list(newest.order_by("-pk")[: limit * 2])
    if _records(documents) >= limit:
        return Found(_hits(documents, limit), Count(COUNT_CAP, True))
    # Somebody who may see little, or a word of old times: every hit is looked up.
    documents = list(matching_documents(asked).filter(readable).order_by("-pk")[: COUNT_CAP + 1])
    count = _records(documents)
    return Found(_hits(documents, limit), Count(min(count, COUNT_CAP), count > COUNT_CAP))


def _records(documents: Iterable[SearchDocument]) -> int:
    return len({(document.record_type, document.record_id) for document in documents})


def _in_head(document: SearchDocument, asked: list[Term]) -> bool:
    head = f" {document.head} "
    return all(f" {' '.join(term.tokens)}{'' if term.prefix else ' '}" in head for term in asked)


def _readable(actor: Actor, record_types: Iterable[RecordType]) -> Q | None:
    """Documents that the actor may read. Each hit is looked up by its key, so an OR of scopes costs nothing here."""
    condition: Q | None = None
    for record_type in record_types:
        for action, private in (("view", False), (VIEW_PRIVATE, True)):
            if private and not record_type.has_private_texts:
                continue
            part = _readable_of(actor, record_type, action, private=private)
            if part is not None:
                condition = part if condition is None else condition | part
    return condition


def _readable_of(actor: Actor, record_type: RecordType, action: str, *, private: bool) -> Q | None:
    seen = branches(actor, action, record_type.model)
    documents = Q(record_type=record_type.label, private=private)
    if seen.all:
        return documents
    scope: Q | None = None
    for part in seen.qs:
        scope = part if scope is None else scope | part
    if scope is None:
        return None
    rows = record_type.model._base_manager.filter(scope, pk=OuterRef("record_id"))
    return documents & Q(Exists(rows))


def _hits(documents: Iterable[SearchDocument], limit: int) -> list[Hit]:
    """The records of the documents in their order, each once, with one query per record type."""
    keys = list(dict.fromkeys((document.record_type, document.record_id) for document in documents))[:limit]
    records: dict[tuple[str, int], Any] = {}
    for label in {label for label, _id in keys}:
        ids = [record_id for of_type, record_id in keys if of_type == label]
        for record in registry[label].model._base_manager.filter(pk__in=ids):
            records[label, record.pk] = record
    return [Hit(registry[key[0]], records[key]) for key in keys if key in records]
