"""Cox, Aalen-Johansen and mean cumulative counts: lifelines and statsmodels, hand arithmetic, properties."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import CumIncidenceRight

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles.survival import DRUG, DRUG_SEEN, PLACEBO
from zhiheng.measure.survival import (
    aalen_johansen,
    cox,
    kaplan_meier,
    mean_cumulative_function,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports warn; nothing of ours does
    import pandas as pd
    from lifelines import AalenJohansenFitter, CoxPHFitter
    from lifelines.statistics import proportional_hazard_test


def cohort(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = np.column_stack((random.normal(5, 3, n), random.integers(0, 2, n), random.exponential(1, n)))
    event = random.exponential(np.exp(-0.2 * table[:, 0] + 0.5 * table[:, 1]))
    censor = random.exponential(1.5, n) * np.median(event)
    return np.minimum(event, censor), event <= censor, table


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("tied", [False, True])
def test_cox_against_statsmodels(ties: str, tied: bool) -> None:
    times, seen, table = cohort(3)
    if tied:
        times = np.ceil(times * 8)
    model = cox(times, seen, table, ties=ties, confidence=0.9)  # type: ignore[arg-type]
    theirs = PHReg(times, table, status=seen.astype(int), ties=ties).fit()
    assert [r.coefficient for r in model.ratios] == pytest.approx(theirs.params, rel=1e-6)
    assert [r.standard_error for r in model.ratios] == pytest.approx(theirs.bse, rel=1e-6)
    assert [r.p_value for r in model.ratios] == pytest.approx(theirs.pvalues, rel=1e-6)
    limits = np.exp(theirs.conf_int(0.1))
    assert [(r.low, r.high) for r in model.ratios] == pytest.approx([pytest.approx(row) for row in limits])
    assert model.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)


def test_cox_against_lifelines_with_its_tests() -> None:
    times, seen, table = cohort(4, 300)
    frame = pd.DataFrame(table, columns=["a", "b", "c"]).assign(time=times, seen=seen)
    fitted = CoxPHFitter().fit(frame, "time", "seen")
    model = cox(times, seen, table, names=["a", "b", "c"])
    assert [r.coefficient for r in model.ratios] == pytest.approx(fitted.params_.to_numpy(), rel=1e-5)
    likelihood_ratio = fitted.log_likelihood_ratio_test()
    assert model.chi_square == pytest.approx(likelihood_ratio.test_statistic, rel=1e-6)
    assert model.p_value == pytest.approx(likelihood_ratio.p_value, rel=1e-5)
    proportional = proportional_hazard_test(fitted, frame, time_transform="rank").p_value
    assert [r.proportional_p for r in model.ratios] == pytest.approx(proportional, rel=1e-3)


def test_a_covariate_that_changes_is_given_as_several_rows() -> None:
    times, seen, table = cohort(5)
    entered = np.where(np.arange(times.size) % 3 == 0, times / 2, 0.0)
    model = cox(times, seen, table, entered=entered)
    theirs = PHReg(times, table, status=seen.astype(int), entry=entered, ties="efron").fit()
    assert [r.coefficient for r in model.ratios] == pytest.approx(theirs.params, rel=1e-5)
    # Cutting a case in two at a time at which its covariates stay the same changes nothing.
    cut = times / 3
    split = cox(
        np.concatenate((cut, times)),
        np.concatenate((np.zeros(times.size, bool), seen)),
        np.vstack((table, table)),
        entered=np.concatenate((np.zeros(times.size), cut)),
    )
    whole = cox(times, seen, table)
    assert [r.coefficient for r in split.ratios] == pytest.approx(
        [r.coefficient for r in whole.ratios], rel=1e-9
    )


def test_cox_does_not_depend_on_order_or_units() -> None:
    times, seen, table = cohort(6)
    order = np.random.default_rng(0).permutation(times.size)
    one = cox(times, seen, table)
    other = cox(times[order] * 3600, seen[order], table[order] * 1000 + 7)
    for a, b in zip(one.ratios, other.ratios, strict=True):
        assert b.coefficient * 1000 == pytest.approx(a.coefficient, rel=1e-9)
        assert (b.z, b.proportional_p) == (pytest.approx(a.z), pytest.approx(a.proportional_p))
    assert other.log_likelihood == pytest.approx(one.log_likelihood)


def test_cox_finds_its_way_back_from_a_step_too_far() -> None:
    # Wild covariates send Newton's first steps over the hill; the top is where a search by intervals finds it.
    for seed in (122, 226):
        wild = np.random.default_rng(seed).standard_cauchy(8)
        ranks = np.arange(8)

        def loss(beta: float, wild: np.ndarray = wild) -> float:
            return -sum(beta * wild[i] - np.logaddexp.reduce(beta * wild[i:]) for i in range(8))

        best = minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-10})
        model = cox(ranks, np.ones(8, bool), wild)
        assert model.ratios[0].coefficient == pytest.approx(best.x, abs=1e-6)
        assert model.log_likelihood == pytest.approx(-best.fun, abs=1e-9)


def test_cox_prints_itself() -> None:
    on_placebo = [0] * 21 + [1] * 21
    model = cox(DRUG + PLACEBO, DRUG_SEEN + (True,) * 21, on_placebo, names=["placebo"])
    assert str(model) == ("placebo: ratio 4.817 [2.147 … 10.81], p=0.000138; (n=42, events=30, cox-efron)")
    assert (model.n, model.events, model.degrees) == (42, 30, 1)


def test_a_perfect_covariate_is_called_separation() -> None:
    model = cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0])
    assert "separation" in model.flags and "few_events" in model.flags
    assert model.ratios[0].proportional_p is None
    assert np.isfinite([model.ratios[0].low, model.ratios[0].high]).all()
    # Two columns that both separate, one of them backwards.
    both = cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [[1, 0], [2, -1], [1, 0], [-3, 5], [-2, 5], [-2, 7]])
    assert "separation" in both.flags


def test_a_ratio_that_changes_with_time_is_flagged() -> None:
    random = np.random.default_rng(8)
    group = np.repeat([0, 1], 300)
    early = random.weibull(np.where(group == 1, 0.5, 2.5))
    model = cox(early, np.ones(600, bool), group)
    assert "non_proportional" in model.flags
    assert (model.ratios[0].proportional_p or 0) < 1e-6


def test_cox_without_enough_data() -> None:
    for model in (
        cox([], [], np.zeros((0, 1))),
        cox([1, 2, 3, 4], [0, 0, 0, 0], [1, 2, 3, 4]),
        cox([1, 2], [1, 1], [1, 2]),
        cox([1, 2, 3], [0, 0, 1], [1, 2, 3]),  # the only event comes when nobody else is at risk
    ):
        assert (model.ratios, model.flags, model.p_value) == ((), ("not_enough_data",), None)
    assert str(cox([1, 2], [1, 1], [1, 2])) == "(n=2, events=2, cox-efron, not_enough_data)"
    # All events at one time: the ranks do not vary, so nothing can be said of proportionality.
    at_once = cox([1, 1, 1, 2, 2], [1, 1, 1, 0, 0], [1, 2, 0, 1, 3])
    assert at_once.ratios[0].proportional_p == 1.0


# --- several kinds of end


@pytest.mark.parametrize("tied", [False, True])
def test_incidence_against_statsmodels_and_lifelines(tied: bool) -> None:
    random = np.random.default_rng(2)
    times = random.exponential(10, 250)
    if tied:
        times = np.ceil(times)
    causes = random.integers(0, 4, 250)
    curves = aalen_johansen(times, causes, censored=0)
    with np.errstate(all="ignore"):  # theirs divides by zero where the last case at risk ends
        theirs = CumIncidenceRight(times, causes)
    here = np.searchsorted(curves.time, theirs.times)
    for k, row in enumerate(curves.causes):
        assert row.share[here] == pytest.approx(theirs.cinc[k], abs=1e-12)
        assert row.variance[here][:-1] == pytest.approx(theirs.cinc_se[k][:-1] ** 2, abs=1e-12)
    if not tied:
        fitted = AalenJohansenFitter().fit(times, causes, event_of_interest=1)
        assert curves.causes[0].share == pytest.approx(
            fitted.cumulative_density_.to_numpy()[1:, 0], abs=1e-12
        )
        band = fitted.confidence_interval_.to_numpy()[1:]
        shown = (curves.causes[0].share > 0) & np.isfinite(band[:, 0])  # none at their last time
        ours = np.column_stack((curves.causes[0].low, curves.causes[0].high))
        assert ours[shown] == pytest.approx(band[shown], abs=1e-9)


ends = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["", "resolved", "cancelled", "merged"])), min_size=1
)


@settings(deadline=None)
@given(ends)
def test_the_causes_and_those_who_wait_make_one(rows: list[tuple[int, str]]) -> None:
    times, causes = zip(*rows, strict=True)
    curves = aalen_johansen(times, causes)
    total = curves.waiting + sum((row.share for row in curves.causes), np.zeros(curves.time.size))
    assert total == pytest.approx(np.ones(curves.time.size))
    whole = kaplan_meier(times, [cause != "" for cause in causes])
    assert curves.waiting == pytest.approx(whole.share, abs=1e-12)
    for row in curves.causes:
        assert ((row.low >= 0) & (row.low <= row.share + 1e-12)).all()
        assert ((row.share <= row.high + 1e-12) & (row.high <= 1)).all()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1))
def test_a_single_cause_is_kaplan_meier_with_greenwoods_variance(rows: list[tuple[int, bool]]) -> None:
    times, seen = zip(*rows, strict=True)
    curves = aalen_johansen(times, ["resolved" if s else "" for s in seen])
    whole = kaplan_meier(times, seen)
    for row in curves.causes:
        assert row.share == pytest.approx(1 - whole.share, abs=1e-12)
        assert row.variance == pytest.approx(whole.share**2 * whole.greenwood, abs=1e-12)


def test_incidence_by_hand() -> None:
    # 1 resolved of 4, 2 cancelled of 3, 3 open, 4 resolved of 1: F = 1/4 + 1/2 · 1 and 3/4 · 1/3.
    curves = aalen_johansen([1, 2, 3, 4], ["resolved", "cancelled", "", "resolved"])
    assert curves.at(1, "resolved").value == pytest.approx(0.25)
    assert curves.at(9, "resolved").value == pytest.approx(0.75)
    assert curves.at(9, "cancelled").value == pytest.approx(0.25)
    assert (curves.at(0.5, "resolved").value, curves.at(0.5, "resolved").high) == (0.0, 0.0)
    assert curves.at(9, "resolved").flags == ()
    assert aalen_johansen([1, 2], ["resolved", ""]).at(3, "resolved").flags == ("tail_extended",)
    assert str(curves) == "cancelled 25.00%, resolved 75.00% (n=4)"


def test_causes_may_be_text_numbers_or_nothing() -> None:
    text = aalen_johansen([1, 2, 3], ["a", "", "b"])
    for other in (
        aalen_johansen([1, 2, 3], ["a", None, "b"]),
        aalen_johansen([1, 2, 3], [7, 0, 9], censored=0),
    ):
        assert [row.share.tolist() for row in other.causes] == [row.share.tolist() for row in text.causes]
    assert aalen_johansen([1, 2], [7, 0], censored=0).at(1, 7).value == 0.5


def test_incidence_without_enough_data() -> None:
    for curves in (aalen_johansen([], []), aalen_johansen([1, 2], ["", ""])):
        assert curves.flags == ("not_enough_data",)
        assert curves.at(1, "resolved").value is None
    assert str(aalen_johansen([], [])) == "no ends (n=0, not_enough_data)"


# --- events that return


def test_mean_counts_by_hand() -> None:
    # Items end at 4, 2, 3. Events: item 0 at 1 and 3, item 1 at 2, item 2 at 2.
    # d/n: 1/3 at 1, 2/3 at 2, 1/2 at 3 (item 1 is gone).
    curve = mean_cumulative_function([0, 0, 1, 2], [1, 3, 2, 2], observed_until=[4, 2, 3])
    assert curve.mean == pytest.approx([1 / 3, 1, 1.5])
    assert (curve.at_risk.tolist(), curve.events.tolist()) == ([3, 3, 2], [1, 2, 1])
    # Influences after 1: 2/9, −1/9, −1/9; after 2: 2/9 − 2/9, −1/9 + 1/9, 0; after 3: +1/4, 0, −1/4.
    assert curve.variance == pytest.approx([6 / 81, 0, 1 / 8])
    half = np.exp(1.959963984540054 * np.sqrt(1 / 8) / 1.5)
    figure = curve.at(7)
    assert (figure.low, figure.high) == (pytest.approx(1.5 / half), pytest.approx(1.5 * half))
    assert (curve.at(0.5).value, curve.at(0.5).low) == (0.0, None)
    assert str(curve) == "mean count 1.5 by 3 (items=3, n=4)"


def test_late_beginning_and_events_at_age_zero() -> None:
    curve = mean_cumulative_function([0, 1], [0, 5], observed_until=[10, 10, 10], observed_from=[0, 3, 5])
    # At age 0 only item 0 is watched; at 5 items 0 and 1, for item 2 begins then.
    assert curve.at_risk.tolist() == [1, 2]
    assert curve.mean == pytest.approx([1, 1.5])


counts = st.lists(st.lists(st.integers(1, 9), max_size=5), min_size=2, max_size=8)


@settings(deadline=None)
@given(counts)
def test_without_leaving_the_mean_count_is_the_mean_of_the_counts(items: list[list[int]]) -> None:
    owner = [k for k, times in enumerate(items) for _ in times]
    when = [t for times in items for t in times]
    curve = mean_cumulative_function(owner, when, observed_until=[9] * len(items))
    for j, t in enumerate(curve.time):
        each = np.array([sum(when <= t for when in times) for times in items])
        assert curve.mean[j] == pytest.approx(each.mean())
        assert curve.variance[j] == pytest.approx(each.var() / each.size, abs=1e-12)


def test_mean_counts_without_enough_data() -> None:
    alone = mean_cumulative_function([0], [1], observed_until=[2])
    assert alone.flags == ("not_enough_data",)
    assert alone.at(2).value is None
    nothing = mean_cumulative_function([], [], observed_until=[])
    assert (nothing.n, str(nothing)) == (0, "mean count no events (items=0, n=0, not_enough_data)")
    assert mean_cumulative_function([], [], observed_until=[3, 4]).at(2).value == 0.0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: cox([1, 2], [1], [1, 2]), "observed"),
        (lambda: cox([-1, 2], [1, 1], [1, 2]), "durations"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2, 2], ties="exact"), "ties"),  # type: ignore[arg-type]
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2]), "covariates"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2, float("nan")]), "covariates"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [[[1]], [[2]], [[3]]]), "covariates"),
        (lambda: cox([1, 2, 3], [1, 1, 1], np.zeros((3, 0))), "covariates"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [2, 2, 2]), "covariates"),
        (lambda: cox([1, 2, 3, 4], [1, 1, 1, 1], [[1, 2], [2, 4], [3, 6], [5, 10]]), "covariates"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2, 2], names=["a", "b"]), "names"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2, 2], entered=[0, 2, 0]), "entered"),
        (lambda: cox([1, 2, 3], [1, 1, 1], [1, 2, 2], confidence=2), "confidence"),
        (lambda: aalen_johansen([1, 2], ["a"]), "causes"),
        (lambda: aalen_johansen([-1], ["a"]), "durations"),
        (lambda: aalen_johansen([1, 2], [0, 1]), "censored"),
        (lambda: aalen_johansen([1, 2], [float("nan"), 1], censored=0), "causes"),
        (lambda: aalen_johansen([1], ["a"]).at(-1, "a"), "time"),
        (lambda: aalen_johansen([1], ["a"]).at(1, "b"), "cause"),
        (lambda: mean_cumulative_function([0], [1, 2], observed_until=[3]), "time"),
        (lambda: mean_cumulative_function([1], [1], observed_until=[3]), "item"),
        (lambda: mean_cumulative_function([-1], [1], observed_until=[3]), "item"),
        (lambda: mean_cumulative_function([0], [4], observed_until=[3]), "time"),
        (lambda: mean_cumulative_function([0], [1], observed_until=[3], observed_from=[1]), "time"),
        (lambda: mean_cumulative_function([0], [1], observed_until=[3], observed_from=[4]), "observed_from"),
        (lambda: mean_cumulative_function([0], [1], observed_until=[-3]), "observed_until"),
        (lambda: mean_cumulative_function([0], [1], observed_until=[3]).at(-1), "time"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
