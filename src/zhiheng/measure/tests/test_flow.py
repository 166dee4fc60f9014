"""`measure.flow` against a plain Python reading of the same log, and by hand where the rule is the point."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.measure import flow
from zhiheng.measure.errors import MeasureError

variants_module = import_module("zhiheng.measure.flow.variants")

Event = tuple[int, int, int, int]  # case, activity, second, holder

LOGS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(-50, 50), st.integers(-1, 3)), max_size=40
)


def traces_of(events: list[Event]) -> flow.Traces:
    return flow.build_traces([e[0] for e in events], [e[1] for e in events], [e[2] for e in events])


def naive_cases(events: list[Event]) -> dict[int, list[tuple[int, int, int]]]:
    """Per case its events in order as (activity, second, holder)."""
    cases: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for case, activity, second, holder in events:
        cases[case].append((activity, second, holder))
    return {case: sorted(rows, key=lambda row: row[1]) for case, rows in sorted(cases.items())}


def naive_quantile(values: list[int], q: Fraction) -> float:
    ordered = sorted(values)
    position = (len(ordered) - 1) * q
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (position - low))


@given(LOGS)
def test_traces_are_the_cases_in_order_of_time_with_ties_in_order_of_the_log(events: list[Event]) -> None:
    traces = traces_of(events)
    cases = naive_cases(events)
    assert traces.case_codes.tolist() == list(cases)
    assert traces.case_count == len(cases)
    assert traces.activity.tolist() == [a for rows in cases.values() for a, _, _ in rows]
    assert traces.first_s.tolist() == [rows[0][1] for rows in cases.values()]
    assert traces.last_s.tolist() == [rows[-1][1] for rows in cases.values()]
    assert traces.durations_s.tolist() == [rows[-1][1] - rows[0][1] for rows in cases.values()]
    assert [events[i][1] for i in traces.last_event] == [rows[-1][0] for rows in cases.values()]


def test_narrow_codes_and_seconds_are_widened_before_they_are_multiplied() -> None:
    wide = flow.build_traces([100, 100, 7], [90, 2, 90], [2_000_000_000, -2_000_000_000, 5])
    narrow = flow.build_traces(
        np.array([100, 100, 7], dtype=np.int8),
        np.array([90, 2, 90], dtype=np.int8),
        np.array([2_000_000_000, -2_000_000_000, 5], dtype=np.int32),
    )
    for traces in (wide, narrow):
        assert traces.order.tolist() == [2, 1, 0]
        assert traces.case.tolist() == [7, 100, 100]
        assert traces.durations_s.tolist() == [0, 4_000_000_000]
        assert [(arc.source, arc.target, arc.total_s) for arc in flow.directly_follows(traces)] == [
            (2, 90, 4_000_000_000)
        ]


@given(LOGS)
def test_arcs_count_and_measure_every_step(events: list[Event]) -> None:
    gaps: dict[tuple[int, int], list[int]] = defaultdict(list)
    for rows in naive_cases(events).values():
        for (a, start, _), (b, end, _) in pairwise(rows):
            gaps[a, b].append(end - start)
    arcs = flow.directly_follows(traces_of(events), quantiles=(0.5, 0.75, 1.0))
    assert {(arc.source, arc.target): (arc.count, arc.total_s) for arc in arcs} == {
        key: (len(values), sum(values)) for key, values in gaps.items()
    }
    for arc in arcs:
        values = gaps[arc.source, arc.target]
        expected = [naive_quantile(values, q) for q in (Fraction(1, 2), Fraction(3, 4), Fraction(1))]
        assert list(arc.quantiles_s) == expected
    assert [arc.count for arc in arcs] == sorted((arc.count for arc in arcs), reverse=True)
    assert sum(arc.count for arc in arcs) == len(events) - len(naive_cases(events))


@given(LOGS)
def test_bottlenecks_rank_activities_by_all_the_time_spent_in_them(events: list[Event]) -> None:
    waits: dict[int, list[int]] = defaultdict(list)
    for rows in naive_cases(events).values():
        for (a, start, _), (_, end, _) in pairwise(rows):
            waits[a].append(end - start)
    found = flow.bottlenecks(traces_of(events))
    assert {wait.activity: (wait.count, wait.total_s) for wait in found} == {
        key: (len(values), sum(values)) for key, values in waits.items()
    }
    assert [wait.total_s for wait in found] == sorted((wait.total_s for wait in found), reverse=True)
    whole = sum(map(sum, waits.values()))
    for wait in found:
        assert wait.share == (wait.total_s / whole if whole else 0)
        assert wait.quantiles_s[0] == naive_quantile(waits[wait.activity], Fraction(1, 2))


@given(LOGS)
def test_variants_starts_ends_and_rework(events: list[Event]) -> None:
    cases = naive_cases(events)
    sequences = [tuple(a for a, _, _ in rows) for rows in cases.values()]
    found = flow.variants(traces_of(events))
    assert dict(zip(found.sequences, found.counts.tolist(), strict=True)) == Counter(sequences)
    assert found.counts.tolist() == sorted(found.counts.tolist(), reverse=True)
    assert [found.sequences[v] for v in found.of_case] == sequences
    assert len(found) == len(set(sequences))
    assert flow.start_activities(traces_of(events)) == Counter(s[0] for s in sequences)
    assert flow.end_activities(traces_of(events)) == Counter(s[-1] for s in sequences)
    repeated = Counter(a for s in sequences for a, n in Counter(s).items() if n > 1)
    assert flow.rework(traces_of(events)) == repeated


@given(LOGS)
def test_hand_overs_follow_the_holder_and_leave_out_the_unknown(events: list[Event]) -> None:
    arcs: Counter[tuple[int, int]] = Counter()
    changes, returns = [], []
    for rows in naive_cases(events).values():
        stays: list[int] = []
        for _, _, holder in rows:
            if holder >= 0 and stays[-1:] != [holder]:
                stays.append(holder)
        changes.append(max(len(stays) - 1, 0))
        returns.append(sum(a == c for a, c in zip(stays, stays[2:], strict=False)))
        arcs.update(pairwise(stays))
    found = flow.hand_overs(traces_of(events), [e[3] for e in events])
    assert found.changes.tolist() == changes
    assert found.returns.tolist() == returns
    assert found.ping_pong.tolist() == [n > 0 for n in returns]
    assert {(arc.source, arc.target): arc.count for arc in found.arcs} == arcs


@given(
    LOGS, st.sets(st.integers(0, 4)), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))), st.booleans()
)
def test_conformance_names_every_forbidden_step(
    events: list[Event], states: set[int], transitions: set[tuple[int, int]], repeats: bool
) -> None:
    definition = flow.ProcessDefinition(
        frozenset(states), frozenset(transitions), frozenset({0, 1}), frozenset({3, 4}), repeats_count=repeats
    )
    steps: Counter[tuple[str, int | None, int | None]] = Counter()
    good = []
    for rows in naive_cases(events).values():
        sequence = [a for a, _, _ in rows]
        wrong: list[tuple[str, int | None, int | None]] = [
            ("unknown_state", None, a) for a in sequence if a not in states
        ]
        for a, b in pairwise(sequence):
            if {a, b} <= states and (a, b) not in transitions and (a != b or repeats):
                wrong.append(("forbidden_transition", a, b))
        if sequence[0] in states and sequence[0] not in {0, 1}:
            wrong.append(("wrong_start", None, sequence[0]))
        if sequence[-1] in states and sequence[-1] not in {3, 4}:
            wrong.append(("wrong_end", sequence[-1], None))
        good.append(not wrong)
        steps.update(wrong)
    found = flow.check_conformance(traces_of(events), definition)
    assert found.conforms.tolist() == good
    assert {(d.kind.value, d.source, d.target): d.events for d in found.deviations} == steps
    assert found.rate == (sum(good) / len(good) if good else None)
    assert [place >= 0 for place in found.first_event] == [not ok for ok in good]


def test_conformance_points_at_the_first_deviating_event_and_counts_cases_once() -> None:
    # Case 0: 0 1 0 1 (1 → 0 forbidden, at the third event); case 1: 0 1, given in reverse order of time.
    traces = flow.build_traces([0, 0, 0, 0, 1, 1], [0, 1, 0, 1, 1, 0], [1, 2, 3, 4, 9, 8])
    definition = flow.ProcessDefinition(frozenset({0, 1}), frozenset({(0, 1)}), frozenset({0}))
    found = flow.check_conformance(traces, definition)
    assert found.first_event.tolist() == [2, -1]
    assert [(d.kind, d.source, d.target, d.cases, d.events) for d in found.deviations] == [
        (flow.DeviationKind.FORBIDDEN_TRANSITION, 1, 0, 1, 1)
    ]
    assert found.rate == 0.5


def test_arcs_of_a_log_with_very_many_activities_take_the_sorting_way() -> None:
    traces = flow.build_traces([0, 0, 0, 1, 1], [0, 5000, 0, 0, 5000], [0, 10, 30, 100, 104])
    assert flow.directly_follows(traces, quantiles=(0.5,)) == [
        flow.Arc(0, 5000, 2, 14, (7.0,)),
        flow.Arc(5000, 0, 1, 20, (20.0,)),
    ]


@pytest.mark.parametrize("highest", [3, 300, 70_000])
def test_variants_of_any_width_of_code(highest: int) -> None:
    found = flow.variants(flow.build_traces([0, 0, 1, 2, 2], [0, highest, 1, 0, highest], [0, 1, 2, 3, 4]))
    assert found.sequences == ((0, highest), (1,))
    assert found.counts.tolist() == [2, 1]


def test_an_empty_log_has_nothing() -> None:
    traces = flow.build_traces([], [], [])
    assert traces.case_count == 0
    assert flow.directly_follows(traces) == []
    assert flow.bottlenecks(traces) == []
    assert flow.rework(traces) == {}
    assert len(flow.variants(traces)) == 0


@pytest.mark.parametrize(
    ("case", "activity", "time_s", "rule"),
    [
        ([0], [0, 1], [0], "same length"),
        ([-1], [0], [0], "negative"),
        ([0], [-1], [0], "negative"),
        ([2**40, 0], [0, 0], [0, 2**40], "63 bits"),
    ],
)
def test_wrong_arrays_are_named(case: list[int], activity: list[int], time_s: list[int], rule: str) -> None:
    with pytest.raises(MeasureError, match=rule):
        flow.build_traces(case, activity, time_s)


def test_wrong_quantiles_and_holders_are_named() -> None:
    traces = flow.build_traces([0, 0], [0, 1], [0, 1])
    with pytest.raises(MeasureError, match="quantiles"):
        flow.directly_follows(traces, quantiles=(1.5,))
    with pytest.raises(MeasureError, match="holder"):
        flow.hand_overs(traces, np.array([1]))


@given(LOGS)
def test_a_few_cases_at_a_time_give_what_all_at_once_give(events: list[Event]) -> None:
    traces = traces_of(events)
    parts = list(traces.batches(2))
    assert np.concatenate([part.order for part in parts]).tolist() == traces.order.tolist()
    assert [part.case_count for part in parts[:-1]] == [2] * (len(parts) - 1)
    assert [seconds for part in parts for seconds in part.durations_s.tolist()] == traces.durations_s.tolist()

    def figures() -> tuple[object, ...]:
        found = flow.variants(traces)
        return (
            found.sequences,
            found.counts.tolist(),
            found.of_case.tolist(),
            flow.rework(traces),
            flow.directly_follows(traces),
            flow.bottlenecks(traces),
        )

    whole = figures()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow.Traces.batches, "__defaults__", (2,))
        assert figures() == whole


@given(LOGS)
def test_variants_whose_sums_are_equal_by_chance_are_told_apart(events: list[Event]) -> None:
    traces = traces_of(events)
    expected = Counter(tuple(a for a, _, _ in rows) for rows in naive_cases(events).values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variants_module, "_mixed", lambda cells: np.zeros(cells, dtype=np.uint64))
        found = flow.variants(traces)
    assert dict(zip(found.sequences, found.counts.tolist(), strict=True)) == expected


def test_arcs_and_variants_of_more_activities_than_a_table_has_cells() -> None:
    # 1,500 activities have 2.25 million pairs. By hand: 0 > 1499 > 0 in two cases, 10 and 30 s; 7 > 7 once.
    traces = flow.build_traces([0, 0, 0, 1, 1, 2, 2], [0, 1499, 0, 0, 1499, 7, 7], [0, 10, 11, 0, 30, 5, 9])
    assert [(arc.source, arc.target, arc.count, arc.total_s) for arc in flow.directly_follows(traces)] == [
        (0, 1499, 2, 40),
        (7, 7, 1, 4),
        (1499, 0, 1, 1),
    ]
    longest = flow.build_traces([0] * 1000 + [1], [1499] * 1000 + [3], range(1001))
    assert flow.variants(longest).sequences == ((1499,) * 1000, (3,))
