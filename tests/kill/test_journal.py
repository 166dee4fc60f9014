"""No entry is lost, skipped, doubled or out of order per record while writers and workers die."""

import pytest
from django.db import connection
from django.db.models import Count

from tests.kill import sample
from tests.kill.processes import eventually, whoever_says
from zhiheng.platform.db.buffer import PARTITIONS
from zhiheng.platform.models import Entry, HandlerCursor, Parked

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]

COUNTERS = 6
WRITERS = 2
WRITES = 40
KILLS = 3


def add_cursors():
    """The handler exists since before the first write, as after an upgrade."""
    HandlerCursor.objects.bulk_create(
        HandlerCursor(handler=sample.HANDLER, partition=number, position=0) for number in range(PARTITIONS)
    )


def changes():
    return Entry.objects.filter(act="platform.counter.changed").order_by("id")


def test_writers_and_workers_killed_in_mid_handling(start):
    sample.Counter.objects.bulk_create(sample.Counter() for _ in range(COUNTERS))
    add_cursors()
    workers = [start("worker"), start("worker")]
    writers = [start("writer", str(WRITES), str(seed)) for seed in range(WRITERS)]
    victim = start("writer", "100000", "99")
    victim.wait_for("wrote", times=5)
    victim.kill()
    for number in range(KILLS):
        # The handler says this inside its transaction and then sleeps: the kill lands in mid-handling.
        dying = whoever_says(workers, "handling", times=3 + number)
        dying.kill()
        workers = [*(worker for worker in workers if worker is not dying), start("worker")]
    for writer in writers:
        assert writer.finish() == 0, writer.lines

    total = changes().count()
    eventually(lambda: sample.Effect.objects.count() >= total, f"all {total} entries handled")
    for worker in workers:
        worker.end()

    for counter in sample.Counter.objects.all():
        written = [entry.changes["n"][1] for entry in changes().filter(record_id=counter.pk)]
        assert written == list(range(1, counter.n + 1)), (
            "each committed write has its entry, ids in commit order"
        )
        handled = (
            sample.Effect.objects.filter(record_id=counter.pk).order_by("id").values_list("n", flat=True)
        )
        assert list(handled) == written, "each entry was handled once, in order"
    assert changes().count() >= WRITERS * WRITES
    assert (
        not sample.Effect.objects.values("entry_id").annotate(times=Count("id")).filter(times__gt=1).exists()
    )
    assert not Parked.objects.exists()


def test_a_worker_that_freezes_in_mid_handling_counts_nothing_when_it_wakes(start):
    if connection.vendor == "sqlite":
        pytest.skip(
            "a frozen writer keeps SQLite's only write lock: nobody can take over, so nothing can go wrong"
        )
    counter = sample.Counter.objects.create()
    add_cursors()
    frozen = start("worker")
    frozen.wait_for("ready")
    eventually(lambda: HandlerCursor.objects.exclude(owner=None).exists(), "cursors leased")
    counter.n = 1
    counter.save()
    frozen.wait_for("handling")
    frozen.freeze()
    other = start("worker")
    other.wait_for("handling")
    eventually(lambda: sample.Effect.objects.count() == 1, "the other worker's effect committed")
    frozen.thaw()
    frozen.wait_for("taken over")
    counter.n = 2
    counter.save()
    eventually(lambda: sample.Effect.objects.count() >= 2, "the next entry handled")
    assert list(sample.Effect.objects.order_by("id").values_list("n", flat=True)) == [1, 2]
