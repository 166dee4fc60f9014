"""Archived entries are read as they were; files are checked, erased in, taken back; a broken run is finished later."""

import gzip
import json
import os
from datetime import timedelta
from random import Random

import pytest

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.registry import Registry
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.journal import cursors, delivery, entries_for, entry_with, handler, handlers
from zhiheng.platform.journal.archive import archiving, place
from zhiheng.platform.journal.archive import format as layout
from zhiheng.platform.journal.archive.acts import ARCHIVED, UNARCHIVED
from zhiheng.platform.journal.archive.archiving import archive_journal, sweep_archive, tidy
from zhiheng.platform.journal.archive.checking import missing_files
from zhiheng.platform.journal.archive.place import ArchiveError, ArchiveUnreadable, folder
from zhiheng.platform.journal.archive.planning import plan_archive
from zhiheng.platform.journal.archive.reading import archive_floor, entries_of
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.cursors import ensure_cursors, journal_head, replay_handler
from zhiheng.platform.journal.delivery import Lane
from zhiheng.platform.journal.digests import ERASED
from zhiheng.platform.journal.erasure import erase_record
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import (
    ArchiveFile,
    ArchiveKey,
    Entry,
    HandlerCursor,
    Parked,
    ParkedState,
    Revision,
)
from zhiheng.platform.tests.journal.archived import all_ids, random_journal, told, tomorrow
from zhiheng.platform.tests.journal.sample import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("person")]


@pytest.fixture(autouse=True)
def small(settings, tmp_path, monkeypatch):
    """A folder of the test; seals, blocks and files so small that a few entries make several."""
    settings.HOME = tmp_path
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 4)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 12)
    monkeypatch.setattr("zhiheng.platform.journal.archive.format.ENTRIES_A_BLOCK", 3)
    monkeypatch.setattr("zhiheng.platform.journal.archive.unarchiving.GRACE_S", 0.0)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})


@pytest.fixture
def notes():
    """Ten records with three entries each, all sealed; thirty entries in eight seals."""
    made = [Note.objects.create(title=f"note {number}") for number in range(10)]
    for text in ("a", "b"):
        for note in made:
            note.body = text
            note.save()
    seal_journal()
    return made


def rows(ids):
    return list(Entry.objects.filter(pk__in=ids).order_by("pk"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_every_reader_says_the_same_before_and_after(seed):
    random = Random(seed)
    notes = random_journal(random, steps=25)
    seal_journal()
    random_journal(random, steps=random.randrange(3))  # not sealed: stays in the table
    ids = all_ids()
    before = told(notes, ids)
    kept = {entry.pk: layout.line_of(entry) for entry in rows(ids)}
    with acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):  # an operation of its own
        done = archive_journal(before=tomorrow())
    assert done.entries >= 20 and len(done.files) >= 2
    assert not Entry.objects.filter(pk__lte=archive_floor()).exists()
    assert told(notes, ids) == before
    assert verify_journal().ok
    # Killed before the rows were deleted: some lie in both places.
    Entry._base_manager.bulk_create(list(entries_of(done.files[-1]))[-random.randrange(1, 12) :])
    assert told(notes, ids) == before
    assert verify_journal().ok
    with acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
        unarchive_journal()
    assert told(notes, ids) == before
    assert {entry.pk: layout.line_of(entry) for entry in rows(ids)} == kept
    assert not ArchiveFile.objects.exists() and not ArchiveKey.objects.exists()
    assert not list(folder().glob("*.gz")) and verify_journal().ok


def test_what_was_never_archived_costs_no_query(notes, django_assert_num_queries):
    assert archive_journal(before=now() - timedelta(days=1)).files == []
    assert not folder().exists(), "nothing was old enough"
    with django_assert_num_queries(1):
        entries_for(notes[0])
    archive_journal(before=tomorrow())
    with django_assert_num_queries(2):
        assert len(entries_for(notes[0])) == 3


def test_a_file_is_lines_that_any_tool_reads(notes):
    [file, *_more] = archive_journal(before=tomorrow()).files
    texts = gzip.decompress(place.path_of(file.name).read_bytes()).splitlines()
    held = [json.loads(text) for text in texts]
    assert [each["id"] for each in held if each["id"]] == [
        each["id"] for each in sorted(held[:-1], key=lambda each: (each["record_id"], each["id"]))
    ]
    assert held[-1]["id"] == 0 and len(held) == file.entries + 1 == 13
    assert (file.first_entry, file.last_entry) == (
        min(e["id"] for e in held[:-1]),
        max(e["id"] for e in held),
    )


def test_the_act_says_which_entries_and_stays_in_the_table(notes):
    head = journal_head()
    done = archive_journal(before=tomorrow())
    acts = list(Entry.objects.filter(act=ARCHIVED).order_by("pk"))
    assert [entry.data["last"] for entry in acts] == [file.last_entry for file in done.files]
    assert acts[0].data["sha256"] == done.files[0].sha256
    assert acts[0].actor_id == 7 and journal_head() > head
    assert sum(file.entries for file in done.files) == done.entries == 30
    assert journal_head() == acts[-1].pk
    unarchive_journal()
    assert Entry.objects.filter(act=UNARCHIVED).count() == len(done.files) == 3


def test_only_old_entries_of_whole_seals_go(notes):
    later = now() + timedelta(days=10)
    with frozen(later):
        for number in range(6):
            Note.objects.create(title=f"late {number}")
        seal_journal()
    plan = plan_archive(before=later - timedelta(days=1))
    # The third file ends with the seal of the last two of the thirty: none that is not old is in it.
    assert [span.entries for span in plan.files] == [12, 12, 6] and not plan.stops
    assert plan_archive(before=now() - timedelta(days=1)).entries == 0
    archive_journal(before=later - timedelta(days=1))
    assert Entry.objects.exclude(act=ARCHIVED).count() == 6
    assert archive_journal(before=later - timedelta(days=1)).files == []


def test_it_says_what_stops_it(notes, monkeypatch):
    Note.objects.create(title="not sealed")
    ids = all_ids()
    HandlerCursor.objects.all().delete()
    stopping = handlers.handlers["notifications"]
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {"notifications": stopping})
    HandlerCursor.objects.create(handler="notifications", partition=0, position=ids[21])
    HandlerCursor.objects.create(handler="notifications", partition=1, position=ids[25])
    Parked.objects.create(
        handler="search", partition=0, entry_id=ids[17], record_type="platform.note", record_id=1,
        state=ParkedState.DEAD, parked_at=now(),
    )  # fmt: skip
    plan = plan_archive(before=tomorrow())
    assert [stop.at for stop in plan.stops] == [ids[16], ids[21], ids[29]]
    assert "search" in plan.stops[0].text and "notifications" in plan.stops[1].text
    assert "not sealed" in plan.stops[2].text
    assert plan.entries == 16, "four whole seals end before the seventeenth entry"
    (folder().parent / "anchors" / "journal.jsonl").unlink()
    plan = plan_archive(before=tomorrow())
    assert plan.entries == 0 and plan.stops[0].at == 0 and "signed head" in plan.stops[0].text


