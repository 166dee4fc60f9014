"""Jobs from enqueue to each of their ends."""

import logging
from contextvars import Context
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus, default_task_backend, task
from django_tasks.exceptions import TaskResultDoesNotExist

from zhiheng.kernel.actor import Actor, ActorKind, Cause, NoActor, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.jobs import (
    cancel_job,
    cancelled,
    enqueue,
    enqueue_many,
    progress,
    report,
    retry_job,
    run_waiting_jobs,
)
from zhiheng.platform.jobs.definition import UnknownJob, job, job_named, title_of
from zhiheng.platform.jobs.execute import execute_job
from zhiheng.platform.jobs.queries import dead_jobs, jobs_by_state, jobs_of, live_jobs
from zhiheng.platform.jobs.queue import (
    PATIENCE,
    LeaseLost,
    claim_job,
    complete_job,
    keep_notes,
    remove_finished,
)
from zhiheng.platform.jobs.running import JobLogHandler, Running
from zhiheng.platform.models import Job
from zhiheng.platform.tests.jobs import sample

pytestmark = pytest.mark.django_db

PERSON = Actor(ActorKind.PERSON, 7)


@pytest.fixture(autouse=True)
def person():
    with acting(PERSON, Cause.PAGE) as who:
        yield who


@task
def standard(a):
    return a * 2


def ran(job_row):
    run_waiting_jobs()
    job_row.refresh_from_db()
    return job_row


def test_a_job_runs_and_keeps_its_result():
    row = ran(enqueue(sample.add, a=1, b=2))
    assert (row.state, row.result, row.attempt, row.owner) == ("done", {"sum": 3}, 1, None)
    assert row.enqueued_at <= row.started_at <= row.finished_at
    assert row.is_finished
    assert title_of(row.path) == "Add"


def test_a_job_runs_as_whoever_enqueued_it(person):
    assert ran(enqueue(sample.who)).result == ["person", 7, "job", person.correlation.hex]


def test_many_jobs_are_one_statement_and_each_keeps_its_operation(django_assert_num_queries, person):
    operations = [new_correlation(), new_correlation()]
    with django_assert_num_queries(1):
        rows = enqueue_many(sample.add, [{"a": 1, "b": 2}, {"a": 3, "b": 4}], correlations=operations)
    assert [ran(row).result for row in rows] == [{"sum": 3}, {"sum": 7}]
    assert [row.correlation for row in Job.objects.order_by("id")] == operations
    assert enqueue_many(sample.who, [{}])[0].correlation == person.correlation
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        enqueue_many(sample.add, [{"a": 1, "b": 2}, {"a": 3, "b": 4}], correlations=operations[:1])


def test_the_standard_api_works():
    result = sample.add.enqueue(a=1, b=2)
    assert result.status == TaskResultStatus.READY
    run_waiting_jobs()
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (
        TaskResultStatus.SUCCESSFUL,
        {"sum": 3},
        1,
    )
    assert default_task_backend.get_result(result.id).is_finished
    plain = standard.enqueue(21)
    run_waiting_jobs()
    plain.refresh()
    assert plain.return_value == 42
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result("0")
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result("x")


def test_a_job_is_not_there_before_its_transaction_commits():
    with pytest.raises(KeyError), transaction.atomic():
        enqueue(sample.add, a=1, b=2)
        raise KeyError
    assert not Job.objects.exists()


def test_arguments_must_be_json():
    with pytest.raises(TypeError):
        enqueue(sample.add, a=object(), b=1)


def test_a_job_needs_an_actor():
    with pytest.raises(NoActor):
        Context().run(lambda: enqueue(sample.add, a=1, b=2))


def test_a_broken_job_is_tried_again_later_and_then_given_up():
    row = ran(enqueue(sample.breaks))
    assert (row.state, row.attempt) == ("waiting", 1)
    assert timedelta(seconds=7) < row.run_at - now() < timedelta(seconds=12)
    assert "KeyError: 'broken'" in row.error
    assert ran(row).attempt == 1, "its time has not come"
    with frozen(now() + timedelta(minutes=1)):
        ran(row)
    assert (row.state, row.attempt, row.run_at is None) == ("dead", 2, False)
    assert list(dead_jobs()) == [row]
    assert default_task_backend.get_result(str(row.pk)).errors[0].exception_class is KeyError
    assert retry_job(job_id=row.pk)
    assert not retry_job(job_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt, row.run_at) == ("waiting", 0, None)


def test_an_answer_that_is_no_accident_is_not_tried_again():
    row = ran(enqueue(sample.refuses))
    assert (row.state, row.attempt) == ("failed", 1)
    assert row.error == "The file is empty. Choose another one."


def test_a_job_that_this_version_does_not_know_fails():
    row = enqueue(sample.add, a=1, b=2)
    for path in ("zhiheng.platform.tests.jobs.sample.vanished", "os.system"):
        Job.objects.update(state="waiting", path=path)
        assert ran(row).state == "failed"
    assert title_of("os.system") == "os.system"
    with pytest.raises(UnknownJob):
        job_named("os.getcwd")


