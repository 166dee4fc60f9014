"""The facts of a log as DuckDB tables in memory. Apart: loading DuckDB takes longer than many a report needs."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import int64_array, repeated, text_array
from zhiheng.analyze.facts.attributes import NO_PRIORITY, priority_codes
from zhiheng.analyze.log import EventLog
from zhiheng.measure.arrays import Integers
from zhiheng.measure.flow import Traces


def connect(
    log: EventLog, traces: Traces, columns: dict[str, pa.Array | Integers], stand_ins: dict[str, str]
) -> duckdb.DuckDBPyConnection:
    """A database in memory with the tables tickets, entries, clocks and sources."""
    connection = duckdb.connect()
    # It would draw a bar for a long query, even where the report itself is written.
    connection.execute("set enable_progress_bar = false")
    tickets = {
        name: int64_array(values) if isinstance(values, np.ndarray) else values
        for name, values in columns.items()
    }
    made_sla = tickets.pop("made_sla", None)
    if made_sla is not None:
        stopped = tickets.get("resolved_s", tickets.get("closed_s"))
        clocks = {
            "ticket_id": tickets["ticket_id"],
            "commitment": repeated("resolution", len(made_sla)),
            "started_s": tickets["received_s"],
            "stopped_s": stopped if stopped is not None else tickets["updated_s"],
            "missed": pc.invert(made_sla),
        }
        _store(connection, "clocks", pa.table(clocks))
    _store(connection, "tickets", pa.table(tickets))
    connection.register("log_entries", _entries(log, traces))
    connection.execute("create view entries as select * from log_entries")
    names = {"column_name": text_array(list(stand_ins)), "stand_in": text_array(list(stand_ins.values()))}
    _store(connection, "sources", pa.table(names))
    return connection


def _entries(log: EventLog, traces: Traces) -> pa.Table:
    order = int64_array(traces.order)
    states = log.events["activity"].take(order).combine_chunks()
    previous = np.concatenate(([-1], traces.activity[:-1]))
    previous[traces.starts[:-1]] = -1
    table = {
        "entry_id": int64_array(np.arange(len(traces.order))),
        "ticket_id": int64_array(traces.case),
        "occurred_s": int64_array(traces.time_s),
        "act": repeated("state", len(traces.order)),
        "from_state": pa.DictionaryArray.from_arrays(
            int64_array(previous, previous >= 0).cast(pa.int32()), text_array(log.activities)
        ),
        "to_state": states,
    }
    if "team" in log.roles:
        table["team"] = log.events["team"].take(order).combine_chunks()
    if "priority" in log.roles:
        held = priority_codes(log.names("priority"), log.codes("priority"))[traces.order]
        table["held_priority"] = int64_array(held, held != NO_PRIORITY).cast(pa.int32())
    return pa.table(table)


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register(f"arrow_{name}", table)
    connection.execute(f"create table {name} as select * from arrow_{name}")  # noqa: S608 (our own names)
    connection.unregister(f"arrow_{name}")
