"""Scales and factors: published figures, second computations on random data, properties, bad input."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.multivariate.factor import Factor

from zhiheng.measure import psychometrics
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.oracles.psychometrics import ORACLES, QUESTIONNAIRE
from zhiheng.measure.psychometrics.answers import covariance_of

NAN = float("nan")
CONSTANT = np.column_stack((ATTITUDE[:, :3], np.full(30, 4.1)))
DEPENDENT = np.column_stack((ATTITUDE[:, :3], ATTITUDE[:, 0] + ATTITUDE[:, 1]))


def scale(seed: int, n: int = 120, k: int = 6, noise: float = 1.0) -> np.ndarray:
    """Answers with one common factor and loadings that differ."""
    random = np.random.default_rng(seed)
    loadings = random.uniform(0.4, 1.0, k)
    return random.standard_normal((n, 1)) * loadings + noise * random.standard_normal((n, k))


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


def test_the_attitude_survey_is_the_published_one() -> None:
    assert ATTITUDE.mean(axis=0).round(2).tolist() == [64.63, 66.6, 53.13, 56.37, 64.63, 74.77, 42.93]


def test_alpha_of_items_that_are_one_item_is_one() -> None:
    column = ATTITUDE[:, 0]
    alpha = psychometrics.cronbach_alpha(np.column_stack((column, column, column)))
    assert alpha.value == pytest.approx(1, abs=1e-12)
    assert alpha.standardised == pytest.approx(1, abs=1e-12)
    assert (alpha.raw.low, alpha.raw.high) == pytest.approx((1, 1), abs=1e-12)


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(
    arrays(np.int64, (8, 4), elements=st.integers(1, 7)),
    st.permutations(range(4)),
    st.floats(0.1, 10),
    st.floats(-50, 50),
)
def test_alpha_knows_neither_order_nor_unit_of_the_items(
    answers: np.ndarray, order: list[int], factor: float, shift: float
) -> None:
    plain = psychometrics.cronbach_alpha(answers)
    other = psychometrics.cronbach_alpha(answers[:, order] * factor + shift)
    if plain.value is None or plain.value < -100:
        # A total that hardly varies: alpha is then a ratio of roundings.
        return
    assert other.value == pytest.approx(plain.value, rel=1e-6, abs=1e-6)


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(arrays(np.int64, (9, 5), elements=st.integers(0, 1)))
def test_kr20_is_alpha_on_zeros_and_ones(correct: np.ndarray) -> None:
    alpha, exam = psychometrics.cronbach_alpha(correct), psychometrics.kr20(correct)
    if alpha.value is None:
        assert exam.value is None
    else:
        assert exam.value == pytest.approx(alpha.value, abs=1e-9)
        assert (exam.kr20.low, exam.kr20.high) == pytest.approx((alpha.raw.low, alpha.raw.high), abs=1e-9)


def test_alpha_from_its_definition() -> None:
    for seed in range(5):
        answers = scale(seed, n=40 + seed, k=3 + seed)
        k = answers.shape[1]
        expected = k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / answers.sum(axis=1).var(ddof=1))
        pairs = [
            stats.pearsonr(answers[:, i], answers[:, j])[0] for i, j in itertools.combinations(range(k), 2)
        ]
        alpha = psychometrics.cronbach_alpha(answers)
        assert alpha.value == pytest.approx(expected, abs=1e-9)
        assert alpha.mean_inter_item_r == pytest.approx(np.mean(pairs), abs=1e-9)
        assert alpha.standardised == pytest.approx(
            k * np.mean(pairs) / (1 + (k - 1) * np.mean(pairs)), abs=1e-9
        )


def test_missing_answers_need_a_rule_which_changes_the_digits() -> None:
    with pytest.raises(MeasureError, match="answers: must have no NaN, or name the rule"):
        psychometrics.cronbach_alpha(QUESTIONNAIRE)
    listwise = psychometrics.cronbach_alpha(QUESTIONNAIRE, missing="listwise")
    complete = QUESTIONNAIRE[~np.isnan(QUESTIONNAIRE).any(axis=1)]
    assert listwise.raw.n == 9
    assert listwise.value == psychometrics.cronbach_alpha(complete).value
    assert listwise.raw.flags[0] == "left_out:3"
    pairwise = psychometrics.cronbach_alpha(QUESTIONNAIRE, missing="pairwise")
    assert pairwise.raw.n == 12
    assert pairwise.raw.flags == ("pairwise", "not_enough_data")
    nobody = np.full((4, 3), NAN)
    assert psychometrics.cronbach_alpha(nobody, missing="pairwise").raw.n == 0
    assert psychometrics.cronbach_alpha(nobody, missing="listwise").raw.flags == (
        "not_enough_data",
        "left_out:4",
    )


def test_pairwise_covariances_are_those_of_each_pair() -> None:
    values = scale(3, n=25, k=4)
    values[np.random.default_rng(5).random(values.shape) < 0.2] = NAN
    found = covariance_of(values)
    assert found is not None
    for i, j in itertools.product(range(4), repeat=2):
        both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
        expected = np.cov(values[both, i], values[both, j])[0, 1]
        assert found[i, j] == pytest.approx(expected, abs=1e-12)


def test_a_pair_that_nobody_answered_has_no_covariance() -> None:
    apart = [[1, 2, NAN], [2, 4, NAN], [3, 1, NAN], [NAN, 1, 5], [NAN, 2, 3], [NAN, 5, 4]]
    alpha = psychometrics.cronbach_alpha(apart, missing="pairwise")
    assert alpha.value is None
    assert "not_enough_data" in alpha.raw.flags
    assert psychometrics.guttman_lambda6(apart, missing="pairwise").flags == ("not_enough_data",)
    assert "not_enough_data" in psychometrics.mcdonald_omega(apart, missing="pairwise").omega.flags
    assert psychometrics.item_rest(apart, missing="pairwise")[0].r.flags == ("not_enough_data", "pairwise")


def test_pairs_that_contradict_each_other_give_no_alpha() -> None:
    # Variances 1/3 and 1 from three answers each, their covariance from two pairs alone: alpha would be 1.09.
    answers = [[2, 4], [NAN, 4], [1, 3]]
    alpha = psychometrics.cronbach_alpha(answers, missing="pairwise")
    assert (alpha.value, alpha.raw.flags) == (None, ("inconsistent_pairs", "pairwise", "not_enough_data"))


def test_items_that_do_not_vary_are_named_not_hidden() -> None:
    alpha = psychometrics.cronbach_alpha(CONSTANT)
    assert alpha.value is not None
    assert alpha.standardised is None
    assert alpha.raw.flags == ("zero_variance",)
    flat = psychometrics.cronbach_alpha(np.full((40, 3), 5))
    assert flat.value is None
    assert flat.raw.flags == ("zero_variance",)
    for figure in (
        psychometrics.guttman_lambda6(CONSTANT),
        psychometrics.kmo(CONSTANT).overall,
        psychometrics.mcdonald_omega(CONSTANT).omega,
        psychometrics.item_rest(CONSTANT)[3].r,
    ):
        assert figure.value is None
        assert "zero_variance" in figure.flags
    assert psychometrics.bartlett_sphericity(CONSTANT).flags == ("zero_variance",)
    assert psychometrics.parallel_analysis(CONSTANT, seed=1).factors is None


def test_opposed_items_are_flagged() -> None:
    opposed = np.column_stack((ATTITUDE[:, 0], -2 * ATTITUDE[:, 0] + ATTITUDE[:, 5]))
    alpha = psychometrics.cronbach_alpha(opposed)
    assert alpha.value is not None
    assert alpha.value < 0
    assert "below_zero" in alpha.raw.flags
    mirrored = np.column_stack((ATTITUDE[:, 0], -ATTITUDE[:, 0]))
    exact = psychometrics.cronbach_alpha(mirrored)
    assert exact.value is None
    assert exact.standardised is None
    assert exact.raw.flags == ("zero_variance",)
    assert psychometrics.cronbach_alpha(ATTITUDE[:, [0, 1]]).items == 2


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_respondents_are_not_enough_data(n: int) -> None:
    answers = ATTITUDE[:n]
    figures = [
        psychometrics.cronbach_alpha(answers).raw,
        psychometrics.guttman_lambda6(answers),
        psychometrics.mcdonald_omega(answers).omega,
        psychometrics.kmo(answers).overall,
        psychometrics.item_rest(answers)[0].r,
        psychometrics.kr20(np.eye(5)[:n]).kr20,
    ]
    for figure in figures:
        assert figure.value is None
        assert "not_enough_data" in figure.flags
        assert figure.n == n
    assert psychometrics.bartlett_sphericity(answers).p_value is None
    assert psychometrics.parallel_analysis(answers, seed=1).flags == ("not_enough_data",)
    assert psychometrics.item_rest(answers)[0].mean == (
        None if n == 0 else pytest.approx(answers[:, 0].mean())
    )


def test_item_rest_from_its_definition() -> None:
    answers = scale(8, k=5)
    for i, row in enumerate(psychometrics.item_rest(answers, names=("a", "b", "c", "d", "e"))):
        rest = np.delete(answers, i, axis=1)
        test = stats.pearsonr(answers[:, i], rest.sum(axis=1))
        limits = test.confidence_interval(0.95)
        assert row.r.value == pytest.approx(test.statistic, abs=1e-9)
        assert (row.r.low, row.r.high) == pytest.approx((limits.low, limits.high), abs=1e-9)
        assert row.alpha_if_dropped == pytest.approx(psychometrics.cronbach_alpha(rest).value, abs=1e-9)
        assert row.deviation == pytest.approx(answers[:, i].std(ddof=1))
    assert str(row).startswith("e: r 0.")


def test_item_rest_of_two_items_has_no_alpha_without_one() -> None:
    rows = psychometrics.item_rest([[1, 1], [2, 2], [3, 3]])
    assert rows[0].alpha_if_dropped is None
    assert rows[0].r.value == pytest.approx(1)
    assert rows[0].r.flags == ("no_interval", "not_enough_data")
    assert str(rows[0]).endswith("alpha if dropped ?")


def test_lambda6_from_regressions() -> None:
    answers = scale(11, k=5)
    z = (answers - answers.mean(axis=0)) / answers.std(axis=0, ddof=1)
    errors = []
    for i in range(5):
        rest = np.delete(z, i, axis=1)
        fitted = rest @ np.linalg.lstsq(rest, z[:, i], rcond=None)[0]
        errors.append(((z[:, i] - fitted) ** 2).sum() / (z[:, i] ** 2).sum())
    expected = 1 - sum(errors) / np.corrcoef(z.T).sum()
    assert psychometrics.guttman_lambda6(answers).value == pytest.approx(expected, abs=1e-9)
    assert psychometrics.guttman_lambda6(DEPENDENT).flags == ("singular",)


def test_kmo_from_partial_correlations() -> None:
    answers = scale(12, n=250, k=4)
    z = answers - answers.mean(axis=0)
    shared, left = np.zeros(4), np.zeros(4)
    for i, j in itertools.permutations(range(4), 2):
        others = np.delete(z, [i, j], axis=1)
        a, b = (z[:, v] - others @ np.linalg.lstsq(others, z[:, v], rcond=None)[0] for v in (i, j))
        shared[i] += np.corrcoef(z[:, i], z[:, j])[0, 1] ** 2
        left[i] += np.corrcoef(a, b)[0, 1] ** 2
    found = psychometrics.kmo(answers, names=("a", "b", "c", "d"))
    assert found.overall.value == pytest.approx(shared.sum() / (shared + left).sum(), abs=1e-9)
    assert found.items == pytest.approx(shared / (shared + left), abs=1e-9)
    assert found.overall.flags == ()
    assert str(found).startswith("KMO 0.")


def test_items_without_any_correlation_have_no_kmo() -> None:
    found = psychometrics.kmo([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    assert found.overall.flags == ("small_sample", "no_correlation")
    assert psychometrics.kmo(DEPENDENT).overall.flags == ("singular",)


def test_bartlett_prints_itself_and_finds_nothing_in_noise() -> None:
    noise = np.random.default_rng(4).standard_normal((300, 6))
    found = psychometrics.bartlett_sphericity(noise)
    assert found.p_value is not None
    assert found.p_value > 0.05
    # Bartlett's statistic against the likelihood ratio it corrects: −n ln |R|, by determinants.
    ratio = -np.log(np.linalg.det(np.corrcoef(noise.T)))
    assert found.statistic == pytest.approx((300 - 1 - 17 / 6) * ratio, abs=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(found.statistic, 15), rel=1e-9)
    assert str(found) == f"Bartlett chi2={found.statistic:.3f}, df=15, p={found.p_value:.3g}, n=300"
    assert str(psychometrics.bartlett_sphericity(CONSTANT)) == "Bartlett sphericity: zero_variance"


@pytest.mark.parametrize("seed", range(6))
def test_omegas_loadings_against_statsmodels(seed: int) -> None:
    answers = scale(20 + seed, n=150 + 20 * seed, k=3 + seed)
    ours = psychometrics.mcdonald_omega(answers)
    theirs = Factor(answers, n_factor=1, method="ml").fit().loadings.ravel()
    theirs = theirs * np.sign(theirs.sum())
    assert ours.loadings == pytest.approx(theirs, rel=1e-3, abs=1e-4)
    common = theirs.sum() ** 2
    assert ours.omega.value == pytest.approx(common / (common + (1 - theirs**2).sum()), rel=1e-3)
    assert ours.uniquenesses == pytest.approx(1 - theirs**2, rel=1e-3, abs=1e-3)


def test_omega_of_an_exact_model_is_exact() -> None:
    # Answers whose sample correlations are exactly l l' off the diagonal.
    loadings = np.array([0.9, 0.8, 0.7, 0.6])
    wanted = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    random = np.random.default_rng(2).standard_normal((300, 4))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(random.T)), (random - random.mean(axis=0)).T).T
    answers = white @ np.linalg.cholesky(wanted).T
    found = psychometrics.mcdonald_omega(answers, names=("a", "b", "c", "d"))
    assert found.loadings == pytest.approx(loadings, abs=1e-6)
    assert found.omega.value == pytest.approx(9 / (9 + 1.7), abs=1e-6)  # Σ l = 3, Σ (1 − l²) = 1.70
    assert found.omega.flags == ()
    assert str(found).endswith("loadings a 0.90, b 0.80, c 0.70, d 0.60")


def test_omegas_interval_is_the_same_for_the_same_seed() -> None:
    one, two, other = (
        psychometrics.mcdonald_omega(ATTITUDE, seed=s, replicates=200).omega for s in (1, 1, 2)
    )
    assert one == two
    assert one != other
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.value < one.high  # type: ignore[operator]
    assert one.flags == ("small_sample",)
    without = psychometrics.mcdonald_omega(ATTITUDE).omega
    assert (without.value, without.low) == (one.value, None)
    assert psychometrics.mcdonald_omega(QUESTIONNAIRE[:, :4], missing="pairwise", seed=1).omega.low is None


def test_replicates_in_which_an_item_does_not_vary_are_left_out() -> None:
    rare = np.column_stack((scale(1, n=30, k=3), np.eye(30)[:, 0]))
    found = psychometrics.mcdonald_omega(rare, seed=1, replicates=60).omega
    assert found.low is not None
    # One item that only one of a few varies in: more than half of the replicates are not defined.
    rarer = np.column_stack((np.eye(6)[:, 0], np.eye(6)[:, 1], np.eye(6)[:, 2]))
    none = psychometrics.mcdonald_omega(rarer, seed=1, replicates=100).omega
    assert (none.low, none.high) == (None, None)
    single = [psychometrics.mcdonald_omega(rarer, seed=s, replicates=1).omega.low for s in range(12)]
    assert None in single
    assert any(low is not None for low in single)


def test_fits_that_need_a_look_are_flagged() -> None:
    answers = scale(30, n=300, k=4)
    reversed_item = answers * np.array([1, 1, 1, -1])
    assert psychometrics.mcdonald_omega(reversed_item).omega.flags == ("mixed_signs",)
    # With r = .9, .9 and .5 the first loading would be √(.81 / .5) > 1: Heywood's case.
    wanted = np.array([[1, 0.9, 0.9], [0.9, 1, 0.63], [0.9, 0.63, 1]])
    random = np.random.default_rng(2).standard_normal((250, 3))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(random.T)), (random - random.mean(axis=0)).T).T
    heywood = psychometrics.mcdonald_omega(white @ np.linalg.cholesky(wanted).T)
    assert heywood.omega.flags == ("heywood",)


def test_a_fit_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhiheng.measure.psychometrics.omega.ROUNDS", 1)
    assert "not_settled" in psychometrics.mcdonald_omega(ATTITUDE).omega.flags


def test_only_declared_items_are_turned_round() -> None:
    turned = psychometrics.reverse_key([[1, 5], [2, NAN]], items=(1,), low=1, high=5)
    assert turned.tolist()[0] == [1, 1]
    assert np.isnan(turned[1, 1])
    answers = np.clip(np.round(scale(30, n=300, k=4) + 4), 1, 7)
    backwards = answers.copy()
    backwards[:, 2] = 8 - backwards[:, 2]
    again = psychometrics.reverse_key(backwards, items=[2], low=1, high=7)
    assert psychometrics.cronbach_alpha(again) == psychometrics.cronbach_alpha(answers)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: psychometrics.cronbach_alpha([1, 2, 3]), "answers"),
        (lambda: psychometrics.cronbach_alpha([[1], [2], [3]]), "answers"),
        (lambda: psychometrics.cronbach_alpha(ATTITUDE, missing="guess"), "missing"),  # type: ignore[arg-type]
        (lambda: psychometrics.cronbach_alpha(ATTITUDE, confidence=1), "confidence"),
        (lambda: psychometrics.item_rest(ATTITUDE, names=("a",)), "names"),
        (lambda: psychometrics.mcdonald_omega(ATTITUDE[:, :2]), "answers"),
        (lambda: psychometrics.mcdonald_omega(ATTITUDE, seed=-1), "seed"),
        (lambda: psychometrics.mcdonald_omega(ATTITUDE, seed=1, replicates=0), "replicates"),
        (lambda: psychometrics.parallel_analysis(ATTITUDE, seed=-1), "seed"),
        (lambda: psychometrics.parallel_analysis(ATTITUDE, seed=1, replicates=0), "replicates"),
        (lambda: psychometrics.parallel_analysis(ATTITUDE, seed=1, quantile=95), "quantile"),
        (lambda: psychometrics.reverse_key([[1, 2]], items=(2,), low=1, high=5), "items"),
        (lambda: psychometrics.reverse_key([[1, 6]], items=(0,), low=1, high=5), "answers"),
        (lambda: psychometrics.reverse_key([[1, 6]], items=(0,), low=5, high=1), "high"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument


def test_results_print_themselves() -> None:
    alpha = psychometrics.cronbach_alpha(ATTITUDE)
    assert str(alpha) == ("alpha 0.8431 [0.7394 … 0.9158] (n=30, 95% feldt), 7 items, mean inter-item r 0.43")
    assert str(psychometrics.cronbach_alpha(CONSTANT)).endswith("4 items, mean inter-item r ?")
    assert str(psychometrics.mcdonald_omega(ATTITUDE[:2])).endswith("loadings none")
