"""Scales and weights of an index: published figures, hand arithmetic, second computations, properties."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index import (
    Goalposts,
    Points,
    Scale,
    TargetRatio,
    ZScore,
    ahp_weights,
    critic_weights,
    entropy_weights,
    normalise,
    topsis,
)
from zhiheng.measure.index.scales import scale_document, scale_of_document
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.index import MATRIX, ORACLES

RESPONSE_H = Points(((8, 0), (4, 60), (2, 80), (0.5, 100)))  # hours that earn 0, 60, 80 and 100 points
ATTAINED = Points(((80, 0), (90, 60), (95, 80), (99, 100)))
TABLES = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed).uniform(1, 9, (5, 3)))


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


@pytest.mark.parametrize(
    ("scale", "values", "scores"),
    [
        (Goalposts(0, 50), [-5, 0, 20, 50, 60], [0, 0, 40, 100, 100]),
        (Goalposts(10, 2), [12, 10, 4, 2, 0], [0, 0, 75, 100, 100]),
        (RESPONSE_H, [9, 8, 6, 4, 3, 2, 1.25, 0.5, 0], [0, 0, 30, 60, 70, 80, 90, 100, 100]),
        (ATTAINED, [0, 80, 85, 90, 92, 95, 97, 99, 100], [0, 0, 30, 60, 68, 80, 90, 100, 100]),
        (Goalposts(0, 50), [-1e308, 1e308], [0, 100]),
        (TargetRatio(95), [0, 47.5, 95, 100], [0, 50, 100, 100]),
        (TargetRatio(0.5), [1e308], [100]),
        (TargetRatio(2, rising=False), [5e-324], [100]),
        (TargetRatio(95, cap=120), [114, 120], [120, 120]),
        (TargetRatio(2, rising=False), [8, 4, 2, 1, 0], [25, 50, 100, 100, 100]),
        (ZScore(10, 2), [10, 12, 6], [0, 1, -2]),
        (ZScore(10, 2, centre=50, step=-10), [10, 12, 6], [50, 40, 70]),
    ],
)
def test_points_by_hand(scale: Scale, values: list[float], scores: list[float]) -> None:
    result = normalise(values, scale=scale)
    assert result.scores == pytest.approx(scores, abs=1e-12)
    assert (result.n, result.method, result.flags) == (len(values), scale.kind, ())


def test_values_beyond_the_ends_are_counted() -> None:
    result = normalise([9, 8, 3, 0.4], scale=RESPONSE_H)
    assert (result.at_floor, result.at_ceiling) == (2, 1)
    assert str(result) == "4 values by points: 2 at the floor, 1 at the ceiling"
    assert normalise([1, 99], scale=ZScore(0, 1)).at_ceiling == 0
    assert normalise([0, 3], scale=TargetRatio(2)).at_floor == 1
    assert normalise([], scale=Goalposts(0, 1)).flags == ("not_enough_data",)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(-1e6, 1e6))
def test_a_value_gets_the_same_points_whatever_else_is_there(values: list[float], value: float) -> None:
    for scale in (RESPONSE_H, ATTAINED, Goalposts(10, 2)):
        together = normalise([*values, value], scale=scale).scores
        assert together[-1] == normalise([value], scale=scale).scores[0]
        assert together.min() >= 0 and together.max() <= 100


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-20, 120), min_size=2, max_size=20))
def test_points_rise_from_the_worst_value_to_the_best(values: list[float]) -> None:
    ordered = np.sort(values)
    assert (np.diff(normalise(ordered, scale=ATTAINED).scores) >= -1e-12).all()
    assert (np.diff(normalise(ordered, scale=RESPONSE_H).scores) <= 1e-12).all()


@pytest.mark.parametrize(
    "scale", [Goalposts(0, 5), RESPONSE_H, TargetRatio(3, rising=False, cap=120), ZScore(1, 2, 50, 10)]
)
def test_a_scale_survives_its_document(scale: Scale) -> None:
    assert scale_of_document(json.loads(json.dumps(scale_document(scale)))) == scale


def test_judges_are_joined_by_the_geometric_mean() -> None:
    # Two judges say 2 and 8: together 4, so 0.8 and 0.2.
    group = ahp_weights([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])
    assert group.weights == pytest.approx([0.8, 0.2])
    assert (group.consistency_ratio, group.judges, group.flags) == (0, 2, ())
    assert str(group) == "0.8000 0.2000 (AHP, 2 judges, consistency ratio 0.000)"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8))
def test_consistent_judgements_give_back_their_weights(weights: list[float]) -> None:
    w = np.array(weights)
    result = ahp_weights(w[:, None] / w[None, :])
    assert result.weights == pytest.approx(w / w.sum(), abs=1e-9)
    assert result.consistency_index == pytest.approx(0, abs=1e-9)


def test_the_eigenvector_by_repeated_multiplication() -> None:
    judgements = np.array([[1, 5, 1 / 3, 2], [1 / 5, 1, 1 / 7, 1 / 2], [3, 7, 1, 1 / 2], [1 / 2, 2, 2, 1]])
    vector = np.full(4, 0.25)
    for _ in range(200):
        vector = judgements @ vector
        vector = vector / vector.sum()
    result = ahp_weights(judgements)
    assert result.weights == pytest.approx(vector, abs=1e-12)
    assert result.eigenvalue == pytest.approx((judgements @ vector / vector)[0])
    assert result.consistency_ratio == pytest.approx((result.eigenvalue - 4) / 3 / 0.90)
    assert result.flags == ("inconsistent",) and "inconsistent" in str(result)


@settings(max_examples=30, deadline=None)
@given(TABLES, st.floats(0.1, 10))
def test_entropy_weights_ignore_units_and_constant_columns(table: np.ndarray, factor: float) -> None:
    here = entropy_weights(table)
    assert here.weights is not None
    assert entropy_weights(table * [factor, 1, 1]).weights == pytest.approx(here.weights)
    wider = entropy_weights(np.column_stack((table, np.full(5, 7))))
    assert wider.weights == pytest.approx([*here.weights, 0])
    assert here.flags == ("advisory",)


def test_entropy_by_hand() -> None:
    # p = 0, 1 in the first column: e = 0; p = ½, ½ in the second: e = 1.
    assert entropy_weights([[0, 3], [5, 3]]).weights == pytest.approx([1, 0])


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_critic_against_its_definition(table: np.ndarray) -> None:
    z = (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0))
    z[:, 2] = 1 - z[:, 2]
    content = z.std(axis=0, ddof=1) * (1 - np.corrcoef(z.T)).sum(axis=0)
    result = critic_weights(table, cost=[False, False, True])
    assert result.weights == pytest.approx(content / content.sum(), abs=1e-9)


def test_critic_gives_a_constant_column_nothing() -> None:
    table = np.array(MATRIX, dtype=float)
    wider = critic_weights(np.column_stack((table, np.full(4, 3))))
    assert wider.weights is not None
    assert wider.weights[4] == 0
    # It is unrelated to all others, which all gain one full unit of conflict.
    assert (wider.weights[:4] > 0).all()


def test_tables_that_determine_no_weights() -> None:
    for result in (entropy_weights([[1, 2]]), critic_weights([[1, 2]]), entropy_weights([[0, 1], [0, 2]])):
        assert (result.weights, result.flags) == (None, ("not_enough_data",))
    assert entropy_weights([[3, 3], [3, 3]]).weights is None
    assert critic_weights([[3, 3], [3, 3]]).weights is None
    assert str(critic_weights([[1, 2]])) == "none (critic, n=1, not_enough_data)"
    assert str(entropy_weights(MATRIX)) == "0.3220 0.3171 0.0389 0.3220 (entropy, n=4, advisory)"


@pytest.mark.parametrize("norm", ["vector", "min-max"])
@settings(max_examples=40, deadline=None)
@given(table=TABLES)
def test_topsis_against_its_definition(norm: str, table: np.ndarray) -> None:
    weights, cost = [0.5, 0.3, 0.2], [False, True, False]
    result = topsis(table, weights=weights, cost=cost, norm=norm)  # type: ignore[arg-type]
    for i in range(5):
        above = below = 0.0
        for j in range(3):
            column = table[:, j]
            if norm == "vector":
                column = column / sum(v * v for v in column) ** 0.5
            else:
                column = (column - min(column)) / (max(column) - min(column))
            best, worst = (min(column), max(column)) if cost[j] else (max(column), min(column))
            above += (weights[j] * (column[i] - best)) ** 2
            below += (weights[j] * (column[i] - worst)) ** 2
        assert result.closeness[i] == pytest.approx(below**0.5 / (above**0.5 + below**0.5))
    assert sorted(result.closeness, reverse=True) == [
        result.closeness[i] for i in np.argsort(result.ranks, kind="stable")
    ]


def test_the_best_and_the_worst_in_everything() -> None:
    result = topsis([[1, 1], [3, 3], [2, 2], [2, 2]], weights=[0.5, 0.5])
    assert result.closeness == pytest.approx([0, 1, 0.5, 0.5])
    assert result.ranks.tolist() == [4, 1, 2, 2]
    assert str(result) == "2: 1.0000, 3: 0.5000, 4: 0.5000, 1: 0.0000 (topsis-vector)"


def test_cases_that_do_not_differ_and_no_cases() -> None:
    alike = topsis([[1, 0], [1, 0]], weights=[0.5, 0.5], norm="min-max")
    assert (alike.closeness.tolist(), alike.ranks.tolist(), alike.flags) == (
        [0.5, 0.5],
        [1, 1],
        ("zero_variance",),
    )
    assert topsis([[0, 0]], weights=[0.5, 0.5]).flags == ("zero_variance",)
    nothing = topsis(np.zeros((0, 2)), weights=[0.5, 0.5])
    assert (nothing.flags, str(nothing)) == (("not_enough_data",), "not_enough_data (topsis-vector)")


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: Goalposts(1, 1), "best"),
        (lambda: Goalposts(float("nan"), 1), "worst"),
        (lambda: Points(((1, 0),)), "points"),
        (lambda: Points(((1, 0), (2, float("inf")))), "points"),
        (lambda: Points(((1, 0), (3, 50), (2, 100))), "points"),
        (lambda: Points(((1, 50), (2, 0))), "points"),
        (lambda: TargetRatio(0), "target"),
        (lambda: TargetRatio(1, cap=0), "target"),
        (lambda: ZScore(0, 0), "deviation"),
        (lambda: ZScore(0, 1, step=0), "deviation"),
        (lambda: normalise([-1], scale=TargetRatio(5)), "values"),
        (lambda: normalise([float("nan")], scale=Goalposts(0, 1)), "values"),
        (lambda: scale_of_document({"kind": "log"}), "kind"),
        (lambda: scale_of_document({"kind": "goalposts", "worst": 1}), "scale"),
        (lambda: ahp_weights([1, 2]), "judgements"),
        (lambda: ahp_weights([[1, 2, 3], [1, 2, 3]]), "judgements"),
        (lambda: ahp_weights([[1]]), "judgements"),
        (lambda: ahp_weights(np.ones((11, 11))), "judgements"),
        (lambda: ahp_weights([[1, -2], [-0.5, 1]]), "judgements"),
        (lambda: ahp_weights([[1, 2], [2, 1]]), "judgements"),
        (lambda: entropy_weights([[1, -1], [1, 2]]), "table"),
        (lambda: entropy_weights(np.zeros((2, 0))), "table"),
        (lambda: critic_weights([[1, 2], [2, 1]], cost=[True]), "cost"),
        (lambda: topsis([[1, 2]], weights=[0.5]), "weights"),
        (lambda: topsis([[1, 2]], weights=[0.5, 0.6]), "weights"),
        (lambda: topsis([[1, 2]], weights=[0.5, 0.5], cost=[True]), "cost"),
        (lambda: topsis([[1, 2]], weights=[0.5, 0.5], norm="sum"), "norm"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
