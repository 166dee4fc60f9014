"""Where snapshots of the mirror lie: one directory each with a manifest, a pointer to the current one, sweeping.

<MIRROR_ROOT>/current                      the id of the current snapshot, replaced atomically
<MIRROR_ROOT>/snapshots/<id>/manifest.json
<MIRROR_ROOT>/snapshots/<id>/entries/<load>/month=2026-11/*.parquet
<MIRROR_ROOT>/snapshots/<id>/tables/*.parquet
<MIRROR_ROOT>/snapshots/<id>/facts/*.parquet
<MIRROR_ROOT>/snapshots/<id>/scans.duckdb         see `scans`
<MIRROR_ROOT>/snapshots/<id>/answers/*.json.z     see `answers`
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

FORMAT = 1
KEPT = 2
# A page that opened a snapshot just before the pointer moved must still be able to read it.
GRACE_S = 900
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FilePart:
    """One Parquet file of a snapshot."""

    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds and how far the journal had come when it was read."""

    id: str
    format: int
    built_at_s: int
    cut_s: int
    full_at_s: int
    head: int
    tables: dict[str, list[str]]
    files: list[FilePart]
    hash: str

    @property
    def path(self) -> Path:
        """The directory of the snapshot."""
        return directory(self.id)

    @property
    def facts(self) -> dict[str, Path]:
        """The facts tables that exist, by name."""
        return {path.stem: path for path in sorted((self.path / "facts").glob("*.parquet"))}

    def rows(self, path: str) -> int:
        """How many rows a file holds."""
        return next((part.rows for part in self.files if part.path == path), 0)


def root() -> Path:
    """The directory of the mirror."""
    return Path(settings.MIRROR_ROOT)


def directory(snapshot_id: str) -> Path:
    """Where a snapshot lies."""
    return root() / "snapshots" / Path(snapshot_id).name


def current() -> Manifest | None:
    """The snapshot that questions are answered from; None while there is none."""
    pointer = root() / "current"
    try:
        return load(pointer.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None


def load(snapshot_id: str) -> Manifest:
    """The manifest of a snapshot. Raises FileNotFoundError when it was swept."""
    path = directory(snapshot_id) / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    return Manifest(**{**document, "files": [FilePart(**part) for part in document["files"]]})


def draft_directory() -> Path:
    """A fresh directory to build a snapshot in; nobody reads it before it is published."""
    path = root() / "drafts" / uuid4().hex
    path.mkdir(parents=True)
    return path


def place(draft: Path, manifest: Manifest) -> None:
    """Lay a finished draft beside the other snapshots. Whoever knows its id can read it; it is not current yet."""
    (draft / "manifest.json").write_text(
        json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    manifest.path.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(manifest.path)


def point_to(manifest: Manifest) -> None:
    """Make a placed snapshot the current one: all of it at once, or nothing."""
    pointer = root() / f"current.{uuid4().hex}"
    with pointer.open("w", encoding="ascii") as stream:
        stream.write(manifest.id)
        stream.flush()
        os.fsync(stream.fileno())
    pointer.replace(root() / "current")


def sweep(*, now_s: int, pinned: Collection[str]) -> list[str]:
    """Remove snapshots that nobody needs and drafts that nobody finished; the ids that went."""
    held = current()
    folder = root() / "snapshots"
    placed = folder.glob("*/manifest.json") if folder.exists() else ()
    # Two may be built within a second: the finer time of their files tells which came later.
    aged = [(load(path.parent.name), path.stat().st_mtime_ns) for path in placed]
    aged.sort(key=lambda pair: (pair[0].built_at_s, pair[1]), reverse=True)
    manifests = [manifest for manifest, _written_ns in aged]
    gone = [
        item.id
        for item in manifests[KEPT:]
        if item.id not in pinned
        and now_s - item.built_at_s > GRACE_S
        and (held is None or item.id != held.id)
    ]
    for name in gone:
        shutil.rmtree(folder / name, ignore_errors=True)
    drafts = root() / "drafts"
    for draft in drafts.iterdir() if drafts.exists() else ():
        if now_s - draft.stat().st_mtime > GRACE_S:
            shutil.rmtree(draft, ignore_errors=True)
    return gone


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def digest_of_parts(parts: Collection[FilePart]) -> str:
    """One digest for a whole snapshot."""
    lines = sorted(f"{part.path} {part.sha256}" for part in parts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
