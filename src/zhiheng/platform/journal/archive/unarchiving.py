"""Takes entries back from files into the table, the newest file first: the archive stays a prefix of the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zhiheng.platform.jobs.pace import paced
from zhiheng.platform.journal.acts import act
from zhiheng.platform.journal.archive import place
from zhiheng.platform.journal.archive.acts import UNARCHIVED
from zhiheng.platform.journal.archive.archiving import forget, hold_archive, tidy
from zhiheng.platform.journal.archive.checking import refuse_altered
from zhiheng.platform.journal.archive.reading import entries_of
from zhiheng.platform.models.journal import ArchiveFile, Entry

GRACE_S = 1.0
"""Between the rows being in the table and the file no longer counting: a page that had read the table before it had
them, and asks for files only now, still finds the file."""


@dataclass(slots=True)
class Unarchived:
    """What was taken back."""

    files: list[str] = field(default_factory=list)
    entries: int = 0


def unarchive_journal(
    *, since: datetime | None = None, tell: Callable[[str], object] = lambda _line: None
) -> Unarchived:
    """Take back the files that hold entries recorded at `since` or later; all of them by default.

    Raises ArchiveError: another run is under way, a file is missing or is not what was archived.
    """
    done = Unarchived()
    if not place.folder().exists() and not ArchiveFile.objects.exists():
        return done
    place.make_folder()
    with place.locked(place.RUN, wait=False):
        tidy()
        for file in ArchiveFile.objects.filter(live=True).order_by("-last_entry"):
            if since is not None and file.recorded_to < since:
                break
            with place.locked(place.FILES, wait=True):
                file.refresh_from_db()  # an erasure may have replaced it
                _take_back(file, tell)
            done.files.append(file.name)
            done.entries += file.entries
            span = {"first": file.first_entry, "last": file.last_entry}
            tell("  " + _("entries %(first)s-%(last)s: back in the table") % span)
    return done


def _take_back(file: ArchiveFile, tell: Callable[[str], object]) -> None:
    refuse_altered(file)
    # At any moment the table holds the end of the journal without a gap: readers that found enough there stop.
    paced(entries_of(file, newest_first=True), _insert)
    tell(f"returned {file.name}")
    time.sleep(GRACE_S)
    data = {"first": file.first_entry, "last": file.last_entry, "entries": file.entries, "file": file.name}
    with transaction.atomic(durable=True):
        hold_archive()
        with act(UNARCHIVED, record=Entry, data=data):
            file.live = False
            file.save(update_fields=["live"])
    tell(f"uncounted {file.name}")
    forget(file)


def _insert(entries: Sequence[Entry]) -> None:
    # A run that was killed may have put some there already.
    Entry._base_manager.bulk_create(entries, ignore_conflicts=True)
