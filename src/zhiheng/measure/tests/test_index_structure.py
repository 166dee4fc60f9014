"""What an index really weighs: closed forms of independent, correlated and constant indicators."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.api import OLS

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index import CompositeIndex, Goalposts, Group, Indicator

PERCENT = Goalposts(0, 100)


def index(*weights: float, aggregate: str = "arithmetic") -> CompositeIndex:
    members = tuple(Indicator(name, PERCENT, w) for name, w in zip("abcd", weights, strict=False))
    return CompositeIndex.of("x", Group("x", members, aggregate=aggregate))  # type: ignore[arg-type]


def test_independent_indicators_explain_by_the_square_of_weight_and_spread() -> None:
    # All pairs of eleven values: exactly uncorrelated. Variances of ½ x and ½ y / 4 stand 16 to 1.
    grid = np.array([[x, 50 + (y - 50) / 4] for x in range(0, 101, 10) for y in range(0, 101, 10)])
    result = index(0.5, 0.5).structure(grid)
    assert [role.explained for role in result.indicators] == pytest.approx([16 / 17, 1 / 17])
    assert [role.correlation for role in result.indicators] == pytest.approx([(16 / 17) ** 0.5, 17**-0.5])
    assert result.components == pytest.approx([0.5, 0.5])
    assert str(result) == "n=121; a: weight 50.0%, explains 94.1%; b: weight 50.0%, explains 5.9%"


def test_a_copy_with_little_weight_explains_as_much_as_what_it_copies() -> None:
    x = np.random.default_rng(1).uniform(0, 100, 40)
    result = index(0.9, 0.1).structure(np.column_stack((x, x)))
    assert [role.explained for role in result.indicators] == pytest.approx([1, 1])
    assert result.components == pytest.approx([1, 0], abs=1e-12)


def test_a_bent_relation_against_least_squares() -> None:
    values = np.random.default_rng(2).uniform(0, 100, (60, 2))
    result = index(0.5, 0.5, aggregate="geometric").structure(values)
    totals = index(0.5, 0.5, aggregate="geometric").evaluate_many(values).values
    for i, role in enumerate(result.indicators):
        x = values[:, i] / 100
        design = np.column_stack((np.ones(60), x, x**2, x**3))
        assert role.explained == pytest.approx(OLS(totals, design).fit().rsquared)
        assert role.correlation == pytest.approx(np.corrcoef(x, totals)[0, 1])


def test_weights_are_those_that_gaps_left() -> None:
    values = np.random.default_rng(3).uniform(0, 100, (20, 2))
    values[:5, 1] = np.nan
    result = index(0.5, 0.5).structure(values)
    assert [role.weight for role in result.indicators] == pytest.approx([0.625, 0.375])
    assert [role.n for role in result.indicators] == [20, 15]


def test_what_does_not_vary_explains_nothing() -> None:
    values = np.column_stack((np.full(12, 50), np.tile([10, 90], 6)))
    result = index(0.5, 0.5).structure(values)
    assert (result.indicators[0].explained, result.components) == (None, None)
    assert result.indicators[1].explained == pytest.approx(1)  # two values: a straight line
    assert "a: weight 50.0%, explains ?" in str(result)


def test_too_few_rows() -> None:
    few = index(0.5, 0.5).structure([[1, 2], [3, 4]])
    assert (few.flags, few.indicators[0].explained, few.components) == (("not_enough_data",), None, None)
    assert index(0.5, 0.5).structure(np.zeros((0, 2))).indicators[0].weight == 0
    with pytest.raises(MeasureError, match="must have a column for each of the 2 indicators"):
        index(0.5, 0.5).structure([[1]])
