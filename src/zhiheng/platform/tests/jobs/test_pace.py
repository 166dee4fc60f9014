"""The pace of background writes: by the time they keep others out, on each engine."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.db.buffer import Hold
from zhiheng.platform.db.sqlite3 import base as sqlite
from zhiheng.platform.jobs import paced
from zhiheng.platform.jobs.pace import next_size, timed_transaction
from zhiheng.platform.journal import act, register_act
from zhiheng.platform.models import Worker
from zhiheng.platform.tests.jobs.samples_of_pace import Holder


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


class Clock:
    """Moves only when the test says so. `hold` takes the lock that keeps others out, as an engine would."""

    def __init__(self, monkeypatch):
        self.now, self.rests = 1000.0, []
        monkeypatch.setattr("zhiheng.platform.jobs.pace.time.perf_counter", lambda: self.now)
        monkeypatch.setattr("zhiheng.platform.jobs.pace.time.sleep", self.rests.append)

    def hold(self, *, waited=0.0):
        connection.journal_hold = Hold(self.now, waited)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_preparing_the_next_chunk_counts_as_rest(clock):
    def prepared():
        for number in range(4):
            clock.now += 5.0
            yield number

    def apply(_chunk):
        clock.hold(waited=1.0)
        clock.now += 5.0

    assert paced(prepared(), apply, first_chunk=1) == 4
    assert clock.rests == [0.0, 0.0, 0.0, 0.0, 5.0]  # after the last there was nothing to prepare


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("waited", "rest"), [(0.0, 0.004), (0.5, 6.0)])
def test_rests_are_short_until_somebody_else_writes(clock, waited, rest):
    def apply(_chunk):
        clock.hold(waited=waited)
        clock.now += 6.0

    paced(range(3), apply, first_chunk=1)
    assert clock.rests == [0.0, rest, rest, rest]


@pytest.mark.django_db(transaction=True)
def test_nobody_rests_for_the_time_a_machine_slept(clock):
    def apply(_chunk):
        clock.hold(waited=0.5)
        clock.now += 3_600.0

    paced(range(2), apply, first_chunk=1)
    assert clock.rests == [0.0, 10.0, 10.0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before_lock", "under_lock", "size"),
    [
        (0.0, 1.0, 8),  # 8 s of keeping others out
        (1.0, 0.5, 16),  # as long, for whatever is done before the lock keeps nobody out
        (1.75, 0.25, 20),  # but no transaction is longer than 40 s
    ],
)
def test_chunks_are_as_large_as_the_time_they_keep_others_out_allows(clock, before_lock, under_lock, size):
    sizes = []

    def apply(chunk):
        sizes.append(len(chunk))
        clock.now += before_lock * len(chunk)
        clock.hold()
        clock.now += under_lock * len(chunk)

    paced(range(400), apply, first_chunk=4, budget_seconds=8.0, whole_seconds=40.0)
    assert set(sizes[4:-1]) == {size}


@pytest.mark.django_db(transaction=True)
def test_each_engine_keeps_others_out_from_where_it_takes_its_lock():
    register_act("platform.worker.paced", label="paced")
    with acting(SYSTEM, Cause.COMMAND), timed_transaction() as writing:
        begun = time.perf_counter()
        with act("platform.worker.paced", record=Worker):
            pass
        before_commit = time.perf_counter()
    since = connection.journal_hold.since
    if connection.vendor == "sqlite":
        assert since <= begun  # BEGIN takes it
    else:
        assert since >= before_commit  # the insert of the entries does, right before the commit
    assert writing.blocked > 0
    with timed_transaction() as reading:
        Worker.objects.exists()
    # Without an entry PostgreSQL keeps nobody out.
    assert (reading.blocked > 0) == (connection.vendor == "sqlite")
    assert reading.whole > 0
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), timed_transaction():
        pass


@pytest.mark.django_db(transaction=True)
def test_the_wait_for_another_writer_is_told_apart(monkeypatch):
    """The other writer lets go only once it has seen this one wait."""
    register_act("platform.worker.paced", label="paced")
    waiting = threading.Event()
    if connection.vendor == "sqlite":
        really_sleep = time.sleep

        def sleep(seconds):
            waiting.set()
            really_sleep(seconds)

        monkeypatch.setattr(sqlite.time, "sleep", sleep)
    other = Holder(waiting)
    other.start()
    try:
        other.holds.wait()
        with (
            acting(SYSTEM, Cause.COMMAND),
            timed_transaction() as span,
            act("platform.worker.paced", record=Worker),
        ):
            pass
    finally:
        other.join()
    assert other.error is None
    assert span.waited >= other.held_on > 0


@pytest.mark.django_db(transaction=True)
def test_long_work_copies_the_log_of_sqlite_back_between_transactions():
    if connection.vendor != "sqlite":
        with connection.long_work() as between:
            assert between(1.0) is None
        return
    mark = b"written by long work"

    def in_the_file():
        return mark in Path(connection.settings_dict["NAME"]).read_bytes()

    def pages():
        return connection.connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0]

    with pytest.raises(ZeroDivisionError), connection.long_work() as between:
        assert pages() == 0
        Worker.objects.create(name=mark.decode(), started_at="2026-01-01T00:00:00Z")
        between(sqlite.CHECKPOINT_SECONDS * 0.6)
        assert not in_the_file()
        with transaction.atomic():
            between(sqlite.CHECKPOINT_SECONDS)  # within a transaction it has to wait
        between(0.0)
        assert in_the_file()
        raise ZeroDivisionError
    assert pages() == sqlite.CHECKPOINT_PAGES
