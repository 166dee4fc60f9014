"""Kano's analysis: published figures, hand arithmetic, second computations, bad input."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure import kano
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.kano import COUNTS, ORACLES
from zhiheng.measure.proportion import wilson_interval

NAN = float("nan")

# One pair of answers (functional, dysfunctional) for each category of the customary table.
PAIRS = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}


def answers(counts: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """One feature's two columns of answers that give these counts."""
    pairs = [PAIRS[letter] for letter, times in counts.items() for _ in range(times)]
    table = np.array(pairs).reshape(-1, 2)
    return table[:, :1], table[:, 1:]


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


def test_the_survey_behind_the_published_counts() -> None:
    found = kano.classify(*answers(COUNTS), names=("dark mode",), seed=1)
    (feature,) = found.features
    assert feature.counts == COUNTS
    assert (feature.category, feature.second) == ("A", "O")
    assert feature.strength == pytest.approx(0.05)
    assert feature.total_strength.value == pytest.approx(0.75)
    assert feature.fong.difference == 5
    assert feature.flags == ("mixed", "undetermined")
    assert (found.n, found.method) == (100, "kano-berger-1993")
    assert str(found).splitlines()[1].startswith("dark mode: A (then O), better 57.89% [")
    assert str(found).endswith("[mixed, undetermined]")
    assert str(feature.fong) == "undetermined: A over O by 5 (critical 10.42), n=100"


@pytest.mark.parametrize(
    ("functional", "row"), [(1, "QAAAO"), (2, "RIIIM"), (3, "RIIIM"), (4, "RIIIM"), (5, "RRRRQ")]
)
def test_every_cell_of_the_customary_table(functional: int, row: str) -> None:
    for dysfunctional, letter in enumerate(row, start=1):
        feature = kano.classify([[functional]], [[dysfunctional]]).features[0]
        assert feature.category == letter


def test_tables_have_versions_and_may_be_ones_own() -> None:
    contradictory = [[2], [4]], [[2], [4]]
    assert kano.classify(*contradictory).features[0].category == "I"
    stricter = kano.classify(*contradictory, table="pouliot-1993")
    assert (stricter.features[0].category, stricter.method) == ("Q", "kano-pouliot-1993")
    assert "questionable" in stricter.features[0].flags
    own = kano.EvaluationTable("own", "2026.1", "this team", ("QAAAO", "RIIMM", "RIIIM", "RIIIM", "RRRRQ"))
    assert kano.classify([[2]], [[4]], table=own).features[0].category == "M"
    assert str(own) == "own-2026.1: QAAAO | RIIMM | RIIIM | RIIIM | RRRRQ"
    differing = sum(
        a != b for a, b in zip("".join(kano.BERGER.rows), "".join(kano.POULIOT.rows), strict=True)
    )
    assert differing == 2
    assert set(kano.TABLES) == {"berger-1993", "pouliot-1993"}


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations("MOAI", 2)))
def test_ties_are_broken_in_the_order_of_need(first: str, second: str) -> None:
    (feature,) = kano.classify(*answers({second: 20, first: 20})).features
    assert (feature.category, feature.second) == (first, second)
    assert "tie" in feature.flags


def test_unanimous_answers() -> None:
    (feature,) = kano.classify(*answers({"O": 40}), seed=3).features
    assert (feature.category, feature.second, feature.strength) == ("O", None, 1)
    assert feature.flags == ()
    assert feature.lead_probability == 1
    assert feature.fong.distinguishable
    assert str(feature.fong).startswith("clear: O over M by 40")
    assert (feature.better_worse.better.value, feature.better_worse.worse.value) == (1, -1)


