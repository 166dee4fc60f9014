"""Gaps, scores and zones of tolerance: hand arithmetic, second computations, the missing rule, bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.multitest import multipletests

from zhiheng.measure import psychometrics, servqual
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.servqual import ORACLES

NAN = float("nan")
TWO = ("speed", "speed", "care", "care")
E = np.array([[7, 6, 6, 5], [6, 6, 7, 7], [5, 7, 6, 6], [7, 7, 5, 6]])
P = np.array([[5, 6, 4, 5], [5, 5, 6, 7], [6, 4, 5, 3], [4, 6, 5, 6]])
WEIGHTS = np.array([[60, 40], [50, 50], [70, 30], [20, 80]])


def survey(seed: int, n: int = 80, missing: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Expectations and perceptions of 22 items on seven points."""
    random = np.random.default_rng(seed)
    person = random.standard_normal((n, 1))
    expected = np.clip(np.round(5.5 + person + random.standard_normal((n, 22))), 1, 7)
    perceived = np.clip(np.round(5.0 + 0.5 * person + random.standard_normal((n, 22))), 1, 7)
    for table in (expected, perceived):
        table[random.random(table.shape) < missing] = NAN
    return expected, perceived


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


def test_four_respondents_by_hand() -> None:
    found = servqual.gap_analysis(E, P, dimensions=TWO, weights=WEIGHTS)
    # Item gaps: (-2 -1 1 -3), (0 -1 -3 -1), (-2 -1 -1 0), (0 0 -3 0).
    assert [gap.gap.value for gap in found.items] == pytest.approx([-1.25, -1.25, -1, -0.75])
    # Speed per respondent −1 −1 −1 −2, care −1 −.5 −2 0.
    assert [gap.gap.value for gap in found.dimensions] == pytest.approx([-1.25, -0.875])
    assert found.unweighted.gap.value == pytest.approx((-1 - 0.75 - 1.5 - 1) / 4)
    # Weighted −1, −.75, −1.3, −.4.
    assert found.weighted is not None
    assert found.weighted.gap.value == pytest.approx(-3.45 / 4)
    assert found.dimensions[0].effect == pytest.approx(-1.25 / 0.5)
    assert (found.dimensions[1].expectation, found.dimensions[1].perception) == pytest.approx((6, 5.125))
    assert found.n == 4
    assert str(found).splitlines()[1].startswith("speed: -1.25 points [-2.046 points … -0.4544 points] (n=4")
    equal = servqual.gap_analysis(E, P, dimensions=TWO, weights=(50, 50))
    assert equal.weighted is not None
    assert equal.weighted.gap.value == pytest.approx(found.unweighted.gap.value)
    assert str(equal).splitlines()[-1].startswith("weighted: ")


@pytest.mark.slow
def test_paired_t_against_scipy_and_holm_against_statsmodels() -> None:
    expected, perceived = survey(1)
    found = servqual.gap_analysis(expected, perceived)
    tests = [stats.ttest_rel(perceived[:, i], expected[:, i]) for i in range(22)]
    for gap, test in zip(found.items, tests, strict=True):
        limits = test.confidence_interval(0.95)
        assert gap.p_value == pytest.approx(test.pvalue, rel=1e-9)
        assert (gap.gap.low, gap.gap.high) == pytest.approx((limits.low, limits.high), abs=1e-9)
    adjusted = multipletests([test.pvalue for test in tests], method="holm")[1]
    assert [gap.p_holm for gap in found.items] == pytest.approx(list(adjusted), rel=1e-9)
    assert [gap.clear for gap in found.items] == [p < 0.05 for p in adjusted]
    assert [gap.name for gap in found.dimensions] == list(dict.fromkeys(servqual.SERVQUAL_DIMENSIONS))
    reliability = (perceived[:, 4:9] - expected[:, 4:9]).mean(axis=1)
    assert found.dimensions[1].gap.value == pytest.approx(reliability.mean(), abs=1e-9)


