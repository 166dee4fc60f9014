"""Ratings and net promoter scores: published figures, statsmodels on random data, properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.proportion import ORACLES as SHARES
from zhiheng.measure.oracles.satisfaction import ORACLES
from zhiheng.measure.satisfaction import (
    csat,
    customer_effort,
    net_promoter_difference,
    net_promoter_of_counts,
    net_promoter_sample_size,
    net_promoter_score,
    response_rate,
)

RATINGS = st.lists(st.integers(1, 5), min_size=2, max_size=60)


@pytest.mark.parametrize("oracle", [*ORACLES, *SHARES], ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


def test_the_satisfied_share_is_that_of_the_two_top_boxes() -> None:
    figure = csat([5] * 30 + [4] * 15 + [3, 2, 1, 1, 1], population="closed in March")
    assert (figure.value, figure.numerator, figure.denominator) == (0.9, 45, 50)
    assert (round(figure.low or 0, 4), round(figure.high or 0, 4)) == (0.7864, 0.9565)
    assert str(figure) == "90.00% [78.64% … 95.65%] (n=50, 95% wilson)"
    assert figure.population == "closed in March"
    assert csat([1, 2, 3], scale=(1, 3), satisfied_from=3).value == 1 / 3


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_against_statsmodels(seed: int) -> None:
    ratings = np.random.default_rng(seed).integers(2, 5, 40)
    figure = csat(ratings, kind="mean", confidence=0.9)
    expected = DescrStatsW(ratings).tconfint_mean(alpha=0.1)
    assert (figure.low, figure.high) == pytest.approx(expected, abs=1e-9)
    assert figure.value == pytest.approx(ratings.mean(), abs=1e-12)
    score = csat(ratings, kind="score", confidence=0.9)
    assert (score.value, score.low, score.high) == pytest.approx(
        [25 * (v - 1) for v in (ratings.mean(), *expected)], abs=1e-9
    )


def test_limits_stay_on_the_scale() -> None:
    figure = csat([5, 5, 5, 3], kind="mean")  # 4.5 ± 3.18 · 0.5 by hand: 2.909 … 6.09
    assert (round(figure.low or 0, 3), figure.high) == (2.909, 5)
    assert csat([1, 1, 3], kind="score").low == 0


def test_equal_answers_have_no_interval_and_one_answer_has_none_either() -> None:
    same = csat([4, 4, 4], kind="mean")
    assert (same.value, same.low, same.high, same.flags) == (4, None, None, ("zero_variance",))
    assert csat([0.1] * 3, scale=(0, 1), kind="mean").value == 0.1
    assert csat([4], kind="mean").low is None
    assert csat([], kind="mean").flags == csat([]).flags == ("not_enough_data",)


def test_effort_counts_who_found_it_easy() -> None:
    figure = customer_effort([7, 6, 5, 4, 1])
    assert (figure.value, figure.numerator) == (0.6, 3)
    assert customer_effort([7, 5], kind="mean").value == 6
    assert customer_effort([7, 4], kind="score").value == 75


@settings(max_examples=40, deadline=None)
@given(RATINGS)
def test_turning_the_scale_round_turns_the_share_round(ratings: list[int]) -> None:
    happy, unhappy = csat(ratings), csat([6 - r for r in ratings], satisfied_from=3)
    assert happy.value == pytest.approx(1 - (unhappy.value or 0))  # 4 and 5 become 2 and 1


def test_the_response_rate_counts_those_of_whom_nothing_is_known() -> None:
    figure = response_rate(81, 200, unknown=63)
    assert (figure.numerator, figure.denominator) == (81, 263)
    assert (round(figure.low or 0, 4), round(figure.high or 0, 4)) == (0.2553, 0.3662)
    assert response_rate(19, 100, valid_from=0.2).flags == ("response_too_low",)
    assert response_rate(20, 100, valid_from=0.2).flags == ()
    assert response_rate(0, 0, valid_from=0.2).flags == ("not_enough_data",)


def test_a_score_shows_its_counts() -> None:
    score = net_promoter_score([10] * 70 + [9] * 50 + [8, 7] * 25 + [6, 0, 3] * 10)
    assert (score.promoters, score.passives, score.detractors) == (120, 50, 30)
    assert str(score) == (
        "45 points [34.14 points … 54.53 points] (n=200, 95% adjusted-wald): "
        "120 promoters, 50 passives, 30 detractors"
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=200))
def test_the_score_is_the_mean_of_plus_one_zero_and_minus_one(scores: list[int]) -> None:
    signs = [1 if s > 8 else -1 if s < 7 else 0 for s in scores]
    figure = net_promoter_score(scores).figure
    assert figure.value == pytest.approx(100 * np.mean(signs), abs=1e-9)
    assert figure.low is not None and figure.high is not None
    assert -100 <= figure.low < figure.high <= 100
    wald = net_promoter_score(scores, interval="wald")
    assert wald.standard_error == pytest.approx(100 * np.std(signs) / len(signs) ** 0.5, abs=1e-9)


def test_when_all_answer_alike_wald_has_no_width() -> None:
    wald = net_promoter_of_counts(15, 0, 0, interval="wald").figure
    assert (wald.value, wald.low, wald.high, wald.flags) == (100, None, None, ("zero_variance",))
    assert net_promoter_of_counts(0, 0, 0).figure.flags == ("not_enough_data",)


def test_two_periods_by_hand() -> None:
    first = net_promoter_of_counts(120, 50, 30, interval="wald")
    second = net_promoter_of_counts(50, 30, 20, interval="wald")
    change = net_promoter_difference(first, second)
    # 45 − 30 = 15, √(5.2321² + 7.8102²) = 9.4008, z = 1.5956, p = 0.1106, ± 18.425.
    assert change.figure.value == pytest.approx(15)
    assert (round(change.z or 0, 4), round(change.p_value or 0, 4)) == (1.5956, 0.1106)
    assert (round(change.figure.low or 0, 2), round(change.figure.high or 0, 2)) == (-3.43, 33.43)
    assert str(change).endswith("(n=300, 95% wald), p=0.111")


def test_a_change_without_spread_or_without_answers_is_not_tested() -> None:
    sure = net_promoter_of_counts(15, 0, 0, interval="wald")
    assert net_promoter_difference(sure, sure).figure.flags == ("not_enough_data", "zero_variance")
    nothing = net_promoter_difference(sure, net_promoter_of_counts(0, 0, 0, interval="wald"))
    assert (nothing.z, nothing.figure.value) == (None, None)
    assert str(nothing) == "not computable (n=15, not_enough_data)"


def test_the_sample_of_a_score_is_rounded_up() -> None:
    size = net_promoter_sample_size(margin=5, promoters=0.5, detractors=0.2)
    assert (size.whole, str(size)) == (938, "938 answers for ±5.0% at 95%")
    assert net_promoter_sample_size(margin=5, promoters=1, detractors=0).whole == 1


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: csat([0, 3]), "ratings"),
        (lambda: csat([float("nan"), 3]), "ratings"),
        (lambda: csat([[1, 2]]), "ratings"),
        (lambda: csat([3], scale=(5, 1)), "scale"),
        (lambda: csat([3], satisfied_from=1), "satisfied_from"),
        (lambda: csat([3], kind="median"), "kind"),  # type: ignore[arg-type]
        (lambda: csat([3], kind="mean", confidence=2), "confidence"),
        (lambda: customer_effort([8]), "ratings"),
        (lambda: customer_effort([7], easy_from=8), "easy_from"),
        (lambda: response_rate(3, 2), "completes"),
        (lambda: response_rate(-1, 2), "completes"),
        (lambda: response_rate(1, 2, unknown=-1), "unknown"),
        (lambda: response_rate(1, 2, valid_from=20), "valid_from"),
        (lambda: net_promoter_score([11]), "scores"),
        (lambda: net_promoter_score([7.5]), "scores"),
        (lambda: net_promoter_of_counts(-1, 0, 0), "promoters"),
        (lambda: net_promoter_score([7], interval="normal"), "interval"),  # type: ignore[arg-type]
        (lambda: net_promoter_sample_size(margin=0, promoters=0.5, detractors=0.2), "margin"),
        (lambda: net_promoter_sample_size(margin=5, promoters=1.5, detractors=0.2), "promoters"),
        (lambda: net_promoter_sample_size(margin=5, promoters=0.6, detractors=0.6), "detractors"),
        (
            lambda: net_promoter_difference(
                net_promoter_of_counts(1, 1, 1), net_promoter_of_counts(1, 1, 1, interval="wald")
            ),
            "second",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
