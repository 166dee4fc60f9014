"""From mirrored tables to the desk's facts: the common build of `analyze`, then what only the platform knows.

A part of the tickets at a time, so that memory does not grow with their number. What all tickets decide together (which
columns anybody fills, how frequent a sequence of states is) is looked up before or told at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from zhiheng.analyze.arrays import int64_array
from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.facts import build as build_case_facts
from zhiheng.calendars.queries import NATURAL_TIME
from zhiheng.definitions import schema
from zhiheng.desk.facts.hours import ENTRY_DAYS, Calendars, closing_calendars, set_working_times
from zhiheng.desk.facts.log import LogShape, event_log, shape_of
from zhiheng.desk.facts.promises import MOMENTS, READ, calendars_of_clocks, with_moments
from zhiheng.desk.facts.ranking import SequenceRanks
from zhiheng.desk.facts.tables import AMBIGUOUS, EXEMPTED, EXEMPTIONS, ITEMS, MOVES, SAID, TICKETS
from zhiheng.desk.facts.words import ALWAYS, CLOCKS, ENTRIES, EXEMPT, KNOWN, SOURCES
from zhiheng.measure.calendar import WorkingCalendar

PART = 100_000
IDS = (
    "requester_id",
    "assignee_id",
    "team_id",
    "organisation_id",
    "contract_id",
    "service_id",
    "process_version_id",
    "confidential",
)
NAMES = ("tickets", "entries", "clocks", "sources")
Part = tuple[str, pa.Table]
# What no ticket at all fills is left out of the facts, so that a figure which needs it is not computable.
REGISTERED = "case when not from_source then registered_at end"
LEFT_OUT_WHEN_EMPTY = {"cause_code": "cause_code", "registered_s": REGISTERED, "entry_limit_s": REGISTERED}


@dataclass(frozen=True, slots=True)
class Whole:
    """What is decided by all tickets together."""

    cut_s: int
    shape: LogShape
    closing: Calendars
    left_out: tuple[str, ...]
    clocks: tuple[str, ...]
    promised: dict[int, WorkingCalendar]
    exemptions: bool
    ranks: SequenceRanks = field(default_factory=SequenceRanks)
    stand_ins: dict[str, str] = field(default_factory=dict)


def build_facts(connection: duckdb.DuckDBPyConnection, cut_s: int) -> Iterator[Part]:
    """The tables `tickets`, `entries`, `clocks` and `sources`, in parts by ticket; empty while there is no ticket."""
    for statement in (ITEMS, TICKETS, CLOCKS, SAID, AMBIGUOUS, EXEMPTED):
        connection.execute(statement)
    if not _counts(connection, "said", {"all": "*"})["all"]:
        yield from ((name, _empty(name)) for name in NAMES)
        return
    whole = _look_through(connection, cut_s)
    spans = _spans(connection)
    for first, last in spans:
        yield from _part(connection, whole, first, last)
    yield from _tickets(connection, whole.ranks, spans)
    common = {"column_name": list(whole.stand_ins), "stand_in": list(whole.stand_ins.values())}
    connection.register("common_sources", pa.table(common))
    yield "sources", connection.sql(SOURCES).to_arrow_table()


def _look_through(connection: duckdb.DuckDBPyConnection, cut_s: int) -> Whole:
    filled = _counts(
        connection, "every_ticket where ticket_id in (select ticket_id from said)", LEFT_OUT_WHEN_EMPTY
    )
    columns = connection.sql("select * from every_clock limit 0").columns
    clocks = _counts(connection, "every_clock", {"all": "*", **{name: name for name in columns}})
    return Whole(
        cut_s=cut_s,
        shape=shape_of(connection),
        closing=closing_calendars(connection),
        left_out=tuple(name for name, count in filled.items() if not count),
        # What nobody records cannot be computed, and the figure says so.
        clocks=tuple(name for name in columns if name not in READ and (clocks[name] or not clocks["all"])),
        promised=calendars_of_clocks(connection) if clocks["target_s"] or not clocks["all"] else {},
        exemptions=bool(_counts(connection, EXEMPTIONS, {"all": "*"})["all"]),
    )


def _spans(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """The first and the last ticket of each part."""
    ids = connection.execute("select ticket_id from every_ticket order by ticket_id").fetchnumpy()[
        "ticket_id"
    ]
    firsts = ids[::PART].tolist()
    return list(zip(firsts, [*(first - 1 for first in firsts[1:]), int(ids[-1])], strict=True))


def _part(connection: duckdb.DuckDBPyConnection, whole: Whole, first: int, last: int) -> Iterator[Part]:
    span = {"first": first, "last": last}
    connection.execute(
        "create or replace temp table ticket as "
        "select * from every_ticket where ticket_id between $first and $last order by ticket_id",
        span,
    )
    yield "clocks", _clocks(connection, whole, span)
    connection.execute(MOVES, span)
    if not _counts(connection, "move", {"all": "*"})["all"]:
        return
    log = event_log(connection, whole.shape)
    _bring_over(connection, build_case_facts(log, calendar=NATURAL_TIME, cut_s=whole.cut_s), whole)
    for column, kind in ALWAYS.items():
        connection.execute(f"alter table tickets add column if not exists {column} {kind}")
    set_working_times(connection, whole.closing, whole.cut_s)
    connection.execute(KNOWN)
    if whole.exemptions:
        connection.execute(EXEMPT)
    for column in whole.left_out:
        connection.execute(f"alter table tickets drop column {column}")
    connection.execute("create table if not exists done as select * from tickets limit 0")
    connection.execute("insert into done by name select * from tickets order by ticket_id")
    yield "entries", connection.sql(ENTRIES).to_arrow_table()


def _clocks(connection: duckdb.DuckDBPyConnection, whole: Whole, span: dict[str, int]) -> pa.Table:
    read = dict.fromkeys((*whole.clocks, *READ, "paused_s", "started_s"))
    clocks = connection.sql(
        f"select {', '.join(read)} from every_clock where ticket_id between $first and $last "  # noqa: S608
        "order by ticket_id, commitment, started_s",
        params=span,
    ).to_arrow_table()
    if not whole.promised:
        return clocks.select(list(whole.clocks))
    return with_moments(clocks, whole.promised).select([*whole.clocks, *MOMENTS])


def _bring_over(connection: duckdb.DuckDBPyConnection, facts: CaseFacts, whole: Whole) -> None:
    """The columns of the common build, beside the mirrored ones. Its cases are numbered by ascending ticket."""
    columns = {
        name: int64_array(values) if isinstance(values, np.ndarray) else values
        for name, values in facts.columns.items()
        if name not in ("ticket_id", "made_sla")
    }
    columns["variant"] = int64_array(whole.ranks.numbered(facts.variants))
    received = facts.seconds("received_s")
    assert received is not None
    columns["entry_limit_s"] = int64_array(NATURAL_TIME.end_of_working_day(received, ENTRY_DAYS))
    connection.register("common", pa.table(columns))
    kept = ", ".join(f"c.{name}" for name in columns if name != "number")
    connection.execute(
        "create or replace temp table tickets as "  # noqa: S608 - columns of the facts schema
        f"select t.ticket_id, t.number, {kept}, {', '.join(f't.{name}' for name in IDS)} "
        "from common as c join ticket as t on t.ticket_id = cast(c.number as bigint)"
    )
    connection.unregister("common")
    whole.stand_ins.update(facts.stand_ins)


def _tickets(
    connection: duckdb.DuckDBPyConnection, ranks: SequenceRanks, spans: list[tuple[int, int]]
) -> Iterator[Part]:
    """The tickets with the rank of their sequence of states instead of its number."""
    by_number = int64_array(ranks.ranks())
    for first, last in spans:
        table = connection.sql(
            "select * from done where ticket_id between $first and $last order by ticket_id",
            params={"first": first, "last": last},
        ).to_arrow_table()
        place = table.column_names.index("variant")
        yield "tickets", table.set_column(place, "variant", by_number.take(table["variant"].combine_chunks()))


def _counts(connection: duckdb.DuckDBPyConnection, source: str, counted: dict[str, str]) -> dict[str, int]:
    """How many rows of a source hold each value."""
    chosen = ", ".join(f"count({sql})" for sql in counted.values())
    rows = connection.execute(f"select {chosen} from {source}").fetchall()  # noqa: S608 - our own words
    return {name: int(count) for name, count in zip(counted, rows[0], strict=True)}


def _empty(name: str) -> pa.Table:
    kinds = {"BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}
    extra = [(column, pa.bool_() if column == "confidential" else pa.int64()) for column in IDS]
    columns = [(column.name, kinds[column.type]) for column in schema.TABLES[name]]
    return pa.schema(columns + (extra if name == "tickets" else [])).empty_table()