def test_pairs_that_were_not_answered_are_left_out() -> None:
    functional, dysfunctional = [[1, NAN], [1, 1], [NAN, 2]], [[5, 1], [NAN, 1], [5, NAN]]
    one, two = kano.classify(functional, dysfunctional, seed=1).features
    assert (one.n, one.category, one.flags) == (1, "O", ("undetermined", "not_enough_data"))
    assert (two.n, two.category) == (1, "Q")
    (empty,) = kano.classify([[NAN]], [[1]], seed=1).features
    assert (empty.category, empty.second, empty.strength, empty.lead_probability) == (None, None, None, None)
    assert empty.flags == ("not_enough_data",)
    assert empty.fong.flags == ("not_enough_data",)
    assert not empty.fong.distinguishable
    assert str(empty).startswith("1: ? (then ?), better not computable")
    assert kano.classify(np.zeros((0, 1)), np.zeros((0, 1))).features[0].n == 0


def test_how_often_the_category_leads() -> None:
    found = kano.classify(*answers(COUNTS), seed=1, replicates=20_000).features[0].lead_probability
    assert found == kano.classify(*answers(COUNTS), seed=1, replicates=20_000).features[0].lead_probability
    # A second way: respondents drawn one by one, ties M > O > A > I.
    random = np.random.default_rng(99)
    order = "MOAIRQ"
    people = np.repeat(np.arange(6), [COUNTS[letter] for letter in order])
    leads = 0
    for _ in range(4_000):
        leads += np.bincount(random.choice(people, 100), minlength=6).argmax() == order.index("A")
    assert found == pytest.approx(leads / 4_000, abs=0.03)
    other = kano.classify(*answers(COUNTS), seed=2, replicates=20_000).features[0].lead_probability
    assert other != found


def test_better_and_worse_are_shares_with_wilsons_interval() -> None:
    found = kano.better_worse(COUNTS)
    better, worse = wilson_interval(55, 95), wilson_interval(45, 95)
    assert (found.better.low, found.better.high) == (better.low, better.high)
    assert (found.worse.low, found.worse.high) == (-worse.high, -worse.low)  # type: ignore[operator]
    assert str(found).startswith("better 57.89% [")
    nobody = kano.better_worse({"R": 3, "Q": 4})
    assert nobody.better.flags == nobody.worse.flags == ("not_enough_data",)


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(st.dictionaries(st.sampled_from("MOAIRQ"), st.integers(0, 300)))
def test_better_worse_and_fong_stay_in_their_ranges(counts: dict[str, int]) -> None:
    found, fong = kano.better_worse(counts), kano.fong_test(counts)
    if found.better.value is not None and found.worse.value is not None:
        assert 0 <= found.better.value <= 1
        assert -1 <= found.worse.value <= 0
        assert found.worse.low <= found.worse.value <= found.worse.high  # type: ignore[operator]
    assert fong.difference >= 0
    assert fong.n == sum(counts.values())
    scores = sorted((counts.get(letter, 0) for letter in "MOAIRQ"), reverse=True)
    assert fong.difference == scores[0] - scores[1]


def test_continuous_scores_by_hand() -> None:
    functional, dysfunctional = [[1], [1], [3], [2]], [[5], [4], [5], [3]]
    (found,) = kano.continuous_kano(functional, dysfunctional, names=("backup",))
    assert found.functional.value == pytest.approx((4 + 4 + 0 + 2) / 4)
    assert found.dysfunctional.value == pytest.approx((4 + 2 + 4 + 0) / 4)
    assert (found.category, found.flags) == ("O", ("uncertain", "not_enough_data"))
    limits = stats.t.interval(0.95, 3, loc=2.5, scale=stats.sem([4, 4, 0, 2]))
    assert (found.functional.low, found.functional.high) == pytest.approx(limits, abs=1e-9)
    assert str(found).startswith("backup: O, F 2.5 points [")


