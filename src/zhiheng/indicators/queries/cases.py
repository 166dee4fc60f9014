"""The facts of a lens as `analyze` holds them, so that volume, resolution and flow are computed by the same code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.figures.durations import case_figures, duration_figures, horizon_figures
from zhiheng.analyze.figures.flow import flow_figures, log_figures
from zhiheng.analyze.figures.resolution import resolution_figures
from zhiheng.analyze.figures.volume import volume_figures
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import OpenFacts, opened
from zhiheng.measure.flow import build_traces, hand_overs, variants

# What the figures below read of a ticket; the rest stays in the file.
COURSE = ("ticket_id", "received_s", "resolved_s", "priority", "team", "category")
CASE = (
    *COURSE, "team_changes", "reassignment_count", "reopened", "ping_pong", "highest_priority", "waited_customer",
)  # fmt: skip

# Beside the facts schema: the priority a ticket held at an entry, where its source or the journal says it.
EXTRA = {"team": "team", "held_priority": "priority"}


@kept
def course_of(lens: Lens) -> dict[str, Any]:
    """Volume, backlog and time to resolve (Kaplan–Meier) of the tickets in the window of a lens."""
    with opened(lens) as held:
        facts = case_facts(held, lens, columns=COURSE, entries=False)
        if not facts.columns or not len(facts.columns["ticket_id"]):
            return {"volume": None, "resolution": None}
        span = {"from_s": lens.from_s, "to_s": lens.to_s}
        return {
            "volume": volume_figures(facts, **span, zone=lens.zone),
            "resolution": resolution_figures(facts, **span),
        }


@kept
def flow_of(lens: Lens) -> dict[str, Any] | None:
    """How the tickets of the window went through their states; None when there are none."""
    with opened(lens) as held:
        facts = case_facts(held, lens, columns=CASE, entries=True)
        if not facts.traces.case_count:
            return None
        return {"log": log_figures(facts), "flow": flow_figures(facts), "durations": duration_figures(facts)}


def case_report(lens: Lens) -> dict[str, Any]:
    """Every figure of `zhiheng analyze` that is no indicator: size, flow, durations, counts, volume, resolution."""
    with opened(lens) as held:
        facts = case_facts(held, lens, columns=CASE, entries=True, everything=True)
        span = {"from_s": lens.from_s, "to_s": lens.to_s}
        return {
            "log": log_figures(facts),
            "flow": flow_figures(facts),
            "durations": duration_figures(facts),
            "cases": case_figures(facts, **span),
            "resolved_within": horizon_figures(facts, **span),
            "volume": volume_figures(facts, **span, zone=lens.zone),
            "resolution": resolution_figures(facts, **span),
        }


def case_facts(
    held: OpenFacts, lens: Lens, *, columns: tuple[str, ...], entries: bool, everything: bool = False
) -> CaseFacts:
    """Read tickets, and their entries where the course through states is asked; `everything` looks past the window."""
    where, bound = _condition(lens, everything=everything)
    exist = [name for name in columns if name in held.facts.columns.get("tickets", ())]
    tickets = held.connection.sql(
        f"select {', '.join(exist)} from tickets where {where} order by ticket_id",  # noqa: S608
        params=bound,
    ).to_arrow_table()
    log = _log(held, where, bound) if entries else _nothing()
    traces = build_traces(log.case_codes, log.activity_codes, log.times_s)
    return CaseFacts(
        log=log,
        traces=traces,
        columns={name: _plain(tickets[name]) for name in exist},
        stand_ins=dict(held.facts.stand_ins),
        cut_s=lens.cut_s,
        variants=variants(traces),
        hand_overs=hand_overs(traces, log.codes("team")) if "team" in log.roles else None,
        has_states=True,
    )


def event_log(held: OpenFacts, lens: Lens, *, where: str) -> EventLog:
    """The entries of the tickets in the window that meet a further condition, in order."""
    condition, bound = _condition(lens, everything=False)
    return _log(held, f"{condition} and {where}", bound)


def _condition(lens: Lens, *, everything: bool) -> tuple[str, dict[str, Any]]:
    bound: dict[str, Any] = {f"filter_{name}": value for name, value in lens.filters}
    parts = [f"cast({name} as varchar) = $filter_{name}" for name in lens.chosen]
    if not everything:
        parts.append("received_s >= $from_s and received_s < $to_s")
        bound |= {"from_s": lens.from_s, "to_s": lens.to_s}
    return " and ".join(parts) or "true", bound


def _log(held: OpenFacts, where: str, bound: dict[str, Any]) -> EventLog:
    exist = held.facts.columns["entries"]
    extra = "".join(f", e.{name} as {role}" for name, role in EXTRA.items() if name in exist)
    table = held.connection.sql(
        'select cast(e.ticket_id as varchar) as "case", e.to_state as activity, e.occurred_s as time_s'  # noqa: S608
        f"{extra} from entries as e where e.ticket_id in (select ticket_id from tickets where {where}) "
        "order by e.ticket_id, e.entry_id",
        params=bound,
    ).to_arrow_table()
    columns = {name: _encoded(table[name]) for name in table.column_names if name != "time_s"}
    columns["time_s"] = table["time_s"].combine_chunks()
    return _event_log(pa.table(columns), rows=len(table))


def _nothing() -> EventLog:
    empty = {name: _encoded(pa.chunked_array([[]], type=pa.string())) for name in ("case", "activity")}
    return _event_log(pa.table({**empty, "time_s": pa.array([], type=pa.int64())}), rows=0)


def _event_log(events: pa.Table, *, rows: int) -> EventLog:
    mapping = Mapping(
        name="zhiheng", columns={"case": "ticket_id", "activity": "to_state", "time": "occurred_s"}
    )
    return EventLog(events=events, mapping=mapping, rows_read=rows)


def _encoded(column: pa.ChunkedArray) -> pa.Array:
    return pc.dictionary_encode(column.cast(pa.string())).unify_dictionaries().combine_chunks()


def _plain(column: pa.ChunkedArray) -> pa.Array | np.ndarray[tuple[int], np.dtype[np.int64]]:
    whole = column.combine_chunks()
    if pa.types.is_integer(whole.type) and not whole.null_count:
        return whole.cast(pa.int64()).to_numpy()
    return whole
