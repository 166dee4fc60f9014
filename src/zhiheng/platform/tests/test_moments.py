"""Moments read from PostgreSQL are the ones that were written, whatever the driver's text looks like."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite stores texts"),
]


def moment(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz", [text])
        found = cursor.fetchone()[0]
    assert isinstance(found, datetime)
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-28 19:05:50+00", datetime(2026, 11, 28, 19, 5, 50, tzinfo=UTC)),
        ("2026-11-28 19:05:50.4+00", datetime(2026, 11, 28, 19, 5, 50, 400_000, tzinfo=UTC)),
        ("2026-11-28 19:05:50.000001+08", datetime(2026, 11, 28, 11, 5, 50, 1, tzinfo=UTC)),
        ("0850-01-02 03:04:05+00", datetime(850, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_it_was_written(written: str, expected: datetime) -> None:
    found = moment(written)
    assert found == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize("written", ["infinity", "0044-03-15 12:00:00+00 BC", "10000-01-01 00:00:00+00"])
def test_a_moment_beyond_what_python_knows_is_refused_by_the_driver(written: str) -> None:
    with pytest.raises(DataError):
        moment(written)
