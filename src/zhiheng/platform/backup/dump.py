"""Writes a dump: every table in one read snapshot, the files its rows name, signed heads and the keys that check them.

Private keys stay where they are: neither the signing secret nor the journal's private key is in a dump.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from zhiheng import __version__
from zhiheng.kernel.time import now
from zhiheng.platform.backup import manifest as contents
from zhiheng.platform.backup.container import READ_BYTES, Writer, writing
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.manifest import JournalHead, Manifest, TablePart
from zhiheng.platform.backup.schema import LEFT_OUT, Table, applied_migrations, columns_of, tables_at
from zhiheng.platform.backup.snapshot import last_id_of, one_read_snapshot, rows_of
from zhiheng.platform.backup.values import line_of
from zhiheng.platform.files import store
from zhiheng.platform.journal.anchors import AnchorDamaged, anchor_file, public_keys, read_lines
from zhiheng.platform.journal.archive.place import kept_readable, path_of

Tell = Callable[[str], object]
ROWS_A_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Dumped:
    """What was written."""

    path: Path
    rows: int
    files: int
    missing_files: tuple[str, ...]
    size: int


def secret_key_mark() -> str:
    """Tells whether two installations have the same secret key, without saying which."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"zhiheng dump", "sha256").hex()[:16]


def write_dump(target: Path, *, tell: Tell = lambda _line: None) -> Dumped:
    """Write a dump of this installation. Raises BackupError; then nothing is left behind."""
    with writing(target) as writer:
        with kept_readable(), one_read_snapshot():
            migrations = applied_migrations(connection)
            if not migrations:
                raise BackupError(_("the database is empty: there is nothing to back up."))
            tables = tables_at(migrations)
            held = [_add_table(writer, label, table, tell) for label, table in tables.items()]
            head = _head(tables)
            missing = _add_files(writer, tables["platform.storedfile"])
            if "platform.archivefile" in tables:  # an older state has none
                missing += _add_archive(writer, tables["platform.archivefile"])
        anchors = _add_anchors(writer, sealed_to=head.sealed_to)
        writer.finish(
            Manifest(
                product=__version__,
                made_at=f"{now():%Y-%m-%dT%H:%M:%SZ}",
                engine=connection.vendor,
                migrations=migrations,
                tables=held,
                parts=writer.parts,
                journal=JournalHead(head.last_entry, head.sealed_to, head.digest, anchors),
                secret_key=secret_key_mark(),
                left_out=sorted(LEFT_OUT),
                missing_files=missing,
            )
        )
        files = sum(part.name.startswith((contents.FILES, contents.ARCHIVE)) for part in writer.parts)
    rows = sum(table.rows for table in held)
    return Dumped(target, rows, files, tuple(missing), target.stat().st_size)


def _add_table(writer: Writer, label: str, table: Table, tell: Tell) -> TablePart:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        chunk: list[bytes] = []
        for row in rows_of(table):
            chunk.append(line_of(row))
            count += 1
            if len(chunk) == ROWS_A_CHUNK:
                yield b"".join(chunk)
                chunk.clear()
        yield b"".join(chunk)

    columns = [field.attname for field in columns_of(table)]
    writer.add(f"{contents.TABLES}{label}.jsonl", lines())
    if count:
        tell("  " + _("%(table)s: %(count)s rows") % {"table": label, "count": f"{count:,}"})
    return TablePart(label, columns, count, last_id_of(table))


def _head(tables: dict[str, Table]) -> JournalHead:
    entries = tables["platform.entry"]._base_manager.order_by("-pk").values_list("pk", flat=True)
    seals = tables["platform.seal"]._base_manager.order_by("-last_entry").values_list("last_entry", "digest")
    sealed_to, digest = seals.first() or (0, "")
    return JournalHead(entries.first() or sealed_to, sealed_to, digest, 0)


def _add_files(writer: Writer, files: Table) -> list[str]:
    """Add the content of every stored file. Returns the digests whose content is gone from the disk."""
    missing = []
    names = files._base_manager.order_by("sha256").values_list("sha256", flat=True)
    for sha256 in names.iterator(chunk_size=1_000):
        try:
            stream = store.path_of(sha256).open("rb")
        except FileNotFoundError:
            missing.append(sha256)
            continue
        with stream:
            writer.add(f"{contents.FILES}{sha256}", iter(lambda: stream.read(READ_BYTES), b""))  # noqa: B023 - used at once
    return missing


def _add_archive(writer: Writer, files: Table) -> list[str]:
    """Add the files of archived entries. Returns those that are gone from the disk."""
    missing = []
    names = files._base_manager.filter(live=True).order_by("last_entry").values_list("name", flat=True)
    for name in names:
        try:
            stream = path_of(name).open("rb")
        except FileNotFoundError:
            missing.append(f"{contents.ARCHIVE}{name}")
            continue
        with stream:
            writer.add(f"{contents.ARCHIVE}{name}", iter(lambda: stream.read(READ_BYTES), b""))  # noqa: B023 - used at once
    return missing


def _add_anchors(writer: Writer, *, sealed_to: int) -> int:
    """Add the signed heads of seals in the snapshot: later ones would say that the restored journal was cut."""
    kept = [
        line
        for line, anchor in read_lines(anchor_file())
        if isinstance(anchor, AnchorDamaged) or anchor.last_entry <= sealed_to
    ]
    writer.add(contents.ANCHORS, (line.encode() for line in kept))
    for name, pem in public_keys().items():
        writer.add(f"{contents.KEYS}{name}.pem", [pem])
    return len(kept)
