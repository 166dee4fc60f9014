"""Importance against performance: published shares, quadrants by hand, intervals that cross a line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.importance import ImportancePerformance, importance_performance
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.oracles.importance import ORACLES
from zhiheng.measure.satisfaction import bootstrap_interval, drivers

NAMES = ("speed", "manners", "price", "forms")
# Means of importance and performance, each a rating near one value: far from both lines at 3.
CENTRES = ((4.5, 1.5), (4.5, 4.5), (1.5, 1.5), (1.5, 4.5))


@pytest.mark.slow
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


def survey(seed: int = 1, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    importance, performance = (
        np.array([[np.floor(c[axis]) for c in CENTRES]] * n) + random.integers(0, 2, (n, 4))
        for axis in (0, 1)
    )
    return importance, performance


def table(**arguments: object) -> ImportancePerformance:
    importance, performance = survey()
    defaults: dict[str, object] = {"importance": importance, "names": NAMES, "seed": 1, "replicates": 400}
    return importance_performance(performance, **(defaults | arguments))  # type: ignore[arg-type]


def test_the_four_quadrants() -> None:
    result = table(crosshair="scale", scale=(1, 5))
    assert [p.label for p in result.points] == ["concentrate", "keep_up", "low_priority", "possible_overkill"]
    assert (result.importance_line, result.performance_line, result.n) == (3, 3, 200)
    assert result.in_quadrant("concentrate") == ("speed",)
    assert str(result).startswith(
        "stated importance against performance, lines of scale (n=200); speed: conc"
    )


def test_the_gap_is_importance_less_performance() -> None:
    importance, performance = survey()
    for i, point in enumerate(table().points):
        gap = point.gap
        assert gap is not None and gap.low is not None and gap.high is not None
        differences = importance[:, i] - performance[:, i]
        assert gap.value == pytest.approx(differences.mean())
        half = 1.96 * differences.std() / 200**0.5
        assert (gap.low, gap.high) == pytest.approx(
            (differences.mean() - half, differences.mean() + half), abs=0.35 * half
        )


def test_lines_of_the_data_are_the_means_over_attributes() -> None:
    importance, performance = survey()
    result = table()
    assert result.importance_line == pytest.approx(importance.mean())
    assert result.performance_line == pytest.approx(performance.mean())


def test_a_point_whose_interval_crosses_a_line_is_uncertain() -> None:
    importance, performance = survey()
    performance[:, 1] = np.random.default_rng(3).integers(1, 6, 200)  # mean near 3
    point = table(crosshair="scale", scale=(1, 5))
    uncertain = importance_performance(
        performance, importance=importance, seed=1, replicates=400, crosshair="scale", scale=(1, 5)
    ).points[1]
    assert point.points[1].certain and not uncertain.certain
    assert (uncertain.quadrant in ("keep_up", "concentrate"), uncertain.label) == (True, "uncertain")
    assert str(uncertain).startswith("2: uncertain, importance 4.")


def test_intervals_are_those_of_the_bootstrap_of_the_mean() -> None:
    _, performance = survey()
    ours = table(replicates=4000).points[0].performance
    other = bootstrap_interval(performance[:, 0], seed=9, replicates=4000)
    assert (ours.low, ours.high) == pytest.approx((other.low, other.high), abs=0.011)
    assert ours.method == "bootstrap-percentile"


def test_derived_importance_is_the_share_of_the_drivers() -> None:
    random = np.random.default_rng(2)
    performance = random.integers(1, 6, (300, 3)).astype(float)
    outcome = performance @ [1.0, 0.5, 0.0] + random.normal(0, 1, 300)
    result = importance_performance(performance, outcome=outcome, seed=4, replicates=300)
    shares = drivers(performance, outcome, seed=4, replicates=300)
    for point, driver in zip(result.points, shares.drivers, strict=True):
        assert point.importance.value == driver.share.value
        assert (point.importance.low, point.importance.high) == (driver.share.low, driver.share.high)
        assert (point.importance.unit, point.gap) == ("share", None)
    assert result.importance_line == pytest.approx((shares.r_squared or 0) / 3)
    scaled = importance_performance(
        performance, outcome=outcome, seed=4, replicates=50, crosshair="scale", scale=(1, 5)
    )
    assert (scaled.performance_line, scaled.importance_line) == (3, result.importance_line)


def test_the_ellipse_is_that_of_a_bivariate_mean() -> None:
    random = np.random.default_rng(6)
    x = random.normal(0, 1, (2000, 1))
    result = importance_performance(
        x * 2, importance=x + random.normal(0, 0.5, (2000, 1)), seed=1, replicates=4000, confidence=0.9
    )
    ellipse = result.points[0].ellipse
    assert ellipse is not None
    variances, axes = np.linalg.eigh(np.array([[4, 2], [2, 1.25]]) / 2000)
    radius = chi2.ppf(0.9, 2) ** 0.5
    assert (ellipse.minor, ellipse.major) == pytest.approx(radius * variances**0.5, rel=0.07)
    assert ellipse.angle == pytest.approx(math.atan(axes[1, 1] / axes[0, 1]), abs=0.05)
    assert (ellipse.performance, ellipse.importance) == (
        result.points[0].performance.value,
        result.points[0].importance.value,
    )
    mirrored = importance_performance(-x, importance=x, seed=1, replicates=50).points[0].ellipse
    assert mirrored is not None and mirrored.angle == pytest.approx(-math.pi / 4)


def test_people_are_drawn_whole() -> None:
    importance, performance = survey()
    people = np.repeat(np.arange(40), 5)
    clustered = table(clusters=people)
    assert clustered.points[0].performance.value == pytest.approx(performance[:, 0].mean())
    assert clustered.points[0].performance.low != table().points[0].performance.low
    alone = importance_performance(
        performance, importance=importance, seed=1, replicates=50, clusters=np.arange(200)
    )
    plain = importance_performance(performance, importance=importance, seed=1, replicates=50)
    for one, other in zip(alone.points, plain.points, strict=True):
        assert one.importance.low == pytest.approx(other.importance.low)
    derived = importance_performance(
        performance, outcome=performance[:, 0] + importance[:, 0], seed=1, replicates=50, clusters=people
    )
    assert derived.points[0].importance.low is not None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.permutations(range(4)))
def test_the_same_seed_gives_the_same_bits_in_any_order_of_attributes(seed: int, order: list[int]) -> None:
    importance, performance = survey(seed)
    here = importance_performance(performance, importance=importance, names=NAMES, seed=seed, replicates=50)
    assert here == importance_performance(
        performance, importance=importance, names=NAMES, seed=seed, replicates=50
    )
    there = importance_performance(
        performance[:, order],
        importance=importance[:, order],
        names=[NAMES[i] for i in order],
        seed=seed,
        replicates=50,
    )
    assert {p.name: p.label for p in there.points} == {p.name: p.label for p in here.points}


def test_an_attribute_all_rate_alike_is_uncertain() -> None:
    importance, performance = survey()
    performance[:, 0] = 1
    point = table().points[0]
    flat = importance_performance(performance, importance=importance, seed=1, replicates=50).points[0]
    assert point.certain and not flat.certain
    assert flat.performance.flags == ("zero_variance",)


def test_too_few_answers() -> None:
    one = importance_performance([[1, 2]], importance=[[3, 4]], seed=1)
    assert (one.flags, one.importance_line, one.points[0].quadrant) == (("not_enough_data",), None, None)
    assert one.points[0].label == "uncertain"
    assert str(one).startswith("stated importance against performance, lines of data (n=1, not_enough_data)")
    few = importance_performance(ATTITUDE[:4, 1:], outcome=ATTITUDE[:4, 0], seed=1)
    assert (few.flags, few.points[0].importance.unit) == (("not_enough_data",), "share")
    same = importance_performance([[1], [2]], importance=[[3], [4]], seed=1, clusters=["a", "a"])
    assert same.flags == ("not_enough_data",)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: importance_performance([[1]], seed=1), "importance"),
        (lambda: importance_performance([[1]], importance=[[1]], outcome=[1], seed=1), "importance"),
        (lambda: importance_performance([1], outcome=[1], seed=1), "performance"),
        (lambda: importance_performance([[], []], outcome=[1, 2], seed=1), "performance"),
        (lambda: importance_performance([[float("nan")]], outcome=[1], seed=1), "performance"),
        (lambda: importance_performance([[1]], importance=[[1, 2]], seed=1), "importance"),
        (lambda: importance_performance([[1], [2]], outcome=[1], seed=1), "outcome"),
        (lambda: table(names=["a"]), "names"),
        (lambda: table(crosshair="median"), "crosshair"),
        (lambda: table(crosshair="scale"), "scale"),
        (lambda: table(scale=(1, 5)), "scale"),
        (lambda: table(crosshair="scale", scale=(5, 1)), "scale"),
        (lambda: table(clusters=[1]), "clusters"),
        (lambda: table(seed=-1), "seed"),
        (lambda: table(replicates=0), "replicates"),
        (lambda: table(confidence=1), "confidence"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
