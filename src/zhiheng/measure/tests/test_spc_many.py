"""Charts of many series at once say what a chart of each series says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure import MeasureError
from zhiheng.measure.spc import (
    LIMITS_ONLY,
    NELSON,
    WESTERN_ELECTRIC,
    Rule,
    laney_p_chart,
    laney_p_charts,
    laney_u_chart,
    laney_u_charts,
)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    series=st.integers(1, 6),
    points=st.integers(2, 40),
    baseline=st.sampled_from([None, 2, 20]),
    rules=st.sampled_from([WESTERN_ELECTRIC, NELSON, LIMITS_ONLY]),
    share=st.sampled_from([0.0, 0.03, 0.4, 1.0]),
)
@pytest.mark.parametrize("kind", ["p", "u"])
def test_every_row_is_its_own_chart(
    kind: str,
    seed: int,
    series: int,
    points: int,
    baseline: int | None,
    rules: tuple[Rule, ...],
    share: float,
) -> None:
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 400, (series, points))
    events = random.binomial(sizes, np.clip(share + 0.1 * random.standard_normal((series, 1)), 0, 1) * share)
    many, one = (laney_p_charts, laney_p_chart) if kind == "p" else (laney_u_charts, laney_u_chart)
    charts = many(events, sizes, baseline=baseline, rules=rules)
    assert charts.n == series
    for row in range(series):
        alone = one(events[row], sizes[row], baseline=baseline, rules=rules)
        assert alone.limits is not None
        assert charts.centre[row] == pytest.approx(alone.limits.centre, rel=1e-12)
        assert charts.factor[row] == pytest.approx(alone.limits.factor, rel=1e-12)
        assert charts.low[row] == pytest.approx(alone.low, rel=1e-12, abs=1e-15)
        assert charts.high[row] == pytest.approx(alone.high, rel=1e-12, abs=1e-15)
        assert charts.in_control is not None and bool(charts.in_control[row]) is alone.in_control
        found = {(rules[rule], int(at)) for rule, at in np.argwhere(charts.fired[:, row])}
        assert found == {(signal.rule, signal.position) for signal in alone.signals}
        again = charts.chart(row)
        assert (again.limits, again.signals, again.flags) == (alone.limits, alone.signals, alone.flags)


def test_charts_print_how_many_have_a_signal() -> None:
    steady = [5, 4, 6, 5, 4, 6, 5, 5, 4, 6] * 3
    shifted = [*steady[:-1], 60]
    charts = laney_p_charts([steady, shifted], np.full((2, 30), 100))
    assert str(charts) == "2 laney p charts of 30 points: 1 with a signal"
    assert charts.in_control is not None and charts.in_control.tolist() == [True, False]


@pytest.mark.parametrize(("events", "sizes"), [([[1]], [[5]]), (np.zeros((0, 4)), np.ones((0, 4)))])
def test_without_two_points_or_any_series_there_are_no_limits(events: object, sizes: object) -> None:
    charts = laney_u_charts(events, sizes)
    assert charts.flags == ("not_enough_data",)
    assert charts.in_control is None
    assert np.isnan(charts.low).all() and not charts.fired.any()
    assert "no limits, not_enough_data" in str(charts)


@pytest.mark.parametrize(
    ("events", "sizes", "argument", "rule"),
    [
        ([[1, 2]], [[5, 5, 5]], "sizes", "must have the shape of events"),
        ([[1, -2]], [[5, 5]], "events", "must not be below 0"),
        ([[1, 2]], [[5, 0]], "sizes", "must be above 0"),
        (
            [[1, 2], [1, 9]],
            [[5, 5], [5, 5]],
            "events",
            "must not exceed the cases, do at series 1, position 1",
        ),
        ([1, 2], [5, 5], "events", "must be two-dimensional"),
        ([[1, float("nan")]], [[5, 5]], "events", "must be finite"),
    ],
)
def test_bad_input_names_the_argument(events: object, sizes: object, argument: str, rule: str) -> None:
    with pytest.raises(MeasureError, match=f"^{argument}: {rule}"):
        laney_p_charts(events, sizes)
