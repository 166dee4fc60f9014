"""Panels of configuration items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.cmdb.queries import items_with, reached_by
from zhiheng.cmdb.rules import Reached
from zhiheng.platform.grants import visible_to
from zhiheng.records import Panel
from zhiheng.records.panels import RecordPage
from zhiheng.records.routes import record_url


@dataclass(frozen=True, slots=True)
class ReachedItem:
    """A line of the panel."""

    name: str
    url: str
    steps: int
    through: str
    criticality: str


@dataclass(frozen=True, slots=True)
class Impact(Panel):
    """What a failure of the item reaches and what the item rests on; items the person may not see are counted only."""

    template: ClassVar[str] = "cmdb/panels/impact.html"
    most: int = 20

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        reached, rests_on = reached_by(page.record), reached_by(page.record, upstream=True)
        if not reached and not rests_on:
            return None
        ids = {each.item for each in (*reached, *rests_on)}
        seen = visible_to(page.actor, "view", items_with(ids))
        items = {item.pk: item for item in seen}
        names = {page.record.pk: page.record.name} | {pk: item.name for pk, item in items.items()}
        return {
            "sides": [
                {
                    "reaches": reaches,
                    "lines": lines[: self.most],
                    "more": len(lines) - self.most,
                    "hidden": hidden,
                }
                for reaches, lines, hidden in (
                    (True, *self.lines(reached, items, names)),
                    (False, *self.lines(rests_on, items, names)),
                )
                if lines or hidden
            ]
        }

    def lines(
        self, found: Sequence[Reached], items: Mapping[int, ConfigurationItem], names: Mapping[int, str]
    ) -> tuple[list[ReachedItem], int]:
        """The items that are shown, and how many are not."""
        shown = [
            ReachedItem(
                name=items[each.item].name,
                url=record_url(items[each.item]),
                steps=each.steps,
                through=names.get(each.through, "") if each.steps > 1 else "",
                criticality=items[each.item].get_criticality_display(),
            )
            for each in found
            if each.item in items
        ]
        return shown, len(found) - len(shown)
