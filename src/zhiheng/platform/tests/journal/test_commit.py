"""Entries are written as the last statement of the outermost transaction, or not at all."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhiheng.kernel.time import now
from zhiheng.platform.db import buffer
from zhiheng.platform.journal import NewEntry, Step, append_encoded, append_history, encode_history
from zhiheng.platform.models import Entry
from zhiheng.platform.tests.journal.sample import Folder, Note

pytestmark = pytest.mark.usefixtures("clean", "person")


def test_entries_come_last_and_only_at_the_commit():
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        Note.objects.create(title="a")
        with transaction.atomic():
            Folder.objects.create(name="f")
        assert not Entry.objects.exists()
        inside = len(queries)
    assert Entry.objects.count() == 2
    after = [query["sql"] for query in queries.captured_queries[inside:]]
    assert not any("sample_" in sql for sql in after)


def test_a_rollback_takes_the_entries_along():
    with pytest.raises(KeyError), transaction.atomic():
        Note.objects.create(title="a")
        raise KeyError
    with transaction.atomic():
        Note.objects.create(title="b")
        transaction.set_rollback(True)
    Note.objects.create(title="c")
    assert [entry.changes["title"] for entry in Entry.objects.all()] == [[None, "c"]]


def test_an_entry_that_cannot_be_written_undoes_the_write(monkeypatch):
    def fail(_entries):
        raise TypeError("cannot index")

    monkeypatch.setattr(buffer, "before_journal", [fail])
    with pytest.raises(TypeError, match="cannot index"):
        Note.objects.create(title="a")
    monkeypatch.setattr(buffer, "before_journal", [])
    assert not Note.objects.exists()
    assert not Entry.objects.exists()
    Note.objects.create(title="b")
    assert Entry.objects.count() == 1


def test_entries_outside_a_transaction_are_refused():
    with pytest.raises(RuntimeError, match="inside transaction"):
        connection.journal_append(None)


def test_history_is_appended_in_order_and_in_parts(monkeypatch):
    monkeypatch.setattr("zhiheng.platform.journal.history.ENTRIES_A_TRANSACTION", 3)
    note = Note.objects.create(title="a")
    at = note.saved_at
    count = append_history(
        NewEntry("platform.note.renamed", "platform.note", note.pk, at, data={"n": n}) for n in range(7)
    )
    loaded = Entry.objects.filter(cause="history").order_by("id")
    assert count == 7
    assert [entry.data["n"] for entry in loaded] == list(range(7))
    assert {entry.occurred_at for entry in loaded} == {at}
    assert len(set(Entry.objects.values_list("correlation", flat=True))) == 1


def test_history_worked_out_beforehand_is_stored_like_any_other():
    one, other = Note.objects.create(title="a"), Note.objects.create(title="b")
    at, changes = one.saved_at, {"title": [None, "a"]}
    act, record_type = "platform.note.renamed", "platform.note"
    append_history(NewEntry(act, record_type, one.pk, at, changes=changes, data={"n": n}) for n in range(2))
    encoded = encode_history(
        [Step(at, {"n": n}, changes) for n in range(2)], act=act, record_type=record_type, record_id=other.pk
    )
    with transaction.atomic():
        append_encoded(encoded)
    columns = (
        "occurred_at",
        "actor_kind",
        "act",
        "act_version",
        "record_type",
        "correlation",
        "changes",
        "data",
    )
    loaded = Entry.objects.filter(cause="history").order_by("id")
    first, second = (list(loaded.filter(record_id=note.pk).values_list(*columns)) for note in (one, other))
    assert first == second
    assert [entry.data["n"] for entry in loaded] == [0, 1, 0, 1]
    assert len({bytes(entry.salt) for entry in loaded}) == 4, "each entry has a salt of its own"


def test_history_worked_out_beforehand_goes_with_its_transaction():
    encoded = encode_history(
        [Step(now(), {})], act="platform.note.renamed", record_type="platform.note", record_id=1
    )
    with pytest.raises(KeyError), transaction.atomic():
        append_encoded(encoded)
        raise KeyError
    assert not Entry.objects.filter(cause="history").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one setting for all")
def test_only_history_does_not_wait_for_the_disk():
    note = Note.objects.create(title="a")
    history = NewEntry("platform.note.renamed", "platform.note", note.pk, note.saved_at)
    with CaptureQueriesContext(connection) as queries:
        append_history([history])
    assert any("synchronous_commit = off" in query["sql"] for query in queries.captured_queries)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        Note.objects.create(title="b")
        append_history([history])
    assert not any("synchronous_commit" in query["sql"] for query in queries.captured_queries)
