"""Restores a dump into an empty database: checked first, marked while it runs, verified at the end."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from zhiheng.kernel.time import now
from zhiheng.platform.backup import manifest as contents
from zhiheng.platform.backup.container import READ_BYTES, Reader, reading
from zhiheng.platform.backup.dump import secret_key_mark
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.load import clear_tables, load_table
from zhiheng.platform.backup.manifest import Manifest
from zhiheng.platform.backup.schema import tables_at, targets_of
from zhiheng.platform.backup.target import claim_target, release_target
from zhiheng.platform.files import store
from zhiheng.platform.journal.anchors import AnchorDamaged, anchor_file, keep_public_key
from zhiheng.platform.journal.archive import place as archive
from zhiheng.platform.journal.verification import Verification, verify_journal

Tell = Callable[[str], object]
SHA256 = re.compile(r"[0-9a-f]{64}")
ARCHIVE_NAME = re.compile(r"\d{12}-\d{12}-[0-9a-f]{16}\.jsonl\.gz")
KEY_NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `other_secret_key`: second factors cannot be read under the key of this installation."""

    manifest: Manifest
    rows: int
    files: int
    journal: Verification
    other_secret_key: bool


def restore_dump(source: Path, *, tell: Tell = lambda _line: None) -> Restored:
    """Restore everything, bring it to this version and verify the journal.

    Raises BackupError: before anything is written when the dump is damaged or the database is not empty; later, the
    database stays marked as unfinished and can be restored into again.
    """
    with _alone(), reading(source) as dump:
        manifest = dump.manifest
        targets = targets_of(manifest.migrations)
        tell(_("checking every part of the dump"))
        dump.check()
        claim_target(source.name)
        try:
            files = _restore_files(dump) + _restore_archive(dump)
            _restore_anchors(dump)
            rows = _restore_tables(dump, targets, tell)
            call_command("migrate", interactive=False, verbosity=0)
        except OSError as error:
            raise BackupError(
                _("the restore broke off (%(why)s). Make room and run it again.")
                % {"why": error.strerror or error}
            ) from error
        tell(_("verifying the journal"))
        outcome = verify_journal()
        release_target()
    return Restored(manifest, rows, files, outcome, manifest.secret_key != secret_key_mark())


@contextmanager
def _alone() -> Iterator[None]:
    """A second restore at the same time would take the first for one that broke off."""
    with (Path(settings.HOME) / ".restore.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(_("another restore is running.")) from None
        yield


def _restore_tables(dump: Reader, targets: list[tuple[str, str]], tell: Tell) -> int:
    tell(_("making the tables"))
    MigrationExecutor(connection).migrate(targets)
    tables = tables_at(dump.manifest.migrations)
    parts = {part.label: part for part in dump.manifest.tables}
    if set(parts) != set(tables):
        raise BackupError(
            _("the dump lacks tables, or has unknown ones: %(tables)s.")
            % {"tables": ", ".join(sorted(set(parts) ^ set(tables)))}
        )
    rows = 0
    # SQLite checks foreign keys once at the end; PostgreSQL at each commit, which the order of the tables allows.
    with connection.constraint_checks_disabled():
        clear_tables(list(tables.values()))
        for label, table in tables.items():
            part = parts[label]
            with dump.stream(part.part) as stream:
                count = load_table(table, part, stream)
            if count != part.rows:
                raise BackupError(
                    _("%(table)s: %(count)s rows loaded, the manifest says %(expected)s.")
                    % {"table": label, "count": f"{count:,}", "expected": f"{part.rows:,}"}
                )
            if count:
                tell("  " + _("%(table)s: %(count)s rows") % {"table": label, "count": f"{count:,}"})
            rows += count
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise BackupError(
            _("rows refer to rows that are not in the dump: %(why)s") % {"why": error}
        ) from error
    return rows


def _restore_files(dump: Reader) -> int:
    count = 0
    for part in dump.manifest.parts:
        folder, _slash, sha256 = part.name.partition("/")
        if f"{folder}/" != contents.FILES:
            continue
        if not SHA256.fullmatch(sha256) or part.sha256 != sha256:
            raise BackupError(_("%(part)s is not named after its content.") % {"part": part.name})
        with dump.stream(part.name) as stream:
            store.put_back(sha256, iter(lambda: stream.read(READ_BYTES), b""))
        count += 1
    return count


def _restore_archive(dump: Reader) -> int:
    """Put the files of archived entries in place. Those of another journal that lie there are kept beside."""
    names = {
        part.name.removeprefix(contents.ARCHIVE): part
        for part in dump.manifest.parts
        if part.name.startswith(contents.ARCHIVE)
    }
    if strange := sorted(name for name in names if not ARCHIVE_NAME.fullmatch(name)):
        raise BackupError(
            _("%(part)s is not a name of an archive file.") % {"part": f"{contents.ARCHIVE}{strange[0]}"}
        )
    folder = archive.folder()
    if folder.is_dir() and {path.name for path in folder.glob(f"*{archive.SUFFIX}")} - set(names):
        folder.rename(folder.with_name(f"{folder.name}.before-restore-{now():%Y%m%dT%H%M%S%f}"))
    if names:
        archive.make_folder()
    for name in names:
        with dump.stream(f"{contents.ARCHIVE}{name}") as stream:
            archive.put_back(name, stream)
    return len(names)


def _restore_anchors(dump: Reader) -> None:
    """Put the dump's signed heads in place. Those of another journal that lie there are kept beside."""
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with dump.stream(contents.ANCHORS) as stream:
        heads = stream.read()
    if path.exists() and path.read_bytes() != heads:
        path.rename(path.with_name(f"{path.name}.before-restore-{now():%Y%m%dT%H%M%S%f}"))
    path.touch(mode=0o600)
    path.write_bytes(heads)
    for part in dump.manifest.parts:
        folder, _slash, name = part.name.partition("/")
        if f"{folder}/" == contents.KEYS and KEY_NAME.fullmatch(name.removesuffix(".pem")):
            try:
                with dump.stream(part.name) as stream:
                    keep_public_key(stream.read())
            except AnchorDamaged as error:
                raise BackupError(f"{part.name}: {error}") from error
