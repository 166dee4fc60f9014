"""A dump carries everything from one engine to the other and back; what is damaged, cut or in the way is refused."""

from __future__ import annotations

import errno
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from zhiheng.accounts.models import Organisation
from zhiheng.accounts.services import create_person
from zhiheng.config.commands import backup as backup_command
from zhiheng.config.commands import restore as restore_command
from zhiheng.config.commands import start, upgrade
from zhiheng.config.commands.start import CannotStart
from zhiheng.config.defaults import install_defaults
from zhiheng.desk.models import Ticket
from zhiheng.desk.services import open_ticket
from zhiheng.indicators.models import StoredMeasurement
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.backup import container
from zhiheng.platform.backup.container import reading
from zhiheng.platform.backup.dump import write_dump
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.manifest import Manifest
from zhiheng.platform.backup.restore import restore_dump
from zhiheng.platform.backup.schema import LEFT_OUT, tables_at
from zhiheng.platform.files import attach_file, store
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.journal.jobs import seal_entries
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.models import Entry
from zhiheng.platform.tests.backup import elsewhere
from zhiheng.processes.queries import kind_named

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOTE = "打印机卡纸，第三次了。\n".encode()
LONG = "很长的说明。" * 1_000  # over 4 kB: kept as a revision that the entry names


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Path]:
    """A small installation with something in every kind of column, sealed and anchored."""
    with elsewhere.home(tmp_path / "home") as folder, acting(SYSTEM, Cause.SETUP):
        install_defaults()
        parent = Organisation.objects.create(name="Acme")
        Organisation.objects.create(name="Acme 北京", parent=parent)
        person = create_person(username="li", name="李雷", password="a-long-password-1")
        ticket = open_ticket(
            kind=kind_named("incident"), title="打印机", body=LONG, requester=person, organisation=parent
        )
        attach_file(record=ticket, upload=SimpleUploadedFile("note.txt", NOTE), name="note.txt")
        enqueue(seal_entries)
        StoredMeasurement.objects.create(**measurement())
        seal_journal()
        yield folder


def measurement() -> dict[str, Any]:
    """Values for every required column of a stored measurement, with fractions that must come back to the bit."""
    given: dict[str, Any] = {}
    for field in StoredMeasurement._meta.local_concrete_fields:
        kind = field.get_internal_type()
        values = {
            "FloatField": 0.1 + 0.2, "CharField": "x", "TextField": "x", "JSONField": ["small_n"], "BooleanField": True,
            "DateTimeField": datetime(2026, 11, 1, 8, 30, 15, 123456, tzinfo=UTC),
        }  # fmt: skip
        if field.name != "id" and not field.is_relation:
            given[field.name] = values.get(kind, 3)
    return given


def manifest_of(dump: Path) -> Manifest:
    with reading(dump) as opened:
        return opened.manifest


