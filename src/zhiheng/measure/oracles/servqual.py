"""Gaps by hand, Bland and Altman's peak flow data, and a textbook rank correlation."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from zhiheng.measure import servqual
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.servqual.technical import Agreement

__all__ = ["IQ", "LARGE_METER", "MINI_METER", "ORACLES", "TELEVISION"]

# Peak expiratory flow (l/min) of 17 persons, first readings of both meters.
LARGE_METER = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI_METER = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)

IQ = (106, 100, 86, 101, 99, 103, 97, 113, 112, 110)
TELEVISION = (7, 27, 2, 50, 28, 29, 20, 12, 6, 17)

ALTMAN = "Bland & Altman 1986, Lancet i:307-310"
HAND = "by construction: E 7 6 6 5, P 5 6 4 5"


def _meters() -> Agreement:
    return servqual.bland_altman(LARGE_METER, MINI_METER, unit="l/min")


def _number(compute: Callable[[], float | None]) -> Callable[[], float]:
    """What these compute is there; None (not computable) would fail as `Oracle.value`."""
    return cast("Callable[[], float]", compute)


def _tangibles() -> float | None:
    analysis = servqual.gap_analysis([[7, 6, 6, 5]], [[5, 6, 4, 5]], dimensions=("tangibles",) * 4)
    return analysis.dimensions[0].gap.value


ORACLES: tuple[Oracle, ...] = (
    Oracle("four items: tangibles gap", "servqual.gap_analysis", HAND, -1.0, 1e-9, _number(_tangibles)),
    Oracle(
        "reliability of a difference",
        "servqual.difference_reliability",
        "Lord 1963, by hand: (0.8 + 0.8 − 1) / (1 + 1 − 1)",
        0.6,
        1e-9,
        _number(
            lambda: servqual.difference_reliability(
                perception_deviation=1,
                expectation_deviation=1,
                perception_reliability=0.8,
                expectation_reliability=0.8,
                correlation=0.5,
            )
        ),
    ),
    Oracle(
        "peak flow: bias", "servqual.bland_altman", ALTMAN, -2.1, 0.05, _number(lambda: _meters().bias.value)
    ),
    Oracle(
        "peak flow: standard deviation of differences",
        "servqual.bland_altman",
        ALTMAN,
        38.8,
        0.05,
        _number(lambda: _meters().deviation),
    ),
    Oracle(
        "peak flow: lower limit of the bias",
        "servqual.bland_altman",
        ALTMAN,
        -22.0,
        0.1,  # printed from rounded figures: 2.1 + 2.12 · 9.4
        _number(lambda: _meters().bias.low),
    ),
    Oracle(
        "peak flow: upper limit of the bias",
        "servqual.bland_altman",
        ALTMAN,
        17.8,
        0.1,
        _number(lambda: _meters().bias.high),
    ),
    Oracle(
        "ten persons, IQ and hours of television",
        "servqual.spearman",
        "textbook example, by hand: 1 − 6 · 194 / 990",
        -29 / 165,
        1e-9,
        _number(lambda: servqual.spearman(IQ, TELEVISION).value),
    ),
)
