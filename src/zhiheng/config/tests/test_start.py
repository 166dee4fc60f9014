"""Starting, upgrading with a backup, a taken port, and the worker that is started again."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zhiheng.calendars.models import CalendarVersion
from zhiheng.config.commands import serve, start, upgrade
from zhiheng.config.commands.start import CannotStart
from zhiheng.config.defaults import install_defaults
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.processes.models import ProcessVersion


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_says_what_to_do(taken: int) -> None:
    with pytest.raises(CannotStart, match=rf"cannot listen on 127\.0\.0\.1:{taken} .* PORT=8001"):
        serve.check_free("127.0.0.1", taken)


def test_a_free_port_is_left_free(taken: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    serve.check_free("127.0.0.1", free)
    serve.check_free("127.0.0.1", free)


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        (
            ["--port", "99999"],
            "argument --port: needs a whole number from 1 to 65535, not 99999",
            "“99999”无效",
        ),
        (["--port", "web"], "argument --port: needs a whole number from 1 to 65535, not web", "“web”无效"),
        (["--workers", "0"], "argument --workers: needs a whole number of 1 or more, not 0", "“0”无效"),
    ],
)
def test_numbers_that_will_not_do_are_refused_with_those_that_will(
    given: list[str],
    english: str,
    chinese: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for language, told in (("en_US.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        monkeypatch.setenv("LC_ALL", language)
        with pytest.raises(SystemExit):
            serve.main(given)
        assert told in capsys.readouterr().err


def test_static_files_are_copied_for_the_server_beside_those_of_a_version_before(
    settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static" / "this"
    for name, days in (("before", 1), ("old", 9)):
        (tmp_path / "static" / name).mkdir(parents=True)
        os.utime(tmp_path / "static" / name, (time.time() - days * 86_400,) * 2)
    serve.collect_static()
    assert (settings.STATIC_ROOT / "zhiheng" / "mark.svg").read_text().startswith("<svg")
    assert sorted(path.name for path in (tmp_path / "static").iterdir()) == ["before", "this"]


@pytest.mark.django_db
def test_an_upgraded_database_is_taken_and_an_older_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert start.pending_migrations() == []
    start.refuse_unless_upgraded()
    monkeypatch.setattr(start, "pending_migrations", lambda: ["desk.0002_next", "cmdb.0002_next"])
    with pytest.raises(CannotStart, match=r"\(2 migrations to apply\). Run: zhiheng upgrade"):
        start.refuse_unless_upgraded()


def test_what_cannot_start_is_said_on_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.fail(CannotStart("the port is taken")) == 1
    assert capsys.readouterr().err == "zhiheng: the port is taken\n"


@pytest.mark.parametrize(
    ("pending", "applied", "backup", "backed_up"),
    [
        (["desk.0002_next"], True, True, True),
        (["desk.0002_next"], True, False, False),
        (["desk.0001_initial"], False, True, False),  # before the first upgrade there is nothing to keep
        ([], True, True, False),
    ],
)
@pytest.mark.django_db
def test_a_backup_comes_before_migrations_and_only_then(
    monkeypatch: pytest.MonkeyPatch, pending: list[str], applied: bool, backup: bool, backed_up: bool
) -> None:
    done: list[str] = []
    monkeypatch.setattr(upgrade, "pending_migrations", lambda: pending)
    if not applied:
        monkeypatch.setattr(upgrade.MigrationRecorder, "applied_migrations", lambda _self: {})
    monkeypatch.setattr(upgrade, "back_up", lambda: done.append("backup"))
    monkeypatch.setattr(upgrade, "call_command", lambda name, **_options: done.append(name))
    monkeypatch.setattr(upgrade, "install_defaults", lambda: done.append("defaults"))
    upgrade.upgrade(backup=backup)
    assert done == [*(["backup"] if backed_up else []), "migrate", "defaults"]


class ShortWorker:
    """A worker process that ends at once, as one that was killed does; the third stays."""

    started: list[ShortWorker]
    enough: threading.Event

    def __init__(self, _command: list[str]) -> None:
        self.ended = threading.Event()
        self.started.append(self)
        if len(self.started) < 3:
            self.ended.set()
        else:
            self.enough.set()

    def wait(self) -> int:
        self.ended.wait(30)
        return -9

    def poll(self) -> int | None:
        return -9 if self.ended.is_set() else None

    def terminate(self) -> None:
        self.ended.set()

    kill = terminate


def test_a_worker_that_ends_is_started_again_and_stopped_with_the_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ShortWorker.started, ShortWorker.enough = [], threading.Event()
    monkeypatch.setattr(serve, "RESTART_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(subprocess, "Popen", ShortWorker)
    with serve.background_worker():
        assert ShortWorker.enough.wait(30)
        assert ShortWorker.started[-1].poll() is None
    assert all(each.poll() is not None for each in ShortWorker.started)
    assert len(ShortWorker.started) == 3
    assert capsys.readouterr().out.count("the background worker ended; starting it again") == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "note"), [("zh-hans", "随产品提供"), ("en", "Shipped with the product")]
)
def test_what_is_shipped_says_so_in_the_language_of_the_installation(
    settings: Any, language: str, note: str
) -> None:
    settings.LANGUAGE_CODE = language
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
    notes = {*ProcessVersion.objects.values_list("note"), *CalendarVersion.objects.values_list("note")}
    assert notes == {(note,)}
