"""Trends and change points: published values, SciPy, enumeration, properties."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.trend import NILE, ORACLES, RISING
from zhiheng.measure.trend import change_points, mann_kendall, sen_slope


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_values(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} instead of {oracle.published} ({oracle.source})"


# --- Mann-Kendall and Sen


def autoregressive(seed: int, n: int, rho: float) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n)
    for t in range(1, n):
        noise[t] += rho * noise[t - 1]
    return noise


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5), (1, 1, 2, 3, 3), (1, 1, 1, 2, 2), (4, 4, 4, 4, 5)])
def test_the_variance_is_that_over_all_orders(values: tuple[int, ...]) -> None:
    scores = [
        sum(int(np.sign(order[j] - order[i])) for i in range(5) for j in range(i + 1, 5))
        for order in permutations(values)
    ]
    assert mann_kendall(values).variance == pytest.approx(np.var(scores))


@pytest.mark.parametrize("seed", range(4))
def test_tau_and_slope_against_scipy(seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 30, 40) + 0.3 * np.arange(40)
    test = mann_kendall(values)
    assert test.tau == pytest.approx(stats.kendalltau(np.arange(40), values).statistic)
    times = np.cumsum(np.random.default_rng(seed + 50).integers(1, 4, 40))
    ours = sen_slope(values, times=times, confidence=0.9)
    theirs = stats.theilslopes(values, times, alpha=0.9)
    figure = ours.slope
    assert (figure.value, figure.low, figure.high) == pytest.approx(tuple(theirs)[:1] + tuple(theirs)[2:])
    assert ours.intercept == pytest.approx(theirs.intercept)


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=30))
def test_turning_time_round_turns_the_trend(values: list[int]) -> None:
    one, other = mann_kendall(values), mann_kendall(values[::-1])
    assert one.s == -other.s
    assert one.p_value == other.p_value
    rescaled = mann_kendall([3 * v + 7 for v in values])
    assert (rescaled.s, rescaled.z) == (one.s, one.z)


def test_directions_and_what_is_printed() -> None:
    assert mann_kendall(RISING).direction() == "rising"
    assert mann_kendall(RISING[::-1]).direction() == "falling"
    assert mann_kendall(RISING).direction(level=1e-6) == "none shown"
    assert str(mann_kendall(RISING)) == "trend rising: S=39, z=3.426, p=0.000612 (n=10, mann-kendall)"
    assert str(sen_slope(RISING)).startswith("0.75 per step [")
    assert mann_kendall([1, 3, 2, 4]).flags == ("small_sample",)
    assert sen_slope([1, 3, 2, 4]).slope.flags == ("small_sample",)


def test_hamed_and_raos_factor_by_loops() -> None:
    values = autoregressive(3, 60, 0.6)
    slopes = [(values[j] - values[i]) / (j - i) for i in range(60) for j in range(i + 1, 60)]
    rank = stats.rankdata(values - np.median(slopes) * np.arange(60))
    factor = 1.0
    for lag in range(1, 60):
        centred = rank - rank.mean()
        rho = (centred[lag:] * centred[:-lag]).sum() / (centred**2).sum()
        if abs(rho) > 1.959963984540054 / np.sqrt(60):
            factor += 2 * (60 - lag) * (59 - lag) * (58 - lag) * rho / (60 * 59 * 58)
    assert factor > 1
    plain, corrected = mann_kendall(values), mann_kendall(values, dependence="hamed-rao")
    assert corrected.variance == pytest.approx((plain.variance or 0) * factor)
    assert corrected.method == "mann-kendall, hamed-rao"
    # A straight line leaves nothing whose ranks could resemble each other.
    line = mann_kendall(np.arange(10.0), dependence="hamed-rao")
    assert line.variance == mann_kendall(np.arange(10.0)).variance


def test_dependence_that_is_allowed_for_raises_fewer_false_alarms() -> None:
    alarms = dict.fromkeys(("none", "hamed-rao", "block-bootstrap"), 0)
    for seed in range(60):
        values = autoregressive(seed, 60, 0.6)
        for method in alarms:
            test = mann_kendall(values, dependence=method, replicates=200)  # type: ignore[arg-type]
            alarms[method] += test.direction() != "none shown"
    assert alarms["none"] > 15
    assert alarms["hamed-rao"] < 12
    assert alarms["block-bootstrap"] < alarms["none"] * 0.7


def test_a_bootstrap_repeats_itself_by_its_seed() -> None:
    values = autoregressive(1, 40, 0.3) + 0.02 * np.arange(40)
    p = [
        mann_kendall(values, dependence="block-bootstrap", seed=s, replicates=500).p_value for s in (1, 1, 2)
    ]
    assert p[0] == p[1] != p[2]
    rising = mann_kendall(np.arange(30) + autoregressive(2, 30, 0), dependence="block-bootstrap", block=3)
    assert rising.p_value == pytest.approx(1 / 2001)


def test_too_few_values_show_no_trend() -> None:
    for values in ([], [1], [1, 2], [1, 2, 3]):
        test = mann_kendall(values)
        assert (test.p_value, test.flags, test.direction()) == (None, ("not_enough_data",), "none shown")
        assert sen_slope(values).slope.flags == ("not_enough_data",)
        assert sen_slope(values).intercept is None
    level = mann_kendall([2, 2, 2, 2, 2])
    assert level.flags == ("not_enough_data", "zero_variance")
    assert str(level) == "trend not computable (n=5, mann-kendall, not_enough_data, zero_variance)"
    flat = sen_slope([2, 2, 2, 2, 2]).slope
    assert (flat.value, flat.low, flat.high) == (0.0, 0.0, 0.0)


# --- change points


def dearest(values: list[float], least: int, price: float) -> list[int]:
    """The best division by trying every one."""
    n = len(values)
    best, found = np.inf, [0]
    for code in range(2 ** (n - 1)):
        edges = [0, *(i + 1 for i in range(n - 1) if code >> i & 1), n]
        if min(np.diff(edges)) >= least:
            parts = [np.array(values[a:b]) for a, b in pairwise(edges)]
            cost = sum(float(((p - p.mean()) ** 2).sum()) for p in parts) + price * (len(parts) - 1)
            if cost < best - 1e-9:
                best, found = cost, edges[1:-1]
    return found


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(-5, 5), min_size=6, max_size=11),
    st.integers(2, 3),
    st.sampled_from([0.3, 1.234, 4.0, 20.0]),
)
def test_the_division_is_the_best_of_all(values: list[float], least: int, price: float) -> None:
    found = change_points(values, minimum_length=least, penalty=price, sigma=1.0)

    def cost(inner: tuple[int, ...] | list[int]) -> float:
        edges = [0, *inner, len(values)]
        parts = [np.array(values[a:b]) for a, b in pairwise(edges)]
        return sum(float(((p - p.mean()) ** 2).sum()) for p in parts) + price * len(inner)

    assert cost(found.positions) == pytest.approx(cost(dearest(values, least, price)), abs=1e-6)


def test_the_nile_and_its_shift() -> None:
    found = change_points(NILE)
    (point,) = found.points
    welch = stats.ttest_ind(NILE[28:], NILE[:28], equal_var=False).confidence_interval(0.95)
    assert (point.shift.low, point.shift.high) == pytest.approx((welch.low, welch.high))
    assert point.shift.n == 100
    assert str(found) == "at 28: 1098 → 850 (n=100, optimal partitioning)"


def test_noise_alone_has_no_change_and_steps_have_theirs() -> None:
    random = np.random.default_rng(7)
    alarms = sum(bool(change_points(random.normal(size=80)).points) for _ in range(100))
    assert alarms <= 8
    steps = np.repeat([0.0, 6.0, 1.0], 20) + random.normal(size=60)
    assert change_points(steps).positions == (20, 40)
    assert str(change_points(random.normal(size=30))).startswith("no change of level")
    # Most neighbours equal: the median step is 0 and the spread of the steps stands in.
    clean = change_points(np.repeat([0.0, 6.0], 20))
    assert clean.positions == (20,)
    assert (clean.points[0].shift.low, clean.points[0].shift.high) == (6.0, 6.0)


def test_what_a_division_cannot_tell() -> None:
    assert change_points([1.0] * 30).flags == ("zero_variance",)
    assert change_points([1.0, 2.0] * 2).flags == ("not_enough_data",)
    assert change_points([]).flags == ("not_enough_data",)
    wave = change_points(np.sin(np.arange(60) / 9), sigma=5.0)
    assert (wave.positions, wave.flags) == ((), ("autocorrelated",))


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: mann_kendall([1, float("nan")]), "values"),
        (lambda: mann_kendall([[1, 2]]), "values"),
        (lambda: mann_kendall(np.zeros(5001)), "values"),
        (lambda: mann_kendall([1, 2, 3, 4], dependence="some"), "dependence"),  # type: ignore[arg-type]
        (lambda: mann_kendall([1, 2, 3, 4], dependence="block-bootstrap", block=4), "block"),
        (lambda: mann_kendall([1, 2, 3, 4], dependence="block-bootstrap", replicates=9), "replicates"),
        (lambda: sen_slope([1, 2, 3, 4], times=[1, 2, 2, 3]), "times"),
        (lambda: sen_slope([1, 2, 3, 4], times=[1, 2]), "times"),
        (lambda: sen_slope([1, 2, 3, 4], confidence=1), "confidence"),
        (lambda: change_points([1, float("inf")]), "values"),
        (lambda: change_points([1, 2], minimum_length=1), "minimum_length"),
        (lambda: change_points([1, 2], penalty=-1), "penalty"),
        (lambda: change_points([1, 2], sigma=0), "sigma"),
        (lambda: change_points([1, 2], confidence=0), "confidence"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
