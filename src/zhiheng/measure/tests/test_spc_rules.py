"""The rules of control charts, and the charts of rare events on which they mean what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure.spc import (
    LIMITS_ONLY,
    NELSON,
    WESTERN_ELECTRIC,
    Limits,
    g_chart,
    i_mr_chart,
    t_chart,
)


def fires(rule: int, values: list[float], nelson: bool = True) -> list[int]:
    rules = (NELSON if nelson else WESTERN_ELECTRIC)[rule - 1 : rule]
    chart = i_mr_chart(values, limits=Limits("i", 0.0, 1.0, 1.0, 30), rules=rules)
    return [signal.position for signal in chart.location.signals]


def test_each_rule_by_hand() -> None:
    assert fires(1, [0, 3.1, -3.1, 3.0]) == [1, 2]
    assert fires(2, [1.0] * 10) == [8, 9]
    assert fires(2, [1.0] * 4 + [0.0] + [1.0] * 8) == []
    assert fires(3, [1, 2, 3, 4, 5, 6, 6]) == [5]
    assert fires(3, [6, 5, 4, 3, 2, 1, 0]) == [5, 6]
    assert fires(4, [1.0, -1.0] * 7) == [13]
    assert fires(4, [1.0, -1.0] * 6 + [1.0, 1.0, -1.0]) == []
    assert fires(5, [2.1, 0, 2.1, 0, 0, -2.1, 2.1]) == [2]
    assert fires(6, [1.1, 1.1, 0, 1.1, 1.1, 0, 1.1]) == [4]
    assert fires(7, [0.5, -0.5] * 8) == [14, 15]
    assert fires(8, [1.5, -1.5] * 4 + [0.5]) == [7]
    assert fires(4, [1.0] * 9, nelson=False) == [7, 8]
    assert fires(1, [], nelson=True) == fires(4, [1.0]) == []


def test_a_signal_says_what_it_is() -> None:
    chart = i_mr_chart([0.0, -4], limits=Limits("i", 0.0, 1.0, 1.0, 30)).location
    assert str(chart.signals[0]) == "W1 at 1: 1 of 1 beyond 3 sigma, below"
    texts = [str(rule) for rule in NELSON]
    assert texts[1:4] == [
        "9 in a row on one side",
        "6 in a row rising or falling",
        "14 in a row up and down in turn",
    ]
    assert texts[6:] == ["15 in a row within 1 sigma", "8 in a row outside 1 sigma on either side"]


@settings(deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=40))
def test_rules_do_not_care_which_way_is_up(values: list[float]) -> None:
    limits = Limits("i", 0.0, 1.0, 1.0, 30)
    up = i_mr_chart(values, limits=limits, rules=NELSON).location.signals
    down = i_mr_chart([-v for v in values], limits=limits, rules=NELSON).location.signals
    assert [(s.rule.code, s.position) for s in up] == [(s.rule.code, s.position) for s in down]


def test_rare_events_by_hand() -> None:
    chart = g_chart([10, 20, 30])
    assert (chart.centre[0], chart.low[0]) == (20.0, 0.0)
    assert chart.high[0] == pytest.approx(20 + 3 * math.sqrt(20 * 21))
    power = t_chart([1.0, 32.0, 1.0, 32.0])
    y = np.array([1.0, 32.0]) ** 0.2777
    sigma = (y[1] - y[0]) / 1.128
    assert power.high[0] == pytest.approx((y.mean() + 3 * sigma) ** (1 / 0.2777))
    assert power.value.tolist() == [1.0, 32.0, 1.0, 32.0]
    assert power.low[0] == 0.0


def test_probability_limits_of_rare_events() -> None:
    chart = g_chart([1000.0] * 20 + [2, 20000, 100_000_000], baseline=20, by="probability", rules=NELSON[:1])
    p = 1 / 1001
    law = stats.geom(p, loc=-1)

    def middle(x: float) -> float:
        return float(law.cdf(x - 1) + law.pmf(x) / 2)

    # The limits are where the mid-probability passes Φ(∓3): between the whole numbers on either side.
    for line, share in (
        (chart.low[0], stats.norm.cdf(-3)),
        (chart.centre[0], 0.5),
        (chart.high[0], stats.norm.cdf(3)),
    ):
        assert middle(math.floor(line)) <= share <= middle(math.ceil(line))
    assert chart.out_of_limits == (21, 22)
    assert [signal.position for signal in chart.signals] == [21, 22]
    assert g_chart([0, 0, 0], by="probability").high[0] == 0.0
    assert g_chart([3], by="probability").limits is None


def test_limits_alone_are_one_rule() -> None:
    assert WESTERN_ELECTRIC[:1] == LIMITS_ONLY
