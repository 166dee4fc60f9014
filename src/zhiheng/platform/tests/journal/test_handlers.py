"""Handlers get every entry they ask for, in order per record; failures wait aside and can be replayed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from zhiheng.kernel.actor import current
from zhiheng.kernel.registry import Registry
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.db.buffer import PARTITIONS
from zhiheng.platform.jobs.pace import Rests
from zhiheng.platform.journal import NewEntry, append_history, cursors, delivery, handler, handlers
from zhiheng.platform.journal.acts import partition_of
from zhiheng.platform.journal.cursors import (
    CursorLost,
    ensure_cursors,
    journal_head,
    lease_cursors,
    replay_handler,
)
from zhiheng.platform.journal.delivery import Lane, deliver_all
from zhiheng.platform.journal.parking import (
    dead_letters,
    drop_dead_letters,
    live_parked,
    replay_dead_letters,
    waiting_lanes,
)
from zhiheng.platform.models import Entry, HandlerCursor, Parked
from zhiheng.platform.tests.journal.sample import Folder, Note

pytestmark = pytest.mark.usefixtures("clean", "person")


@pytest.fixture(autouse=True)
def registry(clean, monkeypatch):
    """Handlers of a test are its own."""
    empty = Registry("handler")
    for module in (handlers, cursors, delivery):
        monkeypatch.setattr(module, "handlers", empty)
    HandlerCursor.objects.all().delete()
    return empty


class Recorder:
    """A handler that notes what it got, writes a row for it, and fails on demand."""

    def __init__(self):
        self.got = []
        self.fail_on = set()

    def __call__(self, entry):
        Folder._base_manager.bulk_create([])
        if entry.record_id in self.fail_on:
            Folder.objects.create(name="must be rolled back")
            raise ValueError(f"cannot handle {entry.record_id}")
        self.got.append((entry.record_id, entry.changes.get("title", [None, None])[1]))


def lanes(owner=None):
    ensure_cursors()
    return [Lane(cursor) for cursor in lease_cursors(owner=owner or uuid4(), share=1000)]


def run(all_lanes, *, rounds=20):
    return sum(deliver_all(all_lanes) for _ in range(rounds))


def retry(all_lanes):
    return sum(lane.retry() for lane in all_lanes)


def test_a_handler_gets_what_it_asks_for_and_acts_as_the_system():
    got = Recorder()
    correlations = []

    @handler("h", acts=("platform.note.created", "platform.folder.*"))
    def handle(entry):
        got(entry)
        correlations.append((current().correlation == entry.correlation, current().actor.label))

    served = lanes()
    note = Note.objects.create(title="a")
    note.title = "b"
    note.save()
    folder = Folder.objects.create(name="f")
    assert run(served) == 2
    assert set(got.got) == {(note.pk, "a"), (folder.pk, None)}
    assert correlations == [(True, "h")] * 2
    assert run(served) == 0


def test_history_reaches_only_handlers_that_ask():
    plain, asking = Recorder(), Recorder()
    handler("plain", acts=("*",))(plain)
    handler("asking", acts=("*",), history=True)(asking)
    served = lanes()
    append_history([NewEntry("platform.note.renamed", "platform.note", 1, now())])
    Note.objects.create(title="a")
    run(served)
    assert (len(plain.got), len(asking.got)) == (1, 2)


def test_a_new_handler_starts_at_the_head_or_at_the_start():
    Note.objects.create(title="before")
    late, first = Recorder(), Recorder()
    handler("late", acts=("*",))(late)
    handler("first", acts=("*",), from_start=True)(first)
    served = lanes()
    Note.objects.create(title="after")
    run(served)
    assert [title for _pk, title in late.got] == ["after"]
    assert sorted(title for _pk, title in first.got) == ["after", "before"]


def test_entries_of_a_record_come_in_order():
    got = Recorder()
    handler("h", acts=("*",))(got)
    served = lanes()
    notes = [Note.objects.create(title="0") for _ in range(10)]
    for step in range(1, 6):
        for note in notes:
            note.title = str(step)
            note.save()
    assert run(served) == 60
    for note in notes:
        assert [title for pk, title in got.got if pk == note.pk] == list("012345")


def test_a_failure_parks_the_record_and_nothing_else():
    got = Recorder()
    handler("h", acts=("*",))(got)
    served = lanes()
    bad, good = (Note.objects.create(title="0") for _ in range(2))
    got.fail_on = {bad.pk}
    for note in (bad, good):
        note.title = "1"
        note.save()
    run(served)
    assert [title for pk, title in got.got if pk == good.pk] == ["0", "1"]
    assert bad.pk not in dict(got.got)
    assert list(live_parked(handler="h", partition=_partition(bad)).values_list("state", "attempts")) == [
        ("retry", 1),
        ("behind", 0),
    ]
    assert not Folder.objects.exists()
    assert waiting_lanes() == {("h", _partition(bad))}
    got.fail_on = set()
    assert retry(served) == 0, "the time of the next attempt has not come"
    with frozen(now() + timedelta(seconds=3)):
        assert retry(served) == 2
    assert [title for pk, title in got.got if pk == bad.pk] == ["0", "1"]
    assert not Parked.objects.exists()


def _partition(note):
    return Entry.objects.filter(record_type="platform.note", record_id=note.pk).values_list(
        "partition", flat=True
    )[0]


def test_after_the_last_attempt_it_is_a_dead_letter_and_the_rest_goes_on():
    got = Recorder()
    handler("h", acts=("*",), max_attempts=3)(got)
    served = lanes()
    note = Note.objects.create(title="0")
    first = Entry.objects.get(record_id=note.pk)
    got.fail_on = {note.pk}
    run(served)
    at = now()
    for step in range(1, 3):
        with frozen(at + timedelta(hours=step)):
            got.fail_on = {note.pk}
            retry(served)
    note.title = "1"
    got.fail_on = set()
    note.save()
    run(served)
    [letter] = dead_letters(handler="h")
    assert (letter.entry_id, letter.attempts) == (first.pk, 3)
    assert f"cannot handle {note.pk}" in letter.error
    assert got.got == [(note.pk, "1")]
    assert replay_dead_letters(ids=[letter.pk]) == 1
    retry(served)
    assert got.got == [(note.pk, "1"), (note.pk, "0")]
    assert not Parked.objects.exists()


def test_a_dead_letter_can_be_dropped():
    got = Recorder()
    handler("h", acts=("*",), max_attempts=1)(got)
    served = lanes()
    note = Note.objects.create(title="0")
    got.fail_on = {note.pk}
    run(served)
    assert drop_dead_letters(ids=dead_letters().values_list("pk", flat=True)) == 1


def test_what_fails_again_keeps_its_place_and_waits_longer():
    got = Recorder()
    handler("h", acts=("*",))(got)
    served = lanes()
    note = Note.objects.create(title="0")
    got.fail_on = {note.pk}
    run(served)
    with frozen(now() + timedelta(seconds=5)):
        assert retry(served) == 0
        row = Parked.objects.get()
        assert row.attempts == 2
        assert row.next_at == now() + timedelta(seconds=4)


def test_a_lane_that_was_taken_over_counts_nothing():
    got = Recorder()
    handler("h", acts=("*",))(got)
    served = lanes()
    Note.objects.create(title="a")
    HandlerCursor.objects.update(owner=uuid4())
    with pytest.raises(CursorLost):
        run(served)
    assert not any(row.position for row in HandlerCursor.objects.all() if row.position >= journal_head())


def test_a_lost_database_is_no_failure_of_the_handler(monkeypatch):
    @handler("h", acts=("*",))
    def handle(_entry):
        raise OperationalError("server closed the connection")

    served = lanes()
    Note.objects.create(title="a")
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.is_usable", lambda self: False)
    monkeypatch.setattr(
        f"{type(transaction.get_connection()).__module__}.DatabaseWrapper.is_usable", lambda self: False
    )
    with pytest.raises(OperationalError):
        run(served)
    assert not Parked.objects.exists()


def test_replaying_a_handler_moves_its_cursors_back():
    got = Recorder()
    handler("h", acts=("*",))(got)
    served = lanes()
    Note.objects.create(title="a")
    run(served)
    assert replay_handler(name="h", after=0) > 0
    with transaction.atomic():
        HandlerCursor.objects.update(owner=None)
    run(lanes())
    assert [title for _pk, title in got.got] == ["a", "a"]


def test_workers_share_the_cursors():
    handler("a", acts=("*",))(Recorder())
    handler("b", acts=("*",))(Recorder())
    ensure_cursors()
    one, two = uuid4(), uuid4()
    assert len(lease_cursors(owner=one, share=1000)) == 2 * PARTITIONS
    assert lease_cursors(owner=two, share=PARTITIONS) == []
    kept = lease_cursors(owner=one, share=PARTITIONS)
    taken = lease_cursors(owner=two, share=PARTITIONS)
    assert len(kept) == len(taken) == PARTITIONS
    assert not {cursor.pk for cursor in kept} & {cursor.pk for cursor in taken}


def test_patterns_with_a_star_inside_are_refused():
    for acts in ((), ("desk.*.closed",)):
        with pytest.raises(ValueError, match="end in"):
            handler("h", acts=acts)


class Planner:
    """A handler that plans for many entries at once: what it read and wrote, and where it fails."""

    def __init__(self, *, read_fails_on=None, write_fails_on=None):
        self.read_fails_on, self.write_fails_on = read_fails_on, write_fails_on
        self.together, self.alone = [], []

    def plan(self, entries):
        titles = [entry.changes["title"][1] for entry in entries]
        if self.read_fails_on in titles:
            raise ValueError("cannot be read")
        return lambda: self._write(titles)

    def _write(self, titles):
        Folder._base_manager.bulk_create([])
        if self.write_fails_on in titles:
            raise ValueError("cannot be written")
        self.together.append(titles)

    def __call__(self, entry):
        title = entry.changes["title"][1]
        if title in {self.read_fails_on, self.write_fails_on}:
            raise ValueError("cannot be handled")
        self.alone.append(title)


def changed_titles(planner, titles):
    """A lane of the planner, and a note that took these titles one after the other."""
    handler("h", acts=("platform.note.changed",), plan=planner.plan)(planner)
    note = Note.objects.create(title="new")
    served = lanes()
    for title in titles:
        note.title = title
        note.save()
    return served


def test_a_handler_that_plans_gets_many_entries_at_once_and_in_order():
    planner = Planner()
    served = changed_titles(planner, ["a", "b", "c"])
    assert run(served) == 3
    assert (planner.together, planner.alone) == ([["a", "b", "c"]], [])
    assert run(served) == 0


@pytest.mark.parametrize("planned", [True, False])
def test_all_lanes_of_a_worker_share_its_rests(planned):
    steps = []

    class Watched(Rests):
        def rest(self):
            steps.append("rest")

        def owe(self, span):
            steps.append("blocked" if span.blocked else "did not block")

    planner = Planner()
    handler("h", acts=("platform.note.created",), plan=planner.plan if planned else None)(planner)
    served = lanes()
    first, *others = [Note.objects.create(title=str(number)) for number in range(40)]
    partitions = {partition_of("platform.note", note.pk) for note in (first, *others)}
    assert len(partitions) > 1
    rests = Watched()
    assert sum(deliver_all(served, rests=rests) for _ in range(40)) == 40
    # Handlers that journal nothing keep others from writing on SQLite only.
    blocked = "blocked" if connection.vendor == "sqlite" else "did not block"
    transactions = len(steps) // 2
    assert transactions >= len(partitions)
    assert steps == ["rest", blocked] * transactions


@pytest.mark.parametrize("where", ["read_fails_on", "write_fails_on"])
def test_where_a_plan_fails_its_entries_are_handled_one_by_one(where):
    planner = Planner(**{where: "b"})
    served = changed_titles(planner, ["a", "b", "c"])
    run(served)
    assert (planner.together, planner.alone) == ([], ["a"])
    assert [row.state for row in Parked.objects.order_by("entry_id")] == ["retry", "behind"]
    setattr(planner, where, None)
    Parked.objects.update(next_at=None)
    assert retry(served) == 2
    assert planner.alone == ["a", "b", "c"]


def test_what_is_planned_waits_behind_a_parked_entry_of_its_record():
    planner = Planner(write_fails_on="a")
    served = changed_titles(planner, ["a"])
    run(served)
    planner.write_fails_on = None
    note = Note.objects.latest("pk")
    note.title = "b"
    note.save()
    run(served)
    assert (planner.together, planner.alone) == ([], [])
    assert Parked.objects.count() == 2


def test_a_retry_that_a_wrong_clock_put_far_off_is_due_now():
    got = Recorder()
    handler("h", acts=("platform.note.created",))(got)
    served = lanes()
    note = Note.objects.create(title="a")
    got.fail_on = {note.pk}
    run(served)
    got.fail_on = set()
    Parked.objects.update(next_at=now() + timedelta(days=300))
    assert retry(served) == 1
    assert got.got == [(note.pk, "a")]
