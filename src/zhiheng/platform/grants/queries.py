"""The only ways to rows: filtered by grant, a page of a list, a yes or no, the second look after a write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import NotAllowed
from zhiheng.platform.grants.branches import branches, reaches

M = TypeVar("M", bound=Model)


def visible_to(actor: Actor, action: str, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows on which the actor may do this: a union of id branches, never an OR of scopes."""
    found = branches(actor, action, queryset.model)
    if found.all:
        return queryset
    if not found:
        return queryset.none()
    conditions = found.qs
    if len(conditions) == 1 and "__" not in "".join(branch.field for branch in found.items):
        return queryset.filter(conditions[0])
    if queryset.query.is_sliced or queryset.query.combinator:
        return queryset.model._base_manager.filter(pk__in=queryset.values("pk")).filter(
            pk__in=_union(queryset.model._base_manager.all(), conditions)
        )
    # The filters go into every branch too: a row asked for by id is looked up by id in each.
    return queryset.filter(pk__in=_union(_plain(queryset), conditions))


def count_visible(actor: Actor, action: str, queryset: QuerySet[M], *, cap: int) -> int:
    """How many rows are visible, counted no further than ``cap``; no branch reads more than that either.

    An order that ``queryset`` brings along stays: it tells the planner which index to count along. Each branch counts
    what no earlier one reaches, all in one statement: a union of their keys would fetch every row once more.
    """
    found = branches(actor, action, queryset.model)
    if found.all or len(found.qs) == 1:
        return visible_to(actor, action, queryset).values("pk")[:cap].count()
    parts: list[str] = []
    parameters: list[Any] = []
    reached = Q()
    for branch, condition in zip(found.items, found.qs, strict=True):
        # A path may lead over a relation of many rows, which a join would count one by one.
        keys = (
            Q(pk__in=_plain(queryset).filter(condition).values("pk")) if "__" in branch.field else condition
        )
        rows = queryset.filter(keys).exclude(reached) if reached else queryset.filter(keys)
        with suppress(EmptyResultSet):
            sql, given = rows.values("pk")[:cap].query.sql_with_params()
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - as the ORM compiled it
            parameters += given
        reached |= keys
    if not parts:
        return 0
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(parts)}", parameters)
        return min(int(cursor.fetchone()[0]), cap)


def some_visible(
    actor: Actor, action: str, queryset: QuerySet[M], *, cap: int
) -> QuerySet[M, dict[str, Any]]:
    """The keys of up to ``cap`` visible rows, in no order, to be counted; no branch reads more than that either."""
    found = branches(actor, action, queryset.model)
    if found.all or len(found.qs) == 1 or not found:
        return visible_to(actor, action, queryset).order_by().values("pk")[:cap]
    plain = _plain(queryset)
    heads = [Q(pk__in=plain.filter(condition).values("pk")[:cap]) for condition in found.qs]
    rows = queryset.model._base_manager.filter(pk__in=_union(queryset.model._base_manager.all(), heads))
    return rows.values("pk")[:cap]


def page_of(
    actor: Actor, action: str, queryset: QuerySet[M], *, order: Sequence[str | OrderBy], limit: int
) -> QuerySet[M]:
    """The first rows in this order. Filter, order and limit run inside every branch: each walks one index.

    ``queryset`` carries the list's filters and, for the next page, the range condition; no order, no slice. With
    several branches the keys are asked for first: joined with the look-ups of the rows in one statement, PostgreSQL
    joined a million rows before it looked at the fifty keys.
    """
    found = branches(actor, action, queryset.model).split()
    if found.all:
        return queryset.order_by(*order)[:limit]
    if not found:
        return queryset.none()
    if len(found.qs) == 1:
        return visible_to(actor, action, queryset).order_by(*order)[:limit]
    plain = _plain(queryset).order_by(*order)
    tops = [Q(pk__in=plain.filter(condition).values("pk")[:limit]) for condition in found.qs]
    rows = queryset.model._base_manager.filter(pk__in=_union(queryset.model._base_manager.all(), tops))
    keys = list(rows.order_by(*order).values_list("pk", flat=True)[:limit])
    return queryset.filter(pk__in=keys).order_by(*order)


def may(actor: Actor, action: str, subject: Model | type[Model]) -> bool:
    """Whether the actor may do this to a record, or to some record of a model. Rarely asks the database."""
    if not isinstance(subject, Model):
        return bool(branches(actor, action, subject))
    found = branches(actor, action, type(subject))
    answer = reaches(found, subject)
    if answer is not None:
        return answer
    rows = type(subject)._base_manager.filter(pk=subject.pk)
    return visible_to(actor, action, rows).exists()


def require(actor: Actor, action: str, subject: Model | type[Model]) -> None:
    """Raise NotAllowed unless the actor may do this."""
    if not may(actor, action, subject):
        raise NotAllowed(
            _("You may not do this here."),
            code="not_allowed",
            remedy=_("Ask the person who administers roles for the permission."),
        )


def second_look(actor: Actor, action: str, instance: Model) -> None:
    """After a write: raise NotAllowed, and so roll back, if the row lies outside what the actor may reach."""
    second_look_many(actor, action, type(instance), [instance.pk])


def second_look_many(actor: Actor, action: str, model: type[Model], ids: Collection[int]) -> None:
    """The second look over a bulk write or an import chunk."""
    if not connections[model._base_manager.db].in_atomic_block:
        raise transaction.TransactionManagementError("a second look only helps inside a transaction")
    wanted = set(ids)
    seen = visible_to(actor, action, model._base_manager.filter(pk__in=wanted)).count()
    if seen != len(wanted):
        raise NotAllowed(
            _("The change would move the record to where you may not work. Nothing was saved."),
            code="out_of_scope",
            remedy=_("Choose a team, organisation or person within your own scope, or use the transfer act."),
        )


def _plain(queryset: QuerySet[M]) -> QuerySet[M]:
    return queryset.select_related(None).prefetch_related(None).defer(None).order_by()


def _union(rows: QuerySet[M], conditions: Sequence[Q]) -> QuerySet[M, dict[str, Any]]:
    first, *others = [rows.order_by().filter(condition).values("pk") for condition in conditions]
    return first.union(*others) if others else first
