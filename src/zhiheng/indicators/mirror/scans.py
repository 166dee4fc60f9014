"""The facts that nearly every statement scans, once more as DuckDB's own file: read several times as fast as Parquet.

<MIRROR_ROOT>/snapshots/<id>/scans.duckdb

Parquet stays what a snapshot is made of and what its hash covers. The copy can be left out or lost: then statements
read Parquet and give the same rows in the same order.
"""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb

from zhiheng.indicators.mirror import store

log = logging.getLogger(__name__)
NAME = "scans.duckdb"
# Entries stay in Parquet alone: few questions read them, and they are most of the rows.
COPIED = ("tickets", "clocks")
ATTACHED = "scanned"


def write(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Copy the facts of a draft. The connection must not hold a database of that name."""
    path = draft / NAME
    connection.execute(f"attach {_literal(path)} as {ATTACHED}")
    for name in COPIED:
        parquet = draft / "facts" / f"{name}.parquet"
        if parquet.exists():
            connection.execute(
                f"create table {ATTACHED}.{name} as select * from read_parquet({_literal(parquet)})"  # noqa: S608
            )
    connection.execute(f"detach {ATTACHED}")


def attach(connection: duckdb.DuckDBPyConnection, manifest: store.Manifest) -> dict[str, str]:
    """Open the copy of a snapshot for reading; what to select from, by facts table. {} where there is no copy."""
    path = manifest.path / NAME
    if not path.exists():
        return {}
    try:
        connection.execute(f"attach {_literal(path)} as {ATTACHED} (read_only)")
    except duckdb.Error:
        log.warning("the copy of the facts cannot be read; Parquet is read instead: %s", path, exc_info=True)
        return {}
    rows = connection.execute(
        "select table_name from information_schema.tables where table_catalog = $name", {"name": ATTACHED}
    ).fetchall()
    return {str(table): f"{ATTACHED}.main.{table}" for (table,) in rows}


def _literal(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"
