"""Exams: reliability of scores and the analysis of questions, by hand and against second computations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure import psychometrics
from zhiheng.measure.errors import MeasureError

NAN = float("nan")
STAIRCASE = np.tril(np.ones((6, 5)), -1)


def exam(seed: int, n: int = 150, k: int = 8) -> np.ndarray:
    """Right and wrong of persons of differing ability on questions of differing difficulty."""
    random = np.random.default_rng(seed)
    ability, difficulty = random.standard_normal((n, 1)), np.linspace(-1.5, 1.5, k)
    return (random.random((n, k)) < 1 / (1 + np.exp(difficulty - ability))).astype(int)


def test_the_staircase_by_hand() -> None:
    # Scores 0 … 5: mean 2.5, population variance 35/12; Σ pq = (5 + 8 + 9 + 8 + 5) / 36 = 35/36.
    found = psychometrics.kr20(STAIRCASE)
    assert found.value == pytest.approx(5 / 6, abs=1e-9)
    assert found.kr21 == pytest.approx(5 / 7, abs=1e-9)
    assert found.standard_error == pytest.approx(np.sqrt(35 / 12 / 6), abs=1e-9)
    assert found.kr20.flags == ("not_enough_data",)
    assert str(found).endswith("5 questions, standard error of a score 0.70")


def test_exams_that_say_nothing() -> None:
    everybody = psychometrics.kr20(np.ones((40, 4)))
    assert (everybody.value, everybody.kr20.flags) == (None, ("zero_variance",))
    assert str(everybody).endswith("standard error of a score ?")
    opposed = psychometrics.kr20(np.tile([[1, 0, 0], [0, 1, 0], [0, 1, 1]], (12, 1)))
    assert opposed.value is not None
    assert opposed.value < 0
    assert opposed.kr20.flags == ("below_zero",)


def test_questions_of_a_large_exam() -> None:
    correct = exam(1)
    found = psychometrics.item_analysis(correct)
    assert (found.n, found.flags) == (150, ())
    totals = correct.sum(axis=1)
    for i, question in enumerate(found.questions):
        assert question.difficulty.value == pytest.approx(correct[:, i].mean(), abs=1e-12)
        rest = totals - correct[:, i]
        expected = stats.pointbiserialr(correct[:, i], rest).statistic
        assert question.point_biserial.value == pytest.approx(expected, abs=1e-9)
        assert question.options == ()
    assert str(found).count("\n") == 7
    hard = psychometrics.item_analysis(
        np.column_stack((exam(1, k=4), np.eye(150)[:, :1], 1 - np.eye(150)[:, :1]))
    )
    assert hard.questions[4].flags == ("too_hard", "low_discrimination")
    assert hard.questions[5].flags == ("too_easy", "low_discrimination")


def test_groups_by_hand() -> None:
    # Ten persons with scores 10 … 1 on twelve questions; 27 % of 10 rounds to 3 in each group.
    correct = np.zeros((10, 12))
    for person in range(10):
        correct[person, : 10 - person] = 1
    third = psychometrics.item_analysis(correct, group_share=0.27).questions[7]
    # Question 8 is right for scores of at least 8: all of the top three, none of the bottom three.
    assert third.discrimination == pytest.approx(1)
    tenth = psychometrics.item_analysis(correct).questions[9]
    assert tenth.discrimination == pytest.approx(1 / 3)
    never = psychometrics.item_analysis(correct).questions[11]
    assert (never.discrimination, never.point_biserial.flags) == (0, ("zero_variance", "not_enough_data"))


def test_those_tied_at_a_border_count_in_part() -> None:
    # Scores 2, 1, 1, 1, 0 and groups of two: the top group is the first and a third of each of the middle.
    correct = [[1, 1], [1, 0], [1, 0], [0, 1], [0, 0]]
    found = psychometrics.item_analysis(correct, group_share=0.4)
    top, bottom = (1 + 2 / 3) / 2, (2 / 3) / 2
    assert found.questions[0].discrimination == pytest.approx(top - bottom)


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(st.permutations(range(40)))
def test_the_order_of_persons_does_not_matter(order: list[int]) -> None:
    correct = exam(3, n=40, k=4)
    one, two = (psychometrics.item_analysis(table) for table in (correct, correct[order]))
    for first, second in zip(one.questions, two.questions, strict=True):
        assert first.discrimination == pytest.approx(second.discrimination, abs=1e-12)


def test_a_key_tells_right_from_wrong_and_shows_what_the_wrong_options_did() -> None:
    random = np.random.default_rng(6)
    chosen = random.choice(["A", "B", "C", ""], (200, 3), p=[0.5, 0.3, 0.1, 0.1])
    found = psychometrics.item_analysis(chosen, key=("A", "B", "D"), names=("q1", "q2", "q3"))
    first = {option.option: option for option in found.questions[0].options}
    assert list(first) == ["", "A", "B", "C"]
    assert [o.option for o in first.values() if o.correct] == ["A"]
    assert sum(o.share for o in first.values()) == pytest.approx(1)
    assert sum(o.top for o in first.values()) == pytest.approx(1)
    assert first["A"].chosen == (chosen[:, 0] == "A").sum()
    assert first["A"].top - first["A"].bottom == pytest.approx(found.questions[0].discrimination)
    third = found.questions[2]
    assert third.difficulty.value == 0
    assert third.flags == ("too_hard", "low_discrimination", "wrong_option_preferred")
    assert third.options[-1].chosen == 0
    assert str(third).startswith("q3: right 0.00%")


def test_options_may_be_numbers_with_gaps() -> None:
    numbers = np.array([[1, 2], [1, NAN], [3, 2], [1, 1]])
    found = psychometrics.item_analysis(numbers, key=(1, 2))
    texts = psychometrics.item_analysis([["1", "2"], ["1", ""], ["3", "2"], ["1", "1"]], key=("1", "2"))
    assert found == texts
    assert psychometrics.item_analysis(numbers, key=(1.0, np.float64(2))) == texts
    objects = np.array([["1", "2"], ["1", ""], ["3", "2"], ["1", "1"]], dtype=object)
    assert psychometrics.item_analysis(objects, key=(1, 2)) == texts
    whole = psychometrics.item_analysis([[1, 2], [1, 3], [3, 2], [1, 1]], key=(1, 2))
    assert whole.questions[0].difficulty.value == 0.75


def test_small_exams_are_flagged() -> None:
    assert psychometrics.item_analysis(exam(1, n=29)).flags == ("not_enough_data", "do_not_act")
    assert psychometrics.item_analysis(exam(1, n=30)).flags == ("do_not_act",)
    one = psychometrics.item_analysis([[1, 0]])
    assert one.questions[0].discrimination is None
    assert one.questions[0].flags == ("not_enough_data",)
    assert "D ?" in str(one)
    nobody = psychometrics.item_analysis(np.zeros((0, 2)))
    assert nobody.questions[0].difficulty.value is None
    unanswered = psychometrics.item_analysis(np.zeros((0, 2)), key=(1, 2))
    assert unanswered.questions[0].options[0].share == 0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: psychometrics.kr20([[0, 2], [1, 1]]), "correct"),
        (lambda: psychometrics.kr20([[0], [1], [1]]), "correct"),
        (lambda: psychometrics.kr20([[0, NAN], [1, 1]]), "correct"),
        (lambda: psychometrics.item_analysis([[0, 1]], group_share=0.6), "group_share"),
        (lambda: psychometrics.item_analysis([[0, 1]], names=("a",)), "names"),
        (lambda: psychometrics.item_analysis([["A", "B"]], key=("A",)), "key"),
        (lambda: psychometrics.item_analysis(["A", "B"], key=("A",)), "answers"),
        (lambda: psychometrics.item_analysis([["A"], ["A", "B"]], key=("A",)), "answers"),
        (lambda: psychometrics.item_analysis([[1.5, 1]], key=(1, 1)), "answers"),
        (lambda: psychometrics.item_analysis([["A", "B"]]), "answers"),
        (lambda: psychometrics.item_analysis([["A", None]], key=("A", "B")), "answers"),
        (lambda: psychometrics.item_analysis([[1, float("inf")]], key=(1, 1)), "answers"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