def rows_in(dump: Path) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table: a line is a row in one spelling, so equal digests are equal rows."""
    manifest = manifest_of(dump)
    digests = {part.name: part.sha256 for part in manifest.parts}
    return {table.label: (table.rows, digests[table.part]) for table in manifest.tables}


def test_goes_to_sqlite_and_back_equal_to_the_row(installation: Path, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{n}.zip" for n in (1, 2, 3))
    write_dump(first)
    with elsewhere.fresh(tmp_path, "back") as back:
        lite = elsewhere.sqlite_file(tmp_path / "lite.sqlite3")
        with elsewhere.using(lite), elsewhere.home(tmp_path / "lite"):
            done = restore_dump(first)
            assert done.journal.ok and done.journal.entries == Entry.objects.count() > 50
            assert done.journal.anchors == 1
            write_dump(second)
        with elsewhere.using(back), elsewhere.home(tmp_path / "back"):
            assert restore_dump(second).journal.ok
            write_dump(third)
            ticket = Ticket.objects.get()
            assert (ticket.title, ticket.requester.name, ticket.organisation.name) == (
                "打印机",
                "李雷",
                "Acme",
            )
            assert StoredMeasurement.objects.get().value == 0.1 + 0.2
            stored = store.path_of(manifest_of(third).parts[-3].name.partition("/")[2])
            assert stored.read_bytes() == NOTE
            # Ids go on after the last one ever given, also where its row is gone.
            with acting(SYSTEM, Cause.SETUP):
                Organisation.objects.create(name="next")
            assert Entry.objects.latest("id").pk > manifest_of(first).journal.last_entry
    assert rows_in(first) == rows_in(second) == rows_in(third)
    with closing(sqlite3.connect(tmp_path / "lite.sqlite3")) as opened:  # a second way to read the same
        for label, (rows, _digest) in rows_in(first).items():
            table = apps.get_model(label)._meta.db_table
            assert opened.execute(f"select count(*) from {table}").fetchone() == (rows,), label
        assert (
            opened.execute(
                "select count(*) from records_search where records_search match 'acme'"
            ).fetchone()[0]
            > 0
        )
    assert manifest_of(first).engine == connection.vendor and manifest_of(second).engine == "sqlite"


def test_every_table_is_in_the_dump_but_sessions(installation: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "dump.zip")
    labels = {
        model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    product = {
        label for label in labels if not label.startswith("shop.")
    }  # a domain of tests, without migrations
    assert product - set(rows_in(tmp_path / "dump.zip")) == LEFT_OUT


def test_private_keys_are_not_in_the_dump(installation: Path, tmp_path: Path, settings: Any) -> None:
    write_dump(tmp_path / "dump.zip")
    with zipfile.ZipFile(tmp_path / "dump.zip") as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
    assert b"PRIVATE KEY" not in everything and settings.SECRET_KEY.encode() not in everything
    assert b"PUBLIC KEY" in everything
    assert (tmp_path / "dump.zip").stat().st_mode & 0o077 == 0


def test_a_target_that_is_not_empty_is_refused_and_kept(installation: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "dump.zip")
    before = Entry.objects.count()
    with pytest.raises(BackupError, match=r"not empty \(\d+ tables\).*Make a new database"):
        restore_dump(tmp_path / "dump.zip")
    assert Entry.objects.count() == before and Ticket.objects.exists()
    with pytest.raises(BackupError, match="never written over"):
        write_dump(tmp_path / "dump.zip")


def altered(dump: Path, name: str, content: bytes) -> Path:
    """A dump in which one part holds other bytes, otherwise a sound file."""
    target = dump.with_name(f"altered-{len(content)}-{Path(name).name}.zip")
    with zipfile.ZipFile(dump) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.namelist():
            new.writestr(item, content if item == name else old.read(item))
    return target


def test_a_damaged_or_cut_dump_is_refused_before_anything_is_written(
    installation: Path, tmp_path: Path
) -> None:
    dump = tmp_path / "dump.zip"
    write_dump(dump)
    whole = dump.read_bytes()
    bad = altered(dump, "tables/accounts.person.jsonl", b"[1]\n")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    flipped = tmp_path / "flipped.zip"
    with zipfile.ZipFile(dump) as opened:
        place = opened.getinfo("tables/platform.entry.jsonl").header_offset + 200
    flipped.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    other = tmp_path / "other.txt"
    other.write_text("not a dump")
    with elsewhere.fresh(tmp_path, "bad") as empty, elsewhere.using(empty):
        for source, message in (
            (bad, r"damaged: tables/accounts\.person\.jsonl"),
            (flipped, r"damaged: tables/platform\.entry\.jsonl"),
            (cut, "cut short"),
            (other, "not a whole dump"),
            (tmp_path / "none.zip", "there is no file"),
            (
                altered(dump, "manifest.json", b'{"format": 99, "product": "9.0"}'),
                "too old for it.*zhiheng 9.0",
            ),
            (altered(dump, "manifest.json", b"{}"), "not a dump of Zhiheng"),
        ):
            with pytest.raises(BackupError, match=message):
                restore_dump(source)
        with connection.cursor() as cursor:
            assert connection.introspection.table_names(cursor) == []


def test_a_full_disk_during_a_backup_leaves_nothing(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "full"

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(container.os, "fsync", full)
    with pytest.raises(BackupError, match=r"No space left on device.*Nothing was left behind"):
        write_dump(folder / "dump.zip")
    assert list(folder.iterdir()) == []


def test_a_broken_restore_says_so_and_can_be_repeated(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = tmp_path / "dump.zip"
    write_dump(dump)
    with (
        elsewhere.fresh(tmp_path, "broken") as empty,
        elsewhere.using(empty),
        elsewhere.home(tmp_path / "other"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr("zhiheng.platform.backup.restore.verify_journal", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                restore_dump(dump)
        for refused in (start.refuse_unless_upgraded, upgrade.upgrade, lambda: backup_command.main([])):
            with pytest.raises(
                CannotStart, match=r"did not come to its end \(dump\.zip, .* UTC\).*zhiheng restore FILE"
            ):
                refused()
        assert restore_dump(dump).rows == sum(table.rows for table in manifest_of(dump).tables)
        start.refuse_unless_upgraded()


def test_a_dump_of_an_older_version_is_brought_to_this_one(tmp_path: Path) -> None:
    """Dumped under the migrations of the past: calendars before `own` days, the journal before its archive."""
    dump = tmp_path / "old.zip"
    older = [
        ("calendars", "0001_initial"),
        ("desk", "0001_initial"),
        ("platform", "0013_tags_and_saved_views"),
    ]
    with elsewhere.fresh(tmp_path, "old") as old, elsewhere.using(old), elsewhere.home(tmp_path / "old-home"):
        state = MigrationExecutor(connection).migrate(older)
        calendar = state.apps.get_model("calendars.calendar").objects.create(
            slug="five", name={"zh": "五天", "en": "Five"}
        )
        with transaction.atomic():
            person = state.apps.get_model("accounts.person").objects.create(username="han", name="韩梅梅")
        entry = state.apps.get_model("platform.entry").objects.create(
            occurred_at=datetime(2025, 1, 1, tzinfo=UTC), recorded_at=datetime(2025, 1, 1, tzinfo=UTC),
            actor_kind="system", cause="setup", act="accounts.person.created", act_version=1,
            record_type="accounts.person", record_id=person.pk, partition=0, correlation=UUID(int=7),
            changes={}, data={"é": 1.5}, salt=b"0" * 16,
        )  # fmt: skip
        assert start.pending_migrations()
        upgrade.back_up(dump)
    assert "calendars.0002_own_days" not in {".".join(key) for key in manifest_of(dump).migrations}
    with elsewhere.fresh(tmp_path, "new") as new, elsewhere.using(new), elsewhere.home(tmp_path / "new-home"):
        assert restore_command.main([str(dump)]) == 0
        assert start.pending_migrations() == []
        held = apps.get_model("calendars.calendar").objects.get(pk=calendar.pk)
        assert (held.slug, held.name) == ("five", {"zh": "五天", "en": "Five"})
        kept = Entry.objects.get(pk=entry.pk)
        assert (kept.data, bytes(kept.salt), kept.correlation) == ({"é": 1.5}, b"0" * 16, UUID(int=7))
        assert apps.get_model("accounts.person").objects.get(pk=person.pk).name == "韩梅梅"


def test_a_dump_of_a_newer_version_is_refused(installation: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"desk\.0999_next.*newer version"):
        tables_at([("desk", "0001_initial"), ("desk", "0999_next")])


def test_the_commands_say_what_they_did(
    installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup_command.main([]) == 0
    (dump,) = (installation / "backups").iterdir()
    assert f"backup written: {dump}" in capsys.readouterr().out
    assert Entry.objects.filter(act="platform.database.backed_up").count() == 1
    store.path_of(manifest_of(dump).parts[-3].name.partition("/")[2]).unlink()
    assert backup_command.main(["--to", str(tmp_path / "b.zip")]) == 1
    assert "1 stored files that are gone from the disk" in capsys.readouterr().err
    with (
        elsewhere.fresh(tmp_path, "told") as empty,
        elsewhere.using(empty),
        elsewhere.home(tmp_path / "other"),
    ):
        assert restore_command.main([str(dump)]) == 0
        assert "nothing is wrong" in capsys.readouterr().out
        assert Entry.objects.filter(act="platform.database.restored").count() == 1
        with pytest.raises(CannotStart, match="not empty"):
            restore_command.main([str(dump)])
