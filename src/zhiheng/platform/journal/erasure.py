"""Erases a person's data from entries on request.

The chain still verifies, and each erasure is an entry itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal.acts import act, record_type_of, register_act
from zhiheng.platform.journal.archive.archiving import hold_archive
from zhiheng.platform.journal.archive.place import FILES, locked
from zhiheng.platform.journal.archive.reading import archive_floor, archived_of_record
from zhiheng.platform.journal.archive.rewriting import Replacement, rewrite
from zhiheng.platform.journal.digests import ERASED, commitment, erased_commitment, salt_of, values_of
from zhiheng.platform.journal.values import REVISION
from zhiheng.platform.models.journal import Entry, Revision

ERASURE = register_act("platform.entry.erased", label=_("personal data erased"), icon="eraser")
ENTRIES_AN_ERASURE = 500

Paths = Collection[str]


def erase_record(*, record: models.Model, fields: Collection[str] | None = None, reason: str) -> int:
    """Erase what entries of `record` say about `fields` (default: everything), also in the archive.

    Returns how many entries changed.

    `fields` name columns (in `changes`) and keys of `data` alike. The record itself is for its domain to
    clear.
    """
    record_type = record_type_of(record)
    rows = Entry.objects.filter(record_type=record_type, record_id=record.pk)
    found = {entry.pk: entry for entry in rows.iterator()}
    found |= {entry.pk: entry for entry in archived_of_record(record_type, record.pk)}
    wanted = (found[number] for number in sorted(found) if found[number].act != ERASURE.name)
    return erase_values(((entry, _paths(entry, fields)) for entry in wanted), record=record, reason=reason)


def _paths(entry: Entry, fields: Collection[str] | None) -> list[str]:
    return [path for path, _value in values_of(entry) if fields is None or path.partition(".")[2] in fields]


def erase_values(wanted: Iterable[tuple[Entry, Paths]], *, record: models.Model, reason: str) -> int:
    """Erase the values at these paths of these entries, on behalf of `record`.

    Raises KeyError for a path not there, ArchiveError when a file of archived entries cannot be read or written: then
    nothing of that batch was erased.
    """
    source = ((entry, _present(entry, paths)) for entry, paths in wanted)
    filled = ((entry, paths) for entry, paths in source if paths)
    count = 0
    while batch := list(islice(filled, ENTRIES_AN_ERASURE)):
        listed = {str(entry.pk): sorted(paths) for entry, paths in batch}
        while not _erase_batch(batch, record=record, data={"reason": reason, "entries": listed}):
            pass  # some were archived, or taken back, while it waited
        count += len(batch)
    return count


def _present(entry: Entry, paths: Paths) -> list[str]:
    values = dict(values_of(entry))
    return [path for path in paths if erased_commitment(values[path]) is None]


def _erase_batch(batch: Sequence[tuple[Entry, Paths]], *, record: models.Model, data: dict[str, Any]) -> bool:
    """Erase values where they lie, in one transaction. False, and nothing done, when entries moved meanwhile."""
    floor = archive_floor()
    archived = {entry.pk: paths for entry, paths in batch if entry.pk <= floor}
    stored = [(entry, paths) for entry, paths in batch if entry.pk > floor]
    if not archived:
        return _erase_stored(stored, (), floor, record=record, data=data)
    with locked(FILES, wait=not connection.in_atomic_block):
        if archive_floor() != floor:
            return False
        gone: list[Any] = []
        replacements = rewrite(archived, lambda entry: gone.extend(_blank(entry, archived[entry.pk])))
        try:
            done = _erase_stored(stored, replacements, floor, record=record, data=data, revisions=gone)
        except BaseException:
            for replacement in replacements:
                replacement.withdraw()
            raise
        if not done:
            for replacement in replacements:
                replacement.withdraw()
        return done


def _erase_stored(
    stored: Sequence[tuple[Entry, Paths]],
    replacements: Iterable[Replacement],
    floor: int,
    *,
    record: models.Model,
    data: dict[str, Any],
    revisions: Sequence[Any] = (),
) -> bool:
    with transaction.atomic():
        hold_archive()
        if archive_floor() != floor:
            return False
        with act(ERASURE.name, record=record, data=data):
            for value in revisions:
                _erase_revisions(value)
            for entry, paths in stored:
                for value in _blank(entry, paths):
                    _erase_revisions(value)
                rows = Entry._base_manager.filter(pk=entry.pk)
                rows.update(changes=entry.changes, data=entry.data, salt=b"", salts=entry.salts)
            for replacement in replacements:
                replacement.put_in_place()
    return True


def _blank(entry: Entry, paths: Paths) -> list[Any]:
    """Replace values by their commitments; keep the salts of the others, destroy the seed of all.

    Returns the values that were there. Nothing is stored here.
    """
    salts: dict[str, str] = {}
    gone = []
    for path, value in list(values_of(entry)):
        if path in paths and erased_commitment(value) is None:
            gone.append(value)
            left = {ERASED: commitment(entry, path, value)}
            column, _dot, name = path.partition(".")
            if column == "changes":
                entry.changes[name] = [left, left]
            else:
                entry.data[name] = left
        elif erased_commitment(value) is None:
            salts[path] = salt_of(entry, path).hex()
    entry.salt, entry.salts = b"", salts
    return gone


def _erase_revisions(value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and REVISION in item:
            Revision.objects.filter(pk=item[REVISION]).update(text=None)
