"""The copy of the facts that statements scan gives what Parquet gives, and can be missing."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhiheng.desk.tests.logs import BEGIN, DAY_S, put
from zhiheng.indicators.mirror import Manifest, refresh, scans
from zhiheng.indicators.queries import Lens, course_of
from zhiheng.indicators.queries.diagnoses import counted_diagnoses
from zhiheng.indicators.queries.figures import counted_figures
from zhiheng.indicators.queries.opening import opened

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_mirror"),
]


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    put(tmp_path, 60)
    return refresh(cut_s=BEGIN + 90 * DAY_S)


def look(manifest: Manifest, predicate: str = "true") -> Lens:
    return Lens(manifest.id, BEGIN, BEGIN + 40 * DAY_S, BEGIN + 90 * DAY_S, predicate=predicate)


def asked(lens: Lens) -> list[Any]:
    return [question.computed(lens) for question in (counted_figures, counted_diagnoses, course_of)]


def test_the_copy_holds_the_rows_of_parquet(manifest: Manifest) -> None:
    for name in scans.COPIED:
        with opened(look(manifest)) as held:
            shown = held.connection.execute(f"select * from {name}")
            columns, rows = [item[:2] for item in shown.description or ()], shown.fetchall()
        parquet = duckdb.connect().execute(f"select * from '{manifest.facts[name]}'")
        assert [item[:2] for item in parquet.description or ()] == columns
        assert parquet.fetchall() == rows
        assert len(rows) == manifest.rows(f"facts/{name}.parquet")


@pytest.mark.parametrize("predicate", ["true", "ticket_id % 3 = 0"])
@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_without_the_copy_answers_are_the_same(
    manifest: Manifest, predicate: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    lens = look(manifest, predicate)
    with_copy = asked(lens)
    path = manifest.path / scans.NAME
    assert path.stat().st_size
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"no database" * 999)
    with caplog.at_level(logging.WARNING):
        assert asked(lens) == with_copy
    assert ("Parquet is read instead" in caplog.text) == (damage == "broken")


def test_only_tickets_that_may_be_seen_are_scanned(manifest: Manifest) -> None:
    with opened(look(manifest, "ticket_id % 3 = 0")) as held:
        for name in ("tickets", "clocks", "entries"):
            rows = held.connection.execute(f"select distinct ticket_id % 3 from {name}").fetchall()
            assert rows == ([(0,)] if manifest.rows(f"facts/{name}.parquet") else [])
