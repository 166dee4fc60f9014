"""Entries out of archive files: of a record, of an operation, by id, newest first, or all of a file in order.

Files are found through rows and read block by block. A file that was replaced between the two (an erasure) is looked
up once more. Entries of a record also lie in the table for a while: ask the table first, then here, and leave out what
was seen. Whoever asks in the other order can miss entries that move in between.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Max, Min, Sum

from zhiheng.platform.journal.archive import format as layout
from zhiheng.platform.journal.archive.place import ArchiveUnreadable, folder, path_of
from zhiheng.platform.models.journal import ArchiveFile, ArchiveKey, Entry

Found = TypeVar("Found")
Keep = Callable[[Entry], bool]

_seen: set[Path] = set()


def has_archive() -> bool:
    """Whether anything was ever archived here. Asks the disk, not the database; once seen, it is not forgotten."""
    path = folder()
    if path not in _seen:
        if not os.path.lexists(path):
            return False
        _seen.add(path)
    return True


def archive_floor() -> int:
    """The last entry that lies in a file, 0 for none: all up to it are read from files, all after from the table."""
    if not has_archive():
        return 0
    return ArchiveFile.objects.filter(live=True).aggregate(floor=Max("last_entry"))["floor"] or 0


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """How much is archived."""

    files: int
    entries: int
    size: int
    last_entry: int
    since: datetime
    until: datetime


def archive_state() -> ArchiveState | None:
    """How much is archived; None for nothing. Asks the database also where the folder is gone."""
    held = ArchiveFile.objects.filter(live=True).aggregate(
        files=Count("id"), entries=Sum("entries"), size=Sum("size"), last_entry=Max("last_entry"),
        since=Min("recorded_from"), until=Max("recorded_to"),
    )  # fmt: skip
    return ArchiveState(**held) if held["files"] else None


def archived_of_record(record_type: str, record_id: int | None) -> list[Entry]:
    """The archived entries of a record, newest first. One query, and one small read for each file they lie in."""
    return _by_key(
        layout.record_key(record_type, record_id),
        layout.record_mark(record_type, record_id),
        lambda entry: (entry.record_type, entry.record_id) == (record_type, record_id),
    )


def archived_of_operation(correlation: UUID, *, limit: int | None = None) -> list[Entry]:
    """The archived entries of an operation, or the first `limit` of them, newest first.

    One query, one small read for each block they lie in.
    """
    return _by_key(
        layout.operation_key(correlation.hex),
        layout.correlation_mark(correlation.hex),
        lambda entry: entry.correlation == correlation,
        limit=limit,
    )


def _by_key(key: int, mark: bytes, keep: Keep, *, limit: int | None = None) -> list[Entry]:
    def look() -> list[Entry]:
        wanted: dict[int, tuple[ArchiveFile, list[int]]] = {}
        places = ArchiveKey.objects.filter(key=key, file__live=True).select_related("file")
        for place in places:
            wanted.setdefault(place.file_id, (place.file, []))[1].append(place.block)
        found: list[Entry] = []
        for file, numbers in sorted(wanted.values(), key=lambda pair: pair[0].first_entry):
            more = None if limit is None else limit - len(found)
            if more == 0:
                break
            with Blocks(file) as blocks:
                texts = [text for number in numbers for text in blocks.lines(number) if mark in text]
                kept = (entry for entry in blocks.entries(sorted(texts, key=_id_in)) if keep(entry))
                found += islice(kept, more)
        return found[::-1]

    return _twice(look) if has_archive() else []


def archived_entry(entry_id: int) -> Entry | None:
    """The archived entry of that id, if it lies in a file. One query, two small reads."""

    def look() -> Entry | None:
        for file in ArchiveFile.objects.filter(
            live=True, first_entry__lte=entry_id, last_entry__gte=entry_id
        ):
            with Blocks(file) as blocks:
                number = blocks.directory().places.get(entry_id)
                if number is not None:
                    mark = layout.id_mark(entry_id)
                    [entry] = blocks.entries(text for text in blocks.lines(number) if text.startswith(mark))
                    return entry
        return None

    return _twice(look) if has_archive() else None


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in files: `keep` decides, `acts`, `causes` and `types` say which files cannot answer."""

    keep: Keep
    could_hold: Callable[[ArchiveFile], bool]
    look: Callable[[], object]
    """Called between two blocks; may raise to stop."""


