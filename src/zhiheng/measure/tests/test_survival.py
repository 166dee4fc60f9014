"""Times that may still run: the Freireich trial, lifelines on random data, hand arithmetic, properties."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.survival import DRUG, DRUG_SEEN, ORACLES, PLACEBO
from zhiheng.measure.survival import (
    kaplan_meier,
    log_rank,
    nelson_aalen,
    restricted_mean,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports warn; nothing of ours does
    from lifelines import KaplanMeierFitter, NelsonAalenFitter
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import restricted_mean_survival_time


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_values(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} instead of {oracle.published} ({oracle.source})"


def test_the_trial_at_its_edges() -> None:
    curve = kaplan_meier(DRUG, DRUG_SEEN, unit="weeks")
    assert (curve.n, curve.at(0).value, curve.at(5.9).high) == (21, 1.0, 1.0)


def test_the_trial_by_log_rank() -> None:
    result = log_rank(DRUG + PLACEBO, DRUG_SEEN + (True,) * 21, ["6-MP"] * 21 + ["placebo"] * 21)
    assert (result.groups, result.n, result.observed) == (("6-MP", "placebo"), (21, 21), (9, 21))
    assert sum(result.expected) == pytest.approx(30)
    assert str(result) == "log-rank chi2=16.793, df=1, p=4.17e-05, n=42"


def random_cohort(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    event = np.ceil(random.exponential(30, n))
    censor = np.ceil(random.exponential(50, n))
    return np.minimum(event, censor), event <= censor


@pytest.mark.parametrize("seed", range(5))
def test_curve_band_median_and_hazard_against_lifelines(seed: int) -> None:
    times, seen = random_cohort(seed)
    curve = kaplan_meier(times, seen, confidence=0.9)
    fitted = KaplanMeierFitter(alpha=0.1).fit(times, seen)
    limits = fitted.confidence_interval_.to_numpy()[1:]
    assert curve.share == pytest.approx(fitted.survival_function_["KM_estimate"].to_numpy()[1:], abs=1e-12)
    inside = (curve.share > 0) & (curve.share < 1)
    assert np.column_stack((curve.low, curve.high))[inside] == pytest.approx(limits[inside], abs=1e-9)
    assert curve.quantile().value == fitted.median_survival_time_
    assert curve.restricted_mean(40).value == pytest.approx(
        restricted_mean_survival_time(fitted, t=40), abs=1e-9
    )


@pytest.mark.parametrize("seed", range(3))
def test_cumulative_hazard_and_its_band_against_lifelines(seed: int) -> None:
    times, seen = random_cohort(seed)
    # lifelines breaks ties before it sums; without ties its sums are the textbook's Σ d/n and Σ d/n².
    times = times + np.random.default_rng(seed).random(times.size)
    hazard = nelson_aalen(times, seen)
    reference = NelsonAalenFitter().fit(times, seen)
    assert hazard.cumulative == pytest.approx(reference.cumulative_hazard_.to_numpy()[1:, 0], abs=1e-12)
    band = reference.confidence_interval_.to_numpy()[1:]
    shown = hazard.cumulative > 0
    assert np.column_stack((hazard.low, hazard.high))[shown] == pytest.approx(band[shown], rel=1e-9)
    assert hazard.n == 400


@pytest.mark.parametrize("groups", [2, 3, 6])
def test_log_rank_against_lifelines(groups: int) -> None:
    times, seen = random_cohort(groups)
    labels = np.random.default_rng(1).integers(0, groups, times.size)
    ours = log_rank(times, seen, labels)
    theirs = multivariate_logrank_test(times, labels, seen)
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-9)
    assert ours.degrees == groups - 1


whole_times = st.lists(st.integers(0, 50), min_size=2, max_size=40)


@given(whole_times)
def test_without_censoring_the_curve_is_one_minus_the_ecdf(times: list[int]) -> None:
    curve = kaplan_meier(times)
    data = np.array(times)
    assert curve.share == pytest.approx([(data > t).mean() for t in curve.time], abs=1e-12)


@given(whole_times, st.integers(1, 80))
def test_without_censoring_the_restricted_mean_is_the_mean_and_greenwood_its_variance(
    times: list[int], horizon: int
) -> None:
    cut = np.minimum(times, horizon)
    figure = restricted_mean(times, horizon=horizon)
    assert figure.value == pytest.approx(cut.mean(), abs=1e-9)
    half = 1.959963984540054 * np.sqrt(cut.var() / cut.size)
    assert figure.low == pytest.approx(max(cut.mean() - half, 0), abs=1e-9)
    assert figure.high == pytest.approx(min(cut.mean() + half, horizon), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
def test_the_curve_falls_inside_its_band(rows: list[tuple[int, bool]]) -> None:
    times, seen = zip(*rows, strict=True)
    for band in ("log-log", "log"):
        curve = kaplan_meier(times, seen, band=band)
        assert (np.diff(curve.share) <= 0).all()
        assert ((curve.low >= 0) & (curve.low <= curve.share + 1e-12)).all()
        assert ((curve.share <= curve.high + 1e-12) & (curve.high <= 1)).all()
        assert int(curve.events.sum() + curve.censored.sum()) == curve.n == len(rows)
        assert not np.isnan(curve.low).any() and not np.isnan(curve.high).any()


def test_greenwood_by_hand_with_censoring() -> None:
    # Times 1, 2+, 3, 4+ : S = 3/4 from 1, 3/8 from 3. Area to 4: 1 + 2·3/4 + 3/8 = 2.875.
    # Areas after the events: 1.875 and 0.375; Var = 1.875²/(4·3) + 0.375²/(2·1).
    figure = restricted_mean([1, 2, 3, 4], [1, 0, 1, 0], horizon=4)
    assert figure.value == pytest.approx(2.875, abs=1e-12)
    half = 1.959963984540054 * np.sqrt(1.875**2 / 12 + 0.375**2 / 2)
    assert figure.low == pytest.approx(2.875 - half, abs=1e-9)
    assert figure.method == "km-rmst-greenwood"


def test_an_open_tail_is_carried_on_and_said() -> None:
    figure = restricted_mean([1, 2, 3, 4], [1, 0, 1, 0], horizon=10)
    assert figure.flags == ("tail_extended",)
    assert figure.value == pytest.approx(2.875 + 6 * 0.375)
    assert kaplan_meier([1, 4], [1, 0]).at(9).flags == ("tail_extended",)
    assert kaplan_meier([1, 4]).at(9).flags == ()
    assert restricted_mean([1, 4], horizon=10).flags == ()


def test_curves_print_themselves() -> None:
    assert str(kaplan_meier([1, 2, 3, 4], unit="d")).startswith(
        "median 2 d [1 d … 4 d] (n=4, 95% km-quantile-log-log)"
    )
    assert str(kaplan_meier([])) == "no times (n=0, not_enough_data)"
    assert str(nelson_aalen([1, 2])).startswith("cumulative hazard 1.5 [")
    assert str(nelson_aalen([])) == "no times (n=0)"


def test_a_quantile_that_is_not_reached_is_said() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0])
    assert curve.quantile(0.9).value is None
    assert curve.quantile(0.9).flags == ("not_reached",)
    assert curve.quantile(0.25).value == 1
    assert kaplan_meier([3, 5, 9, 11]).quantile(0.75).value == 9


def test_too_few_cases_are_said() -> None:
    nothing = kaplan_meier([])
    assert (nothing.n, nothing.flags) == (0, ("not_enough_data",))
    for figure in (
        nothing.at(1),
        nothing.quantile(),
        nothing.restricted_mean(5),
        restricted_mean([3], horizon=5),
    ):
        assert figure.value is None
        assert "not_enough_data" in figure.flags
    assert restricted_mean([3], [0], horizon=5).flags == ("not_enough_data", "tail_extended")
    assert (nelson_aalen([]).n, nelson_aalen([]).cumulative.size) == (0, 0)
    assert restricted_mean([3, 4], horizon=5).value == 3.5
    no_events = log_rank([1, 2, 3, 4], [0, 0, 0, 0], [0, 0, 1, 1])
    assert (no_events.statistic, no_events.p_value, no_events.flags) == (None, None, ("not_enough_data",))
    assert str(no_events) == "log-rank: not_enough_data"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: kaplan_meier([-1, 2]), "durations"),
        (lambda: kaplan_meier([float("nan")]), "durations"),
        (lambda: kaplan_meier([[1, 2]]), "durations"),
        (lambda: kaplan_meier([1, 2], [1]), "observed"),
        (lambda: kaplan_meier([1, 2], [1, 3]), "observed"),
        (lambda: kaplan_meier([1, 2], confidence=0), "confidence"),
        (lambda: kaplan_meier([1, 2], band="plain"), "band"),  # type: ignore[arg-type]
        (lambda: kaplan_meier([1, 2]).at(-1), "time"),
        (lambda: kaplan_meier([1, 2]).at(float("inf")), "time"),
        (lambda: kaplan_meier([1, 2]).quantile(1), "share"),
        (lambda: restricted_mean([1, 2], horizon=0), "horizon"),
        (lambda: log_rank([1, 2], [1, 1], [0]), "groups"),
        (lambda: log_rank([1, 2], [1, 1], [0, 0]), "groups"),
        (lambda: log_rank([], [], []), "groups"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
