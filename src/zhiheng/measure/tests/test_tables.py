"""Tables and names of columns at the door; Student's t and F; oracles."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from zhiheng.measure import distributions
from zhiheng.measure.arrays import matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.result import Measurement


@pytest.mark.parametrize(
    ("check", "rule"),
    [
        (lambda: matrix("x", [1, 2]), "must be two-dimensional, has 1 dimensions"),
        (lambda: matrix("x", [[1], [1, 2]]), "must have rows of one length"),
        (lambda: matrix("x", [["a"]]), "must hold numbers only"),
        (lambda: matrix("x", [[None]]), "must hold numbers only"),
        (lambda: matrix("x", [[float("inf")]], missing=True), "must be finite"),
        (lambda: matrix("x", [[float("nan")]]), "must be finite"),
        (lambda: checked_names("x", ("a",), 2), r"must name every column \(2\), names 1"),
        (lambda: checked_names("x", ("a", "a"), 2), "must be different from each other"),
    ],
)
def test_what_comes_in_is_checked(check: object, rule: str) -> None:
    with pytest.raises(MeasureError, match=f"^x: {rule}"):
        check()  # type: ignore[operator]


def test_good_tables_become_floats() -> None:
    assert matrix("x", [[True, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert np.isnan(matrix("x", [[1, float("nan")]], missing=True)).tolist() == [[False, True]]
    assert matrix("x", np.zeros((0, 3), dtype=object)).shape == (0, 3)
    assert checked_names("x", None, 3) == ("1", "2", "3")
    assert checked_names("x", ["a", "b"], 2) == ("a", "b")


def test_student_and_f_against_scipy() -> None:
    for degrees in (1, 2.5, 30, 1e5):
        for p in (0.025, 0.5, 0.975):
            assert distributions.student_quantile(p, degrees) == pytest.approx(
                stats.t.ppf(p, degrees), abs=1e-12
            )
        assert distributions.student_tail(-2.1, degrees) == pytest.approx(2 * stats.t.sf(2.1, degrees))
        assert distributions.f_quantile(0.975, 3, degrees) == pytest.approx(stats.f.ppf(0.975, 3, degrees))
        assert distributions.f_tail(2.5, 3, degrees) == pytest.approx(stats.f.sf(2.5, 3, degrees))


def test_an_unknown_distribution_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="cauchy"):
        distributions.cauchy  # noqa: B018


def test_an_oracle_agrees_within_its_tolerance() -> None:
    oracle = Oracle("a", "module.function", "by hand", 2.0, 0.1, lambda: 2.05)
    assert oracle.agrees
    assert oracle.value == 2.05
    assert not Oracle("a", "module.function", "by hand", 2.0, 0.01, lambda: 2.05).agrees


def test_a_pure_number_prints_without_a_unit() -> None:
    assert str(Measurement(0.84312, "", 30, low=0.7, high=0.9, method="feldt")) == (
        "0.8431 [0.7 … 0.9] (n=30, 95% feldt)"
    )
