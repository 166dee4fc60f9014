"""From mirrored tables to the desk's facts: the common build of `analyze`, then what only the platform knows."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.facts import build as build_case_facts
from zhiheng.calendars.queries import NATURAL_TIME, working_calendar
from zhiheng.definitions import schema
from zhiheng.desk.facts.log import event_log
from zhiheng.desk.facts.tables import MOVES, TICKETS
from zhiheng.desk.facts.words import ALWAYS, CLOCKS, ENTRIES, KNOWN, SERVICE_HOURS, SOURCES
from zhiheng.measure.calendar import WorkingCalendar

REOPEN_DAYS = 10
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


def build_facts(connection: duckdb.DuckDBPyConnection, cut_s: int) -> Mapping[str, pa.Table]:
    """The tables `tickets`, `entries`, `clocks` and `sources`; empty ones while there is no ticket yet."""
    connection.execute(TICKETS)
    connection.execute(MOVES)
    if not _count(connection, "move", "*"):
        return {name: _empty(name) for name in ("tickets", "entries", "clocks", "sources")}
    facts = build_case_facts(event_log(connection), calendar=NATURAL_TIME, cut_s=cut_s)
    _bring_over(connection, facts)
    for column, kind in ALWAYS.items():
        connection.execute(f"alter table tickets add column if not exists {column} {kind}")
    _service_hours(connection, cut_s)
    connection.execute(KNOWN)
    for column in ("cause_code", "registered_s"):
        if not _count(connection, "tickets", column):
            connection.execute(f"alter table tickets drop column {column}")
    return {
        "tickets": connection.sql("select * from tickets order by ticket_id").to_arrow_table(),
        "entries": connection.sql(ENTRIES).to_arrow_table(),
        "clocks": _filled(connection.sql(CLOCKS).to_arrow_table()),
        "sources": connection.sql(SOURCES).to_arrow_table(),
    }


def _bring_over(connection: duckdb.DuckDBPyConnection, facts: CaseFacts) -> None:
    """The tables of the common build, beside the mirrored ones. Its cases are numbered by ascending ticket."""
    connection.register(
        "common", facts.connection.sql("select * from tickets order by ticket_id").to_arrow_table()
    )
    connection.register("common_sources", facts.connection.sql("select * from sources").to_arrow_table())
    kept = ", ".join(
        f"c.{name}"
        for name in connection.sql("select * from common").columns
        if name not in ("ticket_id", "number")
    )
    connection.execute(
        "create table tickets as "  # noqa: S608 - columns of the facts schema
        f"select cast(c.number as bigint) as ticket_id, t.number, {kept}, {', '.join(f't.{name}' for name in IDS)} "
        "from common as c join ticket as t on t.ticket_id = cast(c.number as bigint)"
    )


def _service_hours(connection: duckdb.DuckDBPyConnection, cut_s: int) -> None:
    """Working times on each ticket's own service hours; without an agreement service is due around the clock."""
    connection.execute(SERVICE_HOURS)
    versions = connection.execute("select distinct version_id from hours order by version_id").fetchall()
    calendars = {version_id: working_calendar(version_id) for (version_id,) in versions}
    closing = {
        version_id: calendar for version_id, calendar in calendars.items() if not calendar.never_closes
    }
    if closing:
        connection.execute("alter table tickets add column received_in_hours boolean default true")
    for version_id, calendar in closing.items():
        rows = connection.sql(
            "select t.ticket_id, t.received_s, t.responded_s, t.first_resolved_s from tickets as t "
            "join hours on hours.ticket_id = t.ticket_id and hours.version_id = $version_id order by t.ticket_id",
            params={"version_id": version_id},
        ).to_arrow_table()
        connection.register("worked", _worked(rows, calendar, cut_s))
        connection.execute(
            "update tickets set response_work_s = worked.response_work_s, "
            "response_work_censor_s = worked.response_work_censor_s, reopen_limit_s = worked.reopen_limit_s, "
            "received_in_hours = worked.received_in_hours from worked where worked.ticket_id = tickets.ticket_id"
        )
        connection.unregister("worked")


def _worked(rows: pa.Table, calendar: WorkingCalendar, cut_s: int) -> pa.Table:
    received = rows["received_s"].to_numpy()
    answered, responded = _times(rows["responded_s"], received, cut_s)
    solved = rows["first_resolved_s"].is_valid().to_numpy()
    first = np.where(solved, rows["first_resolved_s"].fill_null(0).to_numpy(), received)
    known = received <= cut_s
    return pa.table(
        {
            "ticket_id": rows["ticket_id"],
            "response_work_s": pa.array(calendar.elapsed(received, responded), mask=~answered),
            "response_work_censor_s": pa.array(
                calendar.elapsed(received, np.where(known, cut_s, received)), mask=~known
            ),
            "reopen_limit_s": pa.array(calendar.end_of_working_day(first, REOPEN_DAYS), mask=~solved),
            "received_in_hours": pa.array(calendar.elapsed(received, received + 1) == 1),
        }
    )


def _times(
    column: pa.ChunkedArray, received: np.ndarray[tuple[int], np.dtype[np.int64]], cut_s: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Which answers are known at the cut, and their times, never before the ticket was received."""
    values = column.fill_null(0).to_numpy()
    answered = column.is_valid().to_numpy() & (values <= cut_s)
    return answered, np.where(answered, np.maximum(values, received), received)


def _count(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    rows = connection.execute(f"select count({column}) from {table}").fetchall()  # noqa: S608 - names of ours
    return int(rows[0][0])


def _filled(table: pa.Table) -> pa.Table:
    """Without the columns that hold nothing at all: what nobody records cannot be computed, and the figure says so."""
    return table.select(
        [name for name in table.column_names if not len(table) or table[name].null_count < len(table)]
    )


def _empty(name: str) -> pa.Table:
    kinds = {"BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "VARCHAR": pa.string()}
    extra = [(column, pa.bool_() if column == "confidential" else pa.int64()) for column in IDS]
    columns = [(column.name, kinds[column.type]) for column in schema.TABLES[name]]
    return pa.schema(columns + (extra if name == "tickets" else [])).empty_table()
