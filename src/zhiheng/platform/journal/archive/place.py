"""Where archive files lie: `archive/` in the home folder, or where a link of that name leads; locks and sweeping.

Three locks, which end with their process: `.run` (one archiving or taking back at a time), `.files` (one writer of
files, for seconds), `.readers` (held together by those who read for long: nothing they may still read is removed).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import Conflict, Text

RUN, FILES, READERS = ".run", ".files", ".readers"
DRAFT = ".draft-"
SUFFIX = ".jsonl.gz"
ORPHAN_S = 3_600.0
"""A file that no row names is left so long: the transaction that names it may not have ended."""


class ArchiveError(Conflict):
    """Entries could not be archived or taken back; what was done before stays whole."""

    default_code = "archive"


class ArchiveUnreadable(ArchiveError):  # noqa: N818 - read as a statement
    """A file of the archive is missing or was damaged."""

    default_code = "archive_unreadable"
    status = 503

    def __init__(self, name: str, *, first: int, last: int, why: Text) -> None:
        super().__init__(
            _("The archive file %(name)s with the entries %(first)s to %(last)s cannot be read: %(why)s.")
            % {"name": name, "first": first, "last": last, "why": why},
            remedy=_("Put the file back from a backup into the folder archive/; then verify the journal."),
        )
        self.first = first


def folder() -> Path:
    """The folder of the archive."""
    return Path(settings.HOME) / "archive"


def path_of(name: str) -> Path:
    """Where a file lies."""
    return folder() / Path(name).name


def make_folder() -> None:
    """Make the folder. From then on readers look into the archive. Raises ArchiveError."""
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ArchiveError(
            _("The folder %(path)s cannot be made: %(why)s.")
            % {"path": folder(), "why": error.strerror or error}
        ) from error


def write_file(content: bytes, *, first: int, last: int) -> str:
    """Write a file; it gets its name when it is whole and on disk. Returns the name. Raises ArchiveError."""
    name = f"{first:012d}-{last:012d}-{hashlib.sha256(content).hexdigest()[:16]}{SUFFIX}"
    draft = path_of(f"{DRAFT}{os.getpid()}-{uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path_of(name))
        _flush()
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ArchiveError(
            _("The archive file could not be written: %(why)s. Nothing of it was left behind.")
            % {"why": error.strerror or error},
            remedy=_("Make room in %(path)s, or let it be a link to a larger disk; then run it again.")
            % {"path": folder()},
        ) from error
    return name


def put_back(name: str, content: IO[bytes]) -> None:
    """Put a file of a dump, whose parts were checked, in its place. Raises OSError."""
    draft = path_of(f"{DRAFT}{os.getpid()}-{uuid4().hex[:8]}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            shutil.copyfileobj(content, stream)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path_of(name))
        _flush()
    finally:
        draft.unlink(missing_ok=True)


def _flush() -> None:
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(name: str, *, wait: bool) -> Iterator[None]:
    """Hold a lock alone. Raises ArchiveError when somebody else holds it and `wait` is false."""
    with (folder() / name).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise ArchiveError(
                _("Entries are being archived or taken back at this moment."),
                remedy=_("Try again when that has ended."),
            ) from None
        yield


@contextmanager
def kept_readable() -> Iterator[None]:
    """Whatever file the database names now can be read until the end, even if it is replaced meanwhile."""
    if not folder().exists():
        yield
        return
    with (folder() / READERS).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def remove(name: str) -> None:
    """Remove a file that nothing names any more; while somebody reads, a later sweep does it."""
    with (folder() / READERS).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        path_of(name).unlink(missing_ok=True)


def sweep(*, named: Collection[str]) -> None:
    """Remove drafts of killed writers, and files that are not `named` and not new. Call it under the lock of files."""
    for path in sorted(folder().iterdir()):
        if path.name.startswith(DRAFT):
            path.unlink(missing_ok=True)
        elif path.name.endswith(SUFFIX) and path.name not in named and _age_s(path) > ORPHAN_S:
            remove(path.name)


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime
