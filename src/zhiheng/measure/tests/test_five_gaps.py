"""The provider's gaps and technical against perceived quality: hand arithmetic and second computations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure import servqual
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles.servqual import LARGE_METER, MINI_METER
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement
from zhiheng.measure.survival import kaplan_meier

NAN = float("nan")
TWO = ("speed", "speed", "care")


def panel(seed: int, n: int, level: float) -> np.ndarray:
    """Expectations of three items about a level."""
    return np.clip(np.round(level + np.random.default_rng(seed).standard_normal((n, 3))), 1, 7)


def test_gap_1_against_scipy() -> None:
    customers, managers = panel(1, 90, 6), panel(2, 12, 5)
    customers[0] = NAN
    found = servqual.knowledge_gap(customers, managers, dimensions=TWO)
    speeds = customers[1:, :2].mean(axis=1), managers[:, :2].mean(axis=1)
    test = stats.ttest_ind(*speeds, equal_var=False)
    limits = test.confidence_interval(0.95)
    speed, care = found.dimensions
    assert speed.difference.value == pytest.approx(speeds[0].mean() - speeds[1].mean(), abs=1e-9)
    assert (speed.difference.low, speed.difference.high) == pytest.approx((limits.low, limits.high), abs=1e-9)
    assert speed.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert (speed.customers, speed.managers, speed.difference.n) == (89, 12, 101)
    ranked = sorted((speed, care), key=lambda row: row.p_value or 0)
    assert ranked[0].p_holm == pytest.approx(2 * ranked[0].p_value)  # type: ignore[operator]
    assert found.overall.p_holm == found.overall.p_value
    assert found.headline == found.overall.difference
    assert found.worst in TWO
    assert str(found).startswith("gap 1, knowledge\nspeed: ")


def test_gap_1_of_too_few_or_unanimous_managers() -> None:
    few = servqual.knowledge_gap(panel(1, 20, 6), panel(2, 1, 5), dimensions=TWO)
    assert few.overall.difference.flags == ("not_enough_data",)
    assert few.worst is None
    assert str(few.dimensions[0]).endswith("p (Holm) ?")
    same = servqual.knowledge_gap(np.full((3, 1), 6), np.full((2, 1), 5), dimensions=("speed",))
    assert (same.overall.difference.value, same.overall.difference.flags) == (1, ("zero_variance",))
    assert same.worst == "speed"


def test_gap_2_by_hand() -> None:
    found = servqual.standards_gap(
        [4, 8, 24, 24], [4, 12, 8, NAN], names=("restore", "respond", "request", "change")
    )
    assert [row.standing for row in found.requirements] == ["as_needed", "looser", "stricter", "none"]
    assert (found.unmet, found.without) == (wilson_interval(2, 4), wilson_interval(1, 4))
    assert found.headline == found.unmet
    assert found.worst == "change"
    assert "respond: need 8, standard 12.0, looser" in str(found)
    shares = servqual.standards_gap([0.99, 0.99], [0.999, 0.9], lower_is_better=False)
    assert [row.standing for row in shares.requirements] == ["stricter", "looser"]
    assert shares.worst == "2"
    assert servqual.standards_gap([1], [1]).worst is None
    assert servqual.standards_gap([], []).unmet.value is None


def test_gap_3_by_hand() -> None:
    found = servqual.delivery_gap(
        [990, 800, 9, 0], [1000, 1000, 10, 0], [0.95, 0.95, 0.95, 0.95], names=("a", "b", "c", "d")
    )
    # Wilson's intervals: a .982 … .995, b .774 … .824, c .596 … .982.
    assert [row.verdict for row in found.rows] == ["met", "short", "uncertain", "not_enough_data"]
    assert found.rows[1].gap == pytest.approx(-0.15)
    assert (found.headline, found.worst) == (wilson_interval(1, 3), "b")
    assert found.rows[3].gap is None
    assert str(found).startswith("gap 3, delivery: short 33.33% [")


def test_gap_4_with_measured_quantiles() -> None:
    random = np.random.default_rng(5)
    quick, slow = random.exponential(1, 300), random.exponential(4, 300)
    measured = [kaplan_meier(hours, unit="h").quantile(0.9) for hours in (quick, slow, slow)]
    found = servqual.communication_gap([4, 4, 9], measured, names=("web", "mail", "desk"))
    # Quantiles of exponentials: 2.3 h and 9.2 h.
    assert [row.verdict for row in found.rows] == ["met", "short", "uncertain"]
    assert (found.number, found.worst) == (4, "mail")
    assert found.rows[1].gap == pytest.approx(9.2 - 4, abs=1.2)
    assert str(found).splitlines()[2].startswith("mail: target 4, measured ")
    unbounded = servqual.communication_gap([4], [Measurement(3.0, "h", 5, low=2.0)])
    assert unbounded.rows[0].verdict == "uncertain"
    assert unbounded.worst is None


def test_the_five_side_by_side() -> None:
    customer = servqual.gap_analysis([[7, 7], [6, 6]], [[5, 7], [5, 7]], dimensions=("speed", "care"))
    delivery = servqual.delivery_gap([80], [100], [0.95], names=("restore",))
    promises = servqual.communication_gap([4], [Measurement(6.0, "h", 50, low=5.0, high=7.0)])
    found = servqual.five_gaps(
        knowledge=servqual.knowledge_gap(panel(1, 20, 6), panel(2, 9, 5), dimensions=TWO),
        standards=servqual.standards_gap([4], [NAN]),
        delivery=delivery,
        communication=promises,
        customer=customer,
    )
    assert found.measured == (1, 2, 3, 4, 5)
    assert [row.worst for row in found.rows][1:] == ["1", "restore", "1", "speed"]
    assert found.rows[4].headline == customer.unweighted.gap
    assert "gap 3 delivery (standards not delivered): 100.00%" in str(found)
    none = servqual.five_gaps()
    assert none.measured == ()
    assert {row.headline.value for row in none.rows} == {None}
    assert str(none).splitlines()[1].endswith("not computable (n=0, not_enough_data, not_measured)")
    pleased = servqual.gap_analysis([[3, 3], [4, 4]], [[5, 7], [5, 7]], dimensions=("speed", "care"))
    assert servqual.five_gaps(customer=pleased).rows[4].worst is None
    with pytest.raises(MeasureError, match="delivery: must be gap 3, is gap 4"):
        servqual.five_gaps(delivery=promises)


def test_bland_altmans_limits_and_slope() -> None:
    one, two = np.array(LARGE_METER), np.array(MINI_METER)
    found = servqual.bland_altman(one, two, unit="l/min")
    differences = one - two
    assert found.lower.value == pytest.approx(differences.mean() - 1.96 * differences.std(ddof=1), abs=1e-9)
    assert found.upper.value == pytest.approx(differences.mean() + 1.96 * differences.std(ddof=1), abs=1e-9)
    half = stats.t.ppf(0.975, 16) * differences.std(ddof=1) * np.sqrt(1 / 17 + 1.96**2 / 32)
    assert found.upper.high - found.upper.value == pytest.approx(half, abs=1e-9)  # type: ignore[operator]
    line = stats.linregress((one + two) / 2, differences)
    reach = stats.t.ppf(0.975, 15) * line.stderr
    assert found.slope.value == pytest.approx(line.slope, abs=1e-9)
    assert (found.slope.low, found.slope.high) == pytest.approx(
        (line.slope - reach, line.slope + reach), abs=1e-9
    )
    assert str(found).startswith("bias -2.118 l/min [")


def test_agreement_with_nothing_to_say() -> None:
    few = servqual.bland_altman([1, 2], [2, 3])
    assert few.deviation is None
    assert few.lower.flags == few.slope.flags == ("not_enough_data",)
    assert few.bias.value == -1
    assert servqual.bland_altman([1, 2, 3], [3, 2, 1]).slope.flags == ("zero_variance",)


def test_spearman_against_scipy() -> None:
    random = np.random.default_rng(3)
    for _ in range(10):
        one, two = random.integers(0, 12, (2, 30))
        found = servqual.spearman(one, one + two)
        assert found.value == pytest.approx(stats.spearmanr(one, one + two).statistic, abs=1e-9)
        assert found.low < found.value < found.high  # type: ignore[operator]
    # Bonett & Wright 2000, by hand from the correlation.
    ranks = servqual.spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
    assert ranks.value == pytest.approx(stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]).statistic)
    rho = ranks.value
    assert rho is not None
    half = 1.959963984540054 * np.sqrt((1 + rho**2 / 2) / 2)
    assert (ranks.low, ranks.high) == pytest.approx(
        (np.tanh(np.arctanh(rho) - half), np.tanh(np.arctanh(rho) + half)), abs=1e-9
    )


def test_spearman_where_there_is_no_interval() -> None:
    assert servqual.spearman([1, 2, 3, 4], [8, 6, 4, 2]).value == -1
    assert servqual.spearman([1, 2, 3, 4], [8, 6, 4, 2]).flags == ("no_interval",)
    assert servqual.spearman([1, 2, 3, 4], [5, 5, 5, 5]).flags == ("zero_variance",)
    assert servqual.spearman([1, 2, 3], [1, 2, 3]).flags == ("not_enough_data",)


def test_watermelons_are_green_outside_and_red_inside() -> None:
    found = servqual.technical_vs_perceived(
        [95, 92, 70, 60, 80, 88],
        [85, 55, 80, 50, 70, 72],
        names=("mail", "desk", "print", "vpn", "wiki", "chat"),
    )
    quadrants = {pair.name: pair.quadrant for pair in found.pairs}
    assert quadrants == {
        "mail": "sound",
        "desk": "watermelon",
        "print": "forgiven",
        "vpn": "failing",
        "wiki": "sound",
        "chat": "sound",
    }
    assert [pair.name for pair in found.in_quadrant("watermelon")] == ["desk"]
    assert [pair.match_degree for pair in found.pairs] == [90, 63, 90, 90, 90, 84]
    assert found.match_degree.value == pytest.approx(507 / 6)
    assert found.agreement.bias.value == pytest.approx(73 / 6)
    assert str(found).endswith("watermelons: desk")
    unsure = servqual.technical_vs_perceived(
        [95, 92, 60], [85, 55, 50], technical_margin=[1, 1, 1], perceived_margin=[2, 16, 0]
    )
    assert [pair.quadrant for pair in unsure.pairs] == ["sound", "uncertain", "failing"]
    assert str(unsure).endswith("watermelons: none")
    assert servqual.technical_vs_perceived([], []).match_degree.value is None


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=20))
def test_the_two_indices_swap_sides(pairs: list[tuple[int, int]]) -> None:
    one, two = (list(side) for side in zip(*pairs, strict=True))
    there = servqual.technical_vs_perceived(one, two, technical_good=75, perceived_good=75)
    back = servqual.technical_vs_perceived(two, one, technical_good=75, perceived_good=75)
    assert there.match_degree == back.match_degree
    assert there.agreement.bias.value == pytest.approx(-back.agreement.bias.value)  # type: ignore[operator]
    assert len(there.in_quadrant("watermelon")) == len(back.in_quadrant("forgiven"))
    if there.rank_correlation.value is not None:
        assert there.rank_correlation.value == pytest.approx(back.rank_correlation.value, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: servqual.knowledge_gap(panel(1, 5, 5), panel(1, 5, 5)[:, :2], dimensions=TWO), "dimensions"),
        (lambda: servqual.knowledge_gap([[8, 1, 1]], [[1, 1, 1]], dimensions=TWO), "customer_expectation"),
        (lambda: servqual.standards_gap([1, 2], [1]), "standard"),
        (lambda: servqual.standards_gap([1], [float("inf")]), "standard"),
        (lambda: servqual.standards_gap([1], ["4 h"]), "standard"),
        (lambda: servqual.standards_gap([NAN], [1]), "need"),
        (lambda: servqual.delivery_gap([1], [1], [95]), "target"),
        (lambda: servqual.delivery_gap([1.5], [2], [0.9]), "met"),
        (lambda: servqual.delivery_gap([1], [2.5], [0.9]), "counted"),
        (lambda: servqual.delivery_gap([3], [2], [0.9]), "met"),
        (lambda: servqual.delivery_gap([1], [2, 3], [0.9]), "counted"),
        (lambda: servqual.communication_gap([4], []), "delivered"),
        (lambda: servqual.technical_vs_perceived([101], [1]), "technical"),
        (lambda: servqual.technical_vs_perceived([1], [-1]), "perceived"),
        (lambda: servqual.technical_vs_perceived([1], [1, 2]), "perceived"),
        (lambda: servqual.technical_vs_perceived([1], [1], technical_good=101), "technical_good"),
        (lambda: servqual.technical_vs_perceived([1], [1], perceived_margin=[1, 2]), "perceived_margin"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
