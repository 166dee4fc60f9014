"""Two moments of every clock on its own hours: due without its pauses, and twice the promised time over."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from zhiheng.calendars.queries import NATURAL_TIME, working_calendar
from zhiheng.measure.calendar import WorkingCalendar

# Read from the clocks for these moments; no facts of their own.
READ = ("target_s", "version_id")
MOMENTS = ("due_unpaused_s", "twice_due_s")
NATURAL = -1


def calendars_of_clocks(connection: duckdb.DuckDBPyConnection) -> dict[int, WorkingCalendar]:
    """The hours of every clock by version of the calendar; those of natural time by `NATURAL`."""
    rows = connection.execute("select distinct version_id from every_clock where version_id is not null")
    return {NATURAL: NATURAL_TIME, **{version: working_calendar(version) for (version,) in rows.fetchall()}}


def with_moments(clocks: pa.Table, calendars: dict[int, WorkingCalendar]) -> pa.Table:
    """The clocks with the two moments instead of what they are read from; null where no time was promised."""
    promised = clocks["target_s"].is_valid().to_numpy() & clocks["started_s"].is_valid().to_numpy()
    target, paused, started = (
        clocks[name].fill_null(0).to_numpy().astype(np.int64)
        for name in ("target_s", "paused_s", "started_s")
    )
    version = clocks["version_id"].fill_null(NATURAL).to_numpy()
    unpaused, twice = np.zeros(len(clocks), dtype=np.int64), np.zeros(len(clocks), dtype=np.int64)
    for number, calendar in calendars.items():
        here = promised & (version == number)
        unpaused[here] = calendar.add(started[here], target[here])
        twice[here] = calendar.add(started[here], 2 * target[here] + paused[here])
    for name, values in zip(MOMENTS, (unpaused, twice), strict=True):
        clocks = clocks.append_column(name, pa.array(values, mask=~promised))
    return clocks.drop_columns(list(READ))
