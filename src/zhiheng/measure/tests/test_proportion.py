"""Intervals for shares: published values, statsmodels on random data, properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from zhiheng.measure import proportion
from zhiheng.measure.distributions import chi_square_tail, two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.proportion import (
    agresti_coull_interval,
    newcombe_difference,
    sample_size,
    wilson_interval,
)

INTERVALS = {
    "wilson": wilson_interval,
    "agresti_coull": agresti_coull_interval,
    "beta": proportion.clopper_pearson_interval,
    "jeffreys": proportion.jeffreys_interval,
}


@pytest.mark.parametrize(
    ("interval", "x", "n", "low", "high"),
    [
        # Newcombe 1998, table I, and recomputed values of the methods note; rounded as printed.
        (wilson_interval, 81, 263, 0.2553, 0.3662),
        (wilson_interval, 15, 148, 0.0624, 0.1605),
        (wilson_interval, 0, 20, 0, 0.1611),
        (wilson_interval, 1, 29, 0.0061, 0.1718),
        (wilson_interval, 29, 29, 0.8830, 1),
        (wilson_interval, 45, 50, 0.7864, 0.9565),
        (proportion.clopper_pearson_interval, 15, 148, 0.0578, 0.1617),
        (agresti_coull_interval, 45, 50, 0.7821, 0.9609),
        # Clopper & Pearson by hand: x = 0 gives 1 − (α/2)^(1/n), x = n gives (α/2)^(1/n).
        (proportion.clopper_pearson_interval, 0, 20, 0, round(1 - 0.025 ** (1 / 20), 4)),
        (proportion.clopper_pearson_interval, 20, 20, round(0.025 ** (1 / 20), 4), 1),
    ],
)
def test_published_limits(interval: object, x: int, n: int, low: float, high: float) -> None:
    figure = interval(x, n, population="all")  # type: ignore[operator]
    assert (round(figure.low, 4), round(figure.high, 4)) == (low, high)
    assert (figure.value, figure.n, figure.numerator, figure.denominator) == (x / n, n, x, n)
    assert figure.population == "all"


def test_wilson_with_continuity_correction() -> None:
    figure = wilson_interval(81, 263, continuity=True)
    assert figure.low is not None and figure.high is not None
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.2535, 0.3682)
    assert figure.method == "wilson-continuity"
    assert (wilson_interval(0, 5, continuity=True).low, wilson_interval(5, 5, continuity=True).high) == (0, 1)


@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_against_statsmodels(name: str, confidence: float) -> None:
    random = np.random.default_rng(20260601)
    for n in random.integers(1, 2000, 60).tolist():
        x = int(random.integers(0, n + 1))
        ours = INTERVALS[name](x, n, confidence=confidence)
        low, high = proportion_confint(x, n, alpha=1 - confidence, method=name)
        # Ours end at 0 and 1 exactly where nothing or everything was met (Brown et al. 2001 for Jeffreys).
        expected = (0.0 if x == 0 else max(low, 0.0), 1.0 if x == n else min(high, 1.0))
        assert (ours.low, ours.high) == pytest.approx(expected, abs=1e-9)


def test_the_difference_of_shares_against_statsmodels() -> None:
    random = np.random.default_rng(7)
    for _ in range(60):
        n1, n2 = random.integers(1, 500, 2).tolist()
        x1, x2 = int(random.integers(0, n1 + 1)), int(random.integers(0, n2 + 1))
        ours = newcombe_difference(x1, n1, x2, n2)
        expected = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        assert (ours.low, ours.high) == pytest.approx(expected, abs=1e-9)
        assert ours.value == pytest.approx(x1 / n1 - x2 / n2)
        assert ours.n == n1 + n2


def test_newcombes_own_example() -> None:
    # Newcombe 1998 (interval estimation for the difference), table II (a): 56/70 against 48/80, method 10.
    figure = newcombe_difference(56, 70, 48, 80)
    assert figure.low is not None and figure.high is not None
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.0524, 0.3339)


@given(st.integers(1, 5000), st.data())
def test_wilson_lies_in_the_unit_interval_and_rises(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n - 1))
    here, above = wilson_interval(x, n), wilson_interval(x + 1, n)
    limits = (here.low, here.value, here.high)
    assert all(v is not None for v in limits)
    assert 0 <= here.low <= here.value <= here.high <= 1  # type: ignore[operator]
    assert here.low < above.low  # type: ignore[operator]
    assert here.high < above.high or above.high == 1  # type: ignore[operator]
    mirrored = wilson_interval(n - x, n)
    assert mirrored.high == pytest.approx(1 - here.low, abs=1e-12)  # type: ignore[operator]


def test_no_cases_are_not_enough_data() -> None:
    for interval in INTERVALS.values():
        assert interval(0, 0).value is None
        assert interval(0, 0).flags == ("not_enough_data",)
    assert (
        newcombe_difference(0, 0, 1, 2).flags == newcombe_difference(1, 2, 0, 0).flags == ("not_enough_data",)
    )


def test_sample_sizes() -> None:
    # 95 %, ± 10, 5 and 3 points: 96.04, 384.15, 1067.07; of a population of 1,000: 87.7, 277.7, 516.5.
    assert [round(sample_size(margin=m).exact, 2) for m in (0.10, 0.05, 0.03)] == [96.04, 384.15, 1067.07]
    finite = [sample_size(margin=m, population=1000) for m in (0.10, 0.05, 0.03)]
    assert [round(s.exact, 1) for s in finite] == [87.7, 277.7, 516.5]
    assert [s.whole for s in finite] == [88, 278, 517]
    assert str(finite[1]) == "278 answers for ±5.0% at 95%"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: wilson_interval(3, 2), "numerator"),
        (lambda: wilson_interval(-1, 2), "numerator"),
        (lambda: wilson_interval(1, -2), "denominator"),
        (lambda: wilson_interval(0.5, 2), "numerator"),  # type: ignore[arg-type]
        (lambda: wilson_interval(1, 2, confidence=95), "confidence"),
        (lambda: proportion.clopper_pearson_interval(1, 2, confidence=1), "confidence"),
        (lambda: sample_size(margin=0), "margin"),
        (lambda: sample_size(margin=0.1, share=1), "share"),
        (lambda: sample_size(margin=0.1, population=0), "population"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="wald_interval"):
        proportion.wald_interval  # noqa: B018


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 10, 31])
def test_the_chi_square_tail_against_scipy(degrees: int) -> None:
    for statistic in (0.0, 1e-6, 0.3, 1.0, 5.0, 40.0, 300.0):
        assert chi_square_tail(statistic, degrees) == pytest.approx(
            float(chdtrc(degrees, statistic)), rel=1e-12
        )


def test_the_normal_quantile() -> None:
    assert two_sided_z(0.95) == pytest.approx(1.959963984540054, abs=1e-15)
    assert math.isclose(two_sided_z(0.5), 0.6744897501960817, rel_tol=1e-14)
