"""The facts schema: every table and column a definition may read, with its type and meaning.

All times are whole seconds since 1970 in UTC. A column that a source lacks is absent from its table; a definition
that *needs* it then answers "not computable", and where it is merely used it reads as NULL.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a facts table."""

    name: str
    type: str
    words: str


def _columns(text: str) -> tuple[Column, ...]:
    """Read `name TYPE meaning` lines."""
    rows = (line.split(None, 2) for line in text.strip().splitlines())
    return tuple(Column(name=name, type=kind, words=words) for name, kind, words in rows)


TICKETS = _columns("""
ticket_id BIGINT identity of the ticket within this set of facts
number VARCHAR public number, as people write it
kind VARCHAR request, incident, problem, change, complaint or an organisation's own kind
organisation VARCHAR organisation that is served
contract VARCHAR contract or project the ticket falls under
service VARCHAR service it concerns
team VARCHAR support team that holds it last
first_team VARCHAR support team that held it first
category VARCHAR category, last value
subcategory VARCHAR second level of the category, last value
symptom VARCHAR symptom as coded by the desk
cause_code VARCHAR cause as coded at resolution
location VARCHAR place the ticket concerns
ci VARCHAR configuration item it concerns
problem VARCHAR problem record it is linked to
assignee VARCHAR person who handles it, last value
resolver VARCHAR person who resolved it
requester VARCHAR person who asked
channel VARCHAR phone, walk_in, mail, portal, chat, wechat, monitoring or other
priority INTEGER priority, 1 is the highest, last value
highest_priority INTEGER highest priority it ever held
state VARCHAR state, as named by the source
state_category VARCHAR new, open, waiting-customer, -supplier, -internal, solved, closed, cancelled, merged
onset_s BIGINT the fault began: monitoring, else stated, else received
received_s BIGINT message, call or portal time, not the time of typing
registered_s BIGINT it was entered into the system
entry_limit_s BIGINT end of the first working day after received_s, by when it should have been entered
first_assigned_s BIGINT a person first held it
responded_s BIGINT first human answer the requester can see or hear
restored_s BIGINT service restored, workaround included
resolved_s BIGINT resolved, last time
first_resolved_s BIGINT resolved, first time
first_reopened_s BIGINT first return from solved or closed to work
reopen_limit_s BIGINT ten working days after first_resolved_s
loop_s BIGINT loop closed: resolved, confirmed or not objected to, record complete; null again once reopened
closed_s BIGINT closed in the system
updated_s BIGINT last act on it
response_work_s BIGINT working time from received to responded, on the service calendar
response_work_censor_s BIGINT working time from received to the cut, for tickets without an answer
waiting_customer_s BIGINT time spent waiting for the customer before restoration or the cut
waiting_supplier_s BIGINT time spent waiting for a supplier before restoration or the cut
waiting_internal_s BIGINT time spent waiting for others inside before restoration or the cut
team_changes INTEGER times the team changed, missing values ignored
reassignment_count INTEGER hand-overs as counted by the source
reopen_count INTEGER reopenings as counted by the source, else from the entries
ping_pong BOOLEAN the ticket went from team A to B and back to A
waited_customer BOOLEAN it ever waited for the customer
reopened BOOLEAN it was reopened at least once
counted BOOLEAN false for test, spam, merged into another, withdrawn before the answer
exempt BOOLEAN an approved exemption applies
fault BOOLEAN incident with service effect down or degraded
received_in_hours BOOLEAN received inside the service hours
article_linked BOOLEAN a knowledge article is linked
first_contact BOOLEAN solved in the first contact without transfer
first_line BOOLEAN its category is marked as solvable in the first contact
variant INTEGER rank of its sequence of states by frequency, 1 is the most frequent
""")

ENTRIES = _columns("""
entry_id BIGINT order in the log
ticket_id BIGINT ticket it belongs to
occurred_s BIGINT when it happened
recorded_s BIGINT when it was entered
act VARCHAR what was done
from_state VARCHAR state before
to_state VARCHAR state after
team VARCHAR team holding the ticket after the act
actor VARCHAR who did it
held_priority INTEGER priority the ticket held after the act
""")

CLOCKS = _columns("""
ticket_id BIGINT ticket it belongs to
commitment VARCHAR response, resolution, restoration or next_reply
started_s BIGINT start of the clock
due_s BIGINT when it is due, pauses included
due_unpaused_s BIGINT when it would be due without its pauses
twice_due_s BIGINT when twice the promised time is over on the clock's own hours, pauses included
stopped_s BIGINT when it was met or cancelled
paused_s BIGINT working seconds it stood still
state VARCHAR running, paused, met, missed or cancelled
missed BOOLEAN the commitment was not kept
""")

SOURCES = _columns("""
column_name VARCHAR table.column that this set of facts fills by a stand-in
stand_in VARCHAR what stands in for it, shown as a flag on every figure that needs the column
""")

TABLES: dict[str, tuple[Column, ...]] = {
    "tickets": TICKETS,
    "entries": ENTRIES,
    "clocks": CLOCKS,
    "sources": SOURCES,
}
TYPES: dict[str, dict[str, str]] = {
    table: {column.name: column.type for column in columns} for table, columns in TABLES.items()
}
# What figures may be grouped and filtered by: the whitelist behind every scope and filter.
SCOPES: dict[str, str] = {
    name: name
    for name in (
        "kind",
        "organisation",
        "contract",
        "service",
        "team",
        "category",
        "subcategory",
        "location",
        "assignee",
        "channel",
        "priority",
    )
}


def is_known(need: str) -> bool:
    """Tell whether a need (`column` of tickets, or `table.column`) is part of the schema."""
    table, _, column = need.rpartition(".")
    return column in TYPES.get(table or "tickets", {})


def qualified(need: str) -> str:
    """Write a need as `table.column`."""
    return need if "." in need else f"tickets.{need}"
