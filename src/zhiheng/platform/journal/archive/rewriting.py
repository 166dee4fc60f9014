"""Writes a file anew with some entries changed, for erasure. The old file goes when the new one counts for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal.archive import format as layout
from zhiheng.platform.journal.archive import place
from zhiheng.platform.journal.archive.archiving import delete_rows
from zhiheng.platform.journal.archive.checking import refuse_altered
from zhiheng.platform.models.journal import ArchiveFile, Entry

Change = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file that was written beside the one it will replace."""

    file: ArchiveFile
    name: str
    content_sha256: str
    size: int
    blocks: layout.Blocks
    ids: tuple[int, ...]

    def put_in_place(self) -> None:
        """Let it count, in the caller's transaction; the old file is removed after the commit. Raises ArchiveError."""
        held = ArchiveFile.objects.filter(pk=self.file.pk, name=self.file.name, live=True)
        if held.update(name=self.name, sha256=self.content_sha256, size=self.size, blocks=self.blocks) != 1:
            raise place.ArchiveError(
                _("The archive file %(name)s was replaced meanwhile.") % {"name": self.file.name},
                remedy=_("Try again."),
            )
        # Rows that still wait to be deleted hold the old values.
        delete_rows(Entry._meta.db_table, self.ids)
        if self.name != self.file.name:
            transaction.on_commit(lambda: place.remove(self.file.name))

    def withdraw(self) -> None:
        """Remove it: nothing came of it."""
        if self.name != self.file.name:
            place.path_of(self.name).unlink(missing_ok=True)


def rewrite(ids: Collection[int], change: Change) -> list[Replacement]:
    """Write the files that hold these entries anew, with each of them changed. Call it under the lock of files.

    Raises ArchiveUnreadable when a file is missing or is not what was archived, ArchiveError when the disk is full.
    """
    done: list[Replacement] = []
    left = set(ids)
    try:
        for file in ArchiveFile.objects.filter(
            live=True, first_entry__lte=max(ids), last_entry__gte=min(ids)
        ):
            held = {each for each in left if file.first_entry <= each <= file.last_entry}
            if held:
                done.append(_rewritten(file, held, change))
                left -= held
    except BaseException:
        for replacement in done:
            replacement.withdraw()
        raise
    return done


def _rewritten(file: ArchiveFile, ids: Collection[int], change: Change) -> Replacement:
    content = refuse_altered(file)
    directory = layout.directory_of(layout.block_lines(content[sum(file.blocks[-1]) :])[0])
    touched = {directory.places[each] for each in ids}
    marks = {layout.id_mark(each) for each in ids}
    members = []
    for number, (offset, length) in enumerate(file.blocks):
        piece = content[offset : offset + length]
        if number in touched:
            piece = layout.member(
                _changed(text, change) if text[: text.index(b",") + 1] in marks else text
                for text in layout.block_lines(piece)
            )
        members.append(piece)
    whole, blocks = layout.joined(members, directory.places)
    name = place.write_file(whole, first=file.first_entry, last=file.last_entry)
    return Replacement(file, name, hashlib.sha256(whole).hexdigest(), len(whole), blocks, tuple(sorted(ids)))


def _changed(text: bytes, change: Change) -> bytes:
    entry = layout.entry_of(text)
    change(entry)
    return layout.line_of(entry).text
