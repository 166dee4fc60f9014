"""Charts: published values, SciPy, hand arithmetic, phases, properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.spc import ORACLES
from zhiheng.measure.oracles.spc_data import DRIFTING, ORANGE_JUICE, PISTON_RINGS
from zhiheng.measure.spc import (
    WESTERN_ELECTRIC,
    Limits,
    c_chart,
    cusum_chart,
    ewma_chart,
    g_chart,
    i_mr_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    t_chart,
    u_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from zhiheng.measure.spc.constants import c4, d2, d3

STEADY = [5.0, 7, 6, 8, 5, 6, 7, 5, 8, 6, 7, 5, 6, 8, 7, 5, 6, 7, 8, 6, 5, 7, 6, 8]


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_values(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} instead of {oracle.published} ({oracle.source})"


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 7, 25])
def test_constants_against_their_integrals(n: int) -> None:
    above = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** n - stats.norm.sf(x) ** n, -10, 10)[0]
    assert d2(n) == pytest.approx(above, abs=1e-9)
    # The distribution of the range, by its density: n ∫ φ(x) (Φ(x + w) − Φ(x))^(n−1) dx is P(W ≤ w).
    grid = np.linspace(-9, 9, 601)
    widths = np.linspace(0, 14, 701)
    below = [
        n
        * np.trapezoid(
            stats.norm.pdf(grid) * (stats.norm.cdf(grid + w) - stats.norm.cdf(grid)) ** (n - 1), grid
        )
        for w in widths
    ]
    second = np.trapezoid(2 * widths * (1 - np.array(below)), widths)
    assert d3(n) == pytest.approx(math.sqrt(second - above**2), abs=1e-4)
    assert c4(n) == pytest.approx(stats.chi(n - 1).mean() / math.sqrt(n - 1), rel=1e-9)


def test_two_values_have_closed_forms() -> None:
    assert d2(2) == pytest.approx(2 / math.sqrt(math.pi), abs=1e-12)
    assert d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), abs=1e-12)


# --- phases


def test_phase_two_judges_by_frozen_limits() -> None:
    first = xbar_r_chart(PISTON_RINGS[:25])
    assert first.in_control is True
    later = xbar_r_chart(PISTON_RINGS[25:], limits=first.limits)
    assert later.limits == first.limits
    assert later.location.out_of_limits == (11, 12, 13)
    assert not later.location.baseline.any()
    assert later.in_control is False
    together = xbar_r_chart(PISTON_RINGS, baseline=25)
    assert together.location.low[0] == later.location.low[0]
    masked = xbar_r_chart(PISTON_RINGS, baseline=[True] * 25 + [False] * 15)
    assert masked.location.high.tolist() == together.location.high.tolist()


def test_a_removed_point_needs_a_cause_and_stays_in_sight() -> None:
    chart = p_chart(ORANGE_JUICE, [50] * 30, removed={14: "new batch", 22: "untrained"})
    assert [(r.position, r.cause) for r in chart.removed] == [(14, "new batch"), (22, "untrained")]
    assert chart.n == 30
    assert 14 in chart.out_of_limits and all(signal.position != 14 for signal in chart.signals)
    assert chart.limits is not None and chart.limits.points == 28
    with pytest.raises(MeasureError, match="removed: must state the cause"):
        p_chart(ORANGE_JUICE, [50] * 30, removed={14: " "})


def test_a_moving_range_over_a_removed_point_does_not_count() -> None:
    # Ranges 1, (9, 9), 1: those of the wild point are left out with it, and none is drawn over the gap.
    chart = i_mr_chart([1.0, 2, 11, 2, 3], removed={2: "typing error"})
    assert chart.limits is not None
    assert chart.limits.sigma == pytest.approx(1 / 1.128)
    assert chart.limits.centre == 2.0


def test_removed_points_are_passed_over_in_runs() -> None:
    values = [0.0, 1, 0, 0, *[3.0] * 4, -9.0, *[3.0] * 4]
    rules = WESTERN_ELECTRIC[3:]
    limits = Limits("i", 0.0, 1.0, 1.0, 30)
    assert i_mr_chart(values, limits=limits, rules=rules).location.signals == ()
    chart = i_mr_chart(values, limits=limits, rules=rules, removed={8: "outage of the monitor"})
    assert [signal.position for signal in chart.location.signals] == [12]


@pytest.mark.parametrize("frozen", [False, True])
def test_frozen_limits_of_every_chart_give_the_same_lines(frozen: bool) -> None:
    events, sizes = list(ORANGE_JUICE), [50] * 30
    for chart in (
        lambda **k: i_mr_chart(STEADY, **k).location,
        lambda **k: i_mr_chart(STEADY, **k).spread,
        lambda **k: xbar_r_chart(PISTON_RINGS, **k).spread,
        lambda **k: xbar_s_chart(PISTON_RINGS, **k).location,
        lambda **k: p_chart(events, sizes, **k),
        lambda **k: laney_p_chart(events, sizes, **k),
        lambda **k: np_chart(events, size=50, **k),
        lambda **k: c_chart(events, **k),
        lambda **k: u_chart(events, sizes, **k),
        lambda **k: laney_u_chart(events, sizes, **k),
        lambda **k: g_chart(events, **k),
        lambda **k: t_chart(events, **k),
        lambda **k: ewma_chart(STEADY, **k),
    ):
        once = chart()
        kind = {"mr": "i", "r": "xbar"}.get(once.kind, once.kind)
        assert once.limits is not None
        limits = i_mr_chart(STEADY).limits if kind == "i" else xbar_r_chart(PISTON_RINGS).limits
        again = chart(limits=once.limits if once.kind == kind else limits)
        assert again.low == pytest.approx(once.low) and again.high == pytest.approx(once.high)
        assert "laney_advised" not in again.flags


# --- measured values


def test_subgroups_of_different_size() -> None:
    groups = [[1.0, 3.0], [2.0, 4.0, 6.0], [1.0, 2.0, 3.0, 6.0]]
    pair = xbar_s_chart(groups)
    s = [np.std(g, ddof=1) for g in groups]
    h = [c4(len(g)) ** 2 / (1 - c4(len(g)) ** 2) for g in groups]
    sigma = sum(w * v / c4(len(g)) for w, v, g in zip(h, s, groups, strict=True)) / sum(h)
    assert pair.limits is not None
    assert pair.limits.sigma == pytest.approx(sigma)
    assert pair.limits.centre == pytest.approx(28 / 9)
    assert pair.location.high == pytest.approx([28 / 9 + 3 * sigma / math.sqrt(n) for n in (2, 3, 4)])
    assert pair.spread.centre == pytest.approx([c4(n) * sigma for n in (2, 3, 4)])
    # B4 for n = 4 is 2.266 (tables), of the mean deviation.
    assert pair.spread.high[2] / pair.spread.centre[2] == pytest.approx(2.266, abs=5e-4)
    assert pair.spread.low.tolist() == [0.0, 0.0, 0.0]


def test_large_subgroups_want_deviations() -> None:
    table = np.random.default_rng(0).normal(size=(25, 12))
    assert xbar_r_chart(table).location.flags == ("use_deviations",)
    assert xbar_s_chart(table).location.flags == ()


def test_neighbours_that_resemble_each_other_are_flagged() -> None:
    drift = np.sin(np.arange(40) / 6)
    assert "autocorrelated" in i_mr_chart(drift).location.flags
    assert "autocorrelated" in t_chart(drift + 2).flags
    assert "autocorrelated" in ewma_chart(drift).flags
    assert "autocorrelated" not in i_mr_chart(STEADY).location.flags
    assert i_mr_chart([3.0] * 25).location.flags == ("zero_variance",)


# --- shares and counts


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(30, 90)), min_size=2, max_size=30))
def test_laney_with_a_factor_of_one_is_the_plain_chart(rows: list[tuple[int, int]]) -> None:
    events, sizes = zip(*rows, strict=True)
    for plain, laney, kind in ((p_chart, laney_p_chart, "laney p"), (u_chart, laney_u_chart, "laney u")):
        chart = plain(events, sizes)
        assert chart.limits is not None
        same = laney(events, sizes, limits=Limits(kind, chart.limits.centre, None, 1.0, chart.limits.points))
        assert same.low.tolist() == chart.low.tolist()
        assert same.high.tolist() == chart.high.tolist()
        assert same.signals == chart.signals
        # And sigma_z scales the distance of the limits from the centre.
        wide = laney(events, sizes)
        assert wide.limits is not None
        assert wide.sigma == pytest.approx(chart.sigma * wide.limits.factor)


def test_counts_by_hand() -> None:
    fixed = np_chart([4, 6], size=20)
    assert (fixed.centre[0], fixed.high[0]) == (5.0, pytest.approx(5 + 3 * math.sqrt(5 * 0.75)))
    assert fixed.low[0] == 0.0
    counts = c_chart([4, 6, 5])
    assert counts.high[0] == pytest.approx(5 + 3 * math.sqrt(5))
    rates = u_chart([4, 6], [2, 8])
    assert rates.value.tolist() == [2.0, 0.75]
    assert rates.high == pytest.approx([1 + 3 / math.sqrt(2), 1 + 3 / math.sqrt(8)])
    assert rates.low == pytest.approx([0.0, 0.0])


def test_what_charts_of_shares_warn_of() -> None:
    random = np.random.default_rng(3)
    level = random.beta(200, 800, 40)
    crowd = random.binomial(5000, level)
    plain, laney = p_chart(crowd, [5000] * 40), laney_p_chart(crowd, [5000] * 40)
    assert "laney_advised" in plain.flags and len(plain.out_of_limits) > 5
    assert "laney_advised" not in laney.flags and not laney.out_of_limits
    assert "few_events" in p_chart([0, 1, 2, 1], [50] * 4).flags
    assert "underdispersed" in laney_p_chart([25, 26, 25, 26], [50] * 4).flags
    assert "laney_advised" in u_chart([900, 1100], [5, 5]).flags
    nothing = laney_p_chart([0, 0, 0], [9, 9, 9])
    assert nothing.limits is not None and nothing.limits.factor == 1.0
    assert nothing.flags == ("trial_limits", "zero_variance")
    assert c_chart([0, 0, 4], limits=Limits("c", 0.0, None, 1.0, 30)).out_of_limits == (2,)


# --- drift


def test_ewma_by_hand_and_over_a_removed_point() -> None:
    chart = ewma_chart([1.0, 9.0, 2.0], target=0, sigma=1, weight=0.5, sigmas=3, removed={1: "test entry"})
    assert chart.value.tolist() == [0.5, 0.5, 1.25]
    steady = math.sqrt(0.5 / 1.5)
    assert chart.high == pytest.approx(
        [
            3 * steady * math.sqrt(1 - 0.25),
            3 * steady * math.sqrt(1 - 0.25),
            3 * steady * math.sqrt(1 - 0.0625),
        ]
    )
    assert chart.flags == ()
    shewhart = ewma_chart([0.0, 3.1], target=0, sigma=1, weight=1, sigmas=3)
    assert shewhart.out_of_limits == (1,)
    assert str(chart) == "ewma: centre 0, sigma 1 given; no signal (n=3)"


@settings(deadline=None)
@given(st.lists(st.integers(-30, 30), min_size=1, max_size=40), st.sampled_from([0.0, 2.0]))
def test_cusum_step_by_step(tenths: list[int], head_start: float) -> None:
    values = [v / 8 for v in tenths]
    chart = cusum_chart(values, target=0, sigma=1, head_start=head_start)
    up = down = head_start
    for t, value in enumerate(values):
        up, down = max(0.0, up + value - 0.5), max(0.0, down - value - 0.5)
        assert (chart.above[t], chart.below[t]) == (pytest.approx(up), pytest.approx(down))
    assert [s.position for s in chart.signals if s.side > 0] == [
        t for t, c in enumerate(chart.above) if c > 5
    ]


def test_cusum_says_since_when() -> None:
    chart = cusum_chart(DRIFTING, target=10, sigma=1)
    assert [(s.position, s.side) for s in chart.signals] == [(28, 1), (29, 1)]
    assert chart.onset == (22, 22)
    assert str(chart) == (
        "cusum: centre 10, sigma 1 given; drift above seen at 28, since about 22 (n=30, k=0.5, h=5)"
    )
    down = cusum_chart([-v for v in DRIFTING], target=-10, sigma=1)
    assert "drift below seen at 28" in str(down)
    assert (down.in_control, down.n) == (False, 30)
    calm = cusum_chart(STEADY)
    assert calm.in_control is True and calm.flags == ()
    assert "no signal" in str(calm)
    skipped = cusum_chart([0.0, 99, 0], target=0, sigma=1, removed={1: "typing error"})
    assert skipped.signals == () and skipped.above.tolist() == [0.0, 0.0, 0.0]
    assert cusum_chart(STEADY[:10]).flags == ("trial_limits",)


def test_target_and_sigma_replace_the_baseline_each_by_itself() -> None:
    base = ewma_chart(STEADY).limits
    assert base is not None
    aimed = ewma_chart(STEADY, target=6).limits
    assert aimed is not None and (aimed.centre, aimed.sigma) == (6, base.sigma)
    known = ewma_chart(STEADY, sigma=2).limits
    assert known is not None and (known.centre, known.sigma) == (base.centre, 2)


# --- too little


def test_too_few_points_give_no_limits() -> None:
    for chart in (
        i_mr_chart([]).location,
        i_mr_chart([1.0]).location,
        i_mr_chart([1.0]).spread,
        i_mr_chart([1.0, 2, 3], baseline=[True, False, True]).location,
        xbar_r_chart([[1.0, 2.0]]).location,
        xbar_s_chart([[1.0, 2.0]]).spread,
        xbar_s_chart([]).location,
        p_chart([1], [5]),
        p_chart([], []),
        laney_p_chart([1, 2, 3], [5, 5, 5], baseline=[True, False, True]),
        u_chart([1], [5]),
        c_chart([3]),
        np_chart([3], size=4),
        g_chart([4]),
        t_chart([4]),
        ewma_chart([4]),
    ):
        assert chart.limits is None and chart.in_control is None
        assert chart.flags == ("not_enough_data",)
        assert (chart.low.size, chart.signals, chart.out_of_limits) == (0, (), ())
        assert "no limits" in str(chart)
    pair = i_mr_chart([1.0])
    assert (pair.limits, pair.in_control) == (None, None)
    sums = cusum_chart([1.0])
    assert (sums.limits, sums.in_control, sums.flags) == (None, None, ("not_enough_data",))
    assert str(sums) == "cusum chart: no limits (n=1, k=0.5, h=5, not_enough_data)"


def test_a_chart_prints_itself() -> None:
    pair = i_mr_chart([1.0, 2, 1, 2, 1])
    assert str(pair).splitlines() == [
        "i: centre 1.4, sigma 0.8865 from 5 points; no signal (n=5, trial_limits)",
        "mr: centre 1, sigma 0.8865 from 5 points; no signal (n=4, trial_limits)",
    ]
    assert pair.in_control is True
    assert str(laney_p_chart(ORANGE_JUICE, [50] * 30).limits) == (
        "laney p: centre 0.231333, sigma_z 1.661 from 30 points"
    )


P = Limits("p", 0.1, None, 1.0, 30)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: i_mr_chart([1.0, float("nan")]), "values"),
        (lambda: i_mr_chart([[1.0]]), "values"),
        (lambda: i_mr_chart([1.0, 2], baseline=0), "baseline"),
        (lambda: i_mr_chart([1.0, 2], baseline=[True]), "baseline"),
        (lambda: i_mr_chart([1.0, 2], limits=P), "limits"),
        (lambda: p_chart([1], [5], limits=P, baseline=1), "baseline"),
        (lambda: i_mr_chart([1.0, 2], removed={2: "x"}), "removed"),
        (lambda: i_mr_chart([1.0, 2], removed={-1: "x"}), "removed"),
        (lambda: xbar_r_chart([1.0, 2]), "values"),
        (lambda: xbar_r_chart([[1.0], [2.0]]), "values"),
        (lambda: xbar_s_chart([[1.0, 2.0], [2.0]]), "values"),
        (lambda: xbar_s_chart(5), "values"),
        (lambda: p_chart([6], [5]), "events"),
        (lambda: p_chart([-1], [5]), "events"),
        (lambda: p_chart([0], [0]), "sizes"),
        (lambda: p_chart([0, 1], [5]), "sizes"),
        (lambda: np_chart([1], size=0), "size"),
        (lambda: u_chart([1], [0]), "exposure"),
        (lambda: c_chart([-1]), "events"),
        (lambda: g_chart([-1]), "cases_between"),
        (lambda: g_chart([1], by="both"), "by"),  # type: ignore[arg-type]
        (lambda: t_chart([-1]), "time_between"),
        (lambda: ewma_chart([1], weight=0), "weight"),
        (lambda: ewma_chart([1], sigmas=0), "sigmas"),
        (lambda: ewma_chart([1], sigma=-1), "sigma"),
        (lambda: ewma_chart([1], target=float("nan")), "target"),
        (lambda: ewma_chart([1], target=1, limits=Limits("ewma", 0, 1, 1, 9)), "limits"),
        (lambda: cusum_chart([1], reference=0), "reference"),
        (lambda: cusum_chart([1], decision=float("inf")), "decision"),
        (lambda: cusum_chart([1], head_start=5), "head_start"),
        (lambda: cusum_chart([1, 1, 1]), "sigma"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