def test_an_altered_entry_is_not_archived(notes):
    ids = all_ids()
    Entry._base_manager.filter(pk=ids[14]).update(cause="api")
    with pytest.raises(ArchiveError, match=str(ids[14])):
        archive_journal(before=tomorrow())
    assert archive_floor() == ids[11], "the first file was whole before"
    assert [problem.entry for problem in verify_journal().problems] == [ids[14]]


def damaged(file, how):
    path = place.path_of(file.name)
    if how == "missing":
        path.unlink()
    elif how == "altered":
        lines = gzip.decompress(path.read_bytes()).replace(b'"cause":"page"', b'"cause":"bulk"', 1)
        path.write_bytes(gzip.compress(lines))
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-30])
    else:
        other = ArchiveFile.objects.exclude(pk=file.pk).order_by("pk").first()
        path.write_bytes(place.path_of(other.name).read_bytes())


@pytest.mark.parametrize("how", ["missing", "altered", "cut", "swapped"])
def test_a_damaged_file_is_named_with_its_entries(notes, how):
    archive_journal(before=tomorrow())
    assert verify_journal().ok and missing_files() == []
    file = ArchiveFile.objects.order_by("last_entry")[1]
    damaged(file, how)
    outcome = verify_journal()
    named = [problem for problem in outcome.problems if problem.kind == "archive"]
    assert file.name in named[0].text and named[0].entry == file.first_entry
    assert outcome.first_bad_entry == file.first_entry
    assert bool(missing_files()) == (
        how in {"missing", "cut", "altered"} or place.path_of(file.name).stat().st_size != file.size
    )
    with pytest.raises(ArchiveUnreadable, match=file.name):
        unarchive_journal()


def test_a_forged_file_with_a_forged_digest_is_found(notes):
    archive_journal(before=tomorrow())
    file = ArchiveFile.objects.order_by("last_entry")[1]
    held = list(entries_of(file))
    held[3].cause = "api"
    packed = layout.pack(layout.line_of(entry) for entry in held)
    place.path_of(file.name).write_bytes(packed.content)
    ArchiveFile.objects.filter(pk=file.pk).update(
        sha256=packed.sha256, size=len(packed.content), blocks=packed.blocks
    )
    assert [(each.kind, each.entry) for each in verify_journal().problems] == [("altered", held[3].pk)]


def test_a_hidden_timeline_and_a_row_slipped_in_are_found(notes):
    archive_journal(before=tomorrow())
    file = ArchiveFile.objects.order_by("last_entry")[0]
    slipped = next(entries_of(file))
    slipped.cause = "api"
    Entry._base_manager.bulk_create([slipped])
    ArchiveKey.objects.filter(key=layout.record_key("platform.note", notes[5].pk), file=file).delete()
    kinds = {(each.kind, each.entry) for each in verify_journal().problems}
    assert kinds == {("archive", file.first_entry), ("altered", slipped.pk)}
    assert entry_with(slipped.pk).cause == "api", "until the next run; verification says so"
    tidy()
    assert entry_with(slipped.pk).cause == "page"


