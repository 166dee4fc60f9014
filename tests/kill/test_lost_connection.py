"""A worker whose connection to the server is cut connects again and goes on; what was acknowledged is there."""

import pytest
from django.db import connection

from tests.kill import sample
from tests.kill.processes import eventually
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.models import Job

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def cut_all_connections() -> int:
    """End every other session of the database, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


def test_a_worker_goes_on_after_its_connections_were_cut(start):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is a file: there is no connection to lose")
    worker = start("worker")
    first = enqueue(sample.answer)
    eventually(lambda: Job.objects.get(pk=first.pk).state == "done", "the first job done")
    assert cut_all_connections() >= 2
    worker.wait_for("connecting again")
    second = enqueue(sample.answer)
    eventually(lambda: Job.objects.get(pk=second.pk).state == "done", "the next job done")
    assert Job.objects.get(pk=first.pk).state == "done"


def test_a_web_process_asks_before_it_uses_a_connection_again(start):
    """Django does this at the start of a request, with health checks on."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite is a file: there is no connection to lose")
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    job = enqueue(sample.answer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [before])
    other.close()
    connection.health_check_done = False
    connection.close_if_unusable_or_obsolete()
    assert Job.objects.filter(pk=job.pk).exists()
