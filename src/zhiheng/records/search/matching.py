"""Words as a condition on the rows of a list: by the keys of few hits, row by row where a word is common.

At a million records no single statement serves both: 11 hits joined by the planner took 0.7 s, because it read every
row to look each up among them; 66,000 hits took 0.2 s to sort, where the first 50 rows that hold the word are found
within the first thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull

from zhiheng.platform.grants import branches, visible_to
from zhiheng.records.models.search import SearchDocument
from zhiheng.records.search.tokens import Term, fts5_query, terms, tsquery

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType

VIEW_PRIVATE = "view_private"
"""The action under which private texts of a record type are found."""
COMMON = 10_000
"""With more documents than this a word is common. There both ways read about as many rows for a page of 50."""
NEAR = 20_000
"""So many of the newest documents are looked through for a common word."""
_FTS5 = "select rowid from records_search where records_search match %s"


@dataclass(frozen=True, slots=True)
class Matching:
    """The rows of a list that hold some words.

    `condition` is all of them. `sample` is the same where the words are rare; where they are `common`, it is those
    among some thousand documents, enough for "so many and more".
    """

    condition: Q
    sample: Q
    common: bool = False


def matching_documents(asked: list[Term], *, most: int | None = None) -> QuerySet[SearchDocument]:
    """The documents that hold every term; with `most` any so many of them."""
    if connection.vendor == "sqlite":
        # FTS5 stops at a limit of its own, and at none outside.
        bound = "" if most is None else f" limit {most:d}"
        hits = RawSQL(_FTS5 + bound, [fts5_query(asked)])  # noqa: S611 - terms hold letters and digits only
        return SearchDocument.objects.filter(pk__in=hits)
    holds = RawSQL("vector @@ to_tsquery('simple', %s)", [tsquery(asked)], output_field=BooleanField())
    found = SearchDocument.objects.filter(holds)
    return (
        found if most is None else SearchDocument.objects.filter(pk__in=found.order_by().values("pk")[:most])
    )


def newest_documents(asked: list[Term], *, most: int) -> list[int]:
    """Keys of documents that hold every term, the newest first, at most so many; all of them only where few are held.

    A word so common is among the newest documents. PostgreSQL would rather fetch every hit and sort them.
    """
    if connection.vendor == "sqlite":
        ordered = RawSQL(f"{_FTS5} order by rowid desc limit {most:d}", [fts5_query(asked)])  # noqa: S611
        return list(
            SearchDocument.objects.filter(pk__in=ordered).order_by("-pk").values_list("pk", flat=True)
        )
    newest = SearchDocument.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    near = matching_documents(asked).filter(pk__gt=newest - NEAR).order_by("-pk")
    return list(near.values_list("pk", flat=True)[:most])


def holding(record_type: RecordType, asked: list[Term], *, private: bool = False) -> Q:
    """Rows whose record has a document with every term, looked up for each row.

    Not EXISTS, which PostgreSQL turns into a set of all hits before it reads the first row.
    """
    documents = matching_documents(asked).filter(
        record_type=record_type.label, record_id=OuterRef("pk"), private=private
    )
    return Q(IsNull(Subquery(documents.values("pk")[:1]), False))


def matching(record_type: RecordType, words: str, actor: Actor) -> Matching:
    """The records of one type that hold the words in a text this person may read. Asks for the hits."""
    asked = terms(words)
    if not asked:
        return Matching(Q(), Q())
    hits = matching_documents(asked, most=COMMON + 1).values_list("record_type", "record_id", "private")
    found = list(hits)
    ids = {record_id for label, record_id, private in found if label == record_type.label and not private}
    private_ids = {record_id for label, record_id, private in found if label == record_type.label and private}
    few = record_type.has_private_texts and branches(actor, VIEW_PRIVATE, record_type.model)
    rows = record_type.model._default_manager
    if few and private_ids:
        readable = visible_to(actor, VIEW_PRIVATE, rows.filter(pk__in=private_ids))
        ids |= set(readable.values_list("pk", flat=True))
    sample = Q(pk__in=ids)
    if len(found) <= COMMON:
        return Matching(sample, sample)
    condition = holding(record_type, asked)
    if few:
        readable = visible_to(actor, VIEW_PRIVATE, rows.filter(pk=OuterRef("pk")))
        condition |= holding(record_type, asked, private=True) & Q(Exists(readable))
    return Matching(condition, sample, common=True)
