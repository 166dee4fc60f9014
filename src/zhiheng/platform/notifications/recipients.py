"""Whom an act concerns, and who may be told of acts that the customer does not see. Domains register both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Model

from zhiheng.kernel.actor import Actor
from zhiheng.platform.journal import EntryView
from zhiheng.platform.notifications.rules import matches

Find = Callable[[EntryView, Model], Iterable[int]]
MayRead = Callable[[Actor, Model], bool]

_finders: dict[tuple[str, Find], None] = {}
_readers: dict[str, MayRead] = {}


def register_recipients(acts: str, find: Find) -> None:
    """Tell the persons whose ids `find(entry, record)` gives of acts with this name or prefix ("desk.ticket.*")."""
    _finders[acts, find] = None


def register_reader(record_type: str, may_read: MayRead) -> None:
    """Say who, among those who may view a record, is told of its acts that are not public."""
    _readers[record_type] = may_read


def concerns_somebody(entry: EntryView) -> bool:
    """Whether any finder wants to see the entry's record."""
    return any(matches(acts, entry.act) for acts, _find in _finders)


def concerned_by(entry: EntryView, record: Model) -> Iterator[int]:
    """Ids of the persons that registered finders name."""
    for acts, find in _finders:
        if matches(acts, entry.act):
            yield from find(entry, record)


def may_be_told(actor: Actor, entry: EntryView, record: Model) -> bool:
    """Whether a person who may view the record may also hear of this act on it."""
    may_read = _readers.get(entry.record_type)
    return entry.public or may_read is None or may_read(actor, record)
