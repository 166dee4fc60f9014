"""Verification names what was altered, deleted, inserted or rewritten; an erasure does not disturb it."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils.translation import override

from zhiheng.platform.journal import act, entries_for, full_text
from zhiheng.platform.journal.anchors import anchor_file, key_file
from zhiheng.platform.journal.digests import canonical, leaf, pack_leaves, seal_digest
from zhiheng.platform.journal.erasure import erase_record
from zhiheng.platform.journal.jobs import seal_entries
from zhiheng.platform.journal.sealing import GENESIS, seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import Entry, Revision, Seal
from zhiheng.platform.tests.journal.sample import Note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("person")]


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 4)


@pytest.fixture
def entries():
    """Ten sealed entries: three seals, one anchor."""
    for number in range(10):
        Note.objects.create(title=f"note {number}", stars=number)
    sealed = seal_journal()
    assert (sealed.seals, sealed.entries) == (3, 10)
    return list(Entry.objects.order_by("id"))


def rewrite(entry, **values):
    Entry._base_manager.filter(pk=entry.pk).update(**values)


def test_an_untouched_journal_verifies(entries):
    Note.objects.create(title="later")
    outcome = verify_journal()
    assert outcome.ok and outcome.first_bad_entry is None
    assert (outcome.entries, outcome.seals, outcome.anchors, outcome.unsealed) == (10, 3, 1, 1)
    assert outcome.anchored_to == outcome.sealed_to == entries[-1].pk
    assert seal_journal().entries == 1
    assert seal_journal().anchor is None
    assert verify_journal().anchors == 2


@pytest.mark.parametrize(
    "column, value",
    [
        ("act", "platform.note.deleted"),
        ("act_version", 2),
        ("actor_id", 8),
        ("actor_kind", "system"),
        ("cause", "api"),
        ("record_type", "platform.folder"),
        ("record_id", 999),
        ("occurred_at", "2020-01-01T00:00:00Z"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
        ("correlation", "01a1fbd1-0b85-79e4-a149-c585690b43e8"),
        ("changes", {"title": [None, "forged"]}),
        ("data", {"forged": True}),
        ("salt", b"0" * 16),
    ],
)
def test_an_altered_column_is_found_and_its_entry_named(entries, column, value):
    rewrite(entries[5], **{column: value})
    rewrite(entries[7], act="platform.note.deleted")
    outcome = verify_journal()
    assert outcome.first_bad_entry == entries[5].pk
    assert [problem.kind for problem in outcome.problems] == ["altered", "altered"]


def test_a_deleted_entry_is_found(entries):
    Entry._base_manager.filter(pk=entries[4].pk).delete()
    [problem] = verify_journal().problems
    assert (problem.kind, problem.entry) == ("deleted", entries[4].pk)


def test_an_inserted_entry_is_found(entries):
    Entry._base_manager.filter(pk=entries[4].pk).update(id=entries[4].pk + 1_000_000)
    Entry._base_manager.filter(pk=entries[6].pk).delete()
    Entry._base_manager.filter(pk=entries[4].pk + 1_000_000).update(id=entries[6].pk)
    kinds = {(problem.kind, problem.entry) for problem in verify_journal().problems}
    assert kinds == {("deleted", entries[4].pk), ("altered", entries[6].pk)}


def test_an_entry_squeezed_in_is_found(entries):
    Entry._base_manager.filter(pk=entries[4].pk).delete()
    seal = Seal.objects.order_by("id")[1]
    # The forger also drops the entry from the seal, so that only the digest of the seal disagrees.
    rest = {entry.pk: leaf(entry) for entry in entries[5:8]}
    Seal.objects.filter(pk=seal.pk).update(leaves=pack_leaves(rest), entries=3)
    assert {problem.kind for problem in verify_journal().problems} == {"seal"}


def test_a_rewritten_chain_disagrees_with_the_anchored_head(entries):
    Note.objects.create(title="second batch")
    seal_journal()
    rewrite(entries[9], changes={"title": [None, "forged"]})
    reseal()
    outcome = verify_journal()
    assert {problem.kind for problem in outcome.problems} == {"head"}
    assert outcome.first_bad_entry == 1, (
        "the first head covers all ten entries; nothing before it is anchored"
    )


def reseal():
    """What a forger with the database, but without the key, can do: compute all seals anew."""
    previous = GENESIS
    for seal in Seal.objects.order_by("last_entry"):
        rows = Entry.objects.filter(id__gte=seal.first_entry, id__lte=seal.last_entry).order_by("id")
        leaves = pack_leaves({entry.pk: leaf(entry) for entry in rows})
        digest = seal_digest(
            previous=previous,
            first=seal.first_entry,
            last=seal.last_entry,
            entries=len(rows),
            leaves=leaves,
            sealed_at=seal.sealed_at,
        )
        Seal.objects.filter(pk=seal.pk).update(
            leaves=leaves, entries=len(rows), previous=previous, digest=digest
        )
        previous = digest


def test_a_cut_tail_disagrees_with_the_anchored_head(entries):
    last = Seal.objects.order_by("-id").first()
    Entry._base_manager.filter(id__gte=last.first_entry).delete()
    last.delete()
    [problem] = verify_journal().problems
    assert (problem.kind, problem.entry) == ("head", last.first_entry)


def test_a_forged_or_damaged_anchor_is_found(entries):
    path = anchor_file()
    good = json.loads(path.read_text())
    path.write_text("\n".join([json.dumps(good | {"digest": "0" * 64}), "{", json.dumps(good)]) + "\n")
    assert [problem.kind for problem in verify_journal().problems] == ["anchor", "anchor"]


def test_a_damaged_seal_is_found(entries):
    Seal.objects.filter(pk=Seal.objects.order_by("id")[0].pk).update(leaves=b"cut")
    kinds = {problem.kind for problem in verify_journal().problems}
    assert kinds == {"seal", "inserted"}


def test_the_key_is_private(entries):
    assert key_file().stat().st_mode & 0o077 == 0
    assert anchor_file().stat().st_mode & 0o077 == 0


def test_the_job_tells_the_head_in_the_language_of_the_installation(monkeypatch):
    told = []
    monkeypatch.setattr("zhiheng.platform.journal.jobs.report", told.append)
    Note.objects.create(title="one")
    with override("zh-hans"):
        seal_entries.func()
    [line] = told
    assert line == f"日志头 {Seal.objects.get().digest}，截至条目 {Entry.objects.get().pk}"


class TestErasure:
    def test_the_values_are_gone_and_the_chain_verifies(self):
        note = Note.objects.create(title="Li Lei", body="13800000000", stars=3)
        with act("platform.note.renamed", record=note, data={"caller": "Li Lei", "n": 1}):
            note.title = "Han Meimei"
            note.save()
        seal_journal()
        assert (
            erase_record(record=note, fields={"title", "body", "caller"}, reason="asked on 2026-01-01") == 2
        )
        seal_journal()
        outcome = verify_journal()
        assert outcome.ok, outcome.problems
        stored = json.dumps(list(Entry.objects.values("changes", "data", "salts")), ensure_ascii=False)
        assert "Li Lei" not in stored and "Meimei" not in stored and "13800000000" not in stored
        erasure, renamed, created = entries_for(note)
        assert erasure.act == "platform.entry.erased"
        assert erasure.data["reason"] == "asked on 2026-01-01"
        assert renamed.data["n"] == 1
        assert created.changes["stars"] == [None, 3]
        assert not any(
            bytes(salt)
            for salt in Entry.objects.filter(pk__in=[renamed.id, created.id]).values_list("salt", flat=True)
        )

    def test_it_can_be_done_step_by_step_and_twice(self):
        note = Note.objects.create(title="Li Lei", body="13800000000")
        seal_journal()
        assert erase_record(record=note, fields={"title"}, reason="one") == 1
        assert erase_record(record=note, reason="rest") == 1
        assert erase_record(record=note, reason="again") == 0
        assert verify_journal().ok

    def test_what_is_left_in_an_erased_entry_is_still_protected(self):
        note = Note.objects.create(title="Li Lei", body="13800000000")
        seal_journal()
        erase_record(record=note, fields={"title"}, reason="one")
        entry = Entry.objects.order_by("id")[0]
        rewrite(entry, changes=entry.changes | {"body": [None, "forged"]})
        assert verify_journal().first_bad_entry == entry.pk

    def test_an_erasure_that_no_entry_tells_of_is_found(self):
        note = Note.objects.create(title="Li Lei")
        seal_journal()
        erase_record(record=note, fields={"title"}, reason="one")
        Entry._base_manager.filter(act="platform.entry.erased").delete()
        [problem] = verify_journal().problems
        assert (problem.kind, problem.entry) == ("erased", Entry.objects.order_by("id")[0].pk)

    def test_long_texts_are_erased_and_checked(self):
        note = Note.objects.create(title="a", body="长" * 5000)
        other = Note.objects.create(title="b", body="短" * 5000)
        seal_journal()
        erase_record(record=note, fields={"body"}, reason="one")
        assert full_text(entries_for(other)[0].changes["body"][1]) == "短" * 5000
        assert set(Revision.objects.values_list("text", flat=True)) == {None, "短" * 5000}
        assert verify_journal().ok
        Revision.objects.exclude(text=None).update(text="改")
        [problem] = verify_journal().problems
        assert problem.kind == "revision"


def test_equal_numbers_have_one_spelling():
    assert (
        canonical({"b": 2.0, "a": [1e3, 0.5]})
        == canonical({"a": [1000, 0.5], "b": 2})
        == b'{"a":[1000,0.5],"b":2}'
    )


def test_the_digest_of_an_entry_is_what_the_documents_say():
    """A second computation, from the words of the decision record."""
    at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    entry = Entry(
        pk=1,
        occurred_at=at,
        recorded_at=at,
        actor_kind="system",
        actor_id=None,
        cause="job",
        act="a.b.c",
        act_version=1,
        record_type="a.b",
        record_id=2,
        correlation=UUID(int=5),
        changes={"t": [None, "x"]},
        data={},
        salt=b"s" * 16,
    )
    own_salt = hmac.new(b"s" * 16, b"changes.t", hashlib.sha256).digest()
    stands_for = hmac.new(own_salt, b'[null,"x"]', hashlib.sha256).hexdigest()
    text = (
        '{"act":["a.b.c",1],"actor":["system",null],"cause":"job","correlation":"00000000000000000000000000000005",'
        '"id":1,"occurred_at":"2026-01-02T03:04:05.000006Z","record":["a.b",2],'
        '"recorded_at":"2026-01-02T03:04:05.000006Z","values":{"changes.t":"' + stands_for + '"},'
        '"version":"zhiheng-entry-1"}'
    )
    assert leaf(entry) == hashlib.sha256(text.encode()).digest()
