"""Words to records: first a capped count, then the plan that suits it, always within what the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from zhiheng.platform.grants import branches, visible_to
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.models.search import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.tokens import Term, fts5_query, terms, tsquery

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType

VIEW_PRIVATE = "view_private"
"""The action under which private texts of a record type are found."""
RANKED_UP_TO = 200
_MATCH = {
    "sqlite": "select rowid from records_search where records_search match %s",
    "postgresql": "select id from records_searchdocument where vector @@ to_tsquery('simple', %s)",
}


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


def matching_documents(asked: list[Term]) -> QuerySet[SearchDocument]:
    """The documents that hold every term."""
    write = fts5_query if connection.vendor == "sqlite" else tsquery
    return SearchDocument.objects.filter(pk__in=RawSQL(_MATCH[connection.vendor], [write(asked)]))  # noqa: S611


def matching(record_type: RecordType, words: str, actor: Actor) -> Q:
    """Records of one type that hold the words in a text this person may read: the condition of a list."""
    asked = terms(words)
    if not asked:
        return Q()
    documents = matching_documents(asked).filter(record_type=record_type.label)
    found = Q(pk__in=documents.filter(private=False).values("record_id"))
    if record_type.has_private_texts and branches(actor, VIEW_PRIVATE, record_type.model):
        private = Q(pk__in=documents.filter(private=True).values("record_id"))
        readable = visible_to(actor, VIEW_PRIVATE, record_type.model._default_manager.all())
        found |= private & Q(pk__in=readable.values("pk"))
    return found


def search(actor: Actor, words: str, *, limit: int = 20, only: Iterable[RecordType] = ()) -> Found:
    """The records that hold the words, newest first; among few, those whose title holds them come first."""
    asked = terms(words)
    readable = _readable(actor, list(only) or [each for each in registry if each.search])
    if not asked or readable is None:
        return Found([], Count(0, False))
    matched = matching_documents(asked)
    ids = list(matched.values_list("pk", flat=True)[: COUNT_CAP + 1])
    if len(ids) > COUNT_CAP:
        documents = list(matched.filter(readable).order_by("-pk")[: limit * 2])
        return Found(_hits(documents, limit), Count(COUNT_CAP, True))
    documents = list(SearchDocument.objects.filter(pk__in=ids).filter(readable).order_by("-pk"))
    count = len({(document.record_type, document.record_id) for document in documents})
    if count <= RANKED_UP_TO:
        documents.sort(key=lambda document: not _in_head(document, asked))
    return Found(_hits(documents, limit), Count(count, False))


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
