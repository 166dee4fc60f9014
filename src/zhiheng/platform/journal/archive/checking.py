"""Whether the files of the archive are what was archived, for verification and before anything is done with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import Text
from zhiheng.platform.journal.archive import format as layout
from zhiheng.platform.journal.archive.place import ArchiveUnreadable, path_of
from zhiheng.platform.models.journal import ArchiveFile, ArchiveKey, Entry

KEYS_A_READ = 500


def refuse_altered(file: ArchiveFile) -> bytes:
    """The content of a file. Raises ArchiveUnreadable when it is missing or has another digest."""
    try:
        content = path_of(file.name).read_bytes()
    except OSError as error:
        raise _unreadable(file, error.strerror or str(error)) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise _unreadable(file, _("it is not what was written"))
    return content


def _unreadable(file: ArchiveFile, why: Text) -> ArchiveUnreadable:
    return ArchiveUnreadable(file.name, first=file.first_entry, last=file.last_entry, why=why)


def missing_files() -> list[str]:
    """The names of files that rows name and that are not there, or not whole."""
    rows = ArchiveFile.objects.filter(live=True).order_by("last_entry").values_list("name", "size")
    return [name for name, size in rows if not _is_whole(path_of(name), size)]


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


class OpenFile:
    """One file while it is verified: its lines by id, and what is wrong with it as a whole."""

    def __init__(self, file: ArchiveFile) -> None:
        self.file = file
        self.lines: dict[int, bytes] = {}
        self.problems: list[str] = []
        try:
            content = path_of(file.name).read_bytes()
        except FileNotFoundError:
            self.problems.append(self._said(_("is missing")))
            return
        except OSError as error:
            self.problems.append(self._said(_("cannot be read (%(why)s)") % {"why": error.strerror or error}))
            return
        if hashlib.sha256(content).hexdigest() != file.sha256:
            self.problems.append(
                self._said(_("is not what was written: it was altered, or another lies in its place"))
            )
        try:
            self._open(content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.problems.append(self._said(_("cannot be read (%(why)s)") % {"why": error}))

    def _said(self, what: Text) -> str:
        file = self.file
        named = {"name": file.name, "first": file.first_entry, "last": file.last_entry, "what": what}
        return _("archive file %(name)s with entries %(first)s-%(last)s %(what)s") % named

    def _open(self, content: bytes) -> None:
        *texts, last = layout.lines_in(content)
        directory = layout.directory_of(last)
        for text in texts:
            self.lines[int(text[text.index(b":") + 1 : text.index(b",")])] = text
        if directory.blocks != self.file.blocks or list(directory.places) != sorted(self.lines):
            self.problems.append(self._said(_("has another directory than its row or its lines")))
        if not self._places_fit(directory):
            self.problems.append(self._said(_("is not indexed as it was: timelines may lack entries")))

    def _places_fit(self, directory: layout.Directory) -> bool:
        """Whether every record and operation in the file is led to every block that holds it."""
        wanted: set[tuple[int, int]] = set()
        for text in self.lines.values():
            entry = layout.entry_of(text)
            block = directory.places[entry.pk]
            wanted.add((layout.record_key(entry.record_type, entry.record_id), block))
            wanted.add((layout.operation_key(entry.correlation.hex), block))
        keys = iter({key for key, _block in wanted})
        while part := list(islice(keys, KEYS_A_READ)):
            rows = ArchiveKey.objects.filter(key__in=part, file=self.file)
            wanted.difference_update(rows.values_list("key", "block"))
        return not wanted

    def entries(self, *, after: int, last: int) -> Iterator[Entry]:
        """The entries of a part, in order. A line that is no entry is left out, and so found to be missing."""
        for number in sorted(number for number in self.lines if after < number <= last):
            try:
                yield layout.entry_of(self.lines[number])
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
