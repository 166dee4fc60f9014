"""The command line: dispatch, what it says when called wrongly, and what it does not load."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from zhiheng import __version__
from zhiheng.config import cli


def zhiheng(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "zhiheng.config.cli", *arguments],
        env={**os.environ, **environment}, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, list[str]]]]:
    """Modules are not imported but noted; each answers 7."""
    seen: list[tuple[str, list[str]]] = []

    def load(name: str) -> object:
        def main(argv: list[str]) -> int:
            seen.append((name, argv))
            return 7

        def load_django() -> None:
            seen.append((name, ["load_django"]))

        return SimpleNamespace(main=main, load_django=load_django, CannotStart=RuntimeError)

    monkeypatch.setattr(cli.importlib, "import_module", load)
    yield seen


def test_a_command_gets_its_arguments_and_its_answer_is_the_status(
    called: list[tuple[str, list[str]]],
) -> None:
    assert cli.main(["serve", "--port", "8001"]) == 7
    assert called == [
        ("zhiheng.config.commands.start", ["load_django"]),
        ("zhiheng.config.commands.serve", ["--port", "8001"]),
    ]


def test_analyze_never_loads_django(called: list[tuple[str, list[str]]]) -> None:
    assert cli.main(["analyze", "log.csv"]) == 7
    assert called == [("zhiheng.analyze.command", ["log.csv"])]


def test_the_demo_is_a_demo_unless_told_otherwise(
    called: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIHENG_DEMO", "0")
    cli.main(["demo"])
    assert os.environ["ZHIHENG_DEMO"] == "0"
    monkeypatch.delenv("ZHIHENG_DEMO")
    cli.main(["demo"])
    assert os.environ["ZHIHENG_DEMO"] == "1"
    monkeypatch.delenv("ZHIHENG_DEMO")


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["--help"], 0), (["help"], 0)])
def test_usage_names_every_command(
    arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == status
    said = capsys.readouterr().out
    assert all(f"  {command.name} " in said for command in cli.COMMANDS)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"zhiheng {__version__}"


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sevre"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("zhiheng: no command 'sevre'.")
    assert said.out == ""


def test_a_wrong_setting_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = zhiheng("manage", "check", ZHIHENG_HOME=str(tmp_path), ZHIHENG_DATABASE_URL="mysql://localhost/x")
    assert done.returncode == 1
    assert done.stderr.startswith("zhiheng: ZHIHENG_DATABASE_URL begins with 'mysql'")
    assert done.stderr.count("\n") == 1


def test_every_command_module_exists() -> None:
    """Dispatch is by name: a name that leads nowhere would be found by a user only."""
    for command in cli.COMMANDS:
        path = Path(cli.__file__).parents[1].joinpath(*command.module.split(".")[1:])
        assert path.with_suffix(".py").exists(), command.module


@pytest.mark.slow
def test_serve_and_worker_refuse_a_database_that_is_not_upgraded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    for command in ("serve", "worker"):
        done = zhiheng(command, ZHIHENG_HOME=str(tmp_path), ZHIHENG_DATABASE_URL=url)
        assert done.returncode == 1
        assert "the database is older than this version" in done.stderr
        assert "Run: zhiheng upgrade" in done.stderr


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_said_to_be_so(tmp_path: Path) -> None:
    url = "postgresql://zhiheng:secret@127.0.0.1:9/zhiheng"
    done = zhiheng("worker", ZHIHENG_HOME=str(tmp_path), ZHIHENG_DATABASE_URL=url)
    assert done.returncode == 1
    assert "the database cannot be reached" in done.stderr
    assert "ZHIHENG_DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN.UTF-8", "zhiheng: 数据库是空的：没有内容可备份。\n"),
        ("en_US.UTF-8", "zhiheng: the database is empty: there is nothing to back up.\n"),
    ],
)
def test_texts_of_the_apps_come_in_the_language_of_the_terminal(
    tmp_path: Path, language: str, said: str
) -> None:
    """Whatever the language of pages is, and whether or not the machine has that locale."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    for pages in ("zh-hans", "en"):
        done = zhiheng(
            "backup",
            LC_ALL=language,
            ZHIHENG_LANGUAGE=pages,
            ZHIHENG_HOME=str(tmp_path),
            ZHIHENG_DATABASE_URL=url,
        )
        assert done.stderr.endswith(said)
