"""Opening the facts of a lens: only the tickets it may see exist there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from zhiheng.definitions.query import Facts, discover
from zhiheng.indicators.mirror import scans, store
from zhiheng.indicators.queries.lens import Lens, Parameters

THREADS = 2
# So many visible tickets are brought into memory once; of more each statement reads the columns it needs.
BROUGHT_AT_MOST = 200_000
# Of the other tables only these are read again and again; entries stay in their file.
BROUGHT = ("tickets", "clocks")


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """The facts a lens shows, ready to be asked."""

    connection: duckdb.DuckDBPyConnection
    facts: Facts
    manifest: store.Manifest


@dataclass(frozen=True, slots=True)
class _Shared:
    """What was opened so far, by snapshot and grants; closed together."""

    stack: ExitStack
    held: dict[tuple[str, str, Parameters], OpenFacts] = field(default_factory=dict)


_shared: ContextVar[_Shared | None] = ContextVar("shared_facts", default=None)


@contextmanager
def facts_shared() -> Iterator[None]:
    """Within, facts are opened when the first question needs them, and stay open for the others."""
    with ExitStack() as stack:
        token = _shared.set(_Shared(stack))
        try:
            yield
        finally:
            _shared.reset(token)


@contextmanager
def opened(lens: Lens) -> Iterator[OpenFacts]:
    """Open the facts of a lens. Raises FileNotFoundError once its snapshot was swept."""
    shared = _shared.get()
    if shared is None:
        with _connected(lens) as held:
            yield held
        return
    key = (lens.snapshot, lens.predicate, lens.parameters)
    if key not in shared.held:
        shared.held[key] = shared.stack.enter_context(_connected(lens))
    yield shared.held[key]


@contextmanager
def _connected(lens: Lens) -> Iterator[OpenFacts]:
    manifest = store.load(lens.snapshot)
    with duckdb.connect(config={"threads": THREADS}) as connection:
        found = {name: _parquet(path) for name, path in manifest.facts.items()}
        found |= scans.attach(connection, manifest)
        brought = False
        if lens.predicate != "true":
            brought = _look_up(connection, lens, found["tickets"]) <= BROUGHT_AT_MOST
        for name, source in found.items():
            limited = lens.predicate != "true" and name != "sources"
            kind = "table" if brought and name in BROUGHT else "view"
            only = " where ticket_id in (select ticket_id from visible)" if limited else ""
            connection.execute(f"create {kind} main.{name} as select * from {source}{only}")  # noqa: S608
        yield OpenFacts(connection, discover(connection), manifest)


def _look_up(connection: duckdb.DuckDBPyConnection, lens: Lens, tickets: str) -> int:
    """Note which tickets may be seen; how many they are."""
    connection.execute(
        f"create table visible as select ticket_id from {tickets} where {lens.predicate}",  # noqa: S608
        {name: list(values) for name, values in lens.parameters},
    )
    (count,) = connection.execute("select count(*) from visible").fetchall()[0]
    return int(count)


def _parquet(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"read_parquet('{escaped}')"
