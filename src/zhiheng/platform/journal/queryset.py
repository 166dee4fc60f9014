"""The queryset of journaled models: bulk writes journal every row they touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction
from django.db.models.deletion import Collector

from zhiheng.platform.journal.acts import buffer_of, journal_change
from zhiheng.platform.journal.deletion import journal_deletions
from zhiheng.platform.journal.tracking import TrackedModel, born, differences, snapshot

Record = TypeVar("Record", bound=TrackedModel)
# Keys in one IN list; SQLite refuses more than 32,766 variables.
KEYS_A_STATEMENT = 500


@contextmanager
def journaling(using: str) -> Iterator[None]:
    """One transaction around a write and its entries."""
    with transaction.atomic(using=using, savepoint=False):
        yield
    buffer_of(using).journal_settle()


class JournaledQuerySet(models.QuerySet[Record]):
    """Like Django's, with one entry per row.

    Upserts are refused: the database does not say which rows they changed.
    """

    def bulk_create(self, objs: Iterable[Record], *args: Any, **kwargs: Any) -> list[Record]:
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts") or len(args) > 1:
            raise TypeError(
                "bulk_create() of a journaled model cannot ignore or update conflicts: look rows up first"
            )
        with journaling(self.db):
            records = super().bulk_create(objs, *args, **kwargs)
            for record in records:
                record._loaded = after = snapshot(record)
                journal_change(record, "created", born(self.model, after, using=self.db), using=self.db)
        return records

    def bulk_update(
        self, objs: Iterable[Record], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        records, names = list(objs), list(fields)
        with journaling(self.db):
            before = self._rows_before([record.pk for record in records], names)
            count = self._plain().bulk_update(records, names, batch_size=batch_size)
            self._journal_updated(before, names)
        for record in records:
            record._loaded = record._loaded | snapshot(record, names)
        return count

    def update(self, **kwargs: Any) -> int:
        names = list(kwargs)
        with journaling(self.db):
            locked = (
                self.order_by().select_for_update(of=("self",))
                if not self.query.distinct
                else self.order_by()
            )
            keys = list(locked.values_list("pk", flat=True))
            before = self._rows_before(keys, names)
            for part in _parts(keys):
                self._plain().filter(pk__in=part).update(**kwargs)
            self._journal_updated(before, names)
        return len(keys)

    update.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.query.is_sliced or self.query.distinct or self.query.values_select:
            raise TypeError("delete() works on whole records: no slices, distinct() or values()")
        with journaling(self.db):
            collector = Collector(using=self.db, origin=self)
            collector.collect(self.all().select_for_update().order_by())
            journal_deletions(collector, using=self.db)
            counted = collector.delete()
        self._result_cache = None
        return counted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _plain(self) -> models.QuerySet[Record]:
        return models.QuerySet(self.model, using=self.db)

    def _rows_before(self, keys: Sequence[Any], names: Collection[str]) -> dict[Any, Record]:
        """The rows as they are, locked until commit."""
        rows: dict[Any, Record] = {}
        for part in _parts(keys):
            found = self._plain().filter(pk__in=part).select_for_update().only("pk", *names).order_by("pk")
            rows.update({row.pk: row for row in found})
        return rows

    def _journal_updated(self, before: dict[Any, Record], names: Collection[str]) -> None:
        for part in _parts(list(before)):
            for row in self._plain().filter(pk__in=part).only("pk", *names).order_by("pk"):
                old = snapshot(before[row.pk], names)
                changes = differences(self.model, old, snapshot(row, names), using=self.db)
                if changes:
                    journal_change(row, "changed", changes, using=self.db)


def _parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[first : first + KEYS_A_STATEMENT] for first in range(0, len(keys), KEYS_A_STATEMENT))


if TYPE_CHECKING:
    # The checker cannot follow a class made at run time; rows come out of it typed by their model.
    _Manager = models.Manager
else:
    _Manager = models.Manager.from_queryset(JournaledQuerySet)


class JournaledManager(_Manager[Record]):
    """The manager of journaled models. It never filters: related access and cascades go through it."""
