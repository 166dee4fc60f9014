"""Scheduled jobs: once per occurrence, whoever looks and whatever the clock does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zhiheng.kernel.registry import Registry
from zhiheng.kernel.time import frozen
from zhiheng.platform.jobs import schedule
from zhiheng.platform.jobs.schedule import fire_schedules, latest_occurrence
from zhiheng.platform.models import Job, Schedule
from zhiheng.platform.tests.jobs import sample

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_the_sample(monkeypatch):
    registry = Registry("job")
    registry.register(sample.every_five_minutes.module_path, sample.every_five_minutes)
    monkeypatch.setattr(schedule, "jobs", registry)


def fire(minutes):
    with frozen(NOON + timedelta(minutes=minutes)):
        return fire_schedules()


def test_it_fires_when_due_and_once():
    assert [fire(0), fire(3), fire(4), fire(4), fire(8), fire(9)] == [0, 0, 1, 0, 0, 1]
    assert [job.occurrence.rpartition("@")[2] for job in Job.objects.order_by("id")] == [
        "2026-03-01T12:05Z",
        "2026-03-01T12:10Z",
    ]
    assert {job.actor_kind for job in Job.objects.all()} == {"system"}


def test_what_was_missed_fires_once():
    fire(0)
    assert fire(24 * 60) == 1
    assert fire(24 * 60) == 0
    assert Job.objects.get().occurrence.endswith("@2026-03-02T12:00Z")


def test_a_clock_that_jumps_back_does_not_fire_an_occurrence_twice():
    fire(0)
    assert fire(4) == 1
    assert fire(-10) == 0
    assert fire(4) == 0, "12:05 was fired before the jump"
    assert fire(9) == 1
    assert Job.objects.count() == 2


def test_another_worker_that_was_faster_wins():
    fire(0)
    row = Schedule.objects.get()
    with frozen(NOON + timedelta(minutes=4)):
        assert fire_schedules() == 1
        assert schedule._fire(sample.every_five_minutes, row) == 0


def test_a_changed_schedule_counts_from_now():
    fire(0)
    Schedule.objects.update(cron="0 0 1 1 *")
    assert fire(4) == 0
    assert Schedule.objects.get().cron == "*/5 * * * *"


def test_days_are_those_of_the_providers_zone():
    shanghai = ZoneInfo("Asia/Shanghai")
    after = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
    due = latest_occurrence("0 3 * * *", after=after, until=after + timedelta(days=1), zone=shanghai)
    assert due == datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    assert (
        latest_occurrence("0 3 * * *", after=after, until=after + timedelta(hours=1), zone=shanghai) is None
    )
