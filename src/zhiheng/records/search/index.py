"""Keeps search documents: written right before the journal, in the transaction of the records they describe."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Case, Value, When

from zhiheng.kernel.actor import Cause
from zhiheng.kernel.text import LANGUAGES
from zhiheng.platform.db.buffer import Pending
from zhiheng.records.declaration import RecordType, RelatedText
from zhiheng.records.fields import FieldInfo, Kind, field_of
from zhiheng.records.models.search import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.tokens import indexed

HEAD_WEIGHT = 3
"""Fields of this weight and above make a hit of the first rank."""
CHUNK = 500
CREATED, DELETED = ".created", ".deleted"


def follow_journal(entries: Sequence[Pending]) -> None:
    """Bring the documents of all records that these entries touch up to date."""
    stale: dict[str, set[int]] = {}
    for entry in entries:
        # Loaded history writes the documents with its rows; asking for each again would double its transactions.
        if entry.cause == Cause.HISTORY:
            continue
        record_type = registry.get(entry.record_type)
        if record_type is not None and entry.record_id is not None and _concerns_search(record_type, entry):
            stale.setdefault(entry.record_type, set()).add(entry.record_id)
        for holder, text in _related_to(entry.record_type):
            stale.setdefault(holder.label, set()).update(_holders(text, entry))
    for label, ids in stale.items():
        index_ids(registry[label], ids)


def _concerns_search(record_type: RecordType, entry: Pending) -> bool:
    searched = {name.split(".", 1)[0] for name in (*record_type.search, *record_type.search_private)}
    if not searched:
        return False
    return entry.act.endswith((CREATED, DELETED)) or bool(searched & entry.changes.keys())


@lru_cache(maxsize=512)
def _related_to(label: str) -> tuple[tuple[RecordType, RelatedText], ...]:
    """The record types that are found by texts of this model."""
    return tuple(
        (holder, text)
        for holder in registry
        for text in holder.search_related
        if text.model._meta.label_lower == label
    )


def _holders(text: RelatedText, entry: Pending) -> set[int]:
    """The records whose documents hold what this entry wrote: both, where the text moved between two."""
    if entry.record_id is None or not {text.field, text.link} & entry.changes.keys():
        return set()
    if text.link in entry.changes:
        return {int(key) for key in entry.changes[text.link] if key is not None}
    rows = text.model._base_manager.filter(pk=entry.record_id)
    return set(rows.values_list(f"{text.link}_id", flat=True))


def index_ids(record_type: RecordType, ids: Collection[int]) -> None:
    """Write the documents of these records; those of records that are gone are taken away."""
    held = list(
        record_type.model._base_manager.filter(pk__in=ids).select_related(*_links(record_type)).order_by("pk")
    )
    gone = set(ids) - {record.pk for record in held}
    if gone:
        SearchDocument.objects.filter(record_type=record_type.label, record_id__in=gone).delete()
    texts = related_texts(record_type, [record.pk for record in held])
    documents = [document for record in held for document in documents_of(record_type, record, texts)]
    SearchDocument.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["record_type", "record_id", "private"],
        update_fields=["head", "body"],
    )


def _links(record_type: RecordType) -> list[str]:
    paths = [*record_type.search, *record_type.search_private]
    return sorted({"__".join(path.split(".")[:-1]) for path in paths if "." in path})


Texts = Mapping[tuple[int, bool], Sequence[str]]
"""By record and by whether few may read them: texts of other models."""


def related_texts(record_type: RecordType, ids: Collection[int]) -> Texts:
    """The texts of other models by which these records are found, the oldest first: one query per declared text."""
    found: dict[tuple[int, bool], list[str]] = {}
    for text in record_type.search_related:
        rows = text.model._base_manager.filter(**{f"{text.link}__in": ids}).order_by("pk")
        few = Case(When(text.private, then=True), default=False) if text.private is not None else Value(False)
        for holder, words, private in rows.values_list(f"{text.link}_id", text.field, few):
            found.setdefault((holder, private), []).append(str(words))
    return found


def documents_of(
    record_type: RecordType, record: Any, texts: Texts | None = None
) -> Iterator[SearchDocument]:
    """The document for every reader and, where the type has private texts, the one for few.

    `texts` are the related ones where they were read for many records at once.
    """
    related = related_texts(record_type, [record.pk]) if texts is None else texts
    for columns in columns_of_documents(record_type, record, related, record_id=record.pk):
        yield SearchDocument(**columns)


def columns_of_documents(
    record_type: RecordType, record: Any, related: Texts, *, record_id: int
) -> Iterator[dict[str, Any]]:
    """The columns of the documents of anything that has the record's searched fields as attributes."""
    head: list[str] = []
    body: list[str] = []
    for name, weight in record_type.search.items():
        (head if weight >= HEAD_WEIGHT else body).append(text_of(field_of(record_type, name), record))
    body += related.get((record_id, False), ())
    common = {"record_type": record_type.label, "record_id": record_id}
    yield {**common, "private": False, "head": indexed("\n".join(head)), "body": indexed("\n".join(body))}
    if record_type.has_private_texts:
        private = [text_of(field_of(record_type, name), record) for name in record_type.search_private]
        private += related.get((record_id, True), ())
        yield {**common, "private": True, "head": "", "body": indexed("\n".join(private))}


def text_of(info: FieldInfo, record: Any) -> str:
    """The searchable text of a field: all languages of a text, the stored value of anything else."""
    value = info.raw(record)
    if value is None:
        return ""
    if info.kind is Kind.LOCALIZED and isinstance(value, dict):
        return "\n".join(str(value[code]) for code in LANGUAGES if value.get(code))
    return str(value)


def rebuild(record_type: RecordType) -> int:
    """Write all documents of a record type anew, in chunks; answers how many records were read."""
    count, last = 0, 0
    while True:
        ids = list(
            record_type.model._base_manager.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:CHUNK]
        )
        if not ids:
            return count
        index_ids(record_type, ids)
        count, last = count + len(ids), ids[-1]
