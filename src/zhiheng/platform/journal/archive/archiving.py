"""Moves entries from the table into files: file by file, each whole on disk before one short transaction counts it.

A run that is killed leaves nothing lost and nothing told twice; the next one goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.time import now
from zhiheng.platform.jobs.pace import paced
from zhiheng.platform.journal.acts import act
from zhiheng.platform.journal.archive import format as layout
from zhiheng.platform.journal.archive import place
from zhiheng.platform.journal.archive.acts import ARCHIVED
from zhiheng.platform.journal.archive.planning import Plan, Span, plan_archive
from zhiheng.platform.journal.archive.reading import Blocks, archive_floor, has_archive
from zhiheng.platform.journal.digests import leaf, unpack_leaves
from zhiheng.platform.models.journal import ArchiveFile, ArchiveKey, Entry, Seal

ARCHIVE_LOCK = 6_074_2030
ERASED_ACT = "platform.entry.erased"
IDS_A_READ = 5_000
KEYS_A_READ = 500

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Archived:
    """What a run did. Bytes: of the entries as text, and of the files."""

    plan: Plan
    files: list[ArchiveFile]
    text_bytes: int

    @property
    def entries(self) -> int:
        """How many entries lie in files now that did not before."""
        return sum(file.entries for file in self.files)

    @property
    def file_bytes(self) -> int:
        """What the new files take."""
        return sum(file.size for file in self.files)


def archive_journal(*, before: datetime, tell: Tell = lambda _line: None) -> Archived:
    """Archive what may be archived of the entries recorded before this moment.

    Raises ArchiveError: another run is under way, an entry is not what was sealed, or the disk is full. Files that were
    told of are done.
    """
    if not has_archive() and not (plan := plan_archive(before=before)).files:
        return Archived(plan, [], 0)  # without the folder, readers need not ask whether something is archived
    place.make_folder()
    with place.locked(place.RUN, wait=False):
        tidy()
        plan = plan_archive(before=before)
        files, text_bytes = [], 0
        for span in plan.files:
            with place.locked(place.FILES, wait=True):
                while (made := _file(span, tell)) is None:
                    pass  # something was erased while the file was made: it would hold the old values
            file, size = made
            files.append(file)
            text_bytes += size
            _remove_leftovers()
            told = {
                "first": span.after + 1,
                "last": span.last,
                "name": file.name,
                "size": f"{file.size / 1e6:,.1f}",
            }
            tell("  " + _("entries %(first)s-%(last)s: %(name)s, %(size)s MB") % told)
    return Archived(plan, files, text_bytes)


def tidy() -> None:
    """Finish what a killed run left: files that never counted go, rows of the table that lie in files go."""
    with place.locked(place.FILES, wait=True):
        for file in ArchiveFile.objects.filter(live=False).order_by("-last_entry"):
            forget(file)
        place.sweep(named=set(ArchiveFile.objects.values_list("name", flat=True)))
    _remove_leftovers()


def sweep_archive() -> None:
    """Remove files that were replaced while somebody read them. Does nothing while another run writes."""
    if not has_archive() or not place.folder().exists():
        return
    try:
        with place.locked(place.FILES, wait=False):
            place.sweep(named=set(ArchiveFile.objects.values_list("name", flat=True)))
    except place.ArchiveError:
        return  # the run that holds the lock sweeps itself


def forget(file: ArchiveFile) -> None:
    """Remove a file that does not count: its places, its row, then itself. Call it under the lock of files."""
    paced(list(_places_of(file)), _delete_places)
    file.delete()
    place.remove(file.name)


def _places_of(file: ArchiveFile) -> Iterator[int]:
    try:
        with Blocks(file) as blocks:
            keys = {
                key
                for number in range(len(file.blocks))
                for entry in blocks.entries(blocks.lines(number))
                for key in (
                    layout.record_key(entry.record_type, entry.record_id),
                    layout.operation_key(entry.correlation.hex),
                )
            }
    except place.ArchiveUnreadable:
        # The file went before its row: its places are found the long way.
        yield from ArchiveKey.objects.filter(file=file).values_list("pk", flat=True)
        return
    source = iter(keys)
    while part := list(islice(source, KEYS_A_READ)):
        yield from ArchiveKey.objects.filter(key__in=part, file=file).values_list("pk", flat=True)


def _delete_places(numbers: Sequence[int]) -> None:
    delete_rows(ArchiveKey._meta.db_table, numbers)


def delete_rows(table: str, numbers: Sequence[int]) -> None:
    """Delete rows by id, in the caller's transaction. Entries go here only when they lie in a file."""
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {quoted} WHERE id = ANY(%s)", [list(numbers)])  # noqa: S608 - a model's table
        else:
            cursor.executemany(
                f"DELETE FROM {quoted} WHERE id = %s",  # noqa: S608 - a model's table
                [(number,) for number in numbers],
            )


def _remove_leftovers() -> None:
    """Delete the rows that lie in files: in short transactions with rests, the oldest first."""
    paced(_leftovers(archive_floor()), lambda numbers: delete_rows(Entry._meta.db_table, numbers))


