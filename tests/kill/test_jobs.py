"""A job survives the death of its worker; a worker that sleeps through its lease cannot complete what another took."""

import pytest
from django.db import connection

from tests.kill import sample
from tests.kill.processes import eventually
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.models import Job, Worker

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def is_done(job):
    return lambda: Job.objects.get(pk=job.pk).state == "done"


def test_a_job_is_done_though_its_worker_was_killed(start, tmp_path):
    job = enqueue(sample.hold, gate=str(tmp_path / "never"))
    first = start("worker")
    first.wait_for("begin 1")
    first.kill()
    second = start("worker")
    second.wait_for("end 2")
    eventually(is_done(job), "job done")
    job.refresh_from_db()
    assert (job.result, job.attempt, len(set(job.workers))) == ("attempt 2", 2, 2)


def test_a_worker_that_wakes_up_late_is_fenced_and_goes_on(start, tmp_path):
    gate = tmp_path / "gate"
    job = enqueue(sample.hold, gate=str(gate))
    frozen = start("worker")
    frozen.wait_for("begin 1")
    frozen.freeze_between_writes()
    other = start("worker")
    eventually(is_done(job), "job done by the other worker")
    finished = Job.objects.filter(pk=job.pk).values().get()
    other.end()
    gate.touch()
    frozen.thaw()
    frozen.wait_for("end 1")
    frozen.wait_for("attempt 1 was taken over")
    assert Job.objects.filter(pk=job.pk).values().get() == finished
    assert (finished["result"], finished["attempt"]) == ("attempt 2", 2)
    again = enqueue(sample.answer)
    eventually(is_done(again), "the woken worker works on under a new id")
    eventually(lambda: Worker.objects.count() == 1, "it registered anew")


def test_a_worker_outlives_its_database_connections(start):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no server to lose")
    worker = start("worker")
    worker.wait_for("ready")
    eventually(Worker.objects.exists, "worker registered")
    for _ in range(3):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        job = enqueue(sample.answer)
        eventually(is_done(job), "job done after the connections were cut")


def test_what_an_ended_worker_held_is_free_at_once(start, tmp_path):
    job = enqueue(sample.hold, gate=str(tmp_path / "never"))
    first = start("worker")
    first.wait_for("begin 1")
    first.end()
    job.refresh_from_db()
    assert (job.state, job.owner) == ("waiting", None)
    assert not Worker.objects.exists()
