"""Student's t and F against SciPy."""

from __future__ import annotations

import pytest
from scipy import stats

from zhiheng.measure.tails import beta_share, f_tail, normal_tail, t_tail, two_sided_t


@pytest.mark.parametrize("degrees", [0.7, 1, 2.5, 10, 87, 1000])
def test_t_against_scipy(degrees: float) -> None:
    for statistic in (0.0, 0.1, -1.0, 2.2, 5.0, 40.0):
        assert t_tail(statistic, degrees) == pytest.approx(2 * stats.t.sf(abs(statistic), degrees), rel=1e-9)
    for confidence in (0.01, 0.5, 0.9, 0.95, 0.999):
        assert two_sided_t(confidence, degrees) == pytest.approx(
            stats.t.ppf(0.5 + confidence / 2, degrees), rel=1e-9
        )


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 1), (3, 20), (20, 3.5), (100, 200)])
def test_f_against_scipy(numerator: float, denominator: float) -> None:
    for statistic in (0.2, 1.0, 2.5, 30.0):
        expected = stats.f.sf(statistic, numerator, denominator)
        assert f_tail(statistic, numerator, denominator) == pytest.approx(expected, rel=1e-9)
    assert f_tail(0.0, numerator, denominator) == 1.0


def test_the_ends() -> None:
    assert (beta_share(2, 3, 0.0), beta_share(2, 3, 1.0)) == (0.0, 1.0)
    assert normal_tail(-1.959963984540054) == pytest.approx(0.05)
