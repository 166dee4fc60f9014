"""The rows of one page of a list, a capped count, and the time limit for filters that no index serves.

Scopes, order and limit are pushed into each branch of what the person may see by `grants.page_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, TextField

from zhiheng.platform.grants import count_visible, page_of
from zhiheng.records.fields import Kind, field_of
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.listing.keyset import Order
from zhiheng.records.listing.request import ListRequest, columns_of
from zhiheng.records.listing.timelimit import time_limit

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and the cursors of its neighbours."""

    rows: list[Any]
    newer: str = ""
    older: str = ""


def visible_rows(
    record_type: RecordType,
    actor: Actor,
    condition: Q,
    order: Order,
    limit: int,
    *,
    action: str = "view",
    whole: bool = False,
) -> QuerySet[Any]:
    """The first `limit` rows of the list that the actor may see, read along one index per scope.

    Long texts that the list does not show are left out unless the records are wanted whole.
    """
    rows = prepared(record_type, record_type.model._default_manager.filter(condition), whole=whole)
    return page_of(actor, action, rows, order=order.terms(), limit=limit)


def fetch_page(asked: ListRequest, actor: Actor, *, whole: bool = False) -> Page:
    """One page: at most two queries for its rows, however many scopes. Raises InvalidInput, TooSlow."""
    order = asked.order.reversed() if asked.before else asked.order
    place = asked.before or asked.after
    ranges = order.beyond(order.decode(place)) if place else [Q()]
    condition = full_condition(asked, actor)
    rows: list[Any] = []
    with time_limit(needed=bool(asked.slow)):
        for range_ in ranges:
            missing = asked.size + 1 - len(rows)
            if missing > 0:
                found = visible_rows(
                    asked.record_type, actor, condition & range_, order, missing, whole=whole
                )
                rows += list(found)
    more = len(rows) > asked.size
    rows = rows[: asked.size]
    if asked.before:
        rows.reverse()
        return Page(
            rows, newer=_cursor(asked.order, rows, 0, more), older=_cursor(asked.order, rows, -1, bool(rows))
        )
    return Page(
        rows, newer=_cursor(asked.order, rows, 0, bool(place)), older=_cursor(asked.order, rows, -1, more)
    )


def _cursor(order: Order, rows: list[Any], index: int, wanted: bool) -> str:
    return order.encode(order.cursor(rows[index])) if wanted and rows else ""


def full_condition(asked: ListRequest, actor: Actor) -> Q:
    """Filters, tab and words together."""
    return asked.condition(actor) & asked.matching(actor).condition


def count_rows(asked: ListRequest, actor: Actor, *, cap: int = COUNT_CAP) -> Count:
    """How many rows the list has, counted no further than the cap; of common words, at least how many."""
    words = asked.matching(actor)
    condition = asked.condition(actor) & words.sample
    rows = asked.record_type.model._default_manager.filter(condition).order_by()
    with time_limit(needed=bool(asked.slow)):
        found = count_visible(actor, "view", rows, cap=cap + 1)
    return Count(min(found, cap), found > cap or words.common)


def prepared(record_type: RecordType, rows: QuerySet[Any], *, whole: bool) -> QuerySet[Any]:
    """The rows with the links a list shows joined, and, unless whole, without long texts that it does not show."""
    links: list[str] = []
    shown: set[str] = set()
    for column in columns_of(record_type):
        shown.add(column.name.split(".", 1)[0])
        if column.value is not None:
            continue
        info = field_of(record_type, column.name)
        path = info.lookup if info.kind is Kind.RELATION else "__".join(info.path.split(".")[:-1])
        if path:
            links.append(path)
    long = [
        field.name
        for field in record_type.model._meta.concrete_fields
        if isinstance(field, TextField) and field.name not in shown
    ]
    joined = rows.select_related(*links) if links else rows
    return joined.defer(*long) if long and not whole else joined
