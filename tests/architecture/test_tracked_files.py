"""Nothing of the machine a change was made on gets into the repository."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.architecture.tree import ROOT, name_of, tracked_files

LARGEST = 5_000_000
INDEX_VARIABLES = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX",
    "NPM_CONFIG_REGISTRY", "npm_config_registry",
)  # fmt: skip
PUBLIC = {"pypi.org", "registry.npmjs.org", ""}


def strings_of_this_machine() -> set[str]:
    """Folders and package hosts of whoever runs the test; folders as short as /root say nothing."""
    found = {str(ROOT), str(Path.home())} | {os.environ.get("VIRTUAL_ENV", str(ROOT))}
    for name in INDEX_VARIABLES:
        for address in os.environ.get(name, "").split():
            host = urlsplit(address).hostname or ""
            found |= {host} - PUBLIC
    return {text for text in found if len(text) > len("/home/")}


def text_files() -> list[tuple[Path, str]]:
    """Committed files that hold text."""
    found = []
    for path in tracked_files():
        raw = path.read_bytes()
        if b"\0" not in raw:
            found.append((path, raw.decode("utf-8", errors="replace")))
    return found


def test_no_folder_or_host_of_this_machine() -> None:
    """A path or a package mirror of one machine is wrong on every other."""
    mine = strings_of_this_machine()
    found = [f"{name_of(path)}: {text}" for path, content in text_files() for text in mine if text in content]
    assert not found


def test_no_home_folder() -> None:
    """Nor of anybody else's."""
    home = re.compile(r"(?<![\w.])/(?:root|home/[a-z][\w-]*|Users/[A-Za-z][\w-]*)/")
    found = [f"{name_of(path)}: {hit[0]}" for path, content in text_files() if (hit := home.search(content))]
    assert not found


def test_lock_files_hold_no_address() -> None:
    """The package index is the installer's to choose."""
    locks = [*(ROOT / "requirements").glob("*.txt"), *ROOT.glob("**/package-lock.json")]
    for path in locks:
        if "node_modules" in path.parts or ".venv" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert '"resolved"' not in text, name_of(path)
        if path.suffix == ".txt":
            assert "://" not in text, name_of(path)
            assert text.count("==") <= text.count("--hash=sha256:"), name_of(path)


def test_no_large_file() -> None:
    """A repository is cloned whole, for ever."""
    assert [name_of(path) for path in tracked_files() if path.stat().st_size > LARGEST] == []
