"""Figures over archived entries are those over the table, and a snapshot that goes on where it was stays right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.mirror import refresh
from zhiheng.indicators.queries import Lens, figures
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.journal.archive.archiving import archive_journal
from zhiheng.platform.journal.archive.place import ArchiveUnreadable, path_of
from zhiheng.platform.journal.archive.reading import archive_floor, entries_of
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.models import ArchiveFile, Entry
from zhiheng.processes.services import install_processes

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CUT_S = BEGIN + 90 * DAY_S


@pytest.fixture(autouse=True)
def _small_archive(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.HOME, settings.MIRROR_ROOT = tmp_path, tmp_path / "mirror"
    monkeypatch.setattr("zhiheng.platform.journal.sealing.ENTRIES_A_SEAL", 10)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.ENTRIES_A_FILE", 40)
    monkeypatch.setattr("zhiheng.platform.journal.archive.planning.handlers", {})
    monkeypatch.setattr("zhiheng.platform.journal.archive.unarchiving.GRACE_S", 0.0)
    with acting(SYSTEM, Cause.SETUP):
        install_processes()
        yield


def answers(snapshot: str) -> dict[str, Any]:
    """Every figure, whatever the snapshot is called."""
    found = figures(Lens(snapshot, BEGIN, BEGIN + 40 * DAY_S, CUT_S))
    return {name: replace(item.figure.measurement) for name, item in found.items()}


def archive() -> None:
    seal_journal()
    archive_journal(before=now() + timedelta(days=1))


def test_figures_are_the_same_after_archiving_and_after_taking_back(tmp_path: Path) -> None:
    put(tmp_path, 20)
    first = refresh(cut_s=CUT_S, full=True)
    expected = answers(first.id)
    assert sum(item.value is not None for item in expected.values()) > 3
    archive()
    assert ArchiveFile.objects.count() > 1
    assert Entry.objects.filter(record_type="desk.ticket").count() < 10
    second = refresh(cut_s=CUT_S, full=True)
    assert answers(second.id) == expected
    facts = {part.path: part.sha256 for part in first.files if part.path.startswith("facts/")}
    assert {part.path: part.sha256 for part in second.files if part.path.startswith("facts/")} == facts
    # Killed before the rows were deleted: some lie in both places, and count once.
    held = ArchiveFile.objects.order_by("-last_entry").first()
    assert held is not None
    Entry._base_manager.bulk_create(list(entries_of(held))[:7])
    assert answers(refresh(cut_s=CUT_S, full=True).id) == expected
    unarchive_journal()
    assert answers(refresh(cut_s=CUT_S, full=True).id) == expected


def test_a_snapshot_goes_on_over_what_was_archived_meanwhile(tmp_path: Path) -> None:
    put(tmp_path, 10)
    refresh(cut_s=CUT_S, full=True)
    put(tmp_path, 10, name="more")
    archive()
    put(tmp_path, 4, name="last")
    head = Entry.objects.latest("pk").pk
    going_on = refresh(cut_s=CUT_S)
    assert archive_floor() < head == going_on.head
    assert going_on.rows("facts/tickets.parquet") == 24
    assert answers(going_on.id) == answers(refresh(cut_s=CUT_S, full=True).id)


def test_a_missing_file_stops_a_full_snapshot_and_names_it(tmp_path: Path) -> None:
    put(tmp_path, 10)
    archive()
    kept = refresh(cut_s=CUT_S, full=True)
    file = ArchiveFile.objects.earliest("pk")
    path_of(file.name).unlink()
    with pytest.raises(ArchiveUnreadable, match=file.name):
        refresh(cut_s=CUT_S, full=True)
    put(tmp_path, 2, name="more")
    assert refresh(cut_s=CUT_S).rows("facts/tickets.parquet") == kept.rows("facts/tickets.parquet") + 2
