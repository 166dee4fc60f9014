"""Pages that read while entries move into files and back see every entry, once."""

import threading

import pytest
from django.db import connection

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.platform.journal import entries_for, entries_of_operation, entry_with
from zhiheng.platform.journal.archive.archiving import archive_journal
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import ArchiveFile
from zhiheng.platform.tests.journal.archived import all_ids, tomorrow
from zhiheng.platform.tests.journal.sample import Note

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("clean", "person")]


class Reader(threading.Thread):
    """Reads over and over, and keeps every answer that differs from the first."""

    def __init__(self, note, ids):
        super().__init__(daemon=True)
        self.note, self.ids = note, ids
        self.expected = self.answer()
        self.wrong, self.rounds, self.stop = [], 0, threading.Event()

    def answer(self):
        """Three ways to the same entries."""
        views = entries_for(self.note)
        return (views, entries_for(self.note, limit=3), entries_of_operation(views[-1].correlation),
                [entry_with(number) for number in self.ids[::7]])  # fmt: skip

    def run(self):
        try:
            while not self.stop.is_set() or self.rounds < 3:
                found = self.answer()
                self.rounds += 1
                if found != self.expected:
                    self.wrong.append(found)
        except Exception as error:  # the test says what it was
            self.wrong.append(error)
        finally:
            connection.close()


def test_readers_beside_archiving_and_taking_back(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 4)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 12)
    monkeypatch.setattr("zhiheng.platform.journal.archive.format.ENTRIES_A_BLOCK", 3)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    notes = [Note.objects.create(title=f"note {number}") for number in range(4)]
    for number in range(11):
        for note in notes:
            note.stars = number + 1
            note.save()
    seal_journal()
    readers = [Reader(note, all_ids()) for note in notes[:2]]
    for reader in readers:
        reader.start()
    for move in (lambda: archive_journal(before=tomorrow()), unarchive_journal):
        with acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
            move()
            assert ArchiveFile.objects.exists() == (move is not unarchive_journal)
    for reader in readers:
        reader.stop.set()
        reader.join()
        assert reader.rounds >= 3 and not reader.wrong, reader.wrong[:1]
    assert verify_journal().ok
