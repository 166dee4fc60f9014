"""Builds a snapshot of the mirror: tables whole, entries by month (only new ones where that is enough), then facts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from zhiheng.indicators.mirror import scans, store
from zhiheng.indicators.mirror.archive import archived_entries, archived_parts
from zhiheng.indicators.mirror.database import DatabaseSnapshot, one_snapshot, restored
from zhiheng.indicators.mirror.sources import (
    SOURCES,
    Kind,
    MirrorColumn,
    MirrorTable,
    mirrored_record_types,
    mirrored_tables,
)
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import now, to_epoch
from zhiheng.platform.jobs import checkpoint, progress
from zhiheng.platform.journal.archive.place import kept_readable

ENTRY_TABLE = "platform_entry"
# `changes` stays behind: it may hold what people wrote, and no figure needs it.
ENTRY_COLUMNS = (
    MirrorColumn("id", Kind.INT, null=False),
    MirrorColumn("occurred_at", Kind.TIME, null=False),
    MirrorColumn("recorded_at", Kind.TIME, null=False),
    MirrorColumn("actor_kind", Kind.TEXT, null=False),
    MirrorColumn("actor_id", Kind.INT),
    MirrorColumn("cause", Kind.TEXT, null=False),
    MirrorColumn("act", Kind.TEXT, null=False),
    MirrorColumn("record_type", Kind.TEXT, null=False),
    MirrorColumn("record_id", Kind.INT, null=False),
    MirrorColumn("data", Kind.TEXT, null=False),
)
# Old entries change only by erasure: what was mirrored before is read again at least this often.
FULL_AFTER_S = 86_400
# What is held at once, so that the size of a database does not decide how much memory a snapshot takes.
ENTRIES_AT_ONCE = 500_000
ROW_GROUP = 122_880
MEMORY, THREADS = "512MB", 2
MONTH = "strftime(make_timestamp(recorded_at * 1000000), '%Y-%m')"


def refresh(
    *, cut_s: int | None = None, full: bool = False, prepare: Callable[[store.Manifest], None] | None = None
) -> store.Manifest:
    """Read the database once, write a snapshot beside the current one, and swap the pointer when it is whole.

    `cut_s` is the moment up to which things count as known, now unless given; `prepare` is called with the snapshot
    before anybody is shown it. Raises what reading and preparing raise; the current snapshot then stays.
    """
    built_at_s = to_epoch(now())
    before = None if full else _continued(built_at_s)
    draft = store.draft_directory()
    try:
        head = _copy_database(draft, before)
        progress(done=2, total=3)
        checkpoint()
        cut = built_at_s if cut_s is None else cut_s
        _write_facts(draft, cut)
        progress(done=3, total=3)
        files = _parts(draft, before)
        manifest = store.Manifest(
            id=f"{built_at_s}-{head}-{new_correlation().hex[-8:]}",
            format=store.FORMAT,
            built_at_s=built_at_s,
            cut_s=cut,
            full_at_s=built_at_s if before is None else before.full_at_s,
            head=head,
            tables=_schema(),
            files=files,
            hash=store.digest_of_parts(files),
        )
        store.place(draft, manifest)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _show(manifest, prepare)
    return manifest


def _show(manifest: store.Manifest, prepare: Callable[[store.Manifest], None] | None) -> None:
    try:
        if prepare is not None:
            prepare(manifest)
        store.point_to(manifest)
    except BaseException:
        shutil.rmtree(manifest.path, ignore_errors=True)
        raise


def _continued(built_at_s: int) -> store.Manifest | None:
    """The current snapshot, if its entries can be kept and only new ones added."""
    held = store.current()
    fits = (
        held is not None
        and held.format == store.FORMAT
        and held.tables == _schema()
        and built_at_s - held.full_at_s < FULL_AFTER_S
    )
    return held if fits else None


def _schema() -> dict[str, list[str]]:
    tables = {table.name: [column.name for column in table.columns] for table in mirrored_tables()}
    return {**tables, ENTRY_TABLE: [column.name for column in ENTRY_COLUMNS] + list(mirrored_record_types())}


def _copy_database(draft: Path, before: store.Manifest | None) -> int:
    (draft / "tables").mkdir()
    (draft / "entries").mkdir()
    if before is not None:
        shutil.copytree(before.path / "entries", draft / "entries", dirs_exist_ok=True, copy_function=os.link)
    with kept_readable(), one_snapshot() as snapshot, working(draft) as writer:
        head = snapshot.number(f"select coalesce(max(id), 0) from {ENTRY_TABLE}")  # noqa: S608 - a constant
        known = before.head if before else 0
        if before is not None and head < known:
            raise RuntimeError(
                "the journal ends before the mirror: the database is another one; build it in full"
            )
        for part in archived_parts(snapshot, after=known, entries_at_once=ENTRIES_AT_ONCE):
            source = archived_entries(part, ENTRY_COLUMNS, mirrored_record_types())
            _copy_entries(writer, draft, known=part.after, source=source)
            # What lies in files is not read from the table, where some of it may still wait to be deleted.
            known = part.last
        for low in range(known, head, ENTRIES_AT_ONCE):
            _write_entries(snapshot, writer, draft, known=low, head=min(low + ENTRIES_AT_ONCE, head))
        progress(done=1, total=3)
        for table in mirrored_tables():
            _write_table(snapshot, writer, draft, table)
    return head


def _write_entries(
    snapshot: DatabaseSnapshot, writer: duckdb.DuckDBPyConnection, draft: Path, *, known: int, head: int
) -> None:
    kinds = ", ".join(f"'{name}'" for name in mirrored_record_types())
    reader = snapshot.read(
        ENTRY_TABLE, ENTRY_COLUMNS, where=f"id > {known} and id <= {head} and record_type in ({kinds})"
    )
    writer.register("stream", reader)
    _copy_entries(writer, draft, known=known, source=f"select {restored(ENTRY_COLUMNS)} from stream")  # noqa: S608
    writer.unregister("stream")


def _copy_entries(writer: duckdb.DuckDBPyConnection, draft: Path, *, known: int, source: str) -> None:
    """Write the entries after `known` that a query gives."""
    folder = draft / "entries" / f"{known + 1:020d}"
    writer.execute(
        f"copy (select *, {MONTH} as month from ({source}) order by month, record_type, record_id, id)"  # noqa: S608 - columns of ours
        f" to '{_literal(folder)}' (format parquet, partition_by (month), compression zstd)"
    )


def _write_table(
    snapshot: DatabaseSnapshot, writer: duckdb.DuckDBPyConnection, draft: Path, table: MirrorTable
) -> None:
    writer.register("stream", snapshot.read(table.name, table.columns))
    writer.execute(
        f"copy (select {restored(table.columns)} from stream)"  # noqa: S608 - names of our models
        f" to '{_literal(draft / 'tables' / table.name)}.parquet' (format parquet, compression zstd)"
    )
    writer.unregister("stream")


def _write_facts(draft: Path, cut_s: int) -> None:
    folder = draft / "facts"
    folder.mkdir()
    with working(draft) as connection:
        open_tables(connection, draft)
        for source in SOURCES.values():
            _write_source(folder, source.build(connection, cut_s))
    with working(draft) as connection:
        scans.write(connection, draft)


def _write_source(folder: Path, parts: Iterator[tuple[str, pa.Table]]) -> None:
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for name, part in parts:
            if name not in writers:
                path = folder / f"{name}.parquet"
                if path.exists():
                    raise RuntimeError(f"two sources of facts fill the table {name}")
                writers[name] = stack.enter_context(pq.ParquetWriter(path, part.schema, compression="zstd"))
            writers[name].write_table(part, row_group_size=ROW_GROUP)


@contextmanager
def working(draft: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database to work in, on disk beside the draft: it takes what does not fit into memory, and goes afterwards."""
    folder = draft / "work"
    folder.mkdir()
    try:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": THREADS,
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spilled"),
        }
        with duckdb.connect(folder / "work.duckdb", config=settings) as connection:
            yield connection
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def open_tables(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Show the mirrored tables as views of their database names, and the journal as `entries`."""
    for table in mirrored_tables():
        path = _literal(snapshot / "tables" / f"{table.name}.parquet")
        connection.execute(f"create view {table.name} as select * from read_parquet('{path}')")  # noqa: S608
    files = sorted((snapshot / "entries").rglob("*.parquet"))
    if files:
        names = ", ".join(f"'{_literal(path)}'" for path in files)
        connection.execute(f"create view entries as select * from read_parquet([{names}])")  # noqa: S608
    else:
        empty = pa.schema(
            [
                (column.name, pa.string() if column.kind is Kind.TEXT else pa.int64())
                for column in ENTRY_COLUMNS
            ]
        ).empty_table()
        connection.register("entries", empty)


def _parts(draft: Path, before: store.Manifest | None) -> list[store.FilePart]:
    known = {part.path: part for part in before.files} if before else {}
    return [_part(draft, path, known) for path in sorted(draft.rglob("*.parquet"))]


def _part(draft: Path, path: Path, known: dict[str, store.FilePart]) -> store.FilePart:
    name = path.relative_to(draft).as_posix()
    # Entry files are never written twice: the name of a linked one stands for its content.
    if name.startswith("entries/") and name in known:
        return known[name]
    return store.FilePart(name, pq.read_metadata(path).num_rows, store.digest_of(path))


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")
