"""The published facts of the public logs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.readers import read
from zhiheng.analyze.tests.logs import SAMPLE, public_log
from zhiheng.measure import flow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> EventLog:
    return read([SAMPLE])


@pytest.fixture(scope="module")
def traces(sample: EventLog) -> flow.Traces:
    return flow.build_traces(sample.case_codes, sample.activity_codes, sample.times_s)


def test_cases_states_variants_and_arcs(sample: EventLog, traces: flow.Traces) -> None:
    arcs = flow.directly_follows(traces)
    assert (sample.rows_read, len(sample.cases), len(sample.activities)) == (141_712, 24_918, 9)
    assert len(flow.variants(traces)) == 2_080
    assert (len(arcs), sum(arc.count for arc in arcs)) == (50, 116_794)


def test_outcomes_of_the_last_row(sample: EventLog, traces: flow.Traces) -> None:
    last = sample.events.take(traces.last_event.tolist())
    assert round(100 * sum(last["made_sla"].to_pylist()) / 24_918, 2) == 63.42
    assert sum(count > 0 for count in last["reopen_count"].to_pylist()) == 275
    moved = np.array(last["reassignment_count"].to_pylist())
    assert ((moved > 0).sum(), round(float(moved.mean()), 4), moved.max()) == (11_369, 0.9396, 27)
    assert last["resolved_s"].null_count == 1_556


def test_opened_to_resolved(sample: EventLog, traces: flow.Traces) -> None:
    last = sample.events.take(traces.last_event.tolist()).to_pydict()
    hours = [
        (resolved - opened) / 3600
        for opened, resolved in zip(last["opened_s"], last["resolved_s"], strict=True)
        if resolved is not None
    ]
    assert len(hours) == 23_362
    assert [round(float(q), 3) for q in np.quantile(hours, (0.5, 0.9, 0.95))] == [22.1, 381.548, 710.518]


def test_team_changes_and_ping_pong(sample: EventLog, traces: flow.Traces) -> None:
    found = flow.hand_overs(traces, sample.codes("team"))
    assert ((found.changes >= 2).sum(), (found.changes >= 3).sum()) == (4_263, 2_243)
    assert found.ping_pong.sum() == 2_216


def test_the_traps_are_noted(sample: EventLog) -> None:
    counts = {note.code: note.count for note in sample.quality}
    assert counts == {
        "rows_read": 141_712,
        "zone_assumed": 0,
        "time_backwards": 1,
        "times_tied": 9_318,
        "state_nameless": 5,
    }


def test_states_have_their_categories(sample: EventLog) -> None:
    assert dict(zip(sample.activities, sample.state_categories(), strict=True)) == {
        "New": "new",
        "Active": "open",
        "Awaiting User Info": "waiting-customer",
        "Awaiting Evidence": "waiting-internal",
        "Awaiting Vendor": "waiting-supplier",
        "Awaiting Problem": "waiting-internal",
        "Resolved": "solved",
        "Closed": "closed",
        "-100": None,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "cases", "events", "activities"),
    [("volvo_problems_closed.xes.gz", 1_487, 6_660, 4), ("italian_helpdesk.xes.gz", 4_580, 21_348, 14)],
)
def test_the_xes_logs(name: str, cases: int, events: int, activities: int) -> None:
    log = read([public_log(name)])
    assert (len(log.cases), log.events.num_rows, len(log.activities)) == (cases, events, activities)
    assert log.mapping.name == "xes"


@pytest.mark.slow
def test_the_variants_of_the_italian_log() -> None:
    log = read([public_log("italian_helpdesk.xes.gz")])
    found = flow.variants(flow.build_traces(log.case_codes, log.activity_codes, log.times_s))
    assert (len(found), found.counts[0]) == (226, 2_366)


def test_reading_loads_neither_pandas_nor_what_other_formats_need() -> None:
    code = (
        "import sys; from zhiheng.analyze.readers import read; read([sys.argv[1]]);"
        "print([m for m in ('pandas', 'openpyxl', 'scipy', 'django', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SAMPLE)], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
