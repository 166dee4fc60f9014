"""How many entries handlers have still to get, though the cursors of idle lanes stand still."""

from uuid import uuid4

import pytest

from zhiheng.kernel.registry import Registry
from zhiheng.platform.journal import cursors, delivery, handler, handlers
from zhiheng.platform.journal.cursors import ensure_cursors, entries_ahead, journal_head, lease_cursors
from zhiheng.platform.journal.delivery import Lane, deliver_all
from zhiheng.platform.models import HandlerCursor
from zhiheng.platform.tests.journal.sample import Note

pytestmark = pytest.mark.usefixtures("clean", "person")


@pytest.fixture(autouse=True)
def _own_handlers(clean, monkeypatch):
    empty = Registry("handler")
    for module in (handlers, cursors, delivery):
        monkeypatch.setattr(module, "handlers", empty)
    HandlerCursor.objects.all().delete()


def test_what_a_handler_has_still_to_get_is_told_without_what_it_never_wants(monkeypatch):
    handler("notes", acts=("platform.note.created",))(lambda _entry: None)
    handler("all", acts=("platform.note.*",))(lambda _entry: None)
    Note(title="before there were handlers").save()
    ensure_cursors()
    lanes = [Lane(cursor) for cursor in lease_cursors(owner=uuid4(), share=1000)]
    notes = [Note(title=f"note {number}") for number in range(3)]
    for note in notes:
        note.save()
    for note in notes:
        note.title += "!"
        note.save()
    assert entries_ahead() == {"notes": 3, "all": 6}
    for _round in range(20):
        deliver_all(lanes)
    notes[0].title = "of no interest to one of them"
    notes[0].save()
    positions = set(HandlerCursor.objects.filter(handler="notes").values_list("position", flat=True))
    assert min(positions) < journal_head(), "the cursors of idle lanes stand still"
    assert entries_ahead() == {"notes": 0, "all": 1}
    monkeypatch.setattr(cursors, "LAZY_ENTRIES", 0)
    assert entries_ahead()["notes"] == journal_head() - min(positions)
