"""Journals what a deletion takes with it: cascades, fast deletes and references set to null."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models.deletion import Collector

from zhiheng.platform.journal.acts import journal_change
from zhiheng.platform.journal.tracking import differences, gone, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable


def journal_deletions(collector: Collector, *, using: str) -> None:
    """Journal every journaled row that `collector` is about to delete or change.

    Call it before `collector.delete()`.
    """
    for (field, value), groups in collector.field_updates.items():
        # Each group is a list or a queryset of rows, whatever the stubs say.
        for row in _rows(chain.from_iterable(cast("Iterable[Iterable[models.Model]]", groups))):
            changes = differences(type(row), snapshot(row), {field.attname: _key(value)}, using=using)
            if changes:
                journal_change(row, "changed", changes, using=using)
    instances: Iterable[models.Model] = chain(
        chain.from_iterable(collector.fast_deletes), chain.from_iterable(collector.data.values())
    )
    for row in _rows(instances):
        journal_change(row, "deleted", gone(type(row), snapshot(row), using=using), using=using)


def _rows(instances: Iterable[models.Model]) -> Iterable[Any]:
    return (row for row in instances if hasattr(row, "journal_omit"))


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
