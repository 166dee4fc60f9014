"""Loading history: entries in bulk, with times of their own and cause `history`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from zhiheng.kernel.actor import SYSTEM, Actor, Cause, current
from zhiheng.kernel.time import EPOCH
from zhiheng.platform.db.buffer import Changes, Pending, as_json, new_salt
from zhiheng.platform.journal.acts import act_type, buffer_of, partition_of

ENTRIES_A_TRANSACTION = 2_000
NOTHING = as_json({})


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


class Step(NamedTuple):
    """One act of a record's past. `changes` and `data` must be plain JSON already (see `journal.values.plain`)."""

    occurred_at: datetime
    data: Mapping[str, Any]
    changes: Changes = {}


def append_history(entries: Iterable[NewEntry], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Append entries in the order given, all with the current correlation. Returns their number.

    Outside a transaction it commits every 2,000 entries; inside one it joins it.
    """
    correlation = current().correlation
    source = iter(entries)
    count = 0
    while batch := list(islice(source, ENTRIES_A_TRANSACTION)):
        with transaction.atomic(using=using):
            append_encoded([_pending(entry, correlation) for entry in batch], using=using)
        count += len(batch)
    return count


def encode_history(
    steps: Iterable[Step], *, act: str, record_type: str, record_id: int, using: str = DEFAULT_DB_ALIAS
) -> list[Pending]:
    """The past of one record as entries of the system, worked out to the last column but the time of recording.

    So `append_encoded` leaves nothing but inserts to the transaction.
    """
    buffer, correlation = buffer_of(using), current().correlation
    template = _pending(NewEntry(act, record_type, record_id, EPOCH), correlation)
    _, *fixed, _changes, _data, _salt = buffer.journal_encoded(template)
    entries = []
    for occurred_at, data, changes in steps:
        entry = Pending(
            act, template.act_version, template.actor_kind, template.actor_id, template.cause, correlation,
            occurred_at, record_type, record_id, template.partition, changes, dict(data),
        )  # fmt: skip
        entry.encoded = (
            _adapted(using, occurred_at), *fixed, as_json(changes) if changes else NOTHING, as_json(data), new_salt(),
        )  # fmt: skip
        entries.append(entry)
    return entries


@lru_cache(maxsize=65_536)
def _adapted(using: str, moment: datetime) -> Any:
    """A moment as the engine wants it. Of those of a log most occur several times."""
    return connections[using].ops.adapt_datetimefield_value(moment)


def append_encoded(entries: Iterable[Pending], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Append entries, in the order given, in the caller's transaction."""
    buffer = buffer_of(using)
    for entry in entries:
        buffer.journal_append(entry)


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
