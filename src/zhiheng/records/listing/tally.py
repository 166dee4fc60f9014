"""How many rows a list would have with each option of one filter: under its other filters, its words and the scope.

Asked for when the form of the filter is opened, never by the list itself. A short list is read once. Of a long one each
count stops at the cap, so that an option reads some thousand rows along an index however many there are; all of them
are one statement, which ends without an answer when its time is up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q

from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import some_visible
from zhiheng.records.filters import ME
from zhiheng.records.listing.count import COUNT_CAP, Count
from zhiheng.records.listing.rows import visible_rows
from zhiheng.records.listing.timelimit import TooSlow, time_limit

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.filters import BoundFilter
    from zhiheng.records.listing.request import ListRequest

GLANCE = 2_000
"""So many of the first rows of the list are looked at before anything is counted."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The values of a filter among the first rows of the list without it; of all its rows where it is `whole`."""

    values: Counter[str] = field(default_factory=Counter)
    whole: bool = False

    def most_common(self, most: int) -> list[str]:
        """The most frequent values, the most frequent first."""
        return [value for value, _times in self.values.most_common(most)]


def glance_at(asked: ListRequest, filter_: BoundFilter, actor: Actor, *, seconds: float) -> Glance:
    """Look at the first rows along the index that the list is read by; at nothing where that takes too long."""
    if filter_.info is None:
        return Glance()
    condition = without(asked, filter_).condition(actor) & asked.matching(actor).condition
    try:
        with time_limit(needed=True, seconds=seconds):
            rows = visible_rows(asked.record_type, actor, condition, asked.order, GLANCE + 1)
            held = list(rows.values_list(filter_.info.lookup, flat=True))
    except TooSlow:
        return Glance()
    return Glance(Counter(str(value) for value in held if value is not None), len(held) <= GLANCE)


def tally(
    asked: ListRequest,
    filter_: BoundFilter,
    values: Sequence[str],
    actor: Actor,
    *,
    glance: Glance,
    seconds: float,
    cap: int = COUNT_CAP,
) -> dict[str, Count]:
    """The count of each value, "so many and more" where counting on would take longer than `seconds`.

    A list that was seen whole needs no statement more. Of a long one the values not frequent among its first rows are
    counted; a value of which nothing is known then has no count.
    """
    seen = {value: glance.values[str(actor.id) if value == ME else value] for value in values}
    if glance.whole:
        return {value: Count(min(number, cap), number > cap) for value, number in seen.items()}
    found = {value: Count(cap if number > cap else number, True) for value, number in seen.items() if number}
    rare = [value for value, number in seen.items() if number <= cap]
    # Of common words only a sample is read at all: more than was seen is not worth as much again for each option.
    if rare and not asked.matching(actor).common:
        found |= _count_each(asked, filter_, rare, actor, seconds=seconds, cap=cap)
    return found


def _count_each(
    asked: ListRequest,
    filter_: BoundFilter,
    values: Sequence[str],
    actor: Actor,
    *,
    seconds: float,
    cap: int,
) -> dict[str, Count]:
    """Each value counted up to the cap along an index, all in one statement; nothing where that takes too long."""
    others = without(asked, filter_).condition(actor) & asked.matching(actor).condition
    parts: list[str] = []
    parameters: list[Any] = []
    for value in values:
        sql, given = _counting(asked, others & _condition(filter_, value, actor), actor, cap + 1)
        parts.append(sql)
        parameters += given
    try:
        with time_limit(needed=True, seconds=seconds), connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(parts)}", parameters)
            found = cursor.fetchone()
    except TooSlow:
        return {}
    return {value: Count(min(number, cap), number > cap) for value, number in zip(values, found, strict=True)}


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
