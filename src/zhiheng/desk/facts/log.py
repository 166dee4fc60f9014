"""The entries of tickets as the event log that `analyze` reads."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping

# What the words of a log's events are called here. Attributes of the ticket stand on each of its events.
EVENTS = """
select cast(m.ticket_id as varchar) as "case", m.activity, m.time_s, m.team, 'p' || m.assignee_id as assignee,
  cast(m.priority as varchar) as priority, 'p' || t.requester_id as requester, t.kind, t.organisation, t.contract,
  t.service, t.category, t.subcategory, t.symptom, t.location, t.ci, t.channel,
  t.received_at as opened_s, t.responded_at as responded_s,
  coalesce(t.restored_at, t.resolved_at) as restored_s, t.resolved_at as resolved_s, t.closed_at as closed_s,
  t.met_in_source as made_sla, t.reopen_count as reopen_count, t.hand_overs_in_source as reassignment_count
from move as m join ticket as t on t.ticket_id = m.ticket_id
order by m.ticket_id, m.id
"""
ALWAYS = frozenset(
    {
        "case",
        "activity",
        "time_s",
        "kind",
        "channel",
        "opened_s",
        "responded_s",
        "restored_s",
        "resolved_s",
        "closed_s",
    }
)


def event_log(connection: duckdb.DuckDBPyConnection) -> EventLog:
    """The log of every ticket that has moved. A word that no ticket ever carries is a column the desk does not fill."""
    table = connection.sql(EVENTS).to_arrow_table()
    columns = {
        name: _encoded(table[name])
        for name in table.column_names
        if name in ALWAYS or table[name].null_count < len(table)
    }
    states = dict(connection.execute("select distinct activity, category from move").fetchall())
    mapping = Mapping(
        name="zhiheng", columns={"case": "ticket", "activity": "state", "time": "occurred_at"}, states=states
    )
    return EventLog(events=pa.table(columns), mapping=mapping, rows_read=len(table))


def _encoded(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
        return column.unify_dictionaries().combine_chunks()
    return column.combine_chunks()
