"""Remembers what a step was made from, so that a second run does nothing when nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamp:
    """One step's fingerprint: the content of the files it reads, and the Python it was done for."""

    def __init__(self, *, name: str, folder: Path, inputs: Iterable[Path], interpreter: str) -> None:
        self.file = folder / f"{name}.stamp"
        digest = hashlib.sha256(interpreter.encode())
        for path in sorted(inputs):
            digest.update(f"{path}\0".encode())
            digest.update(path.read_bytes())
        self.value = digest.hexdigest()

    def fresh(self) -> bool:
        """Whether the step has already been done from these inputs."""
        return self.file.is_file() and self.file.read_text(encoding="ascii") == self.value

    def write(self) -> None:
        """Note that the step is done."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.value, encoding="ascii")
