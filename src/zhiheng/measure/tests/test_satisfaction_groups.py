"""Drivers, non-response and shrinkage: brute force over all orders, SciPy's tests and beta-binomial, properties."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta, betabinom, chi2_contingency, ttest_ind
from statsmodels.stats.multitest import multipletests

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles.satisfaction import attitude_drivers
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.satisfaction import drivers, nonresponse_check, shrink
from zhiheng.measure.satisfaction.drivers import variance_shares
from zhiheng.measure.satisfaction.shares import correlations, lmg_shares, sampled_shares


def r_squared(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack((np.ones(len(y)), x))
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - float(left @ left) / float(((y - y.mean()) ** 2).sum())


def survey(seed: int, n: int = 120, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    common = random.normal(size=(n, 1))
    x = np.clip(np.round(3.5 + common + random.normal(size=(n, k))), 1, 5)
    return x, x @ random.uniform(0, 1, k) + random.normal(0, 1.5, n)


@pytest.mark.parametrize("seed", range(3))
def test_shares_are_gains_averaged_over_all_orders(seed: int) -> None:
    x, y = survey(seed)
    gains = np.zeros(4)
    for order in permutations(range(4)):
        for place, attribute in enumerate(order):
            before = r_squared(x[:, list(order[:place])], y)
            gains[attribute] += r_squared(x[:, list(order[: place + 1])], y) - before
    ours = drivers(x, y)
    assert [d.share.value for d in ours.drivers] == pytest.approx(gains / 24, abs=1e-9)
    assert ours.r_squared == pytest.approx(r_squared(x, y), abs=1e-9)
    assert sum(d.portion or 0 for d in ours.drivers) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_shares_follow_their_attribute_and_ignore_its_unit(seed: int, order: list[int]) -> None:
    x, y = survey(seed)
    here, there = drivers(x, y), drivers(x[:, order] * 7 - 2, 3 * y + 1)
    assert [there.drivers[order.index(i)].share.value for i in range(4)] == pytest.approx(
        [d.share.value for d in here.drivers], abs=1e-9
    )
    assert min(d.share.value or 0 for d in here.drivers) >= -1e-12


def test_averaging_a_list_of_all_orders_is_the_same() -> None:
    x, y = survey(8)
    matrices = np.stack(
        [correlations(np.column_stack((x[rows], y[rows])))[0] for rows in (slice(60), slice(120))]
    )
    orders = np.array(list(permutations(range(4))))
    assert sampled_shares(matrices, orders) == pytest.approx(lmg_shares(matrices), abs=1e-12)
    # And where one attribute is a copy of another, or nearly: no factor to go by.
    for copied in (x[:, [0, 1, 2, 0]], np.column_stack((x[:, :3], x[:, 0] + 1e-7 * x[:, 1]))):
        singular = correlations(np.column_stack((copied, y)))
        assert sampled_shares(singular, orders) == pytest.approx(lmg_shares(singular), abs=1e-7)


@pytest.mark.slow
def test_many_attributes_are_entered_in_sampled_orders() -> None:
    # Uncorrelated attributes bring the square of their correlation, in whatever order.
    random = np.random.default_rng(1)
    x = np.linalg.qr(np.column_stack((np.ones(200), random.normal(size=(200, 20)))))[0][:, 1:]
    y = x @ random.normal(size=20) + random.normal(0, 0.05, 200)
    result = drivers(x, y, seed=1, replicates=0)
    squares = [np.corrcoef(x[:, i], y)[0, 1] ** 2 for i in range(20)]
    assert [d.share.value for d in result.drivers] == pytest.approx(squares, abs=1e-9)
    assert (result.method, result.drivers[0].share.low) == ("lmg-sampled", None)
    # Correlated ones come near the mean over all orders, and still add up.
    common = np.round(x @ random.normal(size=(20, 16)) * 20)
    near = drivers(common, y, seed=2, order_pairs=200, replicates=3)
    exact = lmg_shares(correlations(np.column_stack((common, y))))[0]
    assert [d.share.value for d in near.drivers] == pytest.approx(exact, abs=0.015)
    assert near.r_squared == pytest.approx(r_squared(common, y), abs=1e-9)
    assert near.method == "lmg-sampled-bootstrap-percentile"


def test_two_copies_of_one_attribute_share_its_part() -> None:
    x, y = survey(3)
    ours = drivers(np.column_stack((x, x[:, 0])), y, names=["a", "b", "c", "d", "a again"])
    assert ours.drivers[0].share.value == pytest.approx(ours.drivers[4].share.value)
    assert ours.flags == ("collinear",)
    assert (ours.intercept, ours.drivers[1].slope) == (None, None)
    assert ours.r_squared == pytest.approx(r_squared(x, y), abs=1e-9)


def test_a_constant_attribute_explains_nothing() -> None:
    x, y = survey(4)
    ours = drivers(np.column_stack((x, np.full(len(y), 3))), y)
    assert ours.flags == ("zero_variance:5", "collinear")
    assert ours.drivers[4].share.value == 0
    flat = drivers(np.full((9, 1), 3), np.arange(9), seed=1, replicates=20)
    assert (flat.r_squared, flat.drivers[0].portion) == (0, None)


def test_intervals_of_shares() -> None:
    x, y = survey(5, n=400)
    first, again = (drivers(x, y, seed=1, replicates=300) for _ in range(2))
    assert first == again
    for driver in first.drivers:
        assert driver.share.method == "lmg-bootstrap-percentile"
        assert driver.share.low < driver.share.value < driver.share.high  # type: ignore[operator]
    people = np.repeat(np.arange(100), 4)
    clustered = drivers(x, y, seed=1, replicates=300, clusters=people)
    assert clustered.drivers[0].share.low != first.drivers[0].share.low


def test_a_bootstrap_share_is_the_share_of_the_drawn_answers() -> None:
    # Drawing clusters of which each is the whole survey changes nothing, and then there is no interval.
    x, y = survey(6, n=50)
    both = np.vstack((x, x)), np.concatenate((y, y)), [0] * 50 + [1] * 50
    expected = [d.share.value for d in drivers(x, y).drivers]
    for replicate in variance_shares(*both, replicates=20, seed=1):
        assert replicate == pytest.approx(expected, abs=1e-9)
    twice = drivers(both[0], both[1], seed=1, replicates=20, clusters=both[2])
    assert [(d.share.low, d.share.high) for d in twice.drivers] == [(None, None)] * 4


def test_drivers_print_themselves_by_rank() -> None:
    text = str(attitude_drivers())
    assert text.startswith("R² 73.26% (n=30): complaints: 37.08% (n=30); learning: 15.58% (n=30)")


def test_drivers_without_enough_data() -> None:
    few = drivers([[1, 2], [2, 1], [3, 3]], [1, 2, 3])
    assert (few.r_squared, few.flags, few.drivers[0].share.value) == (None, ("not_enough_data",), None)
    assert str(few) == "drivers: not_enough_data (n=3)"
    assert drivers([[1], [2], [3]], [2, 2, 2]).flags == ("not_enough_data",)
    assert drivers(np.zeros((0, 2)), []).flags == ("not_enough_data", "zero_variance:1", "zero_variance:2")


def asked(seed: int, n: int = 400) -> tuple[np.ndarray, dict[str, object]]:
    random = np.random.default_rng(seed)
    answered = random.random(n) < 0.3
    return answered, {
        "age_d": random.gamma(2, 3, n) + 2 * answered,
        "priority": np.where(random.random(n) < 0.2 + 0.3 * answered, "P1", "P3"),
        "breached": random.random(n) < 0.1,
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_responders_against_scipy(seed: int) -> None:
    answered, attributes = asked(seed)
    result = nonresponse_check(answered, attributes)
    age, priority, breached = result.attributes
    ages = np.asarray(attributes["age_d"])
    welch = ttest_ind(ages[answered], ages[~answered], equal_var=False)
    assert (age.statistic, age.p_value, age.degrees) == pytest.approx(
        (welch.statistic, welch.pvalue, welch.df), rel=1e-9
    )
    for check, values in ((priority, attributes["priority"]), (breached, attributes["breached"])):
        labels = np.asarray(values).astype(str)
        table = [[((labels == v) & (answered == a)).sum() for v in np.unique(labels)] for a in (True, False)]
        chi = chi2_contingency(table, correction=False)
        assert (check.statistic, check.p_value) == pytest.approx((chi.statistic, chi.pvalue), rel=1e-9)
        assert check.effect == pytest.approx((chi.statistic / answered.size) ** 0.5)
    holm = multipletests([c.p_value for c in result.attributes], method="holm")[1]
    assert [c.p_adjusted for c in result.attributes] == pytest.approx(list(holm))
    assert {"age_d", "priority"} <= set(result.biased)
    assert result.response.numerator == answered.sum()
    assert "standardised difference" in str(age) and "Cramér's V" in str(priority)
    assert str(result).startswith("response ")


def test_a_difference_that_is_large_by_chance_or_small_for_sure_is_no_bias() -> None:
    random = np.random.default_rng(1)
    few = nonresponse_check([1] * 3 + [0] * 3, {"x": [1, 5, 9, 2, 4, 5]})
    assert few.biased == () and abs(few.attributes[0].effect or 0) > 0.1
    answered = np.arange(200_000) % 2 == 0
    sure = nonresponse_check(answered, {"x": random.normal(0, 1, answered.size) + 0.05 * answered})
    assert (sure.attributes[0].p_value or 1) < 1e-6 and sure.biased == ()
    assert nonresponse_check(answered, {"x": answered * 1.0 + random.normal(0, 1, answered.size)}).biased


def test_rates_by_category() -> None:
    result = nonresponse_check([1, 1, 0, 0, 0, 1, 0, 0], {"team": list("aabbbbcc")})
    (check,) = result.attributes
    rates = dict(check.rates)
    assert {name: (rate.numerator, rate.denominator) for name, rate in rates.items()} == {
        "a": (2, 2),
        "b": (1, 4),
        "c": (0, 2),
    }
    assert check.flags == ("small_expected_counts",)


def test_responders_that_can_not_be_compared() -> None:
    one = nonresponse_check([1, 0, 0, 0], {"x": [1, 2, 3, 4], "y": list("abab")})
    assert [c.flags for c in one.attributes] == [("not_enough_data",)] * 2
    assert one.flags == ("not_enough_data",)
    assert str(one.attributes[0]) == "x: not_enough_data"
    assert one.attributes[0].responders == 1
    nobody = nonresponse_check([0, 0], {"x": [1, 2]})
    assert nobody.attributes[0].responders is None
    same = nonresponse_check([1, 1, 0, 0], {"x": [3, 3, 3, 3], "y": ["a"] * 4})
    assert [c.flags for c in same.attributes] == [("zero_variance",)] * 2


def test_groups_that_share_no_value_are_judged_by_the_chance_of_such_a_split() -> None:
    apart = nonresponse_check([1] * 5 + [0] * 5, {"x": [1] * 5 + [2] * 5})
    assert apart.attributes[0].p_value == pytest.approx(2 / 252)
    assert apart.attributes[0].effect == pytest.approx(-2)  # one apart, with a deviation of ½
    assert apart.biased == ("x",)
    tenths = nonresponse_check([1] * 3 + [0] * 3, {"x": [0.1] * 3 + [0.3] * 3})
    assert tenths.attributes[0].p_value == pytest.approx(2 / 20)


def groups(seed: int, size: int = 40) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    n = random.integers(0, 80, size)
    return random.binomial(n, random.beta(12, 3, size)), n


@pytest.mark.parametrize("seed", range(2))
def test_the_prior_against_scipys_beta_binomial(seed: int) -> None:
    x, n = groups(seed)
    result = shrink(x, n)

    def loss(parameters: np.ndarray) -> float:
        a, b = np.exp(parameters)
        return -float(betabinom.logpmf(x, n, a, b).sum())

    fitted = minimize(loss, np.log([5.0, 5.0]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert (result.alpha, result.beta) == pytest.approx(np.exp(fitted.x), rel=1e-3)
    assert result.alpha is not None and result.beta is not None
    for group, a, b in zip(result.groups, x, n, strict=True):
        posterior = beta(result.alpha + a, result.beta + b - a)
        assert group.shrunk.value == pytest.approx(posterior.mean())
        assert (group.shrunk.low, group.shrunk.high) == pytest.approx(posterior.interval(0.95), abs=1e-9)
        assert group.weight == pytest.approx(b / (b + result.alpha + result.beta))
        assert ("not_enough_data" in group.shrunk.flags) == (b < 10)
    assert result.mean == pytest.approx(result.alpha / (result.alpha + result.beta))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12))
def test_shrunk_shares_lie_between_the_raw_one_and_the_mean(pairs: list[tuple[int, int]]) -> None:
    x, n = [a for a, _ in pairs], [a + b for a, b in pairs]
    result = shrink(x, n)
    for group in result.groups:
        if group.raw.value is not None and group.shrunk.value is not None and result.mean is not None:
            low, high = sorted((group.raw.value, result.mean))
            assert low - 1e-9 <= group.shrunk.value <= high + 1e-9


def test_groups_that_differ_by_chance_alone_get_the_common_share() -> None:
    result = shrink([9, 18, 27], [10, 20, 30], names=["a", "b", "c"])
    assert (result.flags, result.alpha) == (("no_spread_between_groups",), None)
    common = wilson_interval(54, 60)
    assert [g.shrunk.value for g in result.groups] == [0.9] * 3
    assert result.groups[0].shrunk.low == common.low
    assert (result.groups[0].shrunk.n, result.groups[0].shrunk.method) == (10, "pooled-wilson")
    assert str(result).startswith("a: 90.00% [") and str(result).endswith("no_spread_between_groups")


def test_shares_that_are_all_the_same_or_stand_alone() -> None:
    assert shrink([3, 4], [3, 4]).flags == ("zero_variance",)
    assert shrink([0, 0], [3, 4]).mean == 0
    assert shrink([3], [10]).flags == shrink([3, 0], [10, 0]).flags == ("not_enough_data",)
    assert shrink([], []).mean is None
    extremes = shrink([20, 0, 20, 0], [20] * 4)
    assert extremes.groups[0].weight > 0.99


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: drivers([1, 2], [1, 2]), "attributes"),
        (lambda: drivers([[1], [float("nan")]], [1, 2]), "attributes"),
        (lambda: drivers(np.zeros((3, 0)), [1, 2, 3]), "attributes"),
        (lambda: drivers(np.zeros((3, 101)), [1, 2, 3]), "attributes"),
        (lambda: drivers(np.zeros((3, 16)), [1, 2, 3]), "seed"),
        (lambda: drivers([[1], [2]], [1, 2], seed=1, replicates=-1), "replicates"),
        (lambda: drivers([[1], [2]], [1, 2], order_pairs=0), "order_pairs"),
        (lambda: drivers([[1], [2]], [1]), "outcome"),
        (lambda: drivers([[1], [2]], [1, 2], names=["a", "b"]), "names"),
        (lambda: drivers([[1], [2], [4]], [1, 2, 3], seed=1, clusters=[1]), "clusters"),
        (lambda: drivers([[1], [2], [4]], [1, 2, 3], seed=-1), "seed"),
        (lambda: drivers([[1], [2], [4]], [1, 2, 3], confidence=1), "confidence"),
        (lambda: nonresponse_check([1, 0], {}), "attributes"),
        (lambda: nonresponse_check([2, 0], {"x": [1, 2]}), "responded"),
        (lambda: nonresponse_check([1, 0], {"x": [1]}), "attributes['x']"),
        (lambda: nonresponse_check([1, 0], {"x": [1, float("inf")]}), "attributes['x']"),
        (lambda: nonresponse_check([1, 0], {"x": [1, 2]}, significance=0), "significance"),
        (lambda: nonresponse_check([1, 0], {"x": [1, 2]}, limit=-1), "limit"),
        (lambda: shrink([3], [2]), "numerator"),
        (lambda: shrink([-1], [2]), "numerator"),
        (lambda: shrink([1], [2, 3]), "denominator"),
        (lambda: shrink([1.5], [2]), "numerator"),
        (lambda: shrink([1], [2], names=[]), "names"),
        (lambda: shrink([1], [2], minimum_n=-1), "minimum_n"),
        (lambda: shrink([1], [2], confidence=0), "confidence"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