def _leftovers(floor: int) -> Iterator[int]:
    last = 0
    rows = Entry.objects.order_by("pk").values_list("pk", flat=True)
    while part := list(rows.filter(pk__gt=last, pk__lte=floor)[:IDS_A_READ]):
        yield from part
        last = part[-1]


def _file(span: Span, tell: Tell) -> tuple[ArchiveFile, int] | None:
    """Make one file and let it count. Returns it with the bytes of its lines; None if an erasure came between."""
    head = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    entries = _Contents()
    packed = layout.pack(entries.lines(_sealed_entries(span)))
    name = place.write_file(packed.content, first=entries.first, last=span.last)
    tell(f"written {name}")
    file = ArchiveFile(
        first_entry=entries.first,
        last_entry=span.last,
        entries=span.entries,
        recorded_from=entries.recorded_from,
        recorded_to=entries.recorded_to,
        name=name,
        sha256=packed.sha256,
        size=len(packed.content),
        blocks=packed.blocks,
        contents={kind: sorted(names) for kind, names in entries.names.items()},
        archived_at=now(),
    )
    with transaction.atomic(durable=True):
        file.save(force_insert=True)
    tell(f"registered {name}")
    _place(file, packed.keys)
    tell(f"placed {name}")
    if not _count(file, head):
        forget(file)
        return None
    tell(f"counted {name}")
    return file, entries.text_bytes


def _place(file: ArchiveFile, keys: Iterable[tuple[int, int]]) -> None:
    table, columns = connection.ops.quote_name(ArchiveKey._meta.db_table), "(key, file_id, block)"
    number = file.pk

    def insert(part: Sequence[tuple[int, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} {columns} VALUES (%s, %s, %s)",  # noqa: S608 - a model's table
                [(key, number, block) for key, block in part],
            )

    paced(keys, insert)


def _count(file: ArchiveFile, head: int) -> bool:
    """Let a file count, and journal that it does: from now on its entries are read from it.

    The entry also sees to it that the last entry of the journal is always in the table. False if values were erased
    after `head`, while the file was made.
    """
    data = {
        "first": file.first_entry, "last": file.last_entry, "entries": file.entries, "file": file.name,
        "sha256": file.sha256, "bytes": file.size,
    }  # fmt: skip
    with transaction.atomic(durable=True):
        hold_archive()
        if Entry.objects.filter(pk__gt=head, act=ERASED_ACT).exists():
            return False
        with act(ARCHIVED, record=Entry, data=data):
            file.live = True
            file.save(update_fields=["live"])
    return True


def hold_archive() -> None:
    """Keep erasing and counting apart until the transaction ends; SQLite's writers are apart anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ARCHIVE_LOCK])


def _sealed_entries(span: Span) -> Iterator[Entry]:
    """The entries of whole seals, each compared with what was sealed. Raises ArchiveError for one that differs."""
    after = span.after
    seals = Seal.objects.filter(last_entry__gt=span.after, last_entry__lte=span.last).order_by("last_entry")
    for seal in seals.iterator(chunk_size=10):
        leaves = unpack_leaves(bytes(seal.leaves))
        for entry in Entry.objects.filter(pk__gt=after, pk__lte=seal.last_entry).order_by("pk"):
            if leaves.pop(entry.pk, None) != leaf(entry):
                raise _not_sealed_so(entry.pk)
            yield entry
        for missing in leaves:
            raise _not_sealed_so(missing)
        after = seal.last_entry


def _not_sealed_so(entry_id: int) -> place.ArchiveError:
    return place.ArchiveError(
        _("Entry %(entry)s is not what was sealed; neither it nor what follows was archived.")
        % {"entry": entry_id},
        remedy=_("Run: %(command)s") % {"command": "zhiheng journal verify"},
    )


class _Contents:
    """Notes what a file will hold while its lines pass."""

    def __init__(self) -> None:
        self.first = 0
        self.recorded_from = self.recorded_to = now()
        self.names: dict[str, set[str]] = {"acts": set(), "causes": set(), "types": set()}
        self.text_bytes = 0

    def lines(self, entries: Iterable[Entry]) -> Iterator[layout.Line]:
        """The entries as lines."""
        for entry in entries:
            if not self.first:
                self.first = entry.pk
                self.recorded_from = self.recorded_to = entry.recorded_at
            self.recorded_from = min(self.recorded_from, entry.recorded_at)
            self.recorded_to = max(self.recorded_to, entry.recorded_at)
            self.names["acts"].add(entry.act)
            self.names["causes"].add(entry.cause)
            self.names["types"].add(entry.record_type)
            line = layout.line_of(entry)
            self.text_bytes += len(line.text) + 1
            yield line


def database_bytes() -> int:
    """What tables and indexes take in the database, without the room that is free inside it for new rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT (p.page_count - f.freelist_count) * s.page_size"
                       " FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s")  # fmt: skip
        return int(cursor.fetchone()[0])
