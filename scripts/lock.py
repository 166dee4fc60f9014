"""Compiles the requirement files: every version pinned, every file hashed, no address in them.

One set for Python 3.11 to 3.13 on Linux and macOS. `make lock` keeps what is pinned and adds what is new;
`python scripts/lock.py --upgrade` raises everything.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
COMPILE = [
    str(UV), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-emit-index-url", "--no-header",
]  # fmt: skip


def compile_file(name: str, *sources: str) -> None:
    """Compile one requirement file from its sources."""
    target = f"requirements/{name}.txt"
    subprocess.run([*COMPILE, *sources, "-o", target, *sys.argv[1:]], cwd=ROOT, check=True)


def main() -> None:
    """Compile runtime first: dev must agree with it."""
    compile_file("runtime", "pyproject.toml")
    compile_file("dev", "pyproject.toml", "--group", "dev", "-c", "requirements/runtime.txt")
    pinned = (ROOT / "requirements/dev.txt").read_text(encoding="utf-8").splitlines()
    uv_version = next(line.split()[0] for line in pinned if line.startswith("uv=="))
    subprocess.run(
        [*COMPILE, "-", "-o", "requirements/uv.txt"], cwd=ROOT, check=True, input=f"{uv_version}\n", text=True
    )


if __name__ == "__main__":
    main()
