"""Runs the checks behind `make test`, `test-fast`, `check` and `docs`, each with its time.

A failing step does not stop the others: one run shows all that is wrong. The last line counts the tests.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from postgres import find_binaries, running_server

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = sys.executable
WORKERS = os.environ.get("ZHIHENG_TEST_WORKERS", "2")
PYTEST = (PYTHON, "-m", "pytest", "-q", "--no-header")
QUICK = "not slow and not browser and not kill"
# Packages that touch no database: running them a second time on PostgreSQL would prove nothing.
PURE = ("measure", "definitions", "analyze")


@dataclass(frozen=True)
class Step:
    """One check: its heading, its command, and whether it runs on PostgreSQL."""

    title: str
    command: tuple[str, ...]
    postgres: bool = False

    @property
    def is_pytest(self) -> bool:
        """Whether its result is counted in the closing line."""
        return self.command[: len(PYTEST)] == PYTEST


RUFF = Step("ruff: lint", (f"{BIN}/ruff", "check", "--quiet", "."))
FORMAT = Step("ruff: format", (f"{BIN}/ruff", "format", "--check", "--quiet", "."))
TYPES = Step("mypy: strict types", (PYTHON, "-m", "mypy"))
SCRIPT_TYPES = Step("mypy: scripts", (PYTHON, "-m", "mypy", "--config-file=scripts/mypy.ini", "scripts"))
CONTRACTS = Step("import-linter: layers", (f"{BIN}/lint-imports",))
SYSTEM = Step("Django: system checks", (PYTHON, "-m", "django", "check", "--fail-level", "WARNING"))
LINES = Step("line counts", (PYTHON, "scripts/count_lines.py"))
DOCS = Step("documentation site", (f"{BIN}/mkdocs", "build", "--strict", "--quiet"))
MIGRATIONS = ("migrations: complete and reversible", (PYTHON, "scripts/check_migrations.py"))
NO_PURE = tuple(f"--ignore=src/zhiheng/{name}" for name in PURE)

PLANS: dict[str, tuple[Step, ...]] = {
    "check": (RUFF, FORMAT, TYPES, SCRIPT_TYPES, CONTRACTS, LINES),
    "docs": (DOCS,),
    "fast": (
        RUFF,
        CONTRACTS,
        Step(
            "quick tests on SQLite",
            (*PYTEST, "-n", WORKERS, "-m", QUICK, "--hypothesis-profile=quick"),
        ),
    ),
    "all": (
        RUFF,
        FORMAT,
        TYPES,
        SCRIPT_TYPES,
        CONTRACTS,
        SYSTEM,
        Step(f"{MIGRATIONS[0]}, SQLite", MIGRATIONS[1]),
        Step(f"{MIGRATIONS[0]}, PostgreSQL", MIGRATIONS[1], postgres=True),
        Step(
            "tests on SQLite, with branch coverage of measure and every rules module",
            (*PYTEST, "-n", WORKERS, "-m", "not browser", "--cov", "--cov-fail-under=100",
             "--cov-report=term-missing:skip-covered"),
        ),
        Step(
            "tests on PostgreSQL",
            (*PYTEST, "-n", WORKERS, "-m", "not browser", *NO_PURE, "--ignore=tests/architecture"),
            postgres=True,
        ),
        Step("browser journeys", (*PYTEST, "-m", "browser")),
        DOCS,
        LINES,
    ),
}  # fmt: skip


@dataclass
class Tally:
    """Tests counted over all pytest runs."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add_report(self, report: Path) -> None:
        """Add the counts of one pytest run, read from its own report file."""
        if not report.is_file():
            return
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it
            total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            self.passed += total - skipped - failed
            self.failed += failed
            self.skipped += skipped


@contextlib.contextmanager
def postgres_address(*, needed: bool) -> Iterator[str | None]:
    """The database the PostgreSQL steps use: the one named in the environment, else one started here."""
    named = os.environ.get("ZHIHENG_TEST_DATABASE_URL")
    if named or not needed:
        yield named
        return
    with running_server(find_binaries(None)) as address:
        yield address


def environment_for(step: Step, *, folder: Path, address: str | None) -> Mapping[str, str]:
    """What a step sees: its own data folder, and the database it is to use."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ZHIHENG_")}
    for name in ("ZHIHENG_CHROMIUM",):
        if name in os.environ:
            env[name] = os.environ[name]
    shared_memory = Path("/dev/shm")  # noqa: S108 - a name in memory makes test databases quick
    place = shared_memory if os.access(shared_memory, os.W_OK) else folder
    env |= {
        "DJANGO_SETTINGS_MODULE": "zhiheng.config.settings",
        "ZHIHENG_HOME": str(folder / "home"),
        "ZHIHENG_TEST_SQLITE": str(place / f"zhiheng-test-{os.getpid()}.sqlite3"),
        "PYTHONUTF8": "1",
        "NO_MKDOCS_2_WARNING": "1",
    }
    if env.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Who wants no compiled files beside the sources still wants tests that do not compile Django at every start.
        env["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix) / "compiled")
    if step.postgres and address:
        env["ZHIHENG_DATABASE_URL"] = address
    return env


def run_step(step: Step, *, folder: Path, address: str | None, tally: Tally) -> bool:
    """Run one step, let it print, and say how it went."""
    sys.stdout.write(f"\n── {step.title}\n")
    sys.stdout.flush()
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    command = [*step.command, f"--junitxml={report}"] if step.is_pytest else list(step.command)
    begun = time.monotonic()
    env = environment_for(step, folder=folder, address=address)
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    tally.add_report(report)
    sys.stdout.write(
        f"   {'ok' if code == 0 else f'FAILED (exit {code})'}, {time.monotonic() - begun:.0f} s\n"
    )
    sys.stdout.flush()
    return code == 0


def main(arguments: list[str]) -> int:
    """Run one plan; 0 when every step passed."""
    if len(arguments) != 1 or arguments[0] not in PLANS:
        sys.stderr.write(f"usage: suite.py {'|'.join(PLANS)}\n")
        return 2
    plan, tally, begun = PLANS[arguments[0]], Tally(), time.monotonic()
    needs_server = any(step.postgres for step in plan)
    temporary = tempfile.TemporaryDirectory(prefix="zhiheng-suite-", ignore_cleanup_errors=True)
    with temporary as name, postgres_address(needed=needs_server) as address:
        results = {
            step.title: run_step(step, folder=Path(name), address=address, tally=tally) for step in plan
        }
    failed = [title for title, passed in results.items() if not passed]
    sys.stdout.write(f"\n{len(results) - len(failed)} of {len(results)} steps passed ")
    sys.stdout.write(f"in {time.monotonic() - begun:.0f} s\n")
    for title in failed:
        sys.stdout.write(f"  failed: {title}\n")
    if any(step.is_pytest for step in plan):
        sys.stdout.write(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
