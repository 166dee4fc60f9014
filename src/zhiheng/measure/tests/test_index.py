"""The composite index: hand arithmetic, exact sums, red lines, missing values, intervals, replay."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index import (
    CompositeIndex,
    Goalposts,
    Group,
    Indicator,
    Input,
    Points,
    Veto,
    definition_of_document,
)
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement, not_enough

PERCENT = Goalposts(0, 100)


def sqi(**changes: object) -> CompositeIndex:
    """Two dimensions of which one has two indicators and the other three; a red line on security."""
    speed = Group(
        "speed",
        (
            Indicator("mean_response", Points(((8, 0), (4, 60), (2, 80), (0.5, 100))), 0.5),
            Indicator("answered_48h", PERCENT, 0.5, minimum_n=10),
        ),
        weight=0.4,
    )
    trust = Group(
        "trust",
        (
            Indicator("availability", PERCENT, 0.5),
            Indicator("recurrence", Goalposts(20, 0), 0.3),
            Indicator("security_incidents", Goalposts(3, 0), 0.2),
        ),
        weight=0.6,
        **({"at_least": 2} | changes),  # type: ignore[arg-type]
    )
    return CompositeIndex.of(
        "SQI",
        Group("SQI", (speed, trust), at_least=2),
        version="2026-1",
        vetoes=[Veto("security_incidents", 59, above=1), Veto("data_loss", 30, above=0)],
        about={"filter": "contract 7", "from": "2026-01-01"},
    )


GOOD = {
    "mean_response": 3.0,  # 70 points
    "answered_48h": 90.0,
    "availability": 80.0,
    "recurrence": 5.0,  # 75 points
    "security_incidents": 0.0,  # 100 points
    "data_loss": 0.0,
}
# 0.4 · (35 + 45) + 0.6 · (40 + 22.5 + 20) = 32 + 49.5
VALUE = 81.5


def test_the_value_by_hand() -> None:
    value = sqi().evaluate(GOOD, snapshot="2026-06")
    assert value.value == pytest.approx(VALUE, abs=1e-12)
    assert [line.points for line in value.contributions] == pytest.approx([14, 18, 24, 13.5, 12])
    assert [line.weight for line in value.contributions] == pytest.approx([0.2, 0.2, 0.3, 0.18, 0.12])
    assert [line.score for line in value.contributions] == pytest.approx([70, 90, 80, 75, 100])
    assert value.contributions[3].path == ("SQI", "trust")
    assert [(g.name, g.present, g.members) for g in value.groups] == [
        ("SQI", 2, 2),
        ("speed", 2, 2),
        ("trust", 3, 3),
    ]
    assert [g.value for g in value.groups] == pytest.approx([VALUE, 80, 82.5])
    assert [g.points for g in value.groups] == pytest.approx([VALUE, 32, 49.5])
    assert (value.vetoes, value.veto_points, value.figure.flags, value.snapshot) == ((), 0, (), "2026-06")
    text = str(value)
    assert text.startswith("SQI 2026-1: 81.5 points (n=5)")
    assert " 14.000  mean_response (70.00 × 0.2000)" in text


def test_a_missing_indicator_leaves_its_weight_to_its_group() -> None:
    value = sqi().evaluate({**GOOD, "recurrence": None})
    # trust: (0.5 · 80 + 0.2 · 100) / 0.7 = 85.714
    assert value.value == pytest.approx(32 + 0.6 * 60 / 0.7)
    line = value.contributions[3]
    assert (line.score, line.weight, line.points, line.nominal) == (None, 0, 0, pytest.approx(0.18))
    assert value.figure.flags == ("missing:recurrence",)
    assert "0.000  recurrence (no value)" in str(value)


def test_too_many_missing_are_not_enough_data() -> None:
    value = sqi().evaluate({**GOOD, "recurrence": None, "availability": None})
    assert value.value is None
    assert value.figure.flags == ("not_enough_data", "missing:availability", "missing:recurrence")
    assert value.groups[2].value is None and value.groups[1].value == pytest.approx(80)
    strict = sqi(missing="fail").evaluate({**GOOD, "recurrence": None})
    assert strict.value is None


def test_a_red_line_holds_the_index_down_and_the_table_still_adds_up() -> None:
    value = sqi().evaluate({**GOOD, "security_incidents": 2.0})
    # security earns 33.3: 81.5 − 12 + 4 = 73.5, held at 59.
    assert (value.value, value.vetoes) == (59, ("security_incidents",))
    assert value.veto_points == pytest.approx(-14.5)
    assert math.fsum([*(line.points for line in value.contributions), value.veto_points]) == 59
    assert value.figure.flags == ("capped",)
    assert "red line: security_incidents" in str(value)
    both = sqi().evaluate({**GOOD, "security_incidents": 2.0, "data_loss": 1.0})
    assert (both.value, both.vetoes) == (30, ("security_incidents", "data_loss"))


def test_rounding_never_lifts_a_value_above_its_cap() -> None:
    # With these the exact remainder, rounded, would add up to 5.200000000000003.
    members = (Indicator("a", PERCENT, 0.2), Indicator("b", PERCENT, 0.3), Indicator("c", PERCENT, 0.5))
    index = CompositeIndex.of("x", Group("x", members), vetoes=[Veto("a", 5.2, above=0)])
    value = index.evaluate({"a": 81.7, "b": 84.7, "c": 96.0})
    assert value.value is not None
    assert value.value <= 5.2 and value.value == pytest.approx(5.2, abs=1e-12)
    assert math.fsum([*(line.points for line in value.contributions), value.veto_points]) == value.value


def test_a_red_line_above_the_index_takes_nothing() -> None:
    low = sqi().evaluate(dict.fromkeys(GOOD, 2.0) | {"data_loss": 0})
    assert low.vetoes == ("security_incidents",)
    assert (low.veto_points, low.figure.flags) == (0, ())


def test_a_red_line_that_cannot_be_judged_says_so() -> None:
    value = sqi().evaluate({**GOOD, "data_loss": None})
    assert value.figure.flags == ("veto_not_judged:data_loss",)
    below = CompositeIndex.of("x", Group("x", (Indicator("a", PERCENT),)), vetoes=[Veto("a", 10, below=50)])
    assert below.evaluate({"a": 49}).value == 10
    assert below.evaluate({"a": 50}).value == 50


def test_measurements_bring_their_n_and_their_limits() -> None:
    index = CompositeIndex.of(
        "x", Group("x", (Indicator("a", Goalposts(0, 1), 0.5, 10), Indicator("b", Goalposts(0, 1), 0.5)))
    )
    a, b = wilson_interval(45, 50), wilson_interval(15, 148)
    value = index.evaluate({"a": a, "b": b})
    middle = 50 * (45 / 50 + 15 / 148)
    # The limits that Newcombe prints: 0.7864 and 0.9565, 0.0624 and 0.1605.
    down = 50 * math.hypot(45 / 50 - 0.7864, 15 / 148 - 0.0624)
    up = 50 * math.hypot(0.9565 - 45 / 50, 0.1605 - 15 / 148)
    assert value.figure.low == pytest.approx(middle - down, abs=0.005)
    assert value.figure.high == pytest.approx(middle + up, abs=0.005)
    assert (value.figure.method, value.contributions[0].n) == ("index-mover", 50)
    few = index.evaluate({"a": wilson_interval(4, 5), "b": b})
    assert few.figure.flags == ("missing:a",)
    assert few.contributions[0].flags == ("not_enough_data",)
    mixed = index.evaluate({"a": a, "b": 0.1})
    assert mixed.figure.flags == ("interval_partial",)
    assert index.evaluate({"a": not_enough("share"), "b": b}).contributions[0].value is None


def test_falling_scales_turn_the_limits_round() -> None:
    index = CompositeIndex.of("x", Group("x", (Indicator("a", Goalposts(10, 0)),)))
    value = index.evaluate({"a": Measurement(4, "h", 9, low=3, high=6)})
    assert (value.figure.low, value.value, value.figure.high) == pytest.approx((40, 60, 70))


def test_a_capped_index_has_a_capped_interval() -> None:
    index = CompositeIndex.of("x", Group("x", (Indicator("a", PERCENT),)), vetoes=[Veto("a", 40, above=45)])
    value = index.evaluate({"a": Measurement(50, "points", 9, low=30, high=60)})
    assert (value.figure.low, value.value, value.figure.high) == (30, 40, 40)


def flat(aggregate: str, weights: tuple[float, ...] = (0.25, 0.75)) -> CompositeIndex:
    members = tuple(Indicator(name, PERCENT, w) for name, w in zip("abcd", weights, strict=False))
    return CompositeIndex.of("x", Group("x", members, aggregate=aggregate))  # type: ignore[arg-type]


def test_geometric_and_minimum_groups_by_hand() -> None:
    geometric = flat("geometric").evaluate({"a": 16, "b": 81})
    assert geometric.value == pytest.approx(16**0.25 * 81**0.75)  # 54
    logs = [0.25 * math.log(16), 0.75 * math.log(81)]
    assert [line.points for line in geometric.contributions] == pytest.approx(
        [54 * part / sum(logs) for part in logs]
    )
    floored = flat("geometric").evaluate({"a": 0, "b": 81})
    assert floored.value == pytest.approx(27)  # 1^¼ · 81^¾
    assert [line.points for line in floored.contributions] == pytest.approx([0, 27])
    nothing = flat("geometric").evaluate({"a": 0, "b": 1})
    assert (nothing.value, [line.points for line in nothing.contributions]) == (1, [0.25, 0.75])
    least = flat("minimum").evaluate({"a": 70, "b": 40})
    assert (least.value, [line.points for line in least.contributions]) == (40, [0, 40])
    assert flat("minimum").evaluate({"a": 70, "b": None}).value == 70


def test_a_weight_of_zero_watches_only() -> None:
    value = flat("arithmetic", (0.0, 1.0)).evaluate({"a": 10, "b": 50})
    assert value.value == 50
    assert flat("arithmetic", (0.0, 1.0)).evaluate({"a": 10, "b": None}).value is None


def nested(aggregates: tuple[str, str, str]) -> CompositeIndex:
    first = Group(
        "first",
        (Indicator("a", PERCENT, 0.3), Indicator("b", PERCENT, 0.7)),
        0.45,
        aggregates[1],  # type: ignore[arg-type]
    )
    second = Group(
        "second",
        (Indicator("c", PERCENT, 0.2), Indicator("d", PERCENT, 0.5), Indicator("e", PERCENT, 0.3)),
        0.35,
        aggregates[2],  # type: ignore[arg-type]
    )
    root = Group("all", (first, second, Indicator("f", PERCENT, 0.2)), aggregate=aggregates[0])  # type: ignore[arg-type]
    return CompositeIndex.of("nested", root, vetoes=[Veto("f", 20, above=95)])


AGGREGATES = st.tuples(*[st.sampled_from(["arithmetic", "geometric", "minimum"])] * 3)
VALUES = st.lists(st.none() | st.floats(0, 100), min_size=6, max_size=6)


@settings(max_examples=40, deadline=None)
@given(AGGREGATES, VALUES)
def test_contributions_sum_exactly_and_replay_to_the_same_bits(
    aggregates: tuple[str, str, str], values: list[float | None]
) -> None:
    index = nested(aggregates)
    value = index.evaluate(dict(zip("abcdef", values, strict=True)))
    if value.value is not None:
        assert math.fsum([*(line.points for line in value.contributions), value.veto_points]) == value.value
        assert math.fsum(line.weight for line in value.contributions) == pytest.approx(1)
        root = value.groups[0]
        assert root.value == pytest.approx(value.value - value.veto_points, abs=1e-9)
        if value.vetoes:
            assert value.value <= 20
        for group in value.groups[1:]:
            inner = [line for line in value.contributions if group.name in line.path]
            assert math.fsum(line.points for line in inner) == group.points
    record = json.loads(json.dumps(value.record))
    again = CompositeIndex.replay(record)
    assert again.same and again.value == value
    assert str(again).startswith("replayed to the same bits: ")


@settings(max_examples=20, deadline=None)
@given(AGGREGATES, st.lists(VALUES, min_size=1, max_size=8))
def test_many_rows_at_once_give_the_same_bits(
    aggregates: tuple[str, str, str], rows: list[list[float | None]]
) -> None:
    index = nested(aggregates)
    table = index.evaluate_many(np.array(rows, dtype=float))
    for i, row in enumerate(rows):
        value = index.evaluate(dict(zip("abcdef", row, strict=True)))
        if value.value is None:
            assert np.isnan(table.values[i])
        else:
            assert table.values[i] == value.value
            assert table.points[i].tolist() == [line.points for line in value.contributions]
            assert table.veto_points[i] == value.veto_points
            assert table.weights[i].tolist() == [line.weight for line in value.contributions]
    assert table.n == int((~np.isnan(table.values)).sum())
    assert str(table).startswith(f"{table.n} of {len(rows)} rows have a value")


def test_red_lines_of_many_rows() -> None:
    names = [name for name in GOOD if name != "data_loss"]
    rows = np.array([[GOOD[name] for name in names]] * 2)
    table = sqi().evaluate_many(rows, red_lines={"data_loss": [0, 1]})
    assert table.values == pytest.approx([VALUE, 30])
    assert table.definition_hash == sqi().definition_hash


def test_a_changed_record_does_not_replay() -> None:
    record = json.loads(json.dumps(sqi().evaluate(GOOD).record))
    other = json.loads(json.dumps(record))
    other["inputs"][0]["value"] = (2.9).hex()
    changed = CompositeIndex.replay(other)
    assert not changed.same
    assert changed.differences == ("input_hash", "result.value", "result.contributions", "result.groups")
    assert str(changed).startswith("not the same: input_hash, ")
    assert CompositeIndex.replay({**record, "method": "composite-0"}).differences == ("method",)
    heavier = json.loads(json.dumps(record))
    heavier["definition"]["root"]["members"][0]["weight"] = 0.5
    heavier["definition"]["root"]["members"][1]["weight"] = 0.5
    assert "definition_hash" in CompositeIndex.replay(heavier).differences
    moved = json.loads(json.dumps(record))
    moved["result"]["value"] = math.nextafter(VALUE, 0).hex()
    assert CompositeIndex.replay(moved).differences == ("result.value",)


def test_the_hash_is_that_of_what_counts() -> None:
    index = sqi()
    again = definition_of_document(json.loads(json.dumps(index.definition.document)))
    assert (again, again.hash) == (index.definition, index.definition_hash)
    assert len(index.definition_hash) == 64
    whole = CompositeIndex.of("x", Group("x", (Indicator("a", Goalposts(0, 100), 1),)))
    floats = CompositeIndex.of("x", Group("x", (Indicator("a", Goalposts(0.0, 100.0), 1.0),)))
    # Written out: a hash that moved with the library would cut every stored value off from its definition.
    text = (
        '{"about":{},"name":"x","root":{"aggregate":"arithmetic","at_least":1,"members":[{"minimum_n":1,"name":"a",'
        '"scale":{"best":100.0,"kind":"goalposts","worst":0.0},"weight":1.0}],"missing":"renormalise","name":"x",'
        '"weight":1.0},"version":"1","vetoes":[]}'
    )
    assert whole.definition_hash == floats.definition_hash == hashlib.sha256(text.encode()).hexdigest()
    for other in (
        replace(index.definition, version="2026-2"),
        replace(index.definition, vetoes=()),
        replace(index.definition, about={}),
        sqi(at_least=1).definition,
    ):
        assert other.hash != index.definition_hash


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: Group("x", ()), "members"),
        (lambda: flat("harmonic"), "aggregate"),
        (lambda: sqi(missing="guess"), "missing"),
        (lambda: sqi(at_least=4), "at_least"),
        (lambda: flat("arithmetic", (0.5, 0.6)), "weight"),
        (lambda: flat("arithmetic", (-0.5, 1.5)), "weight"),
        (lambda: flat("arithmetic", (float("nan"), 1)), "weight"),
        (lambda: Veto("a", 59), "above"),
        (lambda: Veto("a", 59, above=1, below=1), "above"),
        (lambda: Veto("a", float("inf"), above=1), "cap"),
        (
            lambda: CompositeIndex.of(
                "x", Group("x", (Indicator("a", PERCENT, 0.5), Indicator("a", PERCENT, 0.5)))
            ),
            "root",
        ),
        (lambda: CompositeIndex.of("x", Group("x", (Group("x", (Indicator("a", PERCENT),)),))), "root"),
        (lambda: sqi().evaluate({**GOOD, "speed": 3}), "values"),
        (lambda: sqi().evaluate({**GOOD, "recurrence": float("nan")}), "recurrence"),
        (lambda: sqi().evaluate({**GOOD, "recurrence": Input("x", 1, low=float("inf"))}), "recurrence"),
        (lambda: sqi().evaluate(GOOD, confidence=1), "confidence"),
        (lambda: sqi().evaluate_many([[1, 2]]), "values"),
        (lambda: sqi().evaluate_many([[1, 2, 3, 4, 5]]), "red_lines"),
        (
            lambda: sqi().evaluate_many([[1, 2, 3, 4, 5]], red_lines={"data_loss": []}),
            "red_lines['data_loss']",
        ),
        (lambda: definition_of_document({"name": "x"}), "document"),
        (
            lambda: definition_of_document(
                {**sqi().definition.document, "vetoes": [{"name": "a", "limit": 3}]}
            ),
            "document",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
