"""Journals what a deletion takes with it: cascades, fast deletes and references set to null."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, cast

from django.db import models
from django.db.models.deletion import Collector

from zhiheng.platform.journal.acts import journal_change
from zhiheng.platform.journal.tracking import TrackedModel, differences, gone, snapshot

ROWS_A_READ = 500


def journal_deletions(collector: Collector, *, using: str) -> None:
    """Journal every journaled row that `collector` is about to delete or change: call it just before."""
    for (field, value), groups in collector.field_updates.items():
        # Each group is a list or a queryset of rows, whatever the stubs say.
        rows = chain.from_iterable(cast("Iterable[Iterable[models.Model]]", groups))
        for row in _whole_rows(rows, using=using):
            changes = differences(type(row), snapshot(row), {field.attname: _key(value)}, using=using)
            if changes:
                journal_change(row, "changed", changes, using=using)
    doomed = chain(chain.from_iterable(collector.fast_deletes), chain.from_iterable(collector.data.values()))
    for row in _whole_rows(doomed, using=using):
        journal_change(row, "deleted", gone(type(row), snapshot(row), using=using), using=using)


def _whole_rows(rows: Iterable[models.Model], *, using: str) -> Iterator[TrackedModel]:
    """The journaled ones among `rows`, read again.

    The collector leaves out the columns it does not need itself.
    """
    keys: dict[type[models.Model], list[Any]] = {}
    for row in rows:
        if hasattr(row, "journal_omit"):
            keys.setdefault(type(row), []).append(row.pk)
    for model, wanted in keys.items():
        for first in range(0, len(wanted), ROWS_A_READ):
            part = model._base_manager.using(using).filter(pk__in=wanted[first : first + ROWS_A_READ])
            yield from cast("Iterable[TrackedModel]", part.order_by("pk"))


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
