"""Archiving, taking back and erasing are killed at every step: nothing is lost, told twice or half erased, and the next
run goes on."""

import pytest

from tests.kill import archived, sample
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.platform.journal import entries_for, entries_of_operation, entry_with
from zhiheng.platform.journal.archive.archiving import archive_journal, sweep_archive
from zhiheng.platform.journal.archive.place import folder
from zhiheng.platform.journal.archive.reading import archive_floor
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.digests import ERASED
from zhiheng.platform.journal.erasure import ERASURE
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import ArchiveFile, ArchiveKey, Entry
from zhiheng.platform.tests.backup import elsewhere

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journal(start, tmp_path, monkeypatch):
    """Five counters, each raised seven times; all of it sealed in seals of four entries."""
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 4)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", archived.ENTRIES_A_FILE)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    monkeypatch.setattr("zhiheng.platform.journal.archive.unarchiving.GRACE_S", 0.0)
    with elsewhere.home(tmp_path / "home"), acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
        counters = [sample.Counter.objects.create() for _ in range(5)]
        for n in range(1, 8):
            for counter in counters:
                counter.n = n
                counter.save()
        seal_journal()
        yield counters


def told(counters, ids):
    """What readers say of the counters and their entries."""
    [operation] = {entry_with(number).correlation for number in ids}
    return (
        [entries_for(counter) for counter in counters],
        [entry_with(number) for number in ids],
        entries_of_operation(operation),
    )


def finish(run):
    with acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
        run()


@pytest.mark.parametrize("step", archived.STEPS["archive"])
def test_archiving_that_is_killed_is_finished_by_the_next_run(journal, start, step):
    ids = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    before = told(journal, ids)
    dying = start("archive", step, str(folder().parent))
    dying.wait_for(f"at {step}")
    dying.kill()
    assert told(journal, ids) == before and verify_journal().ok
    finish(lambda: archive_journal(before=archived.LATER))
    assert told(journal, ids) == before and verify_journal().ok
    assert archive_floor() == ids[-1] and not Entry.objects.filter(pk__lte=ids[-1]).exists()
    files = ArchiveFile.objects.all()
    assert sum(file.entries for file in files) == 40 and all(file.live for file in files)
    assert {path.name for path in folder().glob("*.gz")} == {file.name for file in files}
    assert not list(folder().glob(".draft*"))


@pytest.mark.parametrize("step", archived.STEPS["unarchive"])
def test_taking_back_that_is_killed_is_finished_by_the_next_run(journal, start, step):
    ids = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    before = told(journal, ids)
    finish(lambda: archive_journal(before=archived.LATER))
    dying = start("unarchive", step, str(folder().parent))
    dying.wait_for(f"at {step}")
    dying.kill()
    assert told(journal, ids) == before and verify_journal().ok
    finish(unarchive_journal)
    assert told(journal, ids) == before and verify_journal().ok
    assert Entry.objects.filter(pk__in=ids).count() == 40
    assert not ArchiveFile.objects.exists() and not ArchiveKey.objects.exists()
    assert not list(folder().glob("*.gz"))


@pytest.mark.parametrize("step", archived.STEPS["erase"])
def test_an_erasure_that_is_killed_was_done_whole_or_not_at_all(journal, start, step, monkeypatch):
    first, *others = journal
    finish(lambda: archive_journal(before=archived.LATER))
    assert ArchiveFile.objects.count() >= 3
    first.n = 8
    first.save()  # an entry in the table beside those in files
    seal_journal()
    before, kept = entries_for(first), [entries_for(counter) for counter in others]
    dying = start("erase", step, str(folder().parent))
    dying.wait_for(f"at {step}")
    dying.kill()
    assert verify_journal().ok
    done = step == "removing"  # it was committed before
    assert done or entries_for(first) == before
    count = []
    finish(lambda: count.append(archived.erase_first_counter()))
    assert count == [0 if done else len(before)]
    seal_journal()
    assert verify_journal().ok
    erasures, entries = [], []
    for view in entries_for(first):
        (erasures if view.act == ERASURE.name else entries).append(view)
    assert len(erasures) == 1 and [view.id for view in entries] == [view.id for view in before]
    assert all(set(value) == {ERASED} for view in entries for value in view.changes["n"])
    assert [entries_for(counter) for counter in others] == kept
    monkeypatch.setattr("zhiheng.platform.journal.archive.place.ORPHAN_S", -1.0)
    sweep_archive()  # as a sealing does once they are an hour old
    left = {path.name for path in folder().iterdir() if path.name.endswith(".gz") or "draft" in path.name}
    assert left == set(ArchiveFile.objects.values_list("name", flat=True))
