"""Loading history: entries in bulk, with times of their own and cause `history`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction

from zhiheng.kernel.actor import SYSTEM, Actor, Cause, current
from zhiheng.platform.db.buffer import Changes, Pending
from zhiheng.platform.journal.acts import act_type, buffer_of, partition_of

ENTRIES_A_TRANSACTION = 2_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry of the past. `changes` and `data` must be plain JSON already (see `journal.values.plain`)."""

    act: str
    record_type: str
    record_id: int
    occurred_at: datetime
    actor: Actor = SYSTEM
    changes: Changes = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def append_history(entries: Iterable[NewEntry], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Append entries in the order given, all with the current correlation. Returns their number.

    Outside a transaction it commits every 2,000 entries; inside one it joins it.
    """
    correlation = current().correlation
    source = iter(entries)
    count = 0
    while batch := list(islice(source, ENTRIES_A_TRANSACTION)):
        with transaction.atomic(using=using):
            buffer = buffer_of(using)
            for entry in batch:
                buffer.journal_append(_pending(entry, correlation))
        count += len(batch)
    return count


def _pending(entry: NewEntry, correlation: UUID) -> Pending:
    return Pending(
        act=entry.act,
        act_version=act_type(entry.act).version,
        actor_kind=entry.actor.kind.value,
        actor_id=entry.actor.id,
        cause=Cause.HISTORY.value,
        correlation=correlation,
        occurred_at=entry.occurred_at,
        record_type=entry.record_type,
        record_id=entry.record_id,
        partition=partition_of(entry.record_type, entry.record_id),
        changes=entry.changes,
        data=dict(entry.data),
    )
