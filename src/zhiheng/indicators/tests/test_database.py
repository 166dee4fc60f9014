"""Reading the database for the mirror: beside writers of the same process, and failing where it must."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction

from zhiheng.indicators.mirror.database import one_snapshot
from zhiheng.indicators.mirror.sources import Kind, MirrorColumn

TRY_TO_WRITE = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute("begin immediate")
    print("got the lock")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="locks on a file are SQLite's")
@pytest.mark.django_db(transaction=True)
def test_reading_leaves_the_locks_of_a_writer_in_the_same_process() -> None:
    path = str(connection.settings_dict["NAME"])
    with transaction.atomic():
        connection.cursor().execute("create table held (id integer)")
        with one_snapshot() as snapshot:
            assert snapshot.number("select count(*) from sqlite_master where name = 'held'") == 0
        other = subprocess.run(
            [sys.executable, "-c", TRY_TO_WRITE, path], capture_output=True, text=True, check=True, timeout=60
        )
        transaction.set_rollback(True)
    assert other.stdout.strip() == "database is locked"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_table_that_does_not_exist_is_an_error_and_not_an_empty_table() -> None:
    with pytest.raises(Exception, match=r"read|nowhere"), one_snapshot() as snapshot:
        snapshot.read("nowhere", [MirrorColumn("id", Kind.INT)]).read_all()


BREAKS_OFF = """
import sys
import pyarrow as pa
sys.stdin.readline()
schema = pa.schema([("id", pa.int64())])
with pa.ipc.new_stream(sys.stdout.buffer, schema) as writer:
    writer.write_batch(pa.record_batch([[1]], schema=schema))
sys.exit(1)
"""


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is read in the process")
@pytest.mark.django_db(transaction=True)
def test_a_reader_that_breaks_off_is_an_error_though_its_stream_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "reader.py"
    script.write_text(BREAKS_OFF, encoding="utf-8")
    monkeypatch.setattr("zhiheng.indicators.mirror.database.READER", script)
    with pytest.raises(RuntimeError, match="to its end"), one_snapshot() as snapshot:
        assert snapshot.number("select 1") == 1
