"""Weights: hand arithmetic, properties, and the design-based variance computed a second way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.satisfaction import effective_sample_size, post_stratify, rake

# Head office answers more often than the branches: 4 of 100 and 2 of 300.
VALUES = [5, 4, 5, 4, 2, 4]
STRATA = ["head", "head", "head", "head", "branch", "branch"]
POPULATION = {"head": 100, "branch": 300}


def test_post_stratification_by_hand() -> None:
    result = post_stratify(VALUES, STRATA, population=POPULATION, trim=None)
    # Means 4.5 and 3, shares ¼ and ¾: 3.375. s² = 1/3 and 2: Var = 1/16 · 1/12 + 9/16 · 1; 4 degrees.
    assert result.figure.value == pytest.approx(3.375, abs=1e-12)
    half = student.ppf(0.975, 4) * (1 / 192 + 9 / 16) ** 0.5
    assert (result.figure.low, result.figure.high) == pytest.approx((3.375 - half, 3.375 + half), abs=1e-9)
    assert result.raw.value == pytest.approx(4)
    assert result.weights == pytest.approx(np.array([25, 25, 25, 25, 150, 150]) / (400 / 6))
    assert (result.figure.flags, result.covered) == ((), 1)


def test_weights_are_trimmed_at_five_times_the_median() -> None:
    cut = post_stratify(VALUES, STRATA, population=POPULATION)
    # N/n: 25 and 150, median 25, limit 125: weighted mean (4 · 25 · 4.5 + 2 · 125 · 3) / 350.
    assert cut.figure.value == pytest.approx(1200 / 350, abs=1e-12)
    assert cut.figure.flags == ("weights_trimmed",)
    assert cut.weights == pytest.approx(np.array([25, 25, 25, 25, 125, 125]) / (350 / 6))
    assert cut.effective.value == pytest.approx(350**2 / (4 * 25**2 + 2 * 125**2))
    assert [(s.name, s.n, s.population) for s in cut.strata] == [("head", 4, 100), ("branch", 2, 300)]
    assert cut.strata[1].weight == pytest.approx(125 * 6 / 350)
    assert str(cut).startswith("weighted 3.429 points [")


def test_a_stratum_without_answers_is_not_spoken_for() -> None:
    result = post_stratify(VALUES, STRATA, population={**POPULATION, "abroad": 100}, trim=None)
    assert result.figure.flags == ("uncovered:abroad",)
    assert (result.covered, result.strata[2].mean, result.strata[2].weight) == (0.8, None, None)
    assert result.figure.value == pytest.approx(3.375)


def test_a_single_answer_takes_the_spread_of_the_others() -> None:
    result = post_stratify([1, 3, 5], ["a", "a", "b"], population={"a": 1, "b": 1})
    # s² of a is 2, pooled 2: Var = ¼ · 2/2 + ¼ · 2/1.
    half = student.ppf(0.975, 1) * 0.75**0.5
    assert (result.figure.value, result.figure.flags) == (3.5, ("single_answer:b",))
    assert result.figure.high == pytest.approx(3.5 + half)
    bounded = post_stratify([1, 3, 5], ["a", "a", "b"], population={"a": 1, "b": 1}, limits=(1, 5))
    assert (bounded.figure.low, bounded.figure.high) == (1, 5)


def test_too_little_for_an_interval() -> None:
    none = post_stratify([], [], population={"a": 1})
    assert (none.figure.value, none.weights.size, none.covered) == (None, 0, 0)
    assert none.figure.flags == ("uncovered:a", "not_enough_data")
    assert str(none.effective) == "not computable (n=0, not_enough_data)"
    singles = post_stratify([1, 2], ["a", "b"], population={"a": 1, "b": 1})
    assert singles.figure.value is None
    same = post_stratify([3, 3, 3], ["a", "a", "b"], population={"a": 1, "b": 1})
    assert (same.figure.value, same.figure.low, same.figure.flags[-1]) == (3, None, "zero_variance")
    tenths = post_stratify([0.1] * 3 + [0.7] * 3, ["a"] * 3 + ["b"] * 3, population={"a": 1, "b": 1})
    assert (tenths.figure.low, tenths.figure.flags) == (None, ("zero_variance",))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc")), min_size=2, max_size=40))
def test_the_raw_shares_leave_the_mean_alone(answers: list[tuple[int, str]]) -> None:
    values, strata = zip(*answers, strict=True)
    sizes = {name: strata.count(name) for name in sorted(set(strata))}
    result = post_stratify(values, strata, population=sizes)
    if result.figure.value is not None:
        assert result.figure.value == pytest.approx(np.mean(values))
    assert result.weights == pytest.approx(np.ones(len(values)))
    assert result.effective.design_effect == pytest.approx(1)


def test_the_effective_size_prints_itself() -> None:
    assert str(effective_sample_size([1, 1, 2, 2, 4])) == "3.846 of 5 answers, design effect 1.3"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50), st.floats(1e-3, 1e3))
def test_the_effective_size_is_free_of_scale_and_at_most_n(weights: list[float], factor: float) -> None:
    here = effective_sample_size(weights)
    assert here.value is not None
    assert 1 - 1e-12 <= here.value <= len(weights) + 1e-9
    assert effective_sample_size([w * factor for w in weights]).value == pytest.approx(here.value)


def test_raking_meets_both_margins_and_keeps_the_odds_ratio() -> None:
    # 2 × 2 counts 40 10 / 20 30; margins of the population 50:50 and 30:70.
    team = ["a"] * 50 + ["b"] * 50
    channel = ["mail"] * 40 + ["phone"] * 10 + ["mail"] * 20 + ["phone"] * 30
    result = rake(
        {"team": team, "channel": channel},
        population={"team": {"a": 500, "b": 500}, "channel": {"mail": 3, "phone": 7}},
    )
    cell = {
        (t, c): sum(w for w, x, y in zip(result.weights, team, channel, strict=True) if (x, y) == (t, c))
        for t in "ab"
        for c in ("mail", "phone")
    }
    assert cell["a", "mail"] + cell["a", "phone"] == pytest.approx(50)
    assert cell["a", "mail"] + cell["b", "mail"] == pytest.approx(30)
    assert cell["a", "mail"] * cell["b", "phone"] / (cell["a", "phone"] * cell["b", "mail"]) == pytest.approx(
        6
    )
    assert result.deviation < 1e-9 and result.flags == ()
    assert result.weights.mean() == pytest.approx(1)
    assert str(result).startswith("margins met to ")


def test_raking_that_cannot_succeed_says_so() -> None:
    # All of a came by mail, all of b by phone: the two margins contradict each other.
    result = rake(
        {"team": ["a", "a", "b"], "channel": ["mail", "mail", "phone"]},
        population={"team": {"a": 1, "b": 1}, "channel": {"mail": 1, "phone": 3}},
        rounds=20,
        trim=None,
    )
    assert (result.rounds, result.flags) == (20, ("not_converged",))
    assert "not_converged" in str(result)


def test_raked_weights_are_trimmed_last() -> None:
    result = rake({"team": ["a"] * 9 + ["b"]}, population={"team": {"a": 1, "b": 9}}, trim=3)
    assert result.flags == ("weights_trimmed",)
    assert result.weights == pytest.approx(np.array([1] * 9 + [3]) / 1.2)
    assert result.deviation == pytest.approx(0.9 - 3 / 12)
    assert rake({"team": ["a"] * 9 + ["b"]}, population={"team": {"a": 1, "b": 9}}, trim=None).flags == ()


def test_raking_nobody() -> None:
    assert rake({"team": []}, population={"team": {"a": 1}}).flags == ("not_enough_data",)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: effective_sample_size([0, 0]), "weights"),
        (lambda: effective_sample_size([-1, 2]), "weights"),
        (lambda: post_stratify([1], ["a"], population={}), "population"),
        (lambda: post_stratify([1], ["a"], population={"a": 0}), "population"),
        (lambda: post_stratify([1], ["b"], population={"a": 1}), "strata"),
        (lambda: post_stratify([1, 2], ["a"], population={"a": 1}), "strata"),
        (lambda: post_stratify([1], ["a"], population={"a": 1}, trim=0.5), "trim"),
        (lambda: post_stratify([1], ["a"], population={"a": 1}, confidence=1), "confidence"),
        (lambda: rake({}, population={}), "population"),
        (lambda: rake({"x": ["a"]}, population={"y": {"a": 1}}), "population"),
        (lambda: rake({"x": ["a"]}, population={"x": {"a": 1, "b": 1}}), "margins['x']"),
        (lambda: rake({"x": ["c"]}, population={"x": {"a": 1}}), "margins['x']"),
        (lambda: rake({"x": ["a"]}, population={"x": {"a": -1}}), "population['x']"),
        (lambda: rake({"x": ["a"]}, population={"x": {"a": 1}}, rounds=0), "rounds"),
        (
            lambda: rake({"x": ["a"], "y": []}, population={"x": {"a": 1}, "y": {"b": 1}}),
            "y",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