@pytest.mark.parametrize(
    ("pair", "category", "flags"),
    [
        ((1, 5), "O", ()),
        ((1, 3), "A", ()),
        ((3, 5), "M", ()),
        ((3, 3), "I", ()),
        ((5, 1), "I", ("reversed",)),
    ],
)
def test_the_quadrants_of_the_plane(pair: tuple[int, int], category: str, flags: tuple[str, ...]) -> None:
    columns = np.full((30, 1), pair[0]), np.full((30, 1), pair[1])
    (found,) = kano.continuous_kano(*columns)
    assert (found.category, found.flags) == (category, flags)


def test_a_feature_nobody_answered_has_no_quadrant() -> None:
    (found,) = kano.continuous_kano([[NAN]], [[1]])
    assert (found.category, found.flags) == (None, ("not_enough_data",))
    assert str(found).startswith("1: ?")
    (single,) = kano.continuous_kano([[1]], [[5]])
    assert single.flags == ("uncertain", "not_enough_data")


def survey(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Ratings of four attributes: one that only annoys, one that only delights, one of both, one of neither."""
    random = np.random.default_rng(seed)
    ratings = random.integers(1, 6, (n, 4))
    low, high = ratings <= 2, ratings >= 4
    outcome = 5 - 1.5 * low[:, 0] + 1.5 * high[:, 1] - low[:, 2] + high[:, 2]
    return ratings, outcome + random.standard_normal(n) * (0.5 + 0.2 * high[:, 0])


def test_contrasts_against_statsmodels() -> None:
    ratings, outcome = survey(1)
    found = kano.penalty_reward(ratings, outcome, low=2, high=4)
    design = sm.add_constant(np.column_stack((ratings <= 2, ratings >= 4)).astype(float))
    fit = sm.OLS(outcome, design).fit(cov_type="HC3", use_t=True)
    limits = fit.conf_int()
    for i, contrast in enumerate(found.contrasts):
        for figure, place in ((contrast.penalty, 1 + i), (contrast.reward, 5 + i)):
            assert figure.value == pytest.approx(fit.params[place], abs=1e-9)
            assert (figure.low, figure.high) == pytest.approx(tuple(limits[place]), abs=1e-9)
        both = np.zeros(9)
        both[[1 + i, 5 + i]] = 1
        test = fit.t_test(both)
        assert contrast.asymmetry.value == pytest.approx(float(np.squeeze(test.effect)), abs=1e-9)
        assert (contrast.asymmetry.low, contrast.asymmetry.high) == pytest.approx(
            tuple(np.squeeze(test.conf_int())), abs=1e-9
        )
    assert found.explained == pytest.approx(fit.rsquared, abs=1e-9)
    assert [contrast.category for contrast in found.contrasts] == ["M", "A", "O", "I"]
    assert found.contrasts[0].flags == found.contrasts[2].flags == ()
    assert str(found).splitlines()[0] == "penalty-reward-ols-hc3, n=400"
    assert str(found).splitlines()[1].startswith("1: M, penalty -1.")


def test_contrasts_that_need_a_look_are_flagged() -> None:
    ratings, outcome = survey(2)
    nobody_low = ratings.copy()
    nobody_low[:, 3] = np.maximum(nobody_low[:, 3], 3)
    found = kano.penalty_reward(nobody_low, -outcome, low=2, high=4)
    assert found.contrasts[3].flags[0] == "no_low"
    assert (found.contrasts[3].category, found.contrasts[3].penalty.value) == (None, None)
    assert found.contrasts[3].reward.value is not None
    assert "wrong_sign" in found.contrasts[0].flags
    nobody_high = np.minimum(ratings, 3)
    reversed_scale = kano.penalty_reward(nobody_high[:, :1], outcome, low=2, high=4)
    assert reversed_scale.contrasts[0].flags == ("no_high", "uncertain")
    assert str(reversed_scale.contrasts[0]).startswith("1: ?")
    spoiled = kano.penalty_reward(ratings[:, :1], outcome - 0.8 * (ratings[:, 0] >= 4), low=2, high=4)
    assert (spoiled.contrasts[0].category, spoiled.contrasts[0].flags) == ("M", ("wrong_sign",))
    # Means 3 (± 1), 5 (± 1) and 6 (± 3): the penalty is clear, the reward and the balance are not.
    small = np.repeat([1, 3, 5], 6)[:, None], np.array([2, 4] * 3 + [4, 6] * 3 + [3, 9] * 3)
    (unsure,) = kano.penalty_reward(*small, low=2, high=4).contrasts
    assert (unsure.category, unsure.flags) == ("M", ("uncertain",))


def test_a_row_that_alone_decides_a_coefficient_has_no_say_about_its_error() -> None:
    # The third respondent alone tells attribute two from attribute one: leverage 1.
    ratings = np.array([[1, 1], [1, 1], [1, 3], [3, 3], [3, 3], [3, 3], [3, 3], [3, 3]])
    found = kano.penalty_reward(ratings, [1, 2, 3, 5, 6, 7, 6, 5], low=2, high=4)
    assert found.contrasts[0].penalty.value == pytest.approx(3 - 5.8)
    assert found.contrasts[1].penalty.value == pytest.approx(1.5 - 3)


@pytest.mark.parametrize(
    ("ratings", "outcome", "flag"),
    [
        ([[1], [3], [5]], [1, 2, 3], "zero_variance"),
        (np.tile([[1], [3], [5]], (4, 1)), np.full(12, 3), "zero_variance"),
        (np.tile([[1, 1], [3, 3], [5, 5]], (4, 1)), np.arange(12), "collinear"),
        (np.zeros((0, 2)), [], "not_enough_data"),
        ([[1], [1]], [1, 2], "not_enough_data"),
    ],
)
def test_surveys_that_give_no_contrasts(ratings: object, outcome: object, flag: str) -> None:
    found = kano.penalty_reward(ratings, outcome, low=2, high=4)
    if flag == "zero_variance" and found.n == 3:
        # One low and one high answer: neither dummy is used, nothing is left to estimate.
        assert found.contrasts[0].flags == ("no_low", "no_high")
        return
    assert found.flags == (flag,)
    assert found.explained is None
    assert found.contrasts[0].category is None
    assert flag in str(found).splitlines()[0]


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: kano.classify([[6]], [[1]]), "functional"),
        (lambda: kano.classify([[1]], [[0]]), "dysfunctional"),
        (lambda: kano.classify([[1.5]], [[1]]), "functional"),
        (lambda: kano.classify([[1]], [[1, 2]]), "dysfunctional"),
        (lambda: kano.classify(np.zeros((3, 0)), np.zeros((3, 0))), "functional"),
        (lambda: kano.classify([[1, 1]], [[1, 1]], names=("a", "a")), "names"),
        (lambda: kano.classify([[1]], [[1]], table="kano-1984"), "table"),
        (lambda: kano.classify([[1]], [[1]], seed=-1), "seed"),
        (lambda: kano.classify([[1]], [[1]], seed=1, replicates=0), "replicates"),
        (lambda: kano.EvaluationTable("a", "1", "b", ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRR")), "table"),
        (lambda: kano.EvaluationTable("a", "1", "b", ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRX")), "table"),
        (lambda: kano.better_worse({"X": 3}), "counts"),
        (lambda: kano.fong_test({"A": -3}), "counts"),
        (lambda: kano.fong_test({"A": 1.5}), "counts"),  # type: ignore[dict-item]
        (lambda: kano.continuous_kano([[1]], [[1]], confidence=2), "confidence"),
        (lambda: kano.penalty_reward([[1], [2]], [1], low=2, high=4), "satisfaction"),
        (lambda: kano.penalty_reward(np.zeros((2, 0)), [1, 2], low=2, high=4), "ratings"),
        (lambda: kano.penalty_reward([[1], [2]], [1, 2], low=4, high=4), "high"),
        (lambda: kano.penalty_reward([[1], [NAN]], [1, 2], low=2, high=4), "ratings"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
