"""The rows of one page of a list, a capped count, and the time limit for filters that no index serves.

Scopes, order and limit are pushed into each branch of what the person may see by `grants.page_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, TextField

from zhiheng.platform.grants import count_visible, page_of
from zhiheng.records.columns import Column
from zhiheng.records.fields import Kind, field_of
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.listing.keyset import Order
from zhiheng.records.listing.request import ListRequest, chosen_columns, columns_of
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
    columns: Sequence[Column] | None = None,
) -> QuerySet[Any]:
    """The first `limit` rows of the list that the actor may see, read along one index per scope.

    Links are joined for `columns` (default: every column the list may show). Long texts that the list does not show
    are left out unless the records are wanted whole.
    """
    shown = columns_of(record_type) if columns is None or whole else columns
    rows = prepared(record_type, record_type.model._default_manager.filter(condition), shown, whole=whole)
    return page_of(actor, action, rows, order=order.terms(), limit=limit)


def fetch_page(asked: ListRequest, actor: Actor, *, whole: bool = False) -> Page:
    """One page: at most two queries for its rows, however many scopes. Raises InvalidInput, TooSlow."""
    order = asked.order.reversed() if asked.before else asked.order
    place = asked.before or asked.after
    condition = full_condition(asked, actor)
    # What narrows a list mostly leaves so few rows that sorting them is cheaper than asking twice.
    ranges = order.beyond(order.decode(place)) if place else [Q()] if condition else order.segments()
    columns = joined_columns(asked)
    rows: list[Any] = []
    # A common word that few rows of the list hold is looked for in all of them.
    with time_limit(needed=bool(asked.slow) or asked.matching(actor).common):
        for range_ in ranges:
            missing = asked.size + 1 - len(rows)
            if missing > 0:
                rows += visible_rows(
                    asked.record_type, actor, condition & range_, order, missing, whole=whole, columns=columns
                )
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
    """How many rows the list has, counted no further than the cap. Common words are not counted: "0 and more".

    Counted in the order of the list: PostgreSQL would else collect all rows of a team before it counts a thousand.
    """
    words = asked.matching(actor)
    if words.common:
        return Count(0, True)
    rows = asked.record_type.model._default_manager.filter(full_condition(asked, actor)).order_by(
        *asked.order.terms()
    )
    with time_limit(needed=bool(asked.slow)):
        found = count_visible(actor, "view", rows, cap=cap + 1)
    return Count(min(found, cap), found > cap)


def count_beside(page: Page, asked: ListRequest, actor: Actor) -> Count:
    """The count that stands below a page: a list on one page is counted by its rows, and common words by the page."""
    if not (page.older or asked.after or asked.before):
        return Count(len(page.rows), False)
    count = count_rows(asked, actor)
    return Count(max(count.value, len(page.rows)), count.capped)


def joined_columns(asked: ListRequest) -> list[Column]:
    """The columns whose links a page joins: those it shows, and those shown at first, which name the record."""
    first = [column for column in columns_of(asked.record_type) if column.shown]
    return [*first, *(column for column in chosen_columns(asked) if column not in first)]


def prepared(
    record_type: RecordType, rows: QuerySet[Any], columns: Sequence[Column], *, whole: bool
) -> QuerySet[Any]:
    """The rows with the links of some columns joined, and, unless whole, without long texts that no column shows."""
    links = [path for column in columns if (path := link_of(record_type, column))]
    shown = {column.name.split(".", 1)[0] for column in columns_of(record_type)}
    long = [
        field.name
        for field in record_type.model._meta.concrete_fields
        if isinstance(field, TextField) and field.name not in shown
    ]
    joined = rows.select_related(*links) if links else rows
    return joined.defer(*long) if long and not whole else joined


def link_of(record_type: RecordType, column: Column) -> str:
    """The relation that a column reads, as the ORM writes it; "" for a column of the table itself."""
    if column.value is not None:
        return ""
    info = field_of(record_type, column.name)
    return info.lookup if info.kind is Kind.RELATION else "__".join(info.path.split(".")[:-1])
