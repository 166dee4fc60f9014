"""The entries of some tickets as the event log that `analyze` reads."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import int64_array, text_array
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping
from zhiheng.desk.facts.tables import HELD, STATES

# What a log's words are called here. Attributes of the ticket stand on each of its events, and its last one counts.
ATTRIBUTES = {
    "requester": "'p' || requester_id",
    "kind": "kind",
    "organisation": "organisation",
    "contract": "contract",
    "service": "service",
    "category": "category",
    "subcategory": "subcategory",
    "symptom": "symptom",
    "location": "location",
    "ci": "ci",
    "channel": "channel",
    "opened_s": "received_at",
    "responded_s": "responded_at",
    "restored_s": "coalesce(restored_at, resolved_at)",
    "resolved_s": "resolved_at",
    "closed_s": "closed_at",
    "made_sla": "met_in_source",
    "reopen_count": "reopen_count",
    "reassignment_count": "hand_overs_in_source",
}
ALWAYS = frozenset({"kind", "channel", "opened_s", "responded_s", "restored_s", "resolved_s", "closed_s"})


@dataclass(frozen=True, slots=True)
class LogShape:
    """What all parts of the log have alike: states with their categories, and the roles that any ticket fills."""

    states: dict[str, str]
    roles: frozenset[str]


def shape_of(connection: duckdb.DuckDBPyConnection) -> LogShape:
    """Look through all entries once. A word that no ticket ever carries is a column the desk does not fill."""
    states = dict(connection.execute(STATES).fetchall())
    counted = ", ".join(f"count({sql}) as {role}" for role, sql in ATTRIBUTES.items())
    attributes = connection.sql(
        f"select {counted} from every_ticket where ticket_id in (select ticket_id from said)"  # noqa: S608 - our own words
    )
    events = connection.sql(HELD)
    filled = {
        name
        for relation in (attributes, events)
        for name, count in zip(relation.columns, relation.fetchall()[0], strict=True)
        if count
    }
    return LogShape(states, ALWAYS | filled)


def event_log(connection: duckdb.DuckDBPyConnection, shape: LogShape) -> EventLog:
    """The log of the tickets whose entries stand in `move`. Its cases are numbered by ascending ticket."""
    moves = connection.sql(
        "select ticket_id, activity, time_s, team, assignee_id, priority from move order by ticket_id, id"
    ).to_arrow_table()
    chosen = ", ".join(f"{sql} as {role}" for role, sql in ATTRIBUTES.items() if role in shape.roles)
    tickets = connection.sql(
        f"select ticket_id, {chosen} from ticket "  # noqa: S608 - our own words
        "where ticket_id in (select ticket_id from move) order by ticket_id"
    ).to_arrow_table()
    ids = tickets["ticket_id"].to_numpy()
    case = int64_array(np.searchsorted(ids, moves["ticket_id"].to_numpy())).cast(pa.int32())
    names = text_array(list(shape.states))
    columns = {
        "case": pa.DictionaryArray.from_arrays(case, tickets["ticket_id"].combine_chunks().cast(pa.string())),
        "activity": pa.DictionaryArray.from_arrays(
            pc.index_in(moves["activity"].combine_chunks(), value_set=names), names
        ),
        "time_s": moves["time_s"].combine_chunks(),
    }
    columns |= _of_events(moves, shape)
    for role in ATTRIBUTES:
        if role in shape.roles:
            columns[role] = _encoded(tickets[role]).take(case)
    mapping = Mapping(
        name="zhiheng",
        columns={"case": "ticket", "activity": "state", "time": "occurred_at"},
        states=dict(shape.states),
    )
    return EventLog(events=pa.table(columns), mapping=mapping, rows_read=len(moves))


def _of_events(moves: pa.Table, shape: LogShape) -> dict[str, pa.Array]:
    found = {}
    if "team" in shape.roles:
        found["team"] = _encoded(moves["team"])
    if "assignee" in shape.roles:
        found["assignee"] = _named(moves["assignee_id"], prefix="p")
    if "priority" in shape.roles:
        found["priority"] = _named(moves["priority"])
    return found


def _named(column: pa.ChunkedArray, *, prefix: str = "") -> pa.Array:
    """Numbers as words, each word made once."""
    coded = column.combine_chunks().dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        coded.indices, text_array([f"{prefix}{number}" for number in coded.dictionary.to_pylist()])
    )


def _encoded(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string()).combine_chunks().dictionary_encode()
    return column.combine_chunks()
