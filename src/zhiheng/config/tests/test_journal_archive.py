"""`zhiheng journal archive`, `unarchive` and `status`; and that a backup carries what is archived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from zhiheng.accounts.models import Team
from zhiheng.config.commands import journal as command
from zhiheng.config.commands import serve, worker
from zhiheng.config.commands.start import CannotStart
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.backup.dump import write_dump
from zhiheng.platform.backup.restore import restore_dump
from zhiheng.platform.journal import EntryView, entries_for
from zhiheng.platform.journal.archive.place import folder, path_of
from zhiheng.platform.models import ArchiveFile, Entry, HandlerCursor
from zhiheng.platform.tests.backup import elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Team]]:
    """Twenty records in a sealed journal that no handler has still to read."""
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 5)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 10)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    monkeypatch.setattr("zhiheng.platform.journal.archive.unarchiving.GRACE_S", 0.0)
    HandlerCursor.objects.all().delete()
    with elsewhere.home(tmp_path / "home"):
        with acting(SYSTEM, Cause.SETUP):
            made = [Team.objects.create(name=f"组 {number}") for number in range(20)]
        assert command.main(["seal"]) == 0
        yield made


def timelines(teams: list[Team]) -> list[list[EntryView]]:
    return [entries_for(team) for team in teams]


def test_archives_says_so_and_takes_back(teams: list[Team], capsys: pytest.CaptureFixture[str]) -> None:
    before = timelines(teams)
    assert command.main(["archive"]) == 0
    assert "0 entries archived in 0 files" in capsys.readouterr().out, "nothing is two years old"
    assert command.main(["archive", "--older-than", "0", "--dry-run"]) == 0
    assert "20 entries would be archived in 2 files" in capsys.readouterr().out
    assert command.main(["status"]) == 0
    assert "nothing is archived" in capsys.readouterr().out
    assert command.main(["archive", "--to", "2999-01-01"]) == 0
    said = capsys.readouterr().out
    assert "20 entries archived in 2 files" in said and "MB in files" in said and ".jsonl.gz" in said
    assert timelines(teams) == before and Entry.objects.count() == 2
    assert command.main(["status"]) == 0
    assert "20 entries" in capsys.readouterr().out
    assert command.main(["verify"]) == 0
    assert "2 archive files were read" in capsys.readouterr().out
    assert command.main(["unarchive", "--from", "2999-01-01"]) == 0
    assert "0 entries of 0 files" in capsys.readouterr().out
    assert command.main(["unarchive"]) == 0
    assert "20 entries of 2 files" in capsys.readouterr().out
    assert timelines(teams) == before and command.main(["verify"]) == 0


def test_says_what_stops_it_and_refuses_wrong_days(capsys: pytest.CaptureFixture[str]) -> None:
    with acting(SYSTEM, Cause.SETUP):
        Team.objects.create(name="后来")
    command.main(["archive", "--older-than", "0", "--dry-run"])
    assert "more is not possible: entries after" in capsys.readouterr().out
    with pytest.raises(CannotStart, match="--to"):
        command.main(["archive", "--to", "yesterday"])
    for days in ("-1", "36501", "soon"):
        with pytest.raises(SystemExit):
            command.main(["archive", "--older-than", days])
        told = capsys.readouterr().err
        assert f"argument --older-than: needs a whole number from 0 to 36500, not {days}" in told
    with pytest.raises(SystemExit):
        command.main(["archive", "--to", "2020-01-01", "--older-than", "3"])


def test_every_line_is_chinese_on_a_chinese_terminal(
    teams: list[Team], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    capsys.readouterr()
    with translation.override("zh-hans"):
        for arguments in ("archive --older-than 0", "status", "verify", "unarchive", "seal", "status"):
            assert command.main(arguments.split()) == 0
        with acting(SYSTEM, Cause.SETUP):
            Team.objects.create(name="后来")
        command.main(["archive", "--older-than", "0"])
        Entry._base_manager.filter(pk=Entry.objects.earliest("pk").pk).update(cause="api")
        path = path_of(ArchiveFile.objects.earliest("pk").name)
        path.write_bytes(path.read_bytes()[:-9])
        assert command.main(["verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert [line for line in lines if not re.search("[\u4e00-\u9fff]", line)] == []


def test_web_and_worker_refuse_to_start_without_a_file(teams: list[Team]) -> None:
    command.main(["archive", "--older-than", "0"])
    gone = ArchiveFile.objects.earliest("pk")
    path_of(gone.name).rename(folder() / "elsewhere")
    for main in (serve.main, worker.main):
        with pytest.raises(CannotStart, match=gone.name):
            main([])
    with pytest.raises(CannotStart, match=gone.name):
        command.main(["unarchive"])
    assert command.main(["verify"]) == 1


@pytest.mark.slow
def test_a_backup_carries_archived_entries_to_either_engine(teams: list[Team], tmp_path: Path) -> None:
    command.main(["archive", "--older-than", "0"])
    before, names = timelines(teams), set(ArchiveFile.objects.values_list("name", flat=True))
    dump, second = tmp_path / "dump.zip", tmp_path / "second.zip"
    assert write_dump(dump).missing_files == ()
    lite = elsewhere.sqlite_file(tmp_path / "lite.sqlite3")
    with elsewhere.using(lite), elsewhere.home(tmp_path / "lite"):
        # Files of another journal that lie there are kept beside.
        folder().mkdir()
        (folder() / f"{1:012d}-{2:012d}-{3:016d}.jsonl.gz").write_bytes(b"another's")
        assert restore_dump(dump).journal.ok
        assert {path.name for path in folder().glob("*.gz")} == names
        [kept] = (tmp_path / "lite").glob("archive.before-restore-*")
        assert len(list(kept.glob("*.gz"))) == 1
        assert timelines(teams) == before
        write_dump(second)
    with elsewhere.fresh(tmp_path, "back") as back, elsewhere.using(back), elsewhere.home(tmp_path / "back"):
        assert restore_dump(second).journal.ok
        assert timelines(teams) == before
        assert command.main(["unarchive"]) == 0 and command.main(["verify"]) == 0
        assert timelines(teams) == before


@pytest.mark.slow
def test_a_backup_names_a_file_that_is_gone(tmp_path: Path) -> None:
    command.main(["archive", "--older-than", "0"])
    gone = ArchiveFile.objects.earliest("pk")
    path_of(gone.name).unlink()
    assert write_dump(tmp_path / "dump.zip").missing_files == (f"archive/{gone.name}",)
    lite = elsewhere.sqlite_file(tmp_path / "lite.sqlite3")
    with elsewhere.using(lite), elsewhere.home(tmp_path / "lite"):
        assert [each.kind for each in restore_dump(tmp_path / "dump.zip").journal.problems] == ["archive"]
