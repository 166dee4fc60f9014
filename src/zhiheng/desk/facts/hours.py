"""Working times of tickets on their own service hours."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from zhiheng.calendars.queries import working_calendar
from zhiheng.desk.facts.words import SERVICE_HOURS
from zhiheng.measure.calendar import WorkingCalendar

REOPEN_DAYS = 10
ENTRY_DAYS = 1
Calendars = dict[int, WorkingCalendar]


def closing_calendars(connection: duckdb.DuckDBPyConnection) -> Calendars:
    """Note the service hours of every ticket; the calendars among them that ever close, by version."""
    connection.execute(SERVICE_HOURS)
    versions = connection.execute("select distinct version_id from hours order by version_id").fetchall()
    calendars = {version_id: working_calendar(version_id) for (version_id,) in versions}
    return {version_id: calendar for version_id, calendar in calendars.items() if not calendar.never_closes}


def set_working_times(connection: duckdb.DuckDBPyConnection, closing: Calendars, cut_s: int) -> None:
    """Set the working times in `tickets`; without an agreement service is due around the clock."""
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
            "entry_limit_s = worked.entry_limit_s, "
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
            "entry_limit_s": pa.array(calendar.end_of_working_day(received, ENTRY_DAYS)),
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
