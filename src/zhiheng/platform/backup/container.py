"""The file of a dump: a ZIP that any tool opens, written whole or not at all, read with every part checked."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from zhiheng.platform.backup import manifest as contents
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.manifest import Manifest, Part

# Level 6 takes twice the time for a tenth less.
LEVEL = 3
READ_BYTES = 1 << 20
DRAFT = ".zhiheng-dump."


class Writer:
    """Adds parts and remembers their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts: list[Part] = []

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Stream a part into the dump."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name, "w", force_zip64=True) as stream:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                stream.write(chunk)
        self.parts.append(Part(name, size, digest.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Write the table of contents, last: it holds the digests of all parts."""
        self._archive.writestr(contents.NAME, manifest.to_json())


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new dump. It gets its name when it is whole and on disk; whatever breaks off before leaves nothing.

    Raises BackupError when it cannot be written.
    """
    if target.exists():
        raise BackupError(
            _("%(path)s exists already; a dump is never written over. Name another file.") % {"path": target}
        )
    draft = target.with_name(f"{DRAFT}{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        # Passwords' digests and personal data are in it: for its owner only.
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
            draft.rename(target)
        _flush(target.parent)
    except OSError as error:
        raise BackupError(
            _(
                "the dump %(path)s could not be written (%(why)s). Nothing was left behind;"
                " make room, or name another folder: --to FILE"
            )
            % {"path": target, "why": error.strerror or error}
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove drafts of dumps that were killed: nobody holds their lock any more."""
    for path in folder.glob(f"{DRAFT}*"):
        with path.open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            path.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Reader:
    """An open dump."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.manifest = contents.parsed(archive.read(contents.NAME))

    def stream(self, name: str) -> IO[bytes]:
        """A part, decompressed while it is read."""
        return self._archive.open(name)

    def check(self) -> None:
        """Raises BackupError naming the first part that is missing, damaged, or not in the manifest."""
        named = {part.name for part in self.manifest.parts} | {contents.NAME}
        if strange := sorted(set(self._archive.namelist()) - named):
            raise BackupError(
                _("the dump holds %(part)s, which its manifest does not name.") % {"part": strange[0]}
            )
        for part in self.manifest.parts:
            if self._digest(part.name) != (part.size, part.sha256):
                raise BackupError(
                    _("the dump is damaged: %(part)s is not what was written. Take another dump.")
                    % {"part": part.name}
                )

    def _digest(self, name: str) -> tuple[int, str] | None:
        digest, size = hashlib.sha256(), 0
        try:
            with self.stream(name) as stream:
                while block := stream.read(READ_BYTES):
                    digest.update(block)
                    size += len(block)
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError):
            return None
        return size, digest.hexdigest()


@contextmanager
def reading(source: Path) -> Iterator[Reader]:
    """An existing dump. Raises BackupError when the file is missing, cut short or not a dump."""
    if not source.is_file():
        raise BackupError(_("there is no file %(path)s.") % {"path": source})
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise BackupError(
            _("%(path)s is not a whole dump: it was cut short, or it is something else (%(why)s).")
            % {"path": source, "why": error}
        ) from error
    with archive:
        try:
            reader = Reader(archive)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BackupError(
                _("%(path)s is not a dump: %(part)s is missing or damaged.")
                % {"path": source, "part": contents.NAME}
            ) from error
        yield reader