def test_the_bootstrap_draws_respondents() -> None:
    expected, perceived = survey(2, n=60, missing=0.1)
    options = {"interval": "bootstrap", "seed": 4, "replicates": 3_000}
    found = servqual.gap_analysis(expected, perceived, **options)  # type: ignore[arg-type]
    assert found == servqual.gap_analysis(expected, perceived, **options)  # type: ignore[arg-type]
    by_t = servqual.gap_analysis(expected, perceived)
    for boot, t in zip((*found.items, *found.dimensions), (*by_t.items, *by_t.dimensions), strict=True):
        assert boot.gap.value == t.gap.value
        assert boot.gap.method == "bootstrap-percentile"
        assert boot.gap.low == pytest.approx(t.gap.low, abs=0.12)
        assert boot.gap.high == pytest.approx(t.gap.high, abs=0.12)
    # A second way for the first item: its own respondents drawn one by one.
    gaps = (perceived - expected)[:, 0]
    random = np.random.default_rng(1)
    means = [np.nanmean(random.choice(gaps, 60)) for _ in range(3_000)]
    assert found.items[0].gap.low == pytest.approx(np.quantile(means, 0.025), abs=0.06)


def test_unanswered_items_follow_the_rule_of_the_dimension() -> None:
    one = np.array([[6.0, 6, 6, 6, 6], [6, 6, 6, 6, NAN], [6, 6, 6, NAN, NAN]])
    two = np.array([[5.0, 5, 5, 5, 5], [3, 3, 3, 3, 1], [1, 1, 1, NAN, 7]])
    found = servqual.gap_analysis(one, two, dimensions=("speed",) * 5)
    # The third has three of five pairs, under 80 %; the second's last perception stands alone.
    assert (found.dimensions[0].gap.n, found.dimensions[0].gap.value) == (2, pytest.approx(-2))
    assert [gap.gap.n for gap in found.items] == [3, 3, 3, 2, 1]
    assert found.items[4].flags == ("not_enough_data",)
    assert found.items[4].gap.flags == ("no_interval",)
    lenient = servqual.gap_analysis(one, two, dimensions=("speed",) * 5, answered_share=0.6)
    assert lenient.dimensions[0].gap.n == 3
    nobody = servqual.gap_analysis(np.full((3, 2), NAN), np.full((3, 2), 4.0), dimensions=("a", "b"))
    assert nobody.unweighted.gap.flags == ("not_enough_data",)
    assert (nobody.unweighted.expectation, nobody.unweighted.p_holm) == (None, None)
    assert not nobody.unweighted.clear
    assert str(nobody.unweighted) == (
        "unweighted: not computable (n=0, not_enough_data), p (Holm) ? [not_enough_data]"
    )


def test_no_and_single_respondents() -> None:
    empty = servqual.gap_analysis(np.zeros((0, 4)), np.zeros((0, 4)), dimensions=TWO)
    assert empty.unweighted.gap.value is None
    single = servqual.gap_analysis(E[:1], P[:1], dimensions=TWO, interval="bootstrap", seed=1)
    assert single.unweighted.gap.flags == ("no_interval",)
    pair = servqual.gap_analysis(
        [[7, 7], [7, NAN]],
        [[6, 5], [5, 4]],
        dimensions=("a", "b"),
        interval="bootstrap",
        seed=1,
        replicates=50,
    )
    assert pair.items[1].gap.method == "student-t"
    assert pair.items[1].gap.low is None


def test_gaps_that_do_not_vary_and_expectations_at_the_top_are_flagged() -> None:
    found = servqual.gap_analysis([[7, 7], [7, 6], [7, 7]], [[5, 6], [5, 5], [5, 4]], dimensions=("a", "b"))
    assert found.items[0].flags == ("zero_variance", "ceiling")
    assert (found.items[0].gap.low, found.items[0].gap.high) == (-2, -2)
    assert found.items[0].p_holm is None
    assert found.items[1].flags == ("ceiling",)
    assert found.dimensions[1].flags == ("ceiling",)
    assert servqual.gap_analysis(E, P, dimensions=TWO).items[3].flags == ()


