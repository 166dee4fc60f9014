"""Answers kept beside a snapshot, one file each: every process reads them, and they go when the snapshot goes.

<MIRROR_ROOT>/snapshots/<id>/answers/<key>.json.z
"""

from __future__ import annotations

import json
import logging
import zlib
from pathlib import Path
from typing import Any
from uuid import uuid4

from zhiheng.indicators.mirror import store

log = logging.getLogger(__name__)
# Whoever may look can ask for any filter: beyond so many answers of one snapshot each is computed when asked.
MOST = 512
SUFFIX = ".json.z"


def read(snapshot_id: str, key: str) -> Any:
    """The plain answer kept under a key, None where there is none. A file that cannot be read counts as none."""
    path = _folder(snapshot_id) / (key + SUFFIX)
    try:
        return json.loads(zlib.decompress(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, zlib.error):
        log.warning("a kept answer cannot be read and is computed again: %s", path, exc_info=True)
        return None


def keep(snapshot_id: str, key: str, plain: Any) -> None:
    """Keep a plain answer, whole or not at all. Where that fails it is computed again: nothing is lost."""
    folder = _folder(snapshot_id)
    content = zlib.compress(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())
    try:
        folder.mkdir(exist_ok=True)
        if sum(1 for path in folder.iterdir() if path.suffix == ".z") >= MOST:
            return
        draft = folder / uuid4().hex
        draft.write_bytes(content)
        draft.replace(folder / (key + SUFFIX))
    except FileNotFoundError:
        return  # the snapshot was swept meanwhile
    except OSError:
        log.warning("an answer cannot be kept in %s", folder, exc_info=True)


def _folder(snapshot_id: str) -> Path:
    return store.directory(snapshot_id) / "answers"
