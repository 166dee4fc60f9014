"""Archived entries for the mirror: DuckDB reads the files of the journal's archive as they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhiheng.indicators.mirror.database import DatabaseSnapshot
from zhiheng.indicators.mirror.sources import Kind, MirrorColumn
from zhiheng.platform.journal.archive.place import ArchiveUnreadable, path_of
from zhiheng.platform.models import ArchiveFile

_FILE_COLUMNS = (
    MirrorColumn("id", Kind.INT, null=False),
    MirrorColumn("first_entry", Kind.INT, null=False),
    MirrorColumn("last_entry", Kind.INT, null=False),
    MirrorColumn("entries", Kind.INT, null=False),
    MirrorColumn("name", Kind.TEXT, null=False),
    MirrorColumn("live", Kind.BOOL, null=False),
)
_READ = {Kind.INT: "bigint", Kind.TIME: "bigint", Kind.TEXT: "varchar", Kind.BOOL: "boolean"}
_GIVEN = {Kind.TIME: "{0} // 1000000", Kind.TEXT: "nullif(cast({0} as varchar), '')"}


@dataclass(frozen=True, slots=True)
class ArchivedPart:
    """Entries after `after` up to `last`, and the files that hold them."""

    after: int
    last: int
    names: tuple[str, ...]


def archived_parts(snapshot: DatabaseSnapshot, *, after: int, entries_at_once: int) -> Iterator[ArchivedPart]:
    """What lies in files of the entries after `after`, as the snapshot has it, in order.

    Raises ArchiveUnreadable when a file is missing.
    """
    with snapshot.read(ArchiveFile._meta.db_table, _FILE_COLUMNS) as reader:
        rows = sorted(
            (row for row in reader.read_all().to_pylist() if row["live"] and row["last_entry"] > after),
            key=lambda row: int(row["last_entry"]),
        )
    names: list[str] = []
    held, begun = 0, after
    for row in rows:
        if not path_of(row["name"]).is_file():
            raise ArchiveUnreadable(
                row["name"], first=row["first_entry"], last=row["last_entry"], why="No such file or directory"
            )
        names.append(row["name"])
        held += row["entries"]
        if held >= entries_at_once or row is rows[-1]:
            yield ArchivedPart(begun, row["last_entry"], tuple(names))
            names, held, begun = [], 0, row["last_entry"]


def archived_entries(part: ArchivedPart, columns: Sequence[MirrorColumn], record_types: Sequence[str]) -> str:
    """A query in DuckDB's dialect for these columns of the entries of some record types, as from the table."""
    files = ", ".join(_quoted(str(path_of(name))) for name in part.names)
    # What people wrote is JSON whose text is wanted as it stands, not taken apart.
    types = ", ".join(
        f"{column.name}: '{'json' if column.name == 'data' else _READ[column.kind]}'" for column in columns
    )
    chosen = ", ".join(
        f"{_GIVEN.get(column.kind, '{0}').format(column.name)} as {column.name}" for column in columns
    )
    kinds = ", ".join(_quoted(name) for name in record_types)
    return (
        f"select {chosen} from read_json([{files}], format = 'newline_delimited', compression = 'gzip',"  # noqa: S608
        f" columns = {{{types}}}) where id > {part.after} and id <= {part.last} and record_type in ({kinds})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
