"""Static files under an address of their own for each version, so that no browser goes on with those of the last one.

    <HOME>/static/<version>/zhiheng/…    served at    /static/<version>/zhiheng/…

Files of earlier versions stay for a while: a page that is open may still load a part of its script.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

from zhiheng import __version__
from zhiheng.ui.build import digest_of

OURS = Path(__file__).resolve().parent / "static"
KEPT_S = 7 * 86_400
LETTERS = 12


def version_of(folder: Path = OURS) -> str:
    """A short word for the program's version and the content of its static files; maps of sources are left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".map")
    return hashlib.sha256(f"{__version__} {digest_of(files, below=folder)}".encode()).hexdigest()[:LETTERS]


def sweep(root: Path) -> None:
    """Remove what lies beside the files of this version and was not served for a week."""
    os.utime(root)
    oldest = time.time() - KEPT_S
    for path in root.parent.iterdir():
        if path != root and path.is_dir() and path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
