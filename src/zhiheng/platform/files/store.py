"""Content on disk: named by its SHA-256, written whole and flushed before it gets its name."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import Conflict, InvalidInput
from zhiheng.platform.files.types import FileType, ending_of, type_of

INCOMING = "incoming"
LOCK = ".lock"
DEFAULT_MAX_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What was written."""

    sha256: str
    size: int
    type: FileType


def root() -> Path:
    """The directory of all content."""
    return Path(settings.FILES_ROOT)


def path_of(sha256: str) -> Path:
    """Where the content with this digest lies."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def max_bytes() -> int:
    """The largest file that is let in."""
    return int(getattr(settings, "FILES_MAX_BYTES", DEFAULT_MAX_BYTES))


def write(chunks: Iterable[bytes], *, name: str) -> Content:
    """Check and keep content. Raises InvalidInput for its size or type, Conflict when the disk is full."""
    incoming = root() / INCOMING
    try:
        incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as stream:
            draft = Path(stream.name)
            try:
                return _keep(stream, chunks, draft, name)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise Conflict(
            _("The file could not be stored: %(reason)s. Nothing was saved.")
            % {"reason": error.strerror or error},
            code="storage_failed",
            remedy=_("Tell the system administrator; then send it again."),
        ) from error


def put_back(sha256: str, chunks: Iterable[bytes]) -> None:
    """Keep content that a dump holds under this digest, which was checked when it was let in. Raises OSError."""
    target = path_of(sha256)
    if target.exists():
        return
    (root() / INCOMING).mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root() / INCOMING, delete=False) as stream:
        draft = Path(stream.name)
        try:
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            with one_at_a_time():
                draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    _flush_directory(target.parent)


def stored_paths() -> Iterator[Path]:
    """Every file of the store, drafts included."""
    return (path for path in root().rglob("*") if path.is_file() and path.name != LOCK)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Between putting content in its place and sweeping it away: the one sees what the other did."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove_if_old(path: Path, *, before_s: float) -> bool:
    """Remove a file last wanted before this time."""
    with one_at_a_time():
        if not path.exists() or path.stat().st_mtime >= before_s:
            return False
        path.unlink()
        return True


def _keep(stream: IO[bytes], chunks: Iterable[bytes], draft: Path, name: str) -> Content:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes():
            raise InvalidInput(
                _("The file is larger than %(most)s MB.") % {"most": max_bytes() // 1024**2},
                code="file_too_large",
            )
        digest.update(chunk)
        stream.write(chunk)
    stream.flush()
    os.fsync(stream.fileno())
    with draft.open("rb") as written:
        found = _allowed(type_of(written), name)
    target = path_of(digest.hexdigest())
    target.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time():
        if target.exists():
            os.utime(target)  # it is wanted again: the sweep must not take it as old
        else:
            draft.replace(target)
    _flush_directory(target.parent)
    return Content(digest.hexdigest(), size, found)


def _allowed(found: FileType | None, name: str) -> FileType:
    if found is None:
        raise InvalidInput(
            _("Files of this type are not accepted."),
            code="file_type",
            remedy=_("Send a document, a picture, a text or an archive; programs and macros are refused."),
        )
    if ending_of(name) not in found.endings:
        raise InvalidInput(
            _("The name “%(name)s” does not fit the content, which is %(type)s.")
            % {"name": name, "type": found.media_type},
            code="file_name",
            remedy=_("Give it one of the endings: %(endings)s.")
            % {"endings": ", ".join(sorted(found.endings))},
        )
    return found


def _flush_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
