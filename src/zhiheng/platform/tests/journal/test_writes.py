"""Every write of a journaled model leaves one entry that says what changed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from zhiheng.kernel.actor import NoActor
from zhiheng.kernel.time import frozen
from zhiheng.platform.journal import (
    UnknownAct,
    act,
    entries_for,
    entries_of_operation,
    full_text,
    register_act,
)
from zhiheng.platform.models import Entry, Revision
from zhiheng.platform.models.journal import AppendOnly
from zhiheng.platform.tests.journal.sample import Folder, Note

pytestmark = pytest.mark.django_db


def acts_of(record):
    return [(entry.act.rpartition(".")[2], entry.changes) for entry in reversed(entries_for(record))]


def test_created_changed_deleted(person):
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with frozen(at):
        note = Note.objects.create(title="a", price=Decimal("1.50"), due_at=at)
    note.title = "b"
    note.save()
    deleted_id = note.pk
    note.delete()
    entries = list(Entry.objects.filter(record_type="platform.note", record_id=deleted_id).order_by("id"))
    assert [entry.act for entry in entries] == [
        f"platform.note.{verb}" for verb in ("created", "changed", "deleted")
    ]
    assert entries[0].changes == {
        "title": [None, "a"],
        "stars": [None, 0],
        "labels": [None, {}],
        "price": [None, "1.50"],
        "due_at": [None, "2026-03-01T12:00:00Z"],
    }
    assert entries[0].occurred_at == entries[0].recorded_at == at
    assert entries[1].changes == {"title": ["a", "b"]}
    assert entries[2].changes["title"] == ["b", None]
    assert {(e.actor_kind, e.actor_id, e.cause) for e in entries} == {("person", 7, "page")}
    assert len({e.correlation for e in entries}) == 1


def test_saving_nothing_writes_nothing(person, django_assert_num_queries):
    note = Note.objects.create(title="a")
    with django_assert_num_queries(0):
        note.save()
    assert len(entries_for(note)) == 1


def test_a_save_writes_only_what_it_changed(person):
    one = Note.objects.create(title="a", stars=1)
    other = Note.objects.get(pk=one.pk)
    other.stars = 2
    other.save()
    one.title = "b"
    one.save()
    one.refresh_from_db()
    assert (one.title, one.stars) == ("b", 2)
    assert [changes for _verb, changes in acts_of(one)][1:] == [{"stars": [1, 2]}, {"title": ["a", "b"]}]


def test_the_time_of_saving_moves_but_is_no_change(person):
    with frozen(datetime(2026, 1, 1, tzinfo=UTC)):
        note = Note.objects.create(title="a")
    before = note.saved_at
    note.title = "b"
    note.save()
    assert Note.objects.get(pk=note.pk).saved_at >= before
    assert acts_of(note)[-1] == ("changed", {"title": ["a", "b"]})


def test_changes_inside_a_json_value_are_seen(person):
    note = Note.objects.create(title="a", labels={"x": 1})
    note.labels["y"] = 2
    note.save()
    loaded = Note.objects.get(pk=note.pk)
    loaded.labels["x"] = 9
    loaded.save()
    assert [changes for _verb, changes in acts_of(note)][1:] == [
        {"labels": [{"x": 1}, {"x": 1, "y": 2}]},
        {"labels": [{"x": 1, "y": 2}, {"x": 9, "y": 2}]},
    ]


def test_omitted_fields_are_saved_silently_and_need_no_actor(person):
    note = Note.objects.create(title="a")
    note.read_at = datetime(2026, 1, 1, tzinfo=UTC)
    note.save()
    assert Note.objects.get(pk=note.pk).read_at is not None
    assert len(entries_for(note)) == 1


def test_masked_fields_say_that_they_changed_not_to_what(person):
    note = Note.objects.create(title="a", secret="swordfish")
    note.secret = "marlin"
    note.save()
    assert not any(word in str(acts_of(note)) for word in ("swordfish", "marlin"))
    assert [set(changes) for _verb, changes in acts_of(note)][1:] == [{"secret"}]


@pytest.mark.parametrize(
    "write",
    [
        lambda: Note.objects.create(title="a"),
        lambda: Note.objects.bulk_create([Note(title="a")]),
    ],
)
def test_no_write_without_an_actor(write):
    with pytest.raises(NoActor), transaction.atomic():
        write()
    assert not Note.objects.exists()


def test_an_expression_is_journaled_with_its_value(person):
    note = Note.objects.create(title="a", stars=3)
    note.stars = F("stars") + 4
    note.save()
    assert acts_of(note)[-1] == ("changed", {"stars": [3, 7]})


def test_deferred_fields_are_looked_up_before_they_are_overwritten(person):
    made = Note.objects.create(title="a", stars=3)
    note = Note.objects.only("title").get(pk=made.pk)
    note.stars = 5
    note.save()
    assert acts_of(note)[-1] == ("changed", {"stars": [3, 5]})


def test_update_fields_limit_the_entry(person):
    note = Note.objects.create(title="a", stars=1)
    note.title, note.stars = "b", 2
    note.save(update_fields=["stars"])
    assert acts_of(note)[-1] == ("changed", {"stars": [1, 2]})
    note.save()
    assert acts_of(note)[-1] == ("changed", {"title": ["a", "b"]})


def test_saving_a_row_somebody_deleted_fails(person):
    note = Note.objects.create(title="a")
    Note.objects.get(pk=note.pk).delete()
    note.title = "b"
    with pytest.raises(DatabaseError), transaction.atomic():
        note.save()


def test_a_row_with_a_chosen_key_is_a_change_if_it_exists(person):
    made = Note.objects.create(title="a")
    Note(pk=made.pk, title="b").save()
    assert acts_of(made)[-1][0] == "changed"
    assert acts_of(made)[-1][1]["title"] == ["a", "b"]


def test_bulk_writes_journal_each_row(person):
    made = Note.objects.bulk_create([Note(title=name) for name in "abc"])
    assert Note.objects.filter(title__in=["a", "b"]).update(stars=F("stars") + 5, title="x") == 2
    for note in made:
        note.stars = 50
    Note.objects.bulk_update(made, ["stars"])
    assert acts_of(made[0]) == [
        ("created", {"title": [None, "a"], "stars": [None, 0], "labels": [None, {}]}),
        ("changed", {"title": ["a", "x"], "stars": [0, 5]}),
        ("changed", {"stars": [5, 50]}),
    ]
    assert [verb for verb, _changes in acts_of(made[2])] == ["created", "changed"]
    made[2].stars = 51
    made[2].save()
    assert acts_of(made[2])[-1] == ("changed", {"stars": [50, 51]})


def test_update_that_changes_nothing_is_no_entry(person):
    note = Note.objects.create(title="a")
    assert Note.objects.filter(pk=note.pk).update(title="a") == 1
    assert Note.objects.none().update(title="b") == 0
    assert len(entries_for(note)) == 1


def test_related_managers_journal(person):
    folder = Folder.objects.create(name="f")
    note = Note.objects.create(title="a")
    folder.note_set.add(note)
    assert acts_of(note)[-1] == ("changed", {"folder": [None, folder.pk]})


@pytest.mark.parametrize("options", [{"ignore_conflicts": True}, {"update_conflicts": True}])
def test_upserts_are_refused(person, options):
    with pytest.raises(TypeError, match="conflicts"):
        Note.objects.bulk_create([Note(title="a")], **options)


def test_a_deletion_journals_what_it_takes_along(person):
    folder = Folder.objects.create(name="f")
    inside = Note.objects.create(title="inside", folder=folder)
    outside = Note.objects.create(title="outside", related=inside)
    inside_id, folder_id = inside.pk, folder.pk
    folder.delete()
    verbs = {
        (entry.record_type, entry.record_id): entry.act.rpartition(".")[2]
        for entry in Entry.objects.order_by("id")
    }
    assert verbs[("platform.folder", folder_id)] == "deleted"
    assert verbs[("platform.note", inside_id)] == "deleted"
    assert acts_of(outside)[-1] == ("changed", {"related": [inside_id, None]})


def test_a_queryset_deletion_journals_each_row(person):
    made = Note.objects.bulk_create([Note(title=name) for name in "ab"])
    assert Note.objects.filter(title__in=["a", "b"]).delete()[0] == 2
    assert [acts_of(note)[-1][0] for note in made] == ["deleted", "deleted"]
    with pytest.raises(TypeError, match="whole records"):
        Note.objects.values("title").delete()


def test_a_long_text_is_kept_as_a_revision(person):
    note = Note.objects.create(title="a", body="短")
    note.body = "长" * 4001
    note.save()
    before, after = acts_of(note)[-1][1]["body"]
    assert before == "短"
    assert after["length"] == 4001
    assert full_text(after) == note.body
    assert full_text(before) == "短"
    assert Revision.objects.count() == 1


def test_the_journal_cannot_be_written_through_the_orm(person):
    note = Note.objects.create(title="a")
    entry = Entry.objects.get(record_id=note.pk)
    for write in (entry.save, entry.delete, Entry.objects.all().delete, Entry.objects.create):
        with pytest.raises(AppendOnly):
            write()
    with pytest.raises(AppendOnly):
        Entry.objects.update(act="x")


class TestAct:
    def test_saves_inside_join_one_entry(self, person):
        note = Note(title="a")
        with act("platform.note.renamed", record=note, data={"why": "test"}) as opened:
            note.save()
            note.title = "b"
            note.save()
            opened.data["late"] = 1
        assert acts_of(note) == [
            ("renamed", {"title": [None, "b"], "stars": [None, 0], "labels": [None, {}]})
        ]
        [view] = entries_for(note)
        assert (view.data, view.label, view.public) == ({"why": "test", "late": 1}, "renamed", True)

    def test_what_comes_back_to_where_it_was_is_no_change(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.renamed", record=note):
            note.title = "b"
            note.save()
            note.title = "a"
            note.save()
        assert acts_of(note)[-1] == ("renamed", {})

    def test_another_copy_of_the_record_counts_as_the_record(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.renamed", record=note):
            Note.objects.filter(pk=note.pk).update(title="b")
        assert acts_of(note)[-1] == ("renamed", {"title": ["a", "b"]})

    def test_other_records_get_their_own_entry_after_it(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.renamed", record=note, occurred_at=datetime(2020, 1, 1, tzinfo=UTC)):
            folder = Folder.objects.create(name="f")
            note.folder = folder
            note.save()
        act_entry, effect = Entry.objects.order_by("id").exclude(act="platform.note.created")
        assert (act_entry.act, effect.act) == ("platform.note.renamed", "platform.folder.created")
        assert act_entry.correlation == effect.correlation
        assert act_entry.occurred_at == effect.occurred_at == datetime(2020, 1, 1, tzinfo=UTC)
        assert [view.act for view in entries_of_operation(effect.correlation)][
            -1
        ] == "platform.folder.created"
        every = [view.id for view in entries_of_operation(effect.correlation)]
        assert [view.id for view in entries_of_operation(effect.correlation, limit=1)] == every[:1]

    def test_acts_nest(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.renamed", record=note):
            note.title = "b"
            note.save()
            with act("platform.note.moved", record=note, data={"to": 1}):
                note.stars = 1
                note.save()
        assert acts_of(note)[1:] == [("renamed", {"title": ["a", "b"]}), ("moved", {"stars": [0, 1]})]

    def test_a_failed_act_leaves_nothing(self, person):
        note = Note.objects.create(title="a")
        with pytest.raises(KeyError), act("platform.note.renamed", record=note):
            note.title = "b"
            note.save()
            raise KeyError
        assert len(entries_for(note)) == 1
        with act("platform.note.moved", record=note):
            pass
        assert [verb for verb, _changes in acts_of(note)] == ["created", "moved"]

    def test_a_rolled_back_part_leaves_no_trace_in_the_entry(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.renamed", record=note):
            note.stars = 1
            note.save()
            with pytest.raises(IntegrityError), transaction.atomic():
                Note.objects.filter(pk=note.pk).update(title="gone")
                raise IntegrityError
        assert acts_of(note)[-1] == ("renamed", {"stars": [0, 1]})

    def test_an_act_on_all_rows_or_none_has_no_record_id(self, person):
        with act("platform.note.renamed", record=Note):
            pass
        with act("platform.note.renamed", record=None):
            pass
        assert list(Entry.objects.order_by("id").values_list("record_type", "record_id")) == [
            ("platform.note", None),
            ("", None),
        ]

    def test_an_act_needs_a_name_that_is_registered(self, person):
        with pytest.raises(UnknownAct, match="register_act"), act("platform.note.vanished", record=None):
            pass

    def test_an_act_whose_record_was_never_saved_fails(self, person):
        with pytest.raises(RuntimeError, match="never saved"), act("platform.note.renamed", record=Note()):
            pass

    def test_old_payloads_are_upcast_on_read(self, person):
        note = Note.objects.create(title="a")
        with act("platform.note.moved", record=note, data={"target": "x", "by": 1}):
            pass
        Entry._base_manager.filter(act="platform.note.moved").update(act_version=1)
        assert entries_for(note)[0].data == {"to": "x", "by": 1}
        assert Entry.objects.get(act="platform.note.moved").data == {"target": "x", "by": 1}

    def test_a_version_needs_all_its_upcasts(self):
        with pytest.raises(ValueError, match=r"no upcast from \[2\]"):
            register_act("platform.note.split", label="x", version=3, upcasts={1: dict})


def test_open_entries_are_seen_and_limits_hold(person):
    note = Note.objects.create(title="a")
    with transaction.atomic():
        note.title = "b"
        note.save()
        newest, oldest = entries_for(note)
        assert (newest.id, newest.changes) == (None, {"title": ["a", "b"]})
        assert entries_for(note, limit=1) == [newest]
    assert entries_for(note, before_id=entries_for(note)[0].id) == [oldest]
    assert entries_for(note, public=True) == []
