"""Intervals of dependent answers: statsmodels, SciPy's bootstrap, exact small cases, seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, bootstrap
from statsmodels.api import OLS, WLS

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.satisfaction import bootstrap_interval, cluster_interval


def answers(seed: int, n: int = 300, people: int = 60) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    who = random.integers(0, people, n)
    return np.round(random.normal(0, 1, people)[who] + random.normal(3, 1, n), 2), who


def test_labels_of_any_kind() -> None:
    values = [1, 2, 3, 5]
    expected = cluster_interval(values, [7, 7, 8, 9])
    for labels in ([7.0, 7.0, 8.0, 9.0], list("aabc"), np.array(["a", "a", "b", 3], dtype=object)):
        assert cluster_interval(values, labels) == expected


@pytest.mark.parametrize("seed", range(4))
def test_clusters_against_statsmodels(seed: int) -> None:
    values, who = answers(seed)
    ours = cluster_interval(values, who, confidence=0.9)
    fitted = OLS(values, np.ones(values.size)).fit(cov_type="cluster", cov_kwds={"groups": who}, use_t=True)
    assert ours.standard_error == pytest.approx(fitted.bse[0], rel=1e-9)
    assert (ours.figure.low, ours.figure.high) == pytest.approx(fitted.conf_int(alpha=0.1)[0], abs=1e-9)
    assert ours.design_effect is not None and ours.design_effect > 1.5
    assert ours.effective_n == pytest.approx(values.size / ours.design_effect)
    assert (ours.clusters, ours.largest) == (np.unique(who).size, np.bincount(who).max())


def test_weighted_clusters_against_statsmodels() -> None:
    values, who = answers(9)
    weights = np.random.default_rng(1).uniform(0.5, 3, values.size)
    ours = cluster_interval(values, who, weights=weights)
    fitted = WLS(values, np.ones(values.size), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": who}, use_t=True
    )
    assert ours.figure.value == pytest.approx(fitted.params[0], rel=1e-12)
    assert ours.standard_error == pytest.approx(fitted.bse[0], rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40).filter(lambda x: len(set(x)) > 1))
def test_one_answer_each_is_the_ordinary_interval(values: list[int]) -> None:
    ours = cluster_interval(values, list(range(len(values))))
    assert ours.standard_error == pytest.approx(np.std(values, ddof=1) / len(values) ** 0.5)
    assert ours.design_effect == pytest.approx(1)


def test_a_clustered_share_stays_a_share_and_few_clusters_are_flagged() -> None:
    ours = cluster_interval([1, 1, 1, 0], ["a", "a", "b", "c"], unit="share", limits=(0, 1), population="all")
    assert (ours.figure.low, ours.figure.high, ours.figure.flags) == (0, 1, ("few_clusters",))
    assert str(ours).startswith(
        "75.00% [0.00% … 100.00%] (n=4, 95% cluster-student, few_clusters), 3 clusters"
    )
    assert ours.figure.population == "all"


def test_clusters_without_enough_to_go_on() -> None:
    one = cluster_interval([1, 2], ["a", "a"])
    assert (one.figure.flags, one.clusters, one.largest) == (("not_enough_data",), 1, 2)
    assert cluster_interval([], []).largest == 0
    same = cluster_interval([3, 3, 3], ["a", "b", "b"])
    assert (same.figure.value, same.figure.low, same.design_effect) == (3, None, None)
    assert same.figure.flags == ("few_clusters", "zero_variance")
    assert str(same).endswith("2 clusters, design effect ?")
    # Both clusters have the same mean and size: nothing differs between them.
    assert cluster_interval([1, 3, 1, 3], ["a", "a", "b", "b"]).figure.low is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "statistic", "rating"),
    [
        ("percentile", "mean", False),
        ("percentile", "mean", True),
        ("percentile", "median", False),
        ("bca", "mean", False),
        ("bca", "mean", True),
        ("bca", "median", False),
    ],
)
def test_the_bootstrap_against_scipy(kind: str, statistic: str, rating: bool) -> None:
    random = np.random.default_rng(5)
    values = random.integers(1, 11, 300).astype(float) if rating else random.exponential(2, 400)
    ours = bootstrap_interval(values, seed=3, statistic=statistic, kind=kind, replicates=20_000)  # type: ignore[arg-type]
    function = {"mean": np.mean, "median": np.median}[statistic]
    theirs = bootstrap(
        (values,),
        function,
        n_resamples=20_000,
        method={"percentile": "percentile", "bca": "BCa"}[kind],
        rng=np.random.default_rng(4),
    )
    width = theirs.confidence_interval.high - theirs.confidence_interval.low
    assert ours.value == pytest.approx(function(values), abs=1e-12)
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.05 * width)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.05 * width)


def test_the_bootstrap_of_a_share_is_binomial() -> None:
    values = [1.0] * 30 + [0.0] * 70
    ours = bootstrap_interval(values, seed=1, unit="share", replicates=50_000)
    assert ours.low == pytest.approx(binom.ppf(0.025, 100, 0.3) / 100, abs=0.0101)
    assert ours.high == pytest.approx(binom.ppf(0.975, 100, 0.3) / 100, abs=0.0101)


def test_the_same_seed_gives_the_same_bits() -> None:
    values, who = answers(2)
    for arguments in ({}, {"clusters": who}, {"statistic": "median"}, {"kind": "bca"}):
        first, again = (bootstrap_interval(values, seed=7, replicates=500, **arguments) for _ in range(2))
        assert first == again
        assert first != bootstrap_interval(values, seed=8, replicates=500, **arguments)


def test_drawing_people_agrees_with_the_robust_interval() -> None:
    values, who = answers(3, n=600, people=150)
    robust = cluster_interval(values, who).figure
    drawn = bootstrap_interval(values, clusters=who, seed=1, replicates=4000)
    naive = bootstrap_interval(values, seed=1, replicates=4000)
    assert drawn.method == "cluster-bootstrap-percentile"
    for side in ("low", "high"):
        assert getattr(drawn, side) == pytest.approx(getattr(robust, side), abs=0.03)
    assert drawn.high - drawn.low > 1.3 * (naive.high - naive.low)  # type: ignore[operator]


def test_clusters_of_one_are_answers() -> None:
    values, _ = answers(4, n=90)
    order = np.argsort(values, kind="stable")
    values = values[order]  # answers are drawn in rising order, clusters in the order of their labels
    for statistic in ("mean", "median"):
        alone = bootstrap_interval(values, seed=2, statistic=statistic, replicates=400)  # type: ignore[arg-type]
        each = bootstrap_interval(
            values,
            seed=2,
            statistic=statistic,  # type: ignore[arg-type]
            clusters=np.arange(values.size),
            replicates=400,
        )
        assert (each.value, each.low, each.high) == pytest.approx((alone.value, alone.low, alone.high))


def test_any_statistic_of_counted_values() -> None:
    def top(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
        return counts[:, values >= 9].sum(axis=1) / counts.sum(axis=1)

    scores = np.random.default_rng(3).integers(0, 11, 500)
    ours = bootstrap_interval(scores, seed=1, statistic=top, kind="bca", unit="share")
    share = (scores >= 9).mean()
    assert ours.value == pytest.approx(share)
    assert ours.low == pytest.approx(share - 1.96 * (share * (1 - share) / 500) ** 0.5, abs=0.006)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=30), st.integers(0, 2**32))
def test_limits_lie_in_the_range_of_the_answers(values: list[int], seed: int) -> None:
    for kind in ("percentile", "bca"):
        figure = bootstrap_interval(values, seed=seed, replicates=200, kind=kind)  # type: ignore[arg-type]
        assert figure.value == pytest.approx(np.mean(values))
        if figure.low is not None and figure.high is not None:
            assert min(values) <= figure.low <= figure.high <= max(values)


def test_too_little_to_draw_from() -> None:
    assert bootstrap_interval([], seed=1).flags == ("not_enough_data",)
    assert bootstrap_interval([3], seed=1).flags == ("not_enough_data",)
    assert bootstrap_interval([3, 4], clusters=["a", "a"], seed=1).flags == ("not_enough_data",)
    same = bootstrap_interval([3, 3], seed=1, replicates=50, population="all")
    assert (same.value, same.low, same.flags, same.population) == (3, None, ("zero_variance",), "all")


def test_bca_that_is_not_defined_falls_back() -> None:
    # Leaving one of these out never moves the median.
    figure = bootstrap_interval([1, 2, 2, 2, 9], statistic="median", kind="bca", seed=1, replicates=500)
    assert figure.flags == ("bca_undefined",)
    assert figure.low is not None and figure.high is not None


def test_bca_with_a_skew_beyond_its_formula_ends_at_the_range() -> None:
    values = [0.0] * 400 + [1000.0]
    figure = bootstrap_interval(values, kind="bca", seed=1, replicates=2000, confidence=0.99999999)
    assert figure.high == pytest.approx(1000 * 6 / 401, rel=0.5)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: cluster_interval([1, 2], ["a"]), "clusters"),
        (lambda: cluster_interval([1, 2], [1.0, float("nan")]), "clusters"),
        (lambda: cluster_interval([1, 2], np.array(["a", None])), "clusters"),
        (lambda: cluster_interval([1, 2], ["a", "b"], weights=[0, 0]), "weights"),
        (lambda: cluster_interval([1, 2], ["a", "b"], weights=[1]), "weights"),
        (lambda: cluster_interval([1, 2], ["a", "b"], confidence=0), "confidence"),
        (lambda: bootstrap_interval([1, 2], seed=-1), "seed"),
        (lambda: bootstrap_interval([1] * 60 + [2] * 60, seed=1.5), "seed"),  # type: ignore[arg-type]
        (lambda: bootstrap_interval([1, 2], seed=1, replicates=0), "replicates"),
        (lambda: bootstrap_interval([1] * 60 + [2] * 60, seed=1, replicates=0), "replicates"),
        (lambda: bootstrap_interval([1, 2], seed=1, kind="basic"), "kind"),  # type: ignore[arg-type]
        (lambda: bootstrap_interval([1, 2], seed=1, statistic="mode"), "statistic"),  # type: ignore[arg-type]
        (lambda: bootstrap_interval([1, 2], seed=1, statistic=lambda c, v: c), "statistic"),
        (lambda: bootstrap_interval([1, 2], seed=1, clusters=["a"]), "clusters"),
        (lambda: bootstrap_interval([1, 2], seed=1, confidence=1), "confidence"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
