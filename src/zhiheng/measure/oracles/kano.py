"""Kano's figures for one feature of 100 answers, and penalty-reward contrasts by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from zhiheng.measure import kano
from zhiheng.measure.oracles import Oracle

__all__ = ["COUNTS", "ORACLES"]

COUNTS = {"A": 30, "O": 25, "M": 20, "I": 20, "R": 3, "Q": 2}

# Overall satisfaction of two respondents each who rate the one attribute low (1), middling (3) and high (5).
RATINGS = ((1,), (1,), (3,), (3,), (5,), (5,))
SATISFACTION = (2, 4, 5, 7, 7, 8)


def _number(compute: Callable[[], float | None]) -> Callable[[], float]:
    """What these compute is there; None (not computable) would fail as `Oracle.value`."""
    return cast("Callable[[], float]", compute)


def _contrast() -> kano.Contrast:
    return kano.penalty_reward(RATINGS, SATISFACTION, low=2, high=4).contrasts[0]


BERGER = "Berger et al. 1993, by hand"
FONG = "Fong 1996, by hand: 1.65 √(55 · 145 / 200)"
BRANDT = "Brandt 1987, by hand: group means 3, 6 and 7.5"

ORACLES: tuple[Oracle, ...] = (
    Oracle(
        "A30 O25 M20 I20 R3 Q2: better",
        "kano.better_worse",
        BERGER,
        55 / 95,
        1e-9,
        _number(lambda: kano.better_worse(COUNTS).better.value),
    ),
    Oracle(
        "A30 O25 M20 I20 R3 Q2: worse",
        "kano.better_worse",
        BERGER,
        -45 / 95,
        1e-9,
        _number(lambda: kano.better_worse(COUNTS).worse.value),
    ),
    Oracle(
        "A30 O25 M20 I20 R3 Q2: critical difference",
        "kano.fong_test",
        FONG,
        10.419,
        0.0005,
        lambda: kano.fong_test(COUNTS).critical,
    ),
    Oracle(
        "A30 O25 M20 I20 R3 Q2: difference of the first two",
        "kano.fong_test",
        FONG,
        5,
        0,
        lambda: kano.fong_test(COUNTS).difference,
    ),
    Oracle(
        "six respondents: penalty",
        "kano.penalty_reward",
        BRANDT,
        -3,
        1e-9,
        _number(lambda: _contrast().penalty.value),
    ),
    Oracle(
        "six respondents: reward",
        "kano.penalty_reward",
        BRANDT,
        1.5,
        1e-9,
        _number(lambda: _contrast().reward.value),
    ),
)