def test_progress_and_log_are_kept():
    handler = JobLogHandler()
    logging.getLogger().addHandler(handler)
    try:
        row = ran(enqueue(sample.talks))
    finally:
        logging.getLogger().removeHandler(handler)
    assert (row.progress_done, row.progress_total, row.progress_note) == (4, 10, "reading")
    said, logged = row.log.splitlines()
    assert said.endswith("Z hello") and logged.endswith("Z WARNING logged")


def test_outside_a_job_saying_something_does_nothing():
    progress(done=1)
    report("x")
    assert not cancelled()


def test_higher_priority_goes_first_then_the_older():
    low = sample.add.using(priority=-5).enqueue(a=1, b=1)
    first, second = sample.add.enqueue(a=1, b=1), sample.add.enqueue(a=1, b=1)
    urgent = sample.add.using(priority=9).enqueue(a=1, b=1)
    order = [str(claim_job(owner=uuid4()).pk) for _ in range(4)]
    assert order == [urgent.id, first.id, second.id, low.id]
    assert claim_job(owner=uuid4()) is None


def test_a_job_can_wait_for_a_time():
    result = sample.add.using(run_after=now() + timedelta(hours=1)).enqueue(a=1, b=1)
    assert run_waiting_jobs() == 0
    with frozen(now() + timedelta(hours=2)):
        assert run_waiting_jobs() == 1
    result.refresh()
    assert result.is_finished


def test_unique_jobs_are_made_once_while_one_is_live():
    one = enqueue(sample.once, key="a")
    assert enqueue(sample.once, key="a").pk == one.pk
    other = enqueue(sample.once, key="b")
    assert other.pk != one.pk
    ran(one)
    again = enqueue(sample.once, key="a")
    assert again.pk != one.pk
    assert not retry_job(job_id=one.pk)
    assert cancel_job(job_id=again.pk)
    assert not retry_job(job_id=one.pk), "a job that is done is not repeated"


def test_a_waiting_job_is_cancelled_at_once_a_running_one_when_it_looks():
    row = enqueue(sample.add, a=1, b=1)
    assert cancel_job(job_id=row.pk)
    assert ran(row).state == "cancelled"
    assert not cancel_job(job_id=row.pk)
    enqueue(sample.stops)
    claimed = claim_job(owner=uuid4())
    assert cancel_job(job_id=claimed.pk)
    state = Running(claimed)
    state.asked = keep_notes(claimed, notes={})
    execute_job(state)
    claimed.refresh_from_db()
    assert claimed.state == "cancelled"


def test_a_job_that_stops_with_its_worker_goes_back_and_loses_no_attempt():
    enqueue(sample.stops)
    claimed = claim_job(owner=uuid4())
    execute_job(Running(claimed, stopping=True))
    row = Job.objects.get(pk=claimed.pk)
    assert (row.state, row.owner) == ("waiting", None)
    assert row.max_attempts - row.attempt == 3


def test_whoever_lost_the_lease_can_note_nothing():
    enqueue(sample.add, a=1, b=1)
    late = claim_job(owner=uuid4())
    Job.objects.update(state="waiting", owner=None)
    winner = claim_job(owner=uuid4())
    with pytest.raises(LeaseLost):
        complete_job(late, result=1, notes={})
    with pytest.raises(LeaseLost):
        keep_notes(late, notes={"log": "x"})
    with pytest.raises(LeaseLost):
        keep_notes(late, notes={})
    execute_job(Running(late))
    row = Job.objects.get()
    assert (row.state, row.owner, row.attempt, row.log) == ("running", winner.owner, 2, "")
    complete_job(winner, result=2, notes={})
    with pytest.raises(LeaseLost):
        complete_job(winner, result=3, notes={})
    assert Job.objects.get().result == 2


def test_reading_jobs():
    row = enqueue(sample.add, a=1, b=1)
    assert list(jobs_of(PERSON)) == list(live_jobs()) == [row]
    assert jobs_by_state()["waiting"] == 1
    ran(row)
    assert jobs_by_state() | {"waiting": 0, "done": 1} == jobs_by_state()
    assert remove_finished(before=now() - timedelta(days=1)) == 0
    assert remove_finished(before=now() + timedelta(days=1)) == 1


def test_a_wrong_schedule_is_refused():
    with pytest.raises(ValueError, match="schedule '61"):
        job(title="x", schedule="61 * * * *")


def test_a_job_that_yields_waits_for_a_bulk_job_to_end():
    bulk, yielding = enqueue(sample.loads), enqueue(sample.summarises)
    owner = uuid4()
    running = claim_job(owner=owner)
    assert running.pk == bulk.pk
    assert claim_job(owner=owner) is None
    other = enqueue(sample.add, a=1, b=1)
    assert claim_job(owner=owner).pk == other.pk, "what does not yield goes on"
    complete_job(running, result=None, notes={})
    assert claim_job(owner=owner).pk == yielding.pk


def test_a_job_that_yields_does_not_wait_for_ever():
    enqueue(sample.loads)
    start = now()
    with frozen(start):
        yielding = enqueue(sample.summarises)
        claim_job(owner=uuid4())
    with frozen(start + PATIENCE - timedelta(seconds=1)):
        assert claim_job(owner=uuid4()) is None
    with frozen(start + PATIENCE):
        assert claim_job(owner=uuid4()).pk == yielding.pk
