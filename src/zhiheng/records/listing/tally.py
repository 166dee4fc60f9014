"""How many rows a list would have with each option of one filter: under its other filters, its words and the scope.

Asked for when the form of the filter is opened, never by the list itself. Each count stops at the cap, so that an
option reads some thousand rows along an index however many there are; all of them are one statement, which ends
without an answer when its time is up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import some_visible
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.listing.rows import visible_rows
from zhiheng.records.listing.timelimit import TooSlow, time_limit

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.filters import BoundFilter
    from zhiheng.records.listing.request import ListRequest

SAMPLE = 2_000
"""So many of the first rows of the list say which options are frequent in it."""


def tally(
    asked: ListRequest,
    filter_: BoundFilter,
    values: Sequence[str],
    actor: Actor,
    *,
    seconds: float,
    cap: int = COUNT_CAP,
) -> dict[str, Count]:
    """The count of each value; empty where counting would take longer than `seconds`."""
    words = asked.matching(actor)
    others = without(asked, filter_).condition(actor) & words.sample
    parts: list[str] = []
    parameters: list[Any] = []
    for value in values:
        sql, given = _counting(asked, others & _condition(filter_, value, actor), actor, cap + 1)
        parts.append(sql)
        parameters += given
    if not parts:
        return {}
    try:
        with time_limit(needed=True, seconds=seconds), connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(parts)}", parameters)
            found = cursor.fetchone()
    except TooSlow:
        return {}
    return {
        value: Count(min(number, cap), number > cap or (words.common and number > 0))
        for value, number in zip(values, found, strict=True)
    }


def frequent(
    asked: ListRequest, filter_: BoundFilter, actor: Actor, *, most: int, seconds: float
) -> list[Any]:
    """The values most frequent among the first rows of the list without this filter, the most frequent first."""
    assert filter_.info is not None
    others = without(asked, filter_)
    condition = others.condition(actor) & asked.matching(actor).condition
    try:
        with time_limit(needed=True, seconds=seconds):
            rows = visible_rows(asked.record_type, actor, condition, asked.order, SAMPLE)
            held = Counter(rows.values_list(filter_.info.lookup, flat=True))
    except TooSlow:
        return []
    return [value for value, _times in held.most_common(most + 1) if value is not None][:most]


def without(asked: ListRequest, filter_: BoundFilter) -> ListRequest:
    """The same list without what this filter asks."""
    return replace(
        asked,
        applied=tuple(each for each in asked.applied if each.filter.name != filter_.name),
        slow=tuple(each for each in asked.slow if each.filter.name != filter_.name),
    )


def _condition(filter_: BoundFilter, value: str, actor: Actor) -> Q:
    try:
        return filter_.condition_of(value, actor)
    except InvalidInput:
        return Q(pk__in=())


def _counting(asked: ListRequest, condition: Q, actor: Actor, most: int) -> tuple[str, Sequence[Any]]:
    """One column of the statement: how many rows meet the condition, up to `most`."""
    rows = asked.record_type.model._default_manager.filter(condition).order_by()
    try:
        sql, parameters = some_visible(actor, "view", rows, cap=most).query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(select count(*) from ({sql}) as counted)", parameters  # noqa: S608 - Django wrote it, values apart
