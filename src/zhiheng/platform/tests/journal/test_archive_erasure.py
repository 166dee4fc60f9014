"""A person's data can be erased from archived entries: the file is written anew, and the chain verifies still."""

import gzip
import os

import pytest
from django.db import transaction

from zhiheng.platform.journal import entries_for
from zhiheng.platform.journal.archive import place, rewriting
from zhiheng.platform.journal.archive.archiving import archive_journal, sweep_archive
from zhiheng.platform.journal.archive.place import ArchiveError, ArchiveUnreadable, folder
from zhiheng.platform.journal.archive.reading import archive_floor, archived_of_record, entries_of
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.digests import ERASED
from zhiheng.platform.journal.erasure import erase_record
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import ArchiveFile, ArchiveKey, Entry, Seal
from zhiheng.platform.tests.journal.archived import tomorrow
from zhiheng.platform.tests.journal.sample import Note

pytestmark = pytest.mark.usefixtures("clean", "person")


@pytest.fixture
def note(clean, person, settings, tmp_path, monkeypatch):
    """A record with four archived entries in two files, and one in the table."""
    settings.HOME = tmp_path
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 4)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 12)
    monkeypatch.setattr("zhiheng.platform.journal.archive.format.ENTRIES_A_BLOCK", 3)
    monkeypatch.setattr("zhiheng.platform.journal.archive.unarchiving.GRACE_S", 0.0)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    note = Note.objects.create(title="张三 0", body="stays 0")
    others = [Note.objects.create(title=f"other {number}", body="other") for number in range(6)]
    for number in range(1, 4):
        note.title, note.body = f"张三 {number}", f"stays {number}"
        note.save()
        for other in others[:3]:
            other.stars = number
            other.save()
    seal_journal()
    archive_journal(before=tomorrow())
    note.title = "张三 4"
    note.save()
    seal_journal()
    return note


def texts():
    return b"".join(gzip.decompress(path.read_bytes()) for path in sorted(folder().glob("*.gz"))).decode()


def test_values_go_from_files_and_table_and_the_rest_stays(note):
    keys = set(ArchiveKey.objects.values_list("key", "file", "block"))
    assert "张三 0" in texts() and archive_floor() and len(archived_of_record("platform.note", note.pk)) == 4
    before = set(ArchiveFile.objects.values_list("name", flat=True))
    assert erase_record(record=note, fields={"title"}, reason="asked on 2026-01-01") == 5
    assert "张三" not in texts() and "stays 3" in texts() and "other 5" in texts()
    views = [view for view in entries_for(note) if view.act != "platform.entry.erased"]
    assert len(views) == 5
    assert all(set(value) == {ERASED} for view in views for value in view.changes["title"])
    assert [view.changes["body"][1] for view in views if "body" in view.changes] == [
        "stays 3", "stays 2", "stays 1", "stays 0",
    ]  # fmt: skip
    held = {path.name for path in folder().glob("*.gz")}
    assert held == set(ArchiveFile.objects.values_list("name", flat=True)) and held != before
    assert set(ArchiveKey.objects.values_list("key", "file", "block")) == keys
    seal_journal()
    assert verify_journal().ok
    assert erase_record(record=note, fields={"title"}, reason="again") == 0
    assert erase_record(record=note, reason="all") == 4, "the fifth had but a title"
    assert "stays" not in texts() and verify_journal().ok
    unarchive_journal()
    assert verify_journal().ok
    assert not any("张三" in str(entry.changes) for entry in Entry.objects.all())


def test_an_erasure_that_is_itself_archived_still_explains_what_is_gone(note):
    erase_record(record=note, fields={"title"}, reason="asked")
    for number in range(8):
        Note.objects.create(title=f"later {number}")
    seal_journal()
    archive_journal(before=tomorrow())
    assert not Entry.objects.filter(act="platform.entry.erased").exists()
    assert verify_journal().ok


def test_a_row_that_waits_to_be_deleted_goes_too(note):
    copy = next(
        entry
        for file in ArchiveFile.objects.all()
        for entry in entries_of(file)
        if entry.record_id == note.pk
    )
    Entry._base_manager.bulk_create([copy])
    erase_record(record=note, fields={"title"}, reason="asked")
    assert not Entry.objects.filter(pk=copy.pk).exists() and verify_journal().ok


def test_a_file_somebody_reads_goes_when_they_are_done(note):
    with place.kept_readable():
        erase_record(record=note, fields={"title"}, reason="asked")
        assert "张三" in texts()
    for path in folder().glob("*.gz"):
        # As old as the entries in it usually are.
        os.utime(path, (0, 0))
    sweep_archive()
    assert "张三" not in texts() and verify_journal().ok


def test_a_reader_that_meets_a_replaced_file_looks_again(note, monkeypatch):
    real, times = place.path_of, []

    def late(name):
        if not times:
            times.append(name)
            erase_record(record=note, fields={"title"}, reason="asked")
        return real(name)

    monkeypatch.setattr("zhiheng.platform.journal.archive.reading.path_of", late)
    found = archived_of_record("platform.note", note.pk)
    assert times and len(found) == 4
    assert all(set(entry.changes["title"][0]) == {ERASED} for entry in found if "title" in entry.changes)


def test_what_breaks_off_changes_nothing(note, monkeypatch):
    held, names = texts(), set(ArchiveFile.objects.values_list("name", flat=True))

    def refuse(_self):
        raise RuntimeError("broke off")

    with monkeypatch.context() as patched:
        patched.setattr(rewriting.Replacement, "put_in_place", refuse)
        with pytest.raises(RuntimeError):
            erase_record(record=note, fields={"title"}, reason="asked")
    with pytest.raises(RuntimeError), transaction.atomic():
        erase_record(record=note, fields={"title"}, reason="asked")
        raise RuntimeError
    assert set(ArchiveFile.objects.values_list("name", flat=True)) == names
    assert {path.name for path in folder().glob("*.gz")} >= names
    assert held.splitlines()[0] in texts() and len(entries_for(note)) == 5
    assert all("张三" in view.changes["title"][1] for view in entries_for(note))
    assert verify_journal().ok


def test_nothing_is_erased_in_an_altered_file(note):
    file = ArchiveFile.objects.order_by("last_entry").first()
    place.path_of(file.name).write_bytes(place.path_of(file.name).read_bytes() + gzip.compress(b""))
    with pytest.raises(ArchiveUnreadable, match=file.name):
        erase_record(record=note, fields={"title"}, reason="asked")
    assert "张三 4" in str(entries_for(note)[0].changes)
    assert Seal.objects.exists() and not Entry.objects.filter(act="platform.entry.erased").exists()


def test_inside_a_transaction_it_does_not_wait_for_others(note):
    with (
        place.locked(place.FILES, wait=True),
        transaction.atomic(),
        pytest.raises(ArchiveError, match=r"at this moment|此刻|正在"),
    ):
        erase_record(record=note, fields={"title"}, reason="asked")
