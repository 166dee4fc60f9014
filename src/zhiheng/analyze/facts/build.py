"""Builds the facts tables of an event log as known at a cut: attributes from a case's last row, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import (
    bool_array,
    bools_of,
    int64_array,
    one_chunk,
    repeated,
    text_array,
    values_of,
)
from zhiheng.analyze.facts.attributes import (
    NO_PRIORITY,
    channels,
    first_code,
    highest_priority,
    priority_codes,
)
from zhiheng.analyze.facts.lifecycle import (
    DONE,
    NEVER,
    Lifecycle,
    any_of,
    first_time,
    read_lifecycle,
    time_in,
)
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.memory import give_back_memory
from zhiheng.definitions.query import Facts, discover
from zhiheng.measure.arrays import Booleans, Integers
from zhiheng.measure.calendar import WorkingCalendar
from zhiheng.measure.flow import HandOvers, Traces, Variants, hand_overs, variants

if TYPE_CHECKING:
    import duckdb

TEXT_COLUMNS = (
    "organisation",
    "contract",
    "service",
    "team",
    "category",
    "subcategory",
    "symptom",
    "ci",
    "assignee",
    "requester",
    "location",
)
WAITING = ("customer", "supplier", "internal")
REOPEN_DAYS = 10


@dataclass(frozen=True)
class CaseFacts:
    """The facts of a log: arrays by case, and the database made from them when it is first asked for."""

    log: EventLog
    traces: Traces
    columns: dict[str, pa.Array | Integers]
    stand_ins: dict[str, str]
    cut_s: int
    variants: Variants
    hand_overs: HandOvers | None
    has_states: bool

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The facts as tables. DuckDB is loaded here: reports without indicators do without it."""
        database = import_module("zhiheng.analyze.facts.database")
        connection: duckdb.DuckDBPyConnection = database.connect(
            self.log, self.traces, self.columns, self.stand_ins
        )
        return connection

    @cached_property
    def held(self) -> Facts:
        """Which columns of the facts schema exist; looked up once."""
        return discover(self.connection)

    def seconds(self, name: str) -> Integers | None:
        """A time or count of every case, NEVER where it is missing; None when the log has no such column."""
        column = self.columns.get(name)
        if column is None:
            return None
        if isinstance(column, np.ndarray):
            return column
        return values_of(column, NEVER)

    @cached_property
    def case_count(self) -> int:
        """How many cases the log holds."""
        return self.traces.case_count


def build(
    log: EventLog, *, calendar: WorkingCalendar, cut_s: int | None = None, tables: bool = True
) -> CaseFacts:
    """Turn a log into facts; `cut_s` defaults to the last event.

    Without `tables` the columns that only the database needs are left out: names, working times, states.
    """
    traces = log.traces()
    give_back_memory()
    cut = int(traces.time_s.max()) if cut_s is None else cut_s
    categories = log.state_categories()
    has_states = any(category is not None for category in categories)
    last = int64_array(traces.last_event)
    stand_ins: dict[str, str] = {}
    columns: dict[str, pa.Array | Integers] = {"ticket_id": traces.case_codes}
    if tables:
        columns |= _texts(log, traces, last)
    columns |= _holders(log, traces, stand_ins)
    columns |= _times(
        log, traces, last, read_lifecycle(traces, categories) if has_states else None, stand_ins
    )
    if "waiting-customer" in categories:
        waiting = np.array([category == "waiting-customer" for category in categories])
        columns["waited_customer"] = bool_array(any_of(traces, waiting[traces.activity]))
    if tables:
        columns |= _working_times(columns, calendar, cut)
        if has_states:
            columns |= _states(log, traces, last, columns, cut)
        columns["counted"] = _counted(columns, traces.case_count)
    columns |= _counts(log, last, columns, stand_ins)
    handed = _teams(log, traces, columns)
    found = variants(traces)
    columns["variant"] = found.of_case + 1
    if "kind" in log.roles or log.mapping.kind:
        stand_ins["tickets.fault"] = "incident_as_fault"
    give_back_memory()
    return CaseFacts(
        log=log,
        traces=traces,
        columns=columns,
        stand_ins=stand_ins,
        cut_s=cut,
        variants=found,
        hand_overs=handed,
        has_states=has_states,
    )


