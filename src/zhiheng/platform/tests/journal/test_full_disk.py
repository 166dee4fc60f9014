"""A full disk refuses the write and says so; what was committed stays, and the journal goes on when there is room."""

import pytest
from django.db import OperationalError, connection, transaction

from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal
from zhiheng.platform.models import Entry
from zhiheng.platform.tests.journal.sample import Note

pytestmark = pytest.mark.usefixtures("clean", "person")


def limit_pages(pages: int) -> None:
    """SQLite answers as on a full disk when the file would get longer than this."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def pages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        return cursor.fetchone()[0]


def test_what_was_committed_before_the_disk_was_full_is_there(settings, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's server meets its own disk; it was not filled here")
    settings.HOME = tmp_path
    notes, entries = Note.objects.count(), Entry.objects.count()
    # Rows that other tests removed left room inside the file: large ones fill that too.
    limit_pages(pages() + 1_500)
    written = 0
    try:
        with pytest.raises(OperationalError, match="database or disk is full"):
            for _ in range(10_000):
                with transaction.atomic():
                    Note.objects.create(title="a", body="x" * 200_000)
                written += 1
        assert written > 0
        assert Note.objects.count() == notes + written
        assert Entry.objects.count() == entries + written
    finally:
        limit_pages(1 << 30)
    Note.objects.create(title="room again")
    seal_journal()
    assert verify_journal().ok
    assert Entry.objects.count() == entries + written + 1
