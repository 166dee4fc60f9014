"""The distribution functions against SciPy's distributions."""

from __future__ import annotations

import pytest
from scipy import stats

from zhiheng.measure import distributions


@pytest.mark.parametrize("z", [0.0, 0.3, -1.959963984540054, 6.0])
def test_the_normal_tail(z: float) -> None:
    assert distributions.normal_tail(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-12)


@pytest.mark.parametrize("degrees", [0.7, 1, 2.5, 10, 87, 1000])
def test_students_t(degrees: float) -> None:
    for statistic in (0.0, 0.1, -1.0, 2.2, 5.0, 40.0):
        expected = 2 * stats.t.sf(abs(statistic), degrees)
        assert distributions.student_tail(statistic, degrees) == pytest.approx(expected, rel=1e-9)
    for probability in (0.5, 0.9, 0.975, 0.9995):
        expected = stats.t.ppf(probability, degrees)
        assert distributions.student_quantile(probability, degrees) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 1), (3, 20), (20, 3.5), (100, 200)])
def test_f(numerator: float, denominator: float) -> None:
    for statistic in (0.0, 0.2, 1.0, 2.5, 30.0):
        expected = stats.f.sf(statistic, numerator, denominator)
        assert distributions.f_tail(statistic, numerator, denominator) == pytest.approx(expected, rel=1e-9)
    expected = stats.f.ppf(0.975, numerator, denominator)
    assert distributions.f_quantile(0.975, numerator, denominator) == pytest.approx(expected, rel=1e-9)