def _texts(log: EventLog, traces: Traces, last: pa.Array) -> dict[str, pa.Array | Integers]:
    names = one_chunk(log.events["case"]).dictionary.take(int64_array(traces.case_codes))
    columns: dict[str, pa.Array | Integers] = {"number": names}
    for role in TEXT_COLUMNS:
        if role in log.roles:
            columns[role] = log.events[role].take(last).combine_chunks()
    if "kind" in log.roles:
        columns["kind"] = log.events["kind"].take(last).combine_chunks().cast(pa.string())
    elif log.mapping.kind:
        columns["kind"] = repeated(log.mapping.kind, traces.case_count)
    if "kind" in columns:
        columns["fault"] = _equal_to(columns["kind"], "incident")
    if "channel" in log.roles:
        columns["channel"] = channels(log.events["channel"].take(last))
    if "assignee" in log.roles:
        columns["resolver"] = columns["assignee"]
    return columns


def _holders(log: EventLog, traces: Traces, stand_ins: dict[str, str]) -> dict[str, pa.Array | Integers]:
    columns: dict[str, pa.Array | Integers] = {}
    if "assignee" in log.roles:
        stand_ins["tickets.resolver"] = "assignee_as_resolver"
        held = log.codes("assignee")[traces.order] >= 0
        columns["first_assigned_s"] = _nullable(first_time(traces, held))
    if "priority" in log.roles:
        priorities = priority_codes(log.names("priority"), log.codes("priority"))
        for name, values in (
            ("priority", priorities[traces.last_event]),
            ("highest_priority", highest_priority(traces, priorities)),
        ):
            columns[name] = int64_array(values, values != NO_PRIORITY).cast(pa.int32())
    return columns


def _times(
    log: EventLog, traces: Traces, last: pa.Array, life: Lifecycle | None, stand_ins: dict[str, str]
) -> dict[str, pa.Array | Integers]:
    columns: dict[str, pa.Array | Integers] = {"updated_s": traces.last_s}
    opened = _stated(log, "opened_s", last)
    columns["received_s"] = (
        traces.first_s if opened is None else np.where(opened == NEVER, traces.first_s, opened)
    )
    if opened is None:
        stand_ins["tickets.received_s"] = "first_event_as_received"
    columns["onset_s"] = columns["received_s"]
    # A moment is read from states only where the log has a state that marks it.
    marked = set(log.state_categories())
    for name, stated, derived, stand_in in (
        (
            "responded_s",
            "responded_s",
            life.left_new_s if life and "new" in marked else None,
            "first_left_new",
        ),
        (
            "resolved_s",
            "resolved_s",
            life.resolved_s if life and marked & set(DONE) else None,
            "last_solved_state",
        ),
        ("closed_s", "closed_s", life.closed_s if life and "closed" in marked else None, "last_closed_state"),
    ):
        values = _stated(log, stated, last)
        if values is None and derived is not None:
            values, stand_ins[f"tickets.{name}"] = derived, stand_in
        if values is not None:
            columns[name] = _nullable(values)
    restored = _stated(log, "restored_s", last)
    if restored is not None:
        columns["restored_s"] = _nullable(restored)
    elif "resolved_s" in columns:
        columns["restored_s"] = columns["resolved_s"]
        stand_ins["tickets.restored_s"] = "resolved_as_restored"
    if "closed_s" in columns:
        columns["loop_s"] = columns["closed_s"]
        stand_ins["tickets.loop_s"] = "closed_as_loop"
    if life and marked & set(DONE):
        columns["first_resolved_s"] = _nullable(life.first_resolved_s)
        columns["first_reopened_s"] = _nullable(life.first_reopened_s)
    return columns


