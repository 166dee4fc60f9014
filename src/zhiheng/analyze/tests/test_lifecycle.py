"""Moments of a case read from its states, by hand."""

import numpy as np

from zhiheng.analyze.facts import build
from zhiheng.analyze.facts.lifecycle import NEVER, any_of, read_lifecycle, time_in
from zhiheng.analyze.mappings import load
from zhiheng.analyze.readers import read
from zhiheng.measure.calendar import always
from zhiheng.measure.flow import build_traces

CATEGORIES = ["new", "open", "waiting-customer", "solved", "closed", None]
NEW, OPEN, WAIT, SOLVED, CLOSED, ODD = range(6)


def traces_of(*cases):
    events = [
        (case, state, second) for case, steps in enumerate(cases) for second, state in sorted(steps.items())
    ]
    return build_traces(*(np.array(column) for column in zip(*events, strict=True)))


def test_moments_of_a_case_that_was_reopened():
    life = read_lifecycle(
        traces_of({0: NEW, 10: OPEN, 20: SOLVED, 30: OPEN, 40: SOLVED, 50: CLOSED}), CATEGORIES
    )
    assert life.left_new_s.tolist() == [10]
    assert life.first_resolved_s.tolist() == [20]
    assert life.first_reopened_s.tolist() == [30]
    assert life.resolved_s.tolist() == [40]  # the solution that held
    assert life.closed_s.tolist() == [50]


def test_what_never_happened_is_never():
    life = read_lifecycle(traces_of({0: NEW}, {0: NEW, 5: SOLVED, 9: OPEN}), CATEGORIES)
    assert life.left_new_s.tolist() == [NEVER, 5]
    assert life.first_resolved_s.tolist() == [NEVER, 5]
    assert life.first_reopened_s.tolist() == [NEVER, 9]
    assert life.resolved_s.tolist() == [NEVER, NEVER]
    assert life.closed_s.tolist() == [NEVER, NEVER]


def test_an_unmapped_state_counts_as_work():
    life = read_lifecycle(traces_of({0: NEW, 3: SOLVED, 7: ODD}), CATEGORIES)
    assert life.first_reopened_s.tolist() == [7]
    assert life.resolved_s.tolist() == [NEVER]


def test_events_of_one_second_keep_their_order():
    traces = build_traces(np.array([0, 0, 0]), np.array([OPEN, SOLVED, OPEN]), np.array([5, 5, 5]))
    life = read_lifecycle(traces, CATEGORIES)
    assert (life.first_resolved_s.tolist(), life.first_reopened_s.tolist()) == ([5], [5])


def test_time_in_a_state_ends_with_the_next_event_or_the_limit():
    traces = traces_of({0: OPEN, 10: WAIT, 25: OPEN, 40: WAIT}, {0: WAIT}, {0: NEW, 8: WAIT})
    waited = time_in(traces, CATEGORIES, "waiting-customer", until_s=np.array([100, 30, 4]))
    assert waited.tolist() == [15 + 60, 30, 0]
    assert any_of(traces, traces.activity == NEW).tolist() == [False, False, True]


def test_what_was_merged_or_withdrawn_before_an_answer_does_not_count(tmp_path):
    """Cancelled after an answer stays in: it may have been missed before."""
    lines = ["number,state,at,answered\n"]
    for name, last, answered in (
        ("A", "Cancelled", ""),
        ("B", "Cancelled", "2024-01-01 09:00"),
        ("C", "Merged", "2024-01-01 09:00"),
        ("D", "Closed", ""),
    ):
        lines += [f"{name},New,2024-01-01 08:00,{answered}\n", f"{name},{last},2024-01-01 10:00,{answered}\n"]
    path, columns = tmp_path / "log.csv", tmp_path / "mapping.toml"
    path.write_text("".join(lines), encoding="utf-8")
    columns.write_text(
        'name = "mine"\nkind = "incident"\n[columns]\ncase = "number"\nactivity = "state"\ntime = "at"\n'
        'responded = "answered"\n[time]\nformats = ["%Y-%m-%d %H:%M"]\n[states]\nNew = "new"\nClosed = "closed"\n'
        'Cancelled = "cancelled"\nMerged = "merged"\n',
        encoding="utf-8",
    )
    facts = build(read([path], load(str(columns)), "UTC"), calendar=always())
    counted = dict(
        zip(facts.columns["number"].to_pylist(), facts.columns["counted"].to_pylist(), strict=True)
    )
    assert counted == {"A": False, "B": True, "C": False, "D": True}
