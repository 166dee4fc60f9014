"""Workers judge each other by beats, not by dates; worker threads."""

import threading
from uuid import UUID, uuid4

import pytest

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.jobs.leases import Watch, beat, bury, owners_and_beats, register_worker, sign_off
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
