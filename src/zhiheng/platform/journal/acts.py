"""Acts, the named things that happen.

Their names, versions and payloads are an API: old payloads are upcast on read, never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from zlib import crc32

from django.db import connections, models, router, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import current
from zhiheng.kernel.registry import Registry
from zhiheng.kernel.time import now
from zhiheng.platform.db.buffer import PARTITIONS, Changes, JournalBuffer, Pending
from zhiheng.platform.journal.values import plain

if TYPE_CHECKING:
    RecordRef = models.Model | type[models.Model] | None

Payload = dict[str, Any]
Upcast = Callable[[Payload], Payload]

GENERIC_LABELS = {"created": _("created"), "changed": _("changed"), "deleted": _("deleted")}


@dataclass(frozen=True, slots=True)
class ActType:
    """What is known of an act. `upcasts[v]` turns a payload of version v into one of version v + 1."""

    name: str
    label: str | Promise
    version: int = 1
    upcasts: Mapping[int, Upcast] = field(default_factory=lambda: MappingProxyType({}))
    icon: str = ""
    public: bool = False

    def upcast(self, data: Payload, *, version: int) -> Payload:
        """`data` of an older `version` in today's shape."""
        for step in range(version, self.version):
            data = self.upcasts[step](data)
        return data


acts: Registry[ActType] = Registry("act")


class UnknownAct(LookupError):  # noqa: N818 - read as a statement
    """An act was journaled that nobody registered: its entries would have no name in the timeline."""


def register_act(
    name: str,
    *,
    label: str | Promise,
    version: int = 1,
    upcasts: Mapping[int, Upcast] | None = None,
    icon: str = "",
    public: bool = False,
) -> ActType:
    """Name an act `<app>.<record>.<past tense>`.

    Raises ValueError unless every older version has an upcast.
    """
    steps = dict(upcasts or {})
    missing = sorted(set(range(1, version)) - set(steps))
    if missing:
        raise ValueError(f"act {name} is at version {version} but has no upcast from {missing}")
    known = ActType(name, label, version, MappingProxyType(steps), icon, public)
    if name in acts:
        return acts[name]
    return acts.register(name, known)


def act_type(name: str) -> ActType:
    """The act of that name; created, changed and deleted exist for every record type. Raises UnknownAct."""
    if name in acts:
        return acts[name]
    verb = name.rpartition(".")[2]
    if verb in GENERIC_LABELS:
        return ActType(
            name, GENERIC_LABELS[verb], icon={"created": "plus", "deleted": "trash"}.get(verb, "pencil")
        )
    raise UnknownAct(f"act {name!r} is not registered: call register_act() where the act is journaled")


def record_type_of(record: models.Model | type[models.Model]) -> str:
    """`app.model` of a record, as entries name it."""
    return record._meta.label_lower


def partition_of(record_type: str, record_id: int | None) -> int:
    """All entries of one record fall into one partition. The hash must not depend on the process."""
    return crc32(f"{record_type}:{record_id}".encode()) % PARTITIONS


def buffer_of(using: str) -> JournalBuffer:
    """The journal buffer of a database connection."""
    connection = connections[using]
    if not isinstance(connection, JournalBuffer):
        raise TypeError(f"database {using!r} must use an engine of zhiheng.platform.db")
    return connection


@dataclass(slots=True, eq=False)
class OpenAct:
    """An act in progress. What is put into `data` before the block ends is journaled."""

    entry: Pending
    record: RecordRef
    data: Payload
    occurred_at: datetime | None

    def concerns(self, record: models.Model) -> bool:
        """Whether saving `record` is part of this act rather than a by-effect with an entry of its own."""
        if self.record is record:
            return True
        if not isinstance(self.record, models.Model) or record.pk is None:
            return False
        return self.record.pk == record.pk and record_type_of(self.record) == record_type_of(record)


def pending_entry(
    name: str, record: RecordRef, *, changes: Changes, occurred_at: datetime | None = None
) -> Pending:
    """An entry of act `name` by the current actor. Raises NoActor and UnknownAct."""
    who = current()
    record_type = record_type_of(record) if record is not None else ""
    record_id = record.pk if isinstance(record, models.Model) else None
    return Pending(
        act=name,
        act_version=act_type(name).version,
        actor_kind=who.actor.kind.value,
        actor_id=who.actor.id,
        cause=who.cause.value,
        correlation=who.correlation,
        occurred_at=occurred_at or now(),
        record_type=record_type,
        record_id=record_id,
        partition=partition_of(record_type, record_id),
        changes=changes,
    )


@contextmanager
def act(
    name: str,
    *,
    record: RecordRef,
    data: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
    using: str | None = None,
) -> Iterator[OpenAct]:
    """Do `name` to `record` in one transaction and journal it as one entry.

    Saves of the record inside merge their changes into that entry; other records get entries of their own
    with the same correlation. `record` may be unsaved at the start; a model class stands for all its rows
    (export), None for no record.
    """
    database = using or router.db_for_write(_model_of(record))
    buffer = buffer_of(database)
    with transaction.atomic(using=database):
        entry = pending_entry(name, record, changes={}, occurred_at=occurred_at)
        opened = OpenAct(entry, record, dict(data or {}), occurred_at)
        # The entry takes its place now, so that it stands before the entries of its by-effects.
        buffer.journal_append(entry)
        buffer.journal_acts.append(opened)
        try:
            yield opened
        finally:
            if opened in buffer.journal_acts:
                buffer.journal_acts.remove(opened)
        _complete(opened)


def _model_of(record: RecordRef) -> type[models.Model]:
    if record is None:
        return models.Model
    return record if isinstance(record, type) else type(record)


def _complete(opened: OpenAct) -> None:
    entry = opened.entry
    entry.data = cast(Payload, plain(opened.data))
    if isinstance(opened.record, models.Model):
        if entry.record_id is None:
            entry.record_id = opened.record.pk
        if entry.record_id is None:
            raise RuntimeError(f"act {entry.act} ended but its {entry.record_type} was never saved")
        entry.partition = partition_of(entry.record_type, entry.record_id)


def journal_change(record: models.Model, verb: str, changes: Changes, *, using: str) -> None:
    """Journal a write of `record`: merged into the innermost open act on it, else as `<type>.<verb>`."""
    buffer = buffer_of(using)
    for opened in reversed(buffer.journal_acts):
        if opened.concerns(record):
            buffer.journal_append(opened.entry, changes)
            return
    occurred_at = next((o.occurred_at for o in reversed(buffer.journal_acts) if o.occurred_at), None)
    name = f"{record_type_of(record)}.{verb}"
    buffer.journal_append(pending_entry(name, record, changes=changes, occurred_at=occurred_at))
