"""Erases a person's data from entries on request.

The chain still verifies, and each erasure is an entry itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal.acts import act, record_type_of, register_act
from zhiheng.platform.journal.digests import ERASED, commitment, erased_commitment, salt_of, values_of
from zhiheng.platform.journal.values import REVISION
from zhiheng.platform.models.journal import Entry, Revision

ERASURE = register_act("platform.entry.erased", label=_("personal data erased"), icon="eraser")
ENTRIES_AN_ERASURE = 500

Paths = Collection[str]


def erase_record(*, record: models.Model, fields: Collection[str] | None = None, reason: str) -> int:
    """Erase what entries of `record` say about `fields` (default: everything).

    Returns how many entries changed.

    `fields` name columns (in `changes`) and keys of `data` alike. The record itself is for its domain to
    clear.
    """
    rows = Entry.objects.filter(record_type=record_type_of(record), record_id=record.pk).order_by("id")
    wanted = ((entry, _paths(entry, fields)) for entry in rows.exclude(act=ERASURE.name).iterator())
    return erase_values(wanted, record=record, reason=reason)


def _paths(entry: Entry, fields: Collection[str] | None) -> list[str]:
    return [path for path, _value in values_of(entry) if fields is None or path.partition(".")[2] in fields]


def erase_values(wanted: Iterable[tuple[Entry, Paths]], *, record: models.Model, reason: str) -> int:
    """Erase the values at these paths of these entries, on behalf of `record`.

    Raises KeyError for a path not there.
    """
    source = ((entry, _present(entry, paths)) for entry, paths in wanted)
    filled = ((entry, paths) for entry, paths in source if paths)
    count = 0
    while batch := list(islice(filled, ENTRIES_AN_ERASURE)):
        listed = {str(entry.pk): sorted(paths) for entry, paths in batch}
        data = {"reason": reason, "entries": listed}
        with act(ERASURE.name, record=record, data=data):
            for entry, paths in batch:
                _erase(entry, paths)
        count += len(batch)
    return count


def _present(entry: Entry, paths: Paths) -> list[str]:
    values = dict(values_of(entry))
    return [path for path in paths if erased_commitment(values[path]) is None]


def _erase(entry: Entry, paths: Paths) -> None:
    """Replace values by their commitments; keep the salts of the others, destroy the seed of all."""
    salts: dict[str, str] = {}
    for path, value in list(values_of(entry)):
        if path in paths:
            _erase_revisions(value)
            left = {ERASED: commitment(entry, path, value)}
            column, _dot, name = path.partition(".")
            if column == "changes":
                entry.changes[name] = [left, left]
            else:
                entry.data[name] = left
        elif erased_commitment(value) is None:
            salts[path] = salt_of(entry, path).hex()
    rows = Entry._base_manager.filter(pk=entry.pk)
    rows.update(changes=entry.changes, data=entry.data, salt=b"", salts=salts)


def _erase_revisions(value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and REVISION in item:
            Revision.objects.filter(pk=item[REVISION]).update(text=None)
