"""Each question of an exam: how hard it is, whether it tells strong from weak, and what the wrong options did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.psychometrics.alpha import MINIMUM_N, correlation_measurement
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.psychometrics.exams import right_or_wrong
from zhiheng.measure.psychometrics.labels import label, labels
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

SHOW_N, ACT_N = MINIMUM_N, 100
"""Persons needed to show a question's figures at all, and to change or drop a question because of them."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a question: the share that chose it, overall and in the top and bottom group."""

    option: str
    correct: bool
    chosen: int
    share: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question's figures. `discrimination`: share right in the top group minus that in the bottom group."""

    name: str
    difficulty: Measurement
    discrimination: float | None
    point_biserial: Measurement
    options: tuple[Option, ...]
    flags: tuple[str, ...]

    def __str__(self) -> str:
        d = "?" if self.discrimination is None else f"{self.discrimination:.2f}"
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: right {self.difficulty}, D {d}, r {self.point_biserial}{notes}"


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """All questions of an exam; `group_share` of the persons form the top and the bottom group."""

    questions: tuple[Question, ...]
    n: int
    group_share: float
    method: str = "classical-item-analysis"
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(str(question) for question in self.questions)


def item_analysis(
    answers: object,
    *,
    key: Sequence[object] | None = None,
    names: Sequence[str] | None = None,
    group_share: float = 0.27,
    confidence: float = 0.95,
) -> ItemAnalysis:
    """Difficulty, discrimination and distractors of each question (Kelley 1939 for the groups of 27 %).

    `answers`: persons × questions of 0 and 1; with a `key`, the chosen options (numbers or texts; "" or NaN: no
    answer, wrong). Difficulty p: share right (Wilson). Discrimination D = p_top − p_bottom; those tied at the
    border of a group belong to it in equal parts, so the order of persons does not matter. Point-biserial:
    correlation with the score on the other questions. Flags of a question: "too_hard" p < .2, "too_easy" p >
    .9, "low_discrimination" D < .2, "wrong_option_preferred" (by the top group); of all: "not_enough_data"
    under 30 persons (do not show), "do_not_act" under 100. Unit: shares; correlations −1..1. Errors: a key that
    does not fit, anything but 0 and 1 without a key.
    """
    check_confidence(confidence)
    if not 0 < group_share <= 0.5:
        raise MeasureError("group_share", f"must lie above 0 and not above 0.5, is {group_share!r}")
    chosen, correct = _scored(answers, key)
    n, k = correct.shape
    titles = checked_names("names", names, k)
    totals = correct.sum(axis=1)
    top, bottom = _group(totals, group_share), _group(-totals, group_share)
    questions = []
    for i, title in enumerate(titles):
        options = () if chosen is None or key is None else _options(chosen[:, i], label(key[i]), top, bottom)
        apart = float(top @ correct[:, i] - bottom @ correct[:, i]) if n >= 2 else None
        questions.append(_question(title, correct[:, i], totals, apart, options, confidence=confidence))
    flags = (NOT_ENOUGH_DATA, "do_not_act") if n < SHOW_N else ("do_not_act",) if n < ACT_N else ()
    return ItemAnalysis(tuple(questions), n, group_share, flags=flags)


def _question(
    name: str,
    right: Floats,
    totals: Floats,
    apart: float | None,
    options: tuple[Option, ...],
    *,
    confidence: float,
) -> Question:
    difficulty = wilson_interval(int(right.sum()), right.size, confidence=confidence)
    return Question(
        name=name,
        difficulty=difficulty.with_minimum(SHOW_N),
        discrimination=apart,
        point_biserial=_point_biserial(right, totals - right, confidence).with_minimum(SHOW_N),
        options=options,
        flags=_question_flags(difficulty.value, apart, options),
    )


def _scored(answers: object, key: Sequence[object] | None) -> tuple[NDArray[np.str_] | None, Floats]:
    """The chosen options as texts (None without a key) and the table of right and wrong."""
    if key is None:
        return None, right_or_wrong("answers", answers)
    try:
        table = np.asarray(answers)
    except ValueError as ragged:
        raise MeasureError("answers", "must have rows of one length") from ragged
    if table.ndim != 2:
        raise MeasureError("answers", f"must be two-dimensional, has {table.ndim} dimensions")
    if len(key) != table.shape[1]:
        raise MeasureError(
            "key", f"must name the right option of every question ({table.shape[1]}), names {len(key)}"
        )
    texts = labels("answers", table)
    right = np.asarray([label(option) for option in key])
    return texts, (texts == right).astype(np.float64)


def _group(totals: Floats, share: float) -> Floats:
    """Weights (sum 1) of the persons in the group with the highest totals; ties at its border share its rest."""
    n = totals.size
    if n == 0:
        return totals
    size = max(1.0, float(np.floor(share * n + 0.5)))
    border = np.sort(totals)[::-1][int(size) - 1]
    above, tied = totals > border, totals == border
    weights: Floats = (above + tied * (size - above.sum()) / tied.sum()) / size
    return weights


def _point_biserial(right: Floats, rest: Floats, confidence: float) -> Measurement:
    n = right.size
    if n < 3:
        return correlation_measurement(None, n, confidence, NOT_ENOUGH_DATA)
    a, b = right - right.mean(), rest - rest.mean()
    if (right == right[0]).all() or (rest == rest[0]).all():
        return correlation_measurement(None, n, confidence, ZERO_VARIANCE)
    r = float(a @ b / np.sqrt((a @ a) * (b @ b)))
    return correlation_measurement(min(1.0, max(-1.0, r)), n, confidence, ZERO_VARIANCE)


def _options(chosen: NDArray[np.str_], right: str, top: Floats, bottom: Floats) -> tuple[Option, ...]:
    found = sorted({str(v) for v in chosen.tolist()} | {right})
    rows = []
    for option in found:
        took = (chosen == option).astype(np.float64)
        rows.append(
            Option(
                option=option,
                correct=option == right,
                chosen=int(took.sum()),
                share=float(took.mean()) if took.size else 0.0,
                top=float(top @ took),
                bottom=float(bottom @ took),
            )
        )
    return tuple(rows)


def _question_flags(p: float | None, d: float | None, options: tuple[Option, ...]) -> tuple[str, ...]:
    if p is None or d is None:
        return (NOT_ENOUGH_DATA,)
    right = sum(o.top for o in options if o.correct)
    raised = {
        "too_hard": p < 0.2,
        "too_easy": p > 0.9,
        "low_discrimination": d < 0.2,
        "wrong_option_preferred": any(o.top > right for o in options if not o.correct and o.option),
    }
    return tuple(flag for flag, up in raised.items() if up)
