"""Reading entries: upcast, with the label of their act, newest first or in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, router
from django.utils.functional import Promise

from zhiheng.kernel.actor import Actor, ActorKind, Cause
from zhiheng.platform.db.buffer import Changes, Pending, settled
from zhiheng.platform.journal.acts import ActType, UnknownAct, act_type, buffer_of, record_type_of
from zhiheng.platform.journal.archive.reading import (
    archived_entry,
    archived_of_operation,
    archived_of_record,
)
from zhiheng.platform.journal.values import REVISION
from zhiheng.platform.models.journal import Entry, Revision


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as readers and handlers get it. `id` is None while its transaction is open."""

    id: int | None
    act: str
    label: str | Promise
    icon: str
    public: bool
    occurred_at: datetime
    recorded_at: datetime | None
    actor: Actor
    cause: Cause
    record_type: str
    record_id: int | None
    correlation: UUID
    changes: Changes
    data: Mapping[str, Any]


def view_of(entry: Entry | Pending) -> EntryView:
    """The entry with its payload in today's shape.

    An act that a removed plugin journaled keeps its name as label.
    """
    try:
        kind = act_type(entry.act)
    except UnknownAct:
        kind = ActType(entry.act, entry.act, version=entry.act_version)
    return EntryView(
        id=entry.pk if isinstance(entry, Entry) else None,
        act=entry.act,
        label=kind.label,
        icon=kind.icon,
        public=kind.public,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        actor=Actor(ActorKind(entry.actor_kind), entry.actor_id),
        cause=Cause(entry.cause),
        record_type=entry.record_type,
        record_id=entry.record_id,
        correlation=entry.correlation,
        changes=entry.changes,
        data=kind.upcast(entry.data, version=entry.act_version),
    )


def entries_for(
    record: models.Model,
    *,
    limit: int | None = None,
    before_id: int | None = None,
    public: bool | None = None,
) -> list[EntryView]:
    """The entries of a record, newest first, with those that wait for the open transaction to commit."""
    record_type = record_type_of(record)
    pending = (
        settled(buffer_of(router.db_for_write(type(record))).journal_pending) if before_id is None else []
    )
    waiting = [entry for entry in pending if (entry.record_type, entry.record_id) == (record_type, record.pk)]
    rows = Entry.objects.filter(record_type=record_type, record_id=record.pk).order_by("-id")
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    stored = list(rows if limit is None else rows[:limit])
    if limit is None or len(stored) < limit:
        older = archived_of_record(record_type, record.pk)
        stored = _once(stored, (entry for entry in older if before_id is None or entry.pk < before_id))
    views = [*map(view_of, reversed(waiting)), *map(view_of, stored)]
    if public is not None:
        views = [view for view in views if view.public is public]
    return views if limit is None else views[:limit]


def entries_of_operation(correlation: UUID, *, limit: int | None = None) -> list[EntryView]:
    """Everything one operation did, in order; the first `limit` of it, as loading a history is one operation too."""
    stored = list(Entry.objects.filter(correlation=correlation).order_by("id")[:limit])
    found = _once(stored, archived_of_operation(correlation, limit=limit))
    return [view_of(entry) for entry in [*reversed(found)][:limit]]


def _once(stored: Iterable[Entry], archived: Iterable[Entry]) -> list[Entry]:
    """Newest first; an entry that lies in the table and in a file is told once, as the file has it."""
    found = {entry.pk: entry for entry in stored} | {entry.pk: entry for entry in archived}
    return [found[number] for number in sorted(found, reverse=True)]


def entry_with(entry_id: int) -> EntryView:
    """The entry of that id. Raises Entry.DoesNotExist."""
    return view_of(stored_entry(entry_id))


def stored_entry(entry_id: int) -> Entry:
    """The entry of that id from the table or the archive. Raises Entry.DoesNotExist."""
    try:
        return Entry.objects.get(pk=entry_id)
    except Entry.DoesNotExist:
        archived = archived_entry(entry_id)
        if archived is None:
            raise
        return archived


def full_text(value: Any) -> Any:
    """A value of `changes`, with the text of its revision if it is a reference; None if that was erased."""
    if isinstance(value, dict) and REVISION in value:
        return Revision.objects.filter(pk=value[REVISION]).values_list("text", flat=True).first()
    return value
