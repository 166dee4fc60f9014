"""A committed database and processes that are gone when the test is."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.kill import sample
from tests.kill.processes import Child
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.models import HandlerCursor


@pytest.fixture
def start(transactional_db) -> Iterator[Callable[..., Child]]:
    """Start a process of the test on the test's database."""
    sample.create_tables()
    HandlerCursor.objects.all().delete()
    children: list[Child] = []

    def begin(*arguments: str) -> Child:
        children.append(Child(*arguments))
        return children[-1]

    with acting(SYSTEM, Cause.COMMAND):
        yield begin
    for child in children:
        child.end()
    with connection.cursor() as cursor:
        for model in sample.TABLES:
            cursor.execute(f"DROP TABLE {model._meta.db_table}")
