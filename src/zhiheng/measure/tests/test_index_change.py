"""What moved an index and what it hangs on: splits that add up, and Monte Carlo against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index import CompositeIndex, Goalposts, Group, Indicator, Scale, TargetRatio, Veto

PERCENT = Goalposts(0, 100)


def pair(
    weights: tuple[float, ...] = (0.5, 0.5), aggregate: str = "arithmetic", scale: Scale = PERCENT
) -> CompositeIndex:
    members = tuple(Indicator(name, scale, w) for name, w in zip("abcd", weights, strict=False))
    return CompositeIndex.of(
        "x",
        Group("x", members, aggregate=aggregate),
        vetoes=[Veto("red", 30, above=0)],  # type: ignore[arg-type]
    )


def test_a_change_of_values_by_hand() -> None:
    index = pair()
    change = index.change(index.evaluate({"a": 40, "b": 60}), index.evaluate({"a": 50, "b": 90}))
    assert change.change == change.value_effect == pytest.approx(20)
    assert (change.weight_effect, change.coverage_effect, change.veto_effect) == (0, 0, 0)
    assert [(line.name, line.value_effect) for line in change.indicators] == [("a", 5), ("b", 15)]
    assert str(change) == ("+20.00 points: values +20.00, weights +0.00, coverage +0.00, red lines +0.00")


def test_a_change_of_weights_by_hand() -> None:
    old, new = pair((0.5, 0.5)), pair((0.2, 0.8))
    change = new.change(old.evaluate({"a": 40, "b": 60}), new.evaluate({"a": 50, "b": 60}))
    # 50 → 58. a rises by 10 at a mean weight of 0.35; 0.3 of weight moves from a mean of 45 to 60.
    assert change.change == pytest.approx(8)
    assert (change.value_effect, change.weight_effect) == pytest.approx((3.5, 4.5))
    assert sum(line.value_effect for line in change.indicators) == pytest.approx(3.5)
    assert sum(line.weight_effect for line in change.indicators) == pytest.approx(4.5)
    # Both gain: a loses weight and scores below the index, b wins weight and scores above.
    assert all(line.weight_effect > 0 for line in change.indicators)


def test_a_change_of_coverage_by_hand() -> None:
    index = pair()
    change = index.change(index.evaluate({"a": 40, "b": 60}), index.evaluate({"a": 44}))
    # Over a alone 40 → 44; before, b had lifted the index by 10.
    assert (change.change, change.value_effect, change.coverage_effect) == pytest.approx((-6, 4, -10))
    assert (change.gained, change.lost) == ((), ("b",))
    swapped = index.change(index.evaluate({"a": 40}), index.evaluate({"b": 70}))
    assert (swapped.coverage_effect, swapped.flags) == (30, ("no_common_indicator",))
    assert (swapped.gained, swapped.lost) == (("b",), ("a",))


def test_a_red_line_is_its_own_effect() -> None:
    index = pair()
    change = index.change(
        index.evaluate({"a": 40, "b": 60, "red": 0}), index.evaluate({"a": 50, "b": 90, "red": 1})
    )
    assert (change.change, change.value_effect, change.veto_effect) == pytest.approx((-20, 20, -40))


def test_a_missing_value_cannot_be_compared() -> None:
    index = pair()
    change = index.change(index.evaluate({}), index.evaluate({"a": 1}))
    assert (change.change, change.flags, change.gained) == (None, ("not_enough_data",), ("a",))
    assert str(change) == "change not computable (not_enough_data)"


WEIGHTS = st.floats(0.05, 0.95)
SCORES = st.lists(st.none() | st.floats(0, 100), min_size=5, max_size=5)
AGGREGATES = st.sampled_from(["arithmetic", "geometric", "minimum"])


def nested(weight: float, inner: float, aggregate: str) -> CompositeIndex:
    first = Group("first", (Indicator("a", PERCENT, inner), Indicator("b", PERCENT, 1 - inner)), weight)
    second = Group(
        "second",
        (Indicator("c", PERCENT, 0.2), Indicator("d", PERCENT, 0.8)),
        1 - weight,
        aggregate,  # type: ignore[arg-type]
    )
    return CompositeIndex.of("n", Group("n", (first, second)), vetoes=[Veto("red", 30, above=50)])


@settings(max_examples=40, deadline=None)
@given(WEIGHTS, WEIGHTS, WEIGHTS, WEIGHTS, AGGREGATES, SCORES, SCORES)
def test_the_effects_add_up_to_the_change(
    w1: float,
    w2: float,
    i1: float,
    i2: float,
    aggregate: str,
    first: list[float | None],
    second: list[float | None],
) -> None:
    old, new = nested(w1, i1, aggregate), nested(w2, i2, aggregate)
    names = ("a", "b", "c", "d", "red")
    before = old.evaluate(dict(zip(names, first, strict=True)))
    after = new.evaluate(dict(zip(names, second, strict=True)))
    change = new.change(before, after)
    if change.change is None:
        assert before.value is None or after.value is None
        return
    parts = (change.value_effect, change.weight_effect, change.coverage_effect, change.veto_effect)
    assert sum(parts) == pytest.approx(change.change, abs=1e-9)  # type: ignore[arg-type]
    if aggregate == "arithmetic":
        assert sum(line.value_effect for line in change.indicators) == pytest.approx(
            change.value_effect, abs=1e-9
        )
        assert sum(line.weight_effect for line in change.indicators) == pytest.approx(
            change.weight_effect, abs=1e-9
        )
    elif change.flags != ("no_common_indicator",):
        assert (change.flags, change.indicators) == (("totals_only",), ())
    back = old.change(after, before)
    assert back.value_effect == pytest.approx(-(change.value_effect or 0), abs=1e-9)


def test_changes_compare_like_with_like() -> None:
    old, new = pair(), pair(scale=Goalposts(0, 50))
    with pytest.raises(MeasureError, match="recompute both with one definition first") as caught:
        new.change(old.evaluate({"a": 1, "b": 2}), new.evaluate({"a": 1, "b": 2}))
    assert caught.value.argument == "after"
    with pytest.raises(MeasureError, match="must be a value of this index"):
        new.change(old.evaluate({"a": 1}), old.evaluate({"a": 1}))


ROWS = np.array([[90.0, 80.0], [50.0, 60.0], [70.0, 20.0]])


def test_weights_drawn_about_the_defined_ones() -> None:
    index = pair((0.3, 0.7))
    result = index.sensitivity(ROWS, seed=1, replicates=8000, concentration=40)
    assert result.base == pytest.approx(ROWS @ [0.3, 0.7])
    # The weight of a is Beta(12, 28): mean 0.3, variance 0.3 · 0.7 / 41.
    deviation = abs(ROWS[:, 0] - ROWS[:, 1]) * (0.21 / 41) ** 0.5
    assert result.mean == pytest.approx(ROWS @ [0.3, 0.7], abs=0.15)
    assert result.high - result.low == pytest.approx(2 * 1.96 * deviation, rel=0.06)
    assert (result.rank.tolist(), result.n) == ([1, 2, 3], 3)
    assert result.rank_share[0].tolist() == [1, 0, 0]  # best in both: always first
    assert result.rank_share.sum(axis=0) == pytest.approx(np.ones(3))
    # The third overtakes the second where 50 w + 60 (1 − w) < 70 w + 20 (1 − w), w > ⅔.
    assert result.rank_share[2, 1] == pytest.approx(0.0, abs=0.001)
    assert str(result).startswith("3 rows, 8000 replicates (seed 1): 95% interval ")


def test_wide_weights_turn_ranks_round() -> None:
    result = pair((0.5, 0.5)).sensitivity(ROWS, seed=2, replicates=8000, concentration=2)
    # Now w is uniform: above ⅔ in a third of the cases, in which two rows move one place each.
    assert result.rank_share[2, 1] == pytest.approx(1 / 3, abs=0.018)
    assert result.rank_shift == pytest.approx(2 / 9, abs=0.012)
    assert (result.rank_low.tolist(), result.rank_high.tolist()) == ([1, 2, 2], [1, 3, 3])


def test_leaving_one_indicator_out() -> None:
    result = pair((0.5, 0.5)).sensitivity(ROWS, seed=1, replicates=10)
    # Base 85, 55, 45. Without a: 80, 60, 20; without b: 90, 50, 70.
    assert result.leave_out_shift == pytest.approx([(5 + 5 + 25) / 3, (5 + 5 + 25) / 3])
    assert result.leave_out_rank_shift == pytest.approx([0, 2 / 3])
    alone = pair((0.5, 0.5)).sensitivity([[40, np.nan]], seed=1, replicates=10)
    assert np.isnan(alone.leave_out_shift).all()
    assert (alone.rank_shift, alone.low[0]) == (0, 40)


def table(seed: int, rows: int = 12) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = random.uniform(0, 100, (rows, 4))
    values[random.random(values.shape) < 0.2] = np.nan
    return values


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_the_quick_way_for_arithmetic_means_is_the_general_one(seed: int) -> None:
    index, values = nested(0.4, 0.3, "arithmetic"), table(seed)
    quick = index.sensitivity(values, seed=seed, replicates=30)
    # Errors of zero change nothing but the way it is computed.
    general = index.sensitivity(values, seed=seed, replicates=30, errors=np.zeros(values.shape))
    for name in ("base", "mean", "low", "high", "rank_low", "rank_high"):
        assert getattr(quick, name) == pytest.approx(getattr(general, name), abs=1e-9, nan_ok=True)


def test_the_same_seed_gives_the_same_bits() -> None:
    index, values = nested(0.4, 0.3, "geometric"), table(1)
    first, again = (
        index.sensitivity(
            values,
            seed=3,
            replicates=50,
            scales={"a": [Goalposts(0, 80)]},
            imputations=("renormalise", "mean", "worst"),
            errors=np.full(values.shape, 2.0),
        )
        for _ in range(2)
    )
    assert first.low.tobytes() == again.low.tobytes()
    assert first.low.tobytes() != index.sensitivity(values, seed=4, replicates=50).low.tobytes()


def test_other_scales_widen_the_interval() -> None:
    index = pair((0.5, 0.5))
    result = index.sensitivity(
        ROWS, seed=1, replicates=400, concentration=1e9, scales={"a": [Goalposts(0, 200)]}
    )
    # Half the replicates give a half its points: the index is 85 or 62.5.
    assert (result.low[0], result.high[0]) == pytest.approx((62.5, 85), abs=0.01)
    assert result.mean[0] == pytest.approx(73.75, abs=1.5)


def test_missing_values_filled_in_other_ways() -> None:
    index = pair((0.5, 0.5))
    rows = np.array([[80.0, np.nan], [40.0, 20.0], [60.0, 40.0]])
    fixed: dict[str, float] = {"concentration": 1e9, "seed": 1, "replicates": 60}
    mean = index.sensitivity(rows, imputations=("mean",), **fixed)  # type: ignore[arg-type]
    worst = index.sensitivity(rows, imputations=("worst",), **fixed)  # type: ignore[arg-type]
    assert (mean.mean[0], worst.mean[0]) == pytest.approx((55, 50), abs=0.01)
    assert mean.base[0] == 80
    both = index.sensitivity(rows, imputations=("renormalise", "worst"), **fixed)  # type: ignore[arg-type]
    assert (both.low[0], both.high[0]) == pytest.approx((50, 80), abs=0.01)
    nobody = index.sensitivity([[80, np.nan]], imputations=("mean",), **fixed)  # type: ignore[arg-type]
    assert nobody.mean[0] == pytest.approx(80)


def test_errors_of_the_inputs() -> None:
    index = pair((0.5, 0.5))
    result = index.sensitivity(
        ROWS[:1], seed=1, replicates=800, concentration=1e9, errors=np.array([[3.0, 4.0]])
    )
    assert result.high[0] - result.low[0] == pytest.approx(2 * 1.96 * 2.5, rel=0.12)
    ratio = pair((0.5, 0.5), scale=TargetRatio(50)).sensitivity(
        [[1.0, 1.0]], seed=1, replicates=50, errors=[[5.0, 5.0]]
    )
    assert ratio.low[0] >= 0


def test_rows_without_a_value_are_left_out() -> None:
    index = nested(0.4, 0.3, "arithmetic")
    values = np.vstack((table(1), np.full((1, 4), np.nan)))
    result = index.sensitivity(values, seed=1, replicates=20)
    assert np.isnan(result.base[-1]) and np.isnan(result.low[-1]) and np.isnan(result.rank_share[-1]).all()
    nothing = index.sensitivity(np.full((2, 4), np.nan), seed=1, replicates=20)
    assert (nothing.n, nothing.flags, nothing.rank_shift) == (0, ("not_enough_data",), None)
    assert str(nothing) == "sensitivity not computable (not_enough_data)"
    assert index.sensitivity(np.zeros((0, 4)), seed=1, replicates=20).n == 0


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"values": [[1, 2, 3]]}, "values"),
        ({"values": [1, 2]}, "values"),
        ({"seed": -1}, "seed"),
        ({"replicates": 0}, "replicates"),
        ({"confidence": 1}, "confidence"),
        ({"concentration": 0}, "concentration"),
        ({"scales": {"z": []}}, "scales"),
        ({"imputations": ()}, "imputations"),
        ({"imputations": ("median",)}, "imputations"),
        ({"errors": [[1, 2]]}, "errors"),
        ({"errors": -np.ones((3, 2))}, "errors"),
    ],
)
def test_bad_input_names_the_argument(arguments: dict[str, object], argument: str) -> None:
    given_: dict[str, object] = {"values": ROWS, "seed": 1} | arguments
    values = given_.pop("values")
    with pytest.raises(MeasureError) as caught:
        pair().sensitivity(values, **given_)  # type: ignore[arg-type]
    assert caught.value.argument == argument
