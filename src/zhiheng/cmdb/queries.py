"""Reading configuration items: what a failure of one reaches, and what one rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from zhiheng.cmdb.models import ConfigurationItem, ItemRelation
from zhiheng.cmdb.rules import Reached, walk

DEPTH = 4
"""Steps of a walk where nothing else is said; beyond them nearly everything hangs together."""


def items_with(ids: Collection[int]) -> QuerySet[ConfigurationItem]:
    """The items of these ids, whoever may see them: callers narrow with ``visible_to``."""
    return ConfigurationItem.objects.filter(pk__in=ids)


def reached_by(item: ConfigurationItem, *, upstream: bool = False, depth: int = DEPTH) -> list[Reached]:
    """What a failure of the item reaches, nearest first (downstream); with ``upstream`` what the item rests on.

    One query per step, whatever the number of items; rings end.
    """

    def downstream_of(items: Collection[int]) -> Iterable[tuple[int, int]]:
        return ItemRelation.objects.filter(source__in=items).values_list("source_id", "target_id")

    def upstream_of(items: Collection[int]) -> Iterable[tuple[int, int]]:
        return ItemRelation.objects.filter(target__in=items).values_list("target_id", "source_id")

    return walk(item.pk, upstream_of if upstream else downstream_of, depth=depth)