def test_a_dimensions_equal_gaps_have_no_variance_whatever_their_last_digit() -> None:
    # Means of three: 16/3 − 19/3 and 13/3 − 16/3 are not the same number in binary.
    expected, perceived = [[7, 6, 6], [6, 5, 5], [4, 4, 3]], [[6, 5, 5], [5, 4, 4], [3, 3, 2]]
    (gap,) = servqual.gap_analysis(expected, perceived, dimensions=("speed",) * 3).dimensions
    assert (gap.effect, gap.p_value, gap.flags) == (None, None, ("zero_variance",))


def test_checks_are_alphas_and_what_the_difference_keeps_of_them() -> None:
    expected, perceived = survey(3)
    check = servqual.gap_analysis(expected, perceived).checks[0]
    e, p = expected[:, :4], perceived[:, :4]
    assert check.alpha_expectation == pytest.approx(psychometrics.cronbach_alpha(e).value, abs=1e-9)
    assert check.alpha_perception == pytest.approx(psychometrics.cronbach_alpha(p).value, abs=1e-9)
    assert check.correlation == pytest.approx(
        stats.pearsonr(e.mean(axis=1), p.mean(axis=1)).statistic, abs=1e-9
    )
    # Alpha of the four item gaps estimates the same reliability another way: alike, not equal.
    gaps = psychometrics.cronbach_alpha(p - e).value
    assert check.gap_reliability == pytest.approx(gaps, abs=0.15)
    assert str(check).startswith("tangibles: alpha E 0.")
    single = servqual.gap_analysis(E, P, dimensions=("a", "b", "b", "b")).checks[0]
    assert single.flags == ("not_enough_data",)
    assert str(single) == "a: alpha E ?, alpha P ?, of the gap ?, n=4"
    flat = servqual.gap_analysis(np.full((5, 2), 6), P[[0, 1, 2, 3, 0], :2], dimensions=("a", "a")).checks[0]
    assert flat.flags == ("zero_variance",)


def test_a_difference_that_does_not_vary_has_no_reliability() -> None:
    kept = servqual.difference_reliability(
        perception_deviation=2,
        expectation_deviation=2,
        perception_reliability=0.9,
        expectation_reliability=0.9,
        correlation=1,
    )
    assert kept is None


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(
    arrays(np.int64, (5, 4), elements=st.integers(1, 7)), arrays(np.int64, (5, 4), elements=st.integers(1, 7))
)
def test_gaps_are_the_difference_of_the_means_and_turn_with_the_sides(
    one: np.ndarray, two: np.ndarray
) -> None:
    there = servqual.gap_analysis(one, two, dimensions=TWO)
    back = servqual.gap_analysis(two, one, dimensions=TWO)
    for gap, turned in zip((*there.items, *there.dimensions), (*back.items, *back.dimensions), strict=True):
        assert gap.gap.value == pytest.approx(gap.perception - gap.expectation)  # type: ignore[operator]
        assert gap.gap.value == pytest.approx(-turned.gap.value)  # type: ignore[operator]
        assert gap.gap.low == pytest.approx(-turned.gap.high)  # type: ignore[operator]


def test_servperf_is_the_perception_side() -> None:
    found = servqual.servperf(P, dimensions=TWO, items=("a", "b", "c", "d"), weights=WEIGHTS)
    assert [figure.value for figure in found.items.values()] == pytest.approx([5, 5.25, 5, 5.25])
    assert found.dimensions["speed"].value == pytest.approx(5.125)
    assert found.unweighted.value == pytest.approx(5.125)
    # 60/40, 50/50, 70/30, 20/80 of (5.5 4.5), (5 6.5), (5 4), (5 5.5).
    assert found.weighted is not None
    assert found.weighted.value == pytest.approx((5.1 + 5.75 + 4.7 + 5.4) / 4)
    limits = stats.t.interval(0.95, 3, loc=5.125, scale=stats.sem([5.5, 5, 5, 5]))
    assert (found.dimensions["speed"].low, found.dimensions["speed"].high) == pytest.approx(limits, abs=1e-9)
    assert str(found).splitlines()[-1].startswith("unweighted: 5.125 points [")
    assert servqual.servperf(P, dimensions=TWO).weighted is None