def archived_before(before: int | None, *, limit: int, search: Search | None = None) -> list[Entry]:
    """Up to `limit` archived entries below `before`, newest first, of those that `search` keeps."""

    def look() -> list[Entry]:
        files = ArchiveFile.objects.filter(live=True).order_by("-last_entry")
        if before is not None:
            files = files.filter(first_entry__lt=before)
        found: list[Entry] = []
        for file in files.iterator(chunk_size=20):
            if search is None or search.could_hold(file):
                found += islice(_newest(file, before, limit - len(found), search), limit - len(found))
            if len(found) == limit:
                break
        return found

    return _twice(look) if has_archive() else []


def _newest(file: ArchiveFile, before: int | None, limit: int, search: Search | None) -> list[Entry]:
    with Blocks(file) as blocks:
        if search is not None:
            found = []
            for number in range(len(file.blocks)):
                search.look()
                found += [entry for entry in blocks.entries(blocks.lines(number)) if search.keep(entry)]
        else:
            places = blocks.directory().places
            ids = sorted((each for each in places if before is None or each < before), reverse=True)[:limit]
            marks = {layout.id_mark(each) for each in ids}
            texts = (
                text
                for number in sorted({places[each] for each in ids})
                for text in blocks.lines(number)
                if text[: text.index(b",") + 1] in marks
            )
            found = list(blocks.entries(texts))
    return sorted(
        (entry for entry in found if before is None or entry.pk < before), key=lambda entry: -entry.pk
    )


def archived_after(position: int, keep: Keep) -> tuple[list[Entry], int]:
    """What a handler that went back gets next: the kept entries after `position` of the first file that has any,
    in order, and the last entry of that file; `position` itself when nothing after it is archived."""

    def look() -> tuple[list[Entry], int]:
        file = ArchiveFile.objects.filter(live=True, last_entry__gt=position).order_by("last_entry").first()
        if file is None:
            return [], position
        return [entry for entry in entries_of(file) if entry.pk > position and keep(entry)], file.last_entry

    return _twice(look) if has_archive() else ([], position)


def entries_of(file: ArchiveFile, *, newest_first: bool = False) -> Iterator[Entry]:
    """All entries of a file in order. Raises ArchiveUnreadable."""
    with Blocks(file) as blocks:
        texts = sorted(
            (text for number in range(len(file.blocks)) for text in blocks.lines(number)),
            key=_id_in,
            reverse=newest_first,
        )
        yield from blocks.entries(texts)


def _id_in(text: bytes) -> int:
    return int(text[text.index(b":") + 1 : text.index(b",")])


def _twice(look: Callable[[], Found]) -> Found:
    """Look once more when a file went away: an erasure replaces it, and the rows name the new one by then."""
    try:
        return look()
    except ArchiveUnreadable as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return look()
        raise


class Blocks:
    """An open archive file. Raises ArchiveUnreadable where it is missing or damaged."""

    def __init__(self, file: ArchiveFile) -> None:
        self._file = file

    def __enter__(self) -> Blocks:
        try:
            self._stream = path_of(self._file.name).open("rb", buffering=0)
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        return self

    def __exit__(self, *_error: object) -> None:
        self._stream.close()

    def lines(self, number: int) -> list[bytes]:
        """The lines of one block."""
        try:
            offset, length = self._file.blocks[number]
            return layout.block_lines(os.pread(self._stream.fileno(), length, offset))
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise self._unreadable(str(error)) from error

    def directory(self) -> layout.Directory:
        """Which id lies in which block."""
        try:
            offset = sum(self._file.blocks[-1])
            return layout.directory_of(
                layout.block_lines(os.pread(self._stream.fileno(), self._file.size - offset, offset))[0]
            )
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise self._unreadable(str(error)) from error

    def entries(self, texts: Iterable[bytes]) -> Iterator[Entry]:
        """The entries of lines."""
        try:
            for text in texts:
                yield layout.entry_of(text)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unreadable(str(error)) from error

    def _unreadable(self, why: str) -> ArchiveUnreadable:
        file = self._file
        return ArchiveUnreadable(file.name, first=file.first_entry, last=file.last_entry, why=why)