def test_files_of_a_killed_run_go(notes, tmp_path):
    archive_journal(before=tomorrow())
    (folder() / f"{place.DRAFT}1-2").write_bytes(b"half")
    orphan = folder() / f"000000000001-000000000002-0123456789abcdef{place.SUFFIX}"
    orphan.write_bytes(b"nobody names it")
    sweep_archive()
    assert not list(folder().glob(f"{place.DRAFT}*")) and orphan.exists(), "who writes it may still name it"
    os.utime(orphan, (0, 0))
    sweep_archive()
    assert not orphan.exists() and verify_journal().ok


def test_two_runs_exclude_each_other(notes):
    place.make_folder()
    with place.locked(place.RUN, wait=False):
        for run in (lambda: archive_journal(before=tomorrow()), unarchive_journal):
            with pytest.raises(ArchiveError, match=r"being archived|正在"):
                run()
    assert archive_journal(before=tomorrow()).entries == 30


def test_a_full_disk_leaves_nothing_half(notes, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zhiheng.platform.journal.archive.place.os.fsync", full)
    before = told(notes, all_ids())
    with pytest.raises(ArchiveError, match="No space left on device"):
        archive_journal(before=tomorrow())
    assert not ArchiveFile.objects.exists() and not [p for p in folder().iterdir() if p.stat().st_size]
    assert told(notes, all_ids()) == before
    monkeypatch.undo()


def test_part_of_the_archive_comes_back(notes):
    with frozen(now() - timedelta(days=900)):
        old = Note.objects.create(title="old")
    seal_journal()
    archive_journal(before=tomorrow())
    files = ArchiveFile.objects.count()
    assert unarchive_journal(since=tomorrow()).entries == 0
    assert unarchive_journal(since=now() - timedelta(days=1)).entries == 31
    assert files == 3 and len(entries_for(old)) == 1


def test_a_handler_that_goes_back_gets_archived_entries_in_order(monkeypatch):
    for module in (handlers, cursors, delivery):
        monkeypatch.setattr(module, "handlers", Registry("handler"))
    own = handlers.handlers
    for module in (cursors, delivery):
        monkeypatch.setattr(module, "handlers", own)
    got = []
    handler("archive-test", acts=("platform.note.changed", "platform.note.re*"), from_start=True)(got.append)
    notes = random_journal(Random(5), steps=20)
    seal_journal()
    expected = list(
        Entry.objects.filter(own["archive-test"].wanted).order_by("pk").values_list("pk", flat=True)
    )
    assert len(expected) > 20
    archive_journal(before=tomorrow())
    notes[0].title = "after"
    notes[0].save()
    expected.append(journal_head())
    ensure_cursors()
    for _round in range(2):
        got.clear()
        for cursor in HandlerCursor.objects.filter(handler="archive-test"):
            lane = Lane(cursor)
            while lane._seen < journal_head() or lane._read:
                lane.deliver(head=journal_head())
        assert sorted(view.id for view in got) == expected
        by_record = {}
        for view in got:
            by_record.setdefault((view.record_type, view.record_id), []).append(view.id)
        assert all(ids == sorted(ids) for ids in by_record.values())
        HandlerCursor.objects.update(position=journal_head())
        replay_handler(name="archive-test")


def test_erasing_while_a_file_is_made_makes_it_anew(notes, monkeypatch):
    place_keys = archiving._place

    def erase_meanwhile(file, keys):
        monkeypatch.setattr(archiving, "_place", place_keys)
        erase_record(record=notes[2], fields={"title"}, reason="asked")
        place_keys(file, keys)

    monkeypatch.setattr(archiving, "_place", erase_meanwhile)
    archive_journal(before=tomorrow())
    assert b"note 2" not in b"".join(
        gzip.decompress(path.read_bytes()) for path in folder().glob("*.gz") if path.name in names()
    )
    assert verify_journal().ok


def names():
    return set(ArchiveFile.objects.values_list("name", flat=True))


def test_a_long_text_of_an_archived_entry_is_verified_and_erased(notes):
    note = notes[0]
    note.body = "长" * 5_000
    note.save()
    note.body = "short"
    note.save()
    seal_journal()
    archive_journal(before=tomorrow())
    assert Revision.objects.count() == 2, "as what came, and as what went"
    Revision.objects.update(text="forged")
    assert {problem.kind for problem in verify_journal().problems} == {"revision"}
    Revision.objects.update(text="长" * 5_000)
    assert erase_record(record=note, fields={"body"}, reason="asked") == 4
    for view in entries_for(note):
        assert all(set(value) == {ERASED} for value in view.changes.get("body", []))
    assert not Revision.objects.exclude(text=None).exists() and verify_journal().ok
