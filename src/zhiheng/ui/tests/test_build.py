"""The build: does nothing when nothing changed, says what to do when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhiheng.ui import build


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end with one source, and a bundler that only counts."""
    frontend = tmp_path / "frontend"
    (frontend / "node_modules" / "big").mkdir(parents=True)
    (frontend / "package.json").write_text("{}", encoding="utf-8")
    (frontend / "package-lock.json").write_text("{}", encoding="utf-8")
    (frontend / "main.ts").write_text("1", encoding="utf-8")
    output = tmp_path / "build"
    output.mkdir()
    monkeypatch.setattr(build, "FRONTEND", frontend)
    monkeypatch.setattr(build, "OUTPUT", output)
    monkeypatch.setattr(build, "STAMP", output / ".stamp")
    return frontend


def test_second_run_does_nothing_and_a_change_builds_again(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(build, "_run", lambda command, _advice: ran.append(Path(command[-2]).name))
    assert build.build() is True
    assert len(ran) == 2  # install, then bundle
    assert build.build() is False
    (tree / "node_modules" / "big" / "file.js").write_text("ignored", encoding="utf-8")
    assert build.build() is False
    (tree / "main.ts").write_text("2", encoding="utf-8")
    assert build.build() is True
    assert ran[2:] == ["build.mjs"]  # the lock did not change, so nothing is installed again


def test_a_failed_step_is_said_in_words(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_command: list[str], advice: str) -> None:
        raise build.BuildError(advice)

    monkeypatch.setattr(build, "_run", fail)
    assert build.main([]) == 1
    assert "Check the network" in capsys.readouterr().err
    assert not (build.STAMP).exists()


def test_without_sources_the_carried_files_are_enough(tree: Path) -> None:
    (tree / "package.json").unlink()
    with pytest.raises(build.BuildError, match="install the wheel"):
        build.build()
    (build.OUTPUT / "main.js").write_text("", encoding="utf-8")
    assert build.build() is False


def test_the_lock_file_names_no_address_and_runs_no_script() -> None:
    frontend = Path(build.PACKAGE).parents[2] / "frontend"
    lock = (frontend / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in "".join(line for line in lock.splitlines() if '"url"' not in line)
    assert '"resolved"' not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)