def test_somebody_who_gave_no_weights_stays_out_of_the_weighted_gap() -> None:
    weights = np.vstack((WEIGHTS[:3], [[NAN, NAN]]))
    found = servqual.gap_analysis(E, P, dimensions=TWO, weights=weights)
    assert found.weighted is not None
    assert (found.weighted.gap.n, found.weighted.gap.value) == (3, pytest.approx(-3.05 / 3))
    assert found.unweighted.gap.n == 4


def zone(adequate: float, perceived: float, desired: float, noise: float = 0.5) -> servqual.Zone:
    """One item of 40 respondents scattered about the three levels."""
    random = np.random.default_rng(1)
    tables = [
        np.clip(level + noise * random.standard_normal((40, 1)), 1, 9)
        for level in (adequate, desired, perceived)
    ]
    return servqual.zone_of_tolerance(*tables, dimensions=("speed",)).items[0]


def test_where_the_perception_lies() -> None:
    assert zone(5, 4, 7).place == "below"
    assert zone(5, 6, 7).place == "within"
    assert zone(5, 8, 7).place == "above"
    assert zone(5, 5, 7).place == "uncertain"
    assert zone(5, 7, 7).place == "uncertain"
    assert zone(5, 6, 7).position == pytest.approx(0.5, abs=0.1)


def test_zones_by_hand() -> None:
    adequate, desired, perceived = (
        [[4, 5], [5, 6], [6, NAN]],
        [[8, 7], [7, 5], [7, 8]],
        [[5, 6], [6, 7], [6, 8]],
    )
    found = servqual.zone_of_tolerance(adequate, desired, perceived, dimensions=("a", "b"), items=("x", "y"))
    x, y = found.items
    assert (x.adequacy.value, x.superiority.value) == pytest.approx((2 / 3, -5 / 3))
    assert (x.width, x.position) == pytest.approx((7 / 3, 2 / 7))
    assert (y.adequacy.n, y.width, y.flags) == (2, pytest.approx(0.5), ("inverted:1",))
    assert str(found).splitlines()[1].startswith("a: uncertain, adequacy 0.6667 points [")
    assert str(found).splitlines()[2].endswith("[inverted:1]")
    one = servqual.zone_of_tolerance([[4]], [[4]], [[5]], dimensions=("a",)).items[0]
    assert (one.place, one.position, one.flags) == ("uncertain", None, ("not_enough_data",))
    none = servqual.zone_of_tolerance([[NAN]], [[4]], [[5]], dimensions=("a",)).items[0]
    assert (none.width, none.position) == (None, None)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: servqual.gap_analysis(E, P), "dimensions"),
        (lambda: servqual.gap_analysis(E, P[:3], dimensions=TWO), "perception"),
        (lambda: servqual.gap_analysis(E + 1, P, dimensions=TWO), "expectation"),
        (lambda: servqual.gap_analysis(E, P - 3, dimensions=TWO), "perception"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, scale=(7, 1)), "scale"),
        (lambda: servqual.gap_analysis(np.zeros((3, 0)), np.zeros((3, 0)), dimensions=()), "expectation"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, items=("a",)), "items"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, weights=WEIGHTS - 1), "weights"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, weights=(120, -20)), "weights"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, weights=(50, 30, 20)), "weights"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, weights=WEIGHTS[:2]), "weights"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, weights=(NAN, 100)), "weights"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, answered_share=0), "answered_share"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, interval="bca"), "interval"),  # type: ignore[arg-type]
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, interval="bootstrap"), "seed"),
        (lambda: servqual.gap_analysis(E, P, dimensions=TWO, confidence=95), "confidence"),
        (lambda: servqual.servperf(P, dimensions=TWO, answered_share=1.5), "answered_share"),
        (lambda: servqual.zone_of_tolerance(E, E, P[:, :2], dimensions=TWO), "perception"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument


def test_a_sum_of_weights_that_is_off_names_its_row() -> None:
    with pytest.raises(MeasureError, match="weights: must sum to 100 in every row, row 1 to 90"):
        servqual.gap_analysis(E, P, dimensions=TWO, weights=[[60, 40], [50, 40], [70, 30], [20, 80]])
