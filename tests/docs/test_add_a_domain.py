"""The page on adding a domain: its blocks become a package, which is migrated and passes all its tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/develop/add-a-domain.md"
BLOCK = re.compile(
    r'^```(?P<kind>\w+) title="src/zhiheng/(?P<path>[^"]+)"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)

SETTINGS = '''"""Settings of an installation with the example: its package beside ours, its line among the layers."""

import zhiheng
from zhiheng.config import layers

zhiheng.__path__.append({folder!r})
below = layers.APPS.index({below!r})
layers.APPS.insert(below + 1, {app!r})

from zhiheng.config.settings import *
'''


def blocks() -> dict[str, str]:
    """Text of the titled blocks by path inside the package `zhiheng`."""
    return {found["path"]: found["text"] for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the package as the page says, and the environment in which it is installed."""
    folder = tmp_path_factory.mktemp("page")
    written = blocks()
    below, app = re.findall(r'"([\w.]+)"', written.pop("config/layers.py"))
    for path, text in written.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for name in ("migrations", "tests"):
        (folder / "loans" / name).mkdir(exist_ok=True)
        (folder / "loans" / name / "__init__.py").touch()
    settings = SETTINGS.format(folder=str(folder), below=below, app=app)
    (folder / "page_settings.py").write_text(settings, encoding="utf-8")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "page_settings",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src"), str(ROOT)]),
        "ZHIHENG_HOME": str(folder / "home"),
        "ZHIHENG_TEST_SQLITE": str(folder / "test.sqlite3"),
        "ZHIHENG_WRITE_BASELINES": "1",
    }
    url = environment.get("ZHIHENG_DATABASE_URL", "")
    if url:
        environment["ZHIHENG_DATABASE_URL"] = url.partition("?")[0] + "?test=page_on_domains"
    return folder, environment


def run(environment: dict[str, str], *arguments: str) -> str:
    """What the command says; fails with it when the command fails."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def test_the_page_names_every_module_it_promises() -> None:
    modules = {path.removeprefix("loans/") for path in blocks() if path.startswith("loans/")}
    assert modules == {
        "__init__.py", "apps.py", "models.py", "rules.py", "events.py", "queries.py", "services.py", "records.py",
        "tests/samples.py", "tests/test_loans.py",
    }  # fmt: skip


def test_the_example_follows_our_style(installation: tuple[Path, dict[str, str]]) -> None:
    folder, environment = installation
    # Migrations are made by Django, here perhaps by the test below.
    config = (
        "--config",
        str(ROOT / "pyproject.toml"),
        "--no-cache",
        "--exclude",
        "migrations",
        str(folder / "loans"),
    )
    run(environment, "ruff", "check", "--config", 'lint.isort.known-first-party = ["zhiheng"]', *config)
    run(environment, "ruff", "format", "--check", *config)


@pytest.mark.slow
def test_the_example_is_migrated_and_passes_its_own_and_the_generated_tests(
    installation: tuple[Path, dict[str, str]],
) -> None:
    folder, environment = installation
    manage = ("zhiheng.config.cli", "manage")
    made = run(environment, *manage, "makemigrations", "loans", "-n", "loans")
    assert "Create model Loan" in made
    run(environment, *manage, "makemigrations", "loans", "--check")
    shown = run(environment, "zhiheng.config.cli", "show-record", "loans.loan")
    assert "/loans/loans/" in shown
    said = run(
        environment, "pytest", "-c", str(ROOT / "pyproject.toml"), "--ds=page_settings", "-p", "no:cacheprovider", "-q",
        "--create-db", str(folder / "loans/tests"), "src/zhiheng/records/tests/test_matrix.py", "-k", "loans",
    )  # fmt: skip
    passed = re.search(r"(\d+) passed", said)
    # Eight of its own; the matrix has one for each behaviour of the one record type.
    assert passed and int(passed[1]) >= 8 + 10, said[-3000:]
