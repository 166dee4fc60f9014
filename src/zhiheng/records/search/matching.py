"""Words as a condition on the rows of a list: by the keys of few hits, row by row where a word is common.

At a million records no single statement serves both: 11 hits joined by the planner took 0.7 s, because it read every
row to look each up among them; 66,000 hits took 0.2 s to sort, where the first 50 rows that hold the word are found
within the first thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan, IsNull

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
SAMPLE = 1_000
"""So many of the newest documents say whether a phrase is common, where PostgreSQL would read each hit to be sure."""
_FTS5 = "select rowid from records_search where records_search match %s"


@dataclass(frozen=True, slots=True)
class Matching:
    """The rows of a list that hold some words, and whether they are too many to be counted."""

    condition: Q
    common: bool = False


def matching_documents(asked: list[Term]) -> QuerySet[SearchDocument]:
    """The documents that hold every term, found by the index."""
    if connection.vendor == "sqlite":
        hits = RawSQL(_FTS5, [fts5_query(asked)])  # noqa: S611 - terms hold letters and digits only
        return SearchDocument.objects.filter(pk__in=hits)
    return SearchDocument.objects.filter(_in_vector(asked))


def count_documents(asked: list[Term], *, most: int) -> int:
    """How many documents hold every term, counted no further than `most`; no document itself is read."""
    if connection.vendor != "sqlite":
        return SearchDocument.objects.filter(_in_vector(asked)).values("pk")[:most].count()
    with connection.cursor() as cursor:
        # FTS5 stops at a limit of its own, and at none outside.
        cursor.execute(f"select count(*) from ({_FTS5} limit {most:d})", [fts5_query(asked)])  # noqa: S608
        return int(cursor.fetchone()[0])


def share_of_newest(asked: list[Term]) -> float:
    """Which share of the `SAMPLE` newest documents holds every term."""
    # The limit inside keeps PostgreSQL from fetching every hit by the index first.
    newest = SearchDocument.objects.order_by("-pk").annotate(holds=_in_vector(asked))[:SAMPLE]
    seen = newest.aggregate(held=Count("pk", filter=Q(holds=True)), read=Count("pk"))
    return float(seen["held"] / max(seen["read"], 1))


def _about_all_documents() -> int:
    # As PostgreSQL counted them last, less than none where it never did. Keys say little: they have gaps.
    with connection.cursor() as cursor:
        cursor.execute(
            "select reltuples from pg_class where oid = %s::regclass", [SearchDocument._meta.db_table]
        )
        return int(cursor.fetchone()[0])


def is_common(asked: list[Term]) -> bool:
    """Whether more than `COMMON` documents hold every term.

    The index of PostgreSQL knows which documents hold all pairs of a phrase, not whether they stand side by side: 50 ms
    for ten thousand hits. So a phrase that by the newest documents is twice as frequent as that is not counted.
    """
    if costs_reading(asked) and share_of_newest(asked) * _about_all_documents() > 2 * COMMON:
        return True
    return count_documents(asked, most=COMMON + 1) > COMMON


def costs_reading(asked: list[Term]) -> bool:
    """Whether every hit has to be read: a phrase, on PostgreSQL."""
    return connection.vendor == "postgresql" and any(len(term.tokens) > 1 for term in asked)


def newest_documents(asked: list[Term], *, most: int, near: int) -> list[int]:
    """Keys of documents that hold every term among the `near` newest of all, the newest first, at most so many.

    PostgreSQL would rather fetch every hit and sort them than walk the keys backwards without an end in sight.
    """
    if costs_reading(asked):
        return _walked(asked, most=most, near=near)
    newest = SearchDocument.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                f"{_FTS5} and rowid > %s order by rowid desc limit {most:d}",
                [fts5_query(asked), newest - near],
            )
            return [int(key) for (key,) in cursor.fetchall()]
    found = matching_documents(asked).filter(pk__gt=newest - near).order_by("-pk")
    return list(found.values_list("pk", flat=True)[:most])


def _walked(asked: list[Term], *, most: int, near: int) -> list[int]:
    # Backwards from the newest, until there are enough: by the index, each hit is read before the first is known.
    newest = SearchDocument.objects.order_by("-pk").annotate(holds=_in_vector(asked)).values("pk", "holds")
    inner, given = newest[:near].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"select pk from ({inner}) newest where holds order by pk desc limit {most:d}",  # noqa: S608
            given,
        )
        return [int(key) for (key,) in cursor.fetchall()]


def holding(record_type: RecordType, asked: list[Term], *, private: bool = False) -> Q:
    """Rows whose record has a document with every term, looked up for each row.

    Not EXISTS, which PostgreSQL turns into a set of all hits before it reads the first row; and not by the index of
    SQLite, which makes such a set too, 0.5 s for a word that is in every document: there the text itself is read.
    """
    documents = SearchDocument.objects.filter(
        record_type=record_type.label, record_id=OuterRef("pk"), private=private
    )
    return Q(IsNull(Subquery(documents.filter(in_document(asked)).values("pk")[:1]), False))


def in_document(asked: list[Term]) -> Q:
    """Whether a document that was found by its key holds every term."""
    return _in_text(asked) if connection.vendor == "sqlite" else Q(_in_vector(asked))


def _in_vector(asked: list[Term]) -> RawSQL:
    return RawSQL("vector @@ to_tsquery('simple', %s)", [tsquery(asked)], output_field=BooleanField())


def _in_text(asked: list[Term]) -> Q:
    """The terms as pieces of the stored text, which is its tokens with spaces between them."""
    space, condition = Value(" ", output_field=TextField()), Q()
    for term in asked:
        piece = Value(f" {' '.join(term.tokens)}{'' if term.prefix else ' '}", output_field=TextField())
        places = [StrIndex(Concat(space, F(name), space), piece) for name in ("head", "body")]
        condition &= Q(GreaterThan(places[0], 0)) | Q(GreaterThan(places[1], 0))
    return condition


def matching(record_type: RecordType, words: str, actor: Actor) -> Matching:
    """The records of one type that hold the words in a text this person may read. Asks for the hits."""
    asked = terms(words)
    if not asked:
        return Matching(Q())
    few = record_type.has_private_texts and bool(branches(actor, VIEW_PRIVATE, record_type.model))
    rows = record_type.model._default_manager
    if is_common(asked):
        condition = holding(record_type, asked)
        if few:
            readable = visible_to(actor, VIEW_PRIVATE, rows.filter(pk=OuterRef("pk")))
            condition |= holding(record_type, asked, private=True) & Q(Exists(readable))
        return Matching(condition, common=True)
    found = matching_documents(asked).filter(record_type=record_type.label)
    ids: dict[bool, set[int]] = {False: set(), True: set()}
    for record_id, private in found.values_list("record_id", "private"):
        ids[private].add(record_id)
    if few and ids[True]:
        readable = visible_to(actor, VIEW_PRIVATE, rows.filter(pk__in=ids[True]))
        ids[False] |= set(readable.values_list("pk", flat=True))
    return Matching(Q(pk__in=ids[False]))
