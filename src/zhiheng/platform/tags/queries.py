"""Which tags are on which records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Model, QuerySet

from zhiheng.platform.models import Tag, TagLink


def tags_of(record: Model) -> list[Tag]:
    """Tags of one record by name."""
    return tags_of_many(record._meta.label_lower, [record.pk])[record.pk]


def tags_of_many(record_type: str, ids: Collection[int]) -> dict[int, list[Tag]]:
    """Tags of many records of one type in one query, by record id."""
    found: dict[int, list[Tag]] = defaultdict(list)
    rows = TagLink.objects.filter(record_type=record_type, record_id__in=ids).select_related("tag")
    for link in rows.order_by("tag__name"):
        found[link.record_id].append(link.tag)
    return found


def tagged(record_type: str, names: Collection[str]) -> QuerySet[TagLink, int]:
    """Ids of the records with at least one of these tags, as a subquery."""
    return TagLink.objects.filter(record_type=record_type, tag__name__in=names).values_list(
        "record_id", flat=True
    )


def tags_used(record_type: str) -> QuerySet[Tag]:
    """Tags that some record of this type carries, the most used first."""
    return (
        Tag.objects.filter(links__record_type=record_type)
        .annotate(uses=Count("links"))
        .order_by("-uses", "name")
    )
