"""Workers judge each other by beats, not by dates; pace and worker threads."""

import threading
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.jobs import enqueue, paced
from zhiheng.platform.jobs.leases import Watch, beat, bury, owners_and_beats, register_worker, sign_off
from zhiheng.platform.jobs.pace import next_size
from zhiheng.platform.jobs.queue import claim_job
from zhiheng.platform.jobs.worker import Tempo, run_worker
from zhiheng.platform.models import HandlerCursor, Job, Worker
from zhiheng.platform.tests.jobs import sample

ME, A, B = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def system():
    with acting(SYSTEM, Cause.COMMAND):
        yield


def test_silence_is_counted_in_looks():
    watch = Watch(lease_beats=3)
    looks = [{ME: n, A: min(n, 2), B: n} for n in range(6)]
    assert [list(watch.silent(look, me=ME)) for look in looks] == [[], [], [], [], [], [A]]


def test_one_beat_starts_the_count_again():
    watch = Watch(lease_beats=2)
    beats = [5, 5, 6, 6, 6]
    assert [list(watch.silent({A: value}, me=ME)) for value in beats] == [[], [], [], [], [A]]


def test_one_does_not_bury_oneself():
    watch = Watch(lease_beats=1)
    assert [watch.silent({ME: 1}, me=ME) for _ in range(4)] == [{}] * 4


@pytest.mark.django_db
class TestBurial:
    def test_what_a_dead_worker_leased_is_free(self, system):
        worker = register_worker()
        cursor = HandlerCursor.objects.create(handler="x", partition=0, position=0, owner=worker)
        enqueue(sample.add, a=1, b=1)
        job = claim_job(owner=worker)
        assert bury({worker: 0}) == 2
        job.refresh_from_db()
        cursor.refresh_from_db()
        assert (job.state, job.error, cursor.owner) == ("waiting", "the worker died", None)
        assert not beat(worker)

    def test_one_that_woke_up_is_spared(self, system):
        worker = register_worker()
        assert beat(worker)
        assert bury({worker: 0}) == 0
        assert Worker.objects.get().beat == 1

    def test_an_owner_without_a_row_is_seen_and_freed(self, system):
        enqueue(sample.add, a=1, b=1)
        owner = uuid4()
        claim_job(owner=owner)
        seen = owners_and_beats()
        assert seen == {owner: -1}
        assert bury(seen) == 1
        assert owners_and_beats() == {}

    def test_a_job_without_attempts_left_is_dead(self, system):
        enqueue(sample.breaks)
        worker = register_worker()
        Job.objects.update(attempt=1)
        claim_job(owner=worker)
        sign_off(worker)
        row = Job.objects.get()
        assert (row.state, row.error_class) == ("dead", "WorkerDied")

    def test_a_job_that_was_asked_to_stop_is_cancelled(self, system):
        enqueue(sample.add, a=1, b=1)
        worker = register_worker()
        claim_job(owner=worker)
        Job.objects.update(cancel_requested=True)
        sign_off(worker)
        assert Job.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    "size, took, following",
    [
        (16, 0.008, 16),
        (16, 0.004, 32),
        (16, 0.0, 32),
        (100, 0.016, 50),
        (100, 0.080, 10),
        (1, 9.0, 1),
        (5000, 0.001, 5000),
    ],
)
def test_the_next_chunk_follows_the_time_the_last_one_took(size, took, following):
    assert next_size(size, took=took, budget=0.008) == following


@pytest.mark.django_db(transaction=True)
def test_paced_work_commits_chunk_by_chunk_and_rests(monkeypatch):
    rests, done, open_blocks = [], [], []
    monkeypatch.setattr("zhiheng.platform.jobs.pace.time.sleep", rests.append)

    def apply(chunk):
        open_blocks.append(transaction.get_connection().in_atomic_block)
        done.extend(chunk)

    counts = []
    assert paced(range(100), apply, first_chunk=10, after=counts.append) == 100
    assert done == list(range(100))
    # One rest before each further chunk and one after the last; the first owes nothing.
    assert all(open_blocks) and len(rests) == len(open_blocks) + 1 == len(counts) + 1
    assert rests[0] == 0 and all(rest >= 0 for rest in rests)
    assert counts[-1] == 100 and counts[0] == 10
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        paced([1], apply)


@pytest.mark.django_db(transaction=True)
def test_preparing_the_next_chunk_counts_as_rest(monkeypatch):
    ticking, rests = iter(range(0, 1000, 5)), []
    monkeypatch.setattr("zhiheng.platform.jobs.pace.time.perf_counter", lambda: next(ticking))
    monkeypatch.setattr("zhiheng.platform.jobs.pace.time.sleep", rests.append)
    # The clock moves 5 s at each look: every chunk takes 5 s to apply and 5 s to prepare, so no sleep is owed.
    assert paced(range(4), lambda chunk: None, first_chunk=1) == 4
    assert rests == [0.0] * len(rests)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("wait", "rest"), [(0.0, 0.004), (0.5, 6.0)])
def test_rests_are_short_until_somebody_else_writes(monkeypatch, wait, rest):
    clock, rests = [0.0], []
    monkeypatch.setattr("zhiheng.platform.jobs.pace.time.perf_counter", lambda: clock[0])
    monkeypatch.setattr("zhiheng.platform.jobs.pace.time.sleep", rests.append)

    class Waiting(transaction.Atomic):
        def __enter__(self):
            super().__enter__()
            clock[0] += wait  # another writer held the lock

    def atomic(using, durable):
        return Waiting(using, savepoint=True, durable=durable)

    monkeypatch.setattr("zhiheng.platform.jobs.pace.transaction.atomic", atomic)

    def apply(_chunk):
        clock[0] += 6.0

    paced(range(3), apply, first_chunk=1)
    assert rests == [0.0, rest, rest, rest]


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_jobs_until_it_is_stopped(system):
    rows = [enqueue(sample.add, a=n, b=1) for n in range(5)]
    stop = threading.Event()
    worker = threading.Thread(
        target=run_worker,
        kwargs={"stop": stop, "tempo": Tempo(beat_seconds=0.02, poll_seconds=0.01, grace_seconds=5)},
    )
    worker.start()
    try:
        for _ in range(3000):
            if Job.objects.filter(state="done").count() == len(rows):
                break
            stop.wait(0.01)
    finally:
        stop.set()
        worker.join()
    assert [row.result for row in Job.objects.filter(pk__in=[row.pk for row in rows]).order_by("id")] == [
        {"sum": n + 1} for n in range(5)
    ]
    assert not Worker.objects.exists()
    assert not HandlerCursor.objects.exclude(owner=None).exists()