def _working_times(
    columns: dict[str, pa.Array | Integers], calendar: WorkingCalendar, cut: int
) -> dict[str, pa.Array | Integers]:
    received = np.asarray(columns["received_s"])
    result: dict[str, pa.Array | Integers] = {}
    if "responded_s" in columns:
        responded = _filled(columns["responded_s"])
        answered = responded <= cut
        ends = np.where(answered, np.maximum(responded, received), received)
        result["response_work_s"] = int64_array(calendar.elapsed(received, ends), answered)
        known = received <= cut
        until = calendar.elapsed(received, np.where(known, cut, received))
        result["response_work_censor_s"] = int64_array(until, known)
    if "first_resolved_s" in columns:
        solved = _filled(columns["first_resolved_s"])
        happened = solved != NEVER
        limits = np.full(len(solved), NEVER, dtype=np.int64)
        limits[happened] = calendar.end_of_working_day(solved[happened], REOPEN_DAYS)
        result["reopen_limit_s"] = _nullable(limits)
    if not calendar.never_closes:
        result["received_in_hours"] = bool_array(calendar.elapsed(received, received + 1) == 1)
    return result


def _states(
    log: EventLog, traces: Traces, last: pa.Array, columns: dict[str, pa.Array | Integers], cut: int
) -> dict[str, pa.Array | Integers]:
    categories = log.state_categories()
    states = log.events["activity"].take(last).combine_chunks()
    until = (
        np.minimum(_filled(columns["restored_s"]), cut)
        if "restored_s" in columns
        else np.full(len(last), cut)
    )
    result: dict[str, pa.Array | Integers] = {
        "state": states,
        "state_category": text_array(categories).take(states.indices),
    }
    for what in WAITING:
        category = f"waiting-{what}"
        if category in categories:
            result[f"waiting_{what}_s"] = time_in(traces, categories, category, until_s=until)
    return result


def _counts(
    log: EventLog, last: pa.Array, columns: dict[str, pa.Array | Integers], stand_ins: dict[str, str]
) -> dict[str, pa.Array | Integers]:
    result: dict[str, pa.Array | Integers] = {}
    for role in ("reopen_count", "reassignment_count"):
        if role in log.roles:
            result[role] = log.events[role].take(last).combine_chunks().cast(pa.int64())
    if "reopen_count" in result:
        result["reopened"] = bool_array(_filled(result["reopen_count"], 0) > 0)
    elif "first_reopened_s" in columns:
        result["reopened"] = pc.is_valid(columns["first_reopened_s"])
    if "made_sla" in log.roles:
        result["made_sla"] = log.events["made_sla"].take(last).combine_chunks()
        stand_ins["clocks.missed"] = "made_sla"
    if "exempt" in log.roles:
        result["exempt"] = log.events["exempt"].take(last).combine_chunks()
    return result


def _teams(log: EventLog, traces: Traces, columns: dict[str, pa.Array | Integers]) -> HandOvers | None:
    if "team" not in log.roles:
        return None
    codes = log.codes("team")
    handed = hand_overs(traces, codes)
    first = first_code(traces, codes)
    columns["first_team"] = text_array(log.names("team")).take(int64_array(np.maximum(first, 0), first >= 0))
    columns["team_changes"] = handed.changes
    columns["ping_pong"] = bool_array(handed.ping_pong)
    return handed


def _counted(columns: dict[str, pa.Array | Integers], cases: int) -> pa.Array:
    """Merged cases and those withdrawn before any answer do not count; a cancelled one that was answered does."""
    categories = columns.get("state_category")
    if categories is None:
        return bool_array(np.ones(cases, dtype=np.bool_))
    answered = np.zeros(cases, dtype=np.bool_)
    if "responded_s" in columns:
        answered = _filled(columns["responded_s"]) != NEVER
    withdrawn = as_flags(_equal_to(categories, "cancelled")) & ~answered
    return bool_array(~(as_flags(_equal_to(categories, "merged")) | withdrawn))


def _stated(log: EventLog, column: str, last: pa.Array) -> Integers | None:
    if column not in log.roles:
        return None
    values: Integers = _filled(log.events[column].take(last).combine_chunks())
    return values


def _filled(column: pa.Array | Integers, missing: int = NEVER) -> Integers:
    return column if isinstance(column, np.ndarray) else values_of(column, missing)


def _equal_to(column: pa.Array, text: str) -> pa.Array:
    return pc.equal(column, text_array([text])[0])


def _nullable(values: Integers) -> pa.Array:
    return int64_array(values, values != NEVER)


def as_flags(column: pa.Array | Integers) -> Booleans:
    """A yes/no column as an array, missing counted as no."""
    if isinstance(column, np.ndarray):
        return column.astype(np.bool_)
    return bools_of(column)
