"""Published values of `spc`: textbook charts, the constants of charts, average run lengths."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.spc_data import CIRCUIT_BOARDS, DRIFTING, ORANGE_JUICE, PISTON_RINGS
from zhiheng.measure.spc import (
    WESTERN_ELECTRIC,
    ControlChart,
    CusumChart,
    average_run_length,
    c_chart,
    cusum_chart,
    ewma_chart,
    i_mr_chart,
    laney_p_chart,
    p_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from zhiheng.measure.spc.constants import c4, d2, d3

__all__ = ["ORACLES"]

TABLE = "Montgomery 2013, appendix VI"
RINGS = "Montgomery 1991, pp. 206-213 (data as in R qcc, pistonrings); values of R qcc"
JUICE = "Montgomery 1991, pp. 152-155 (data as in R qcc, orangejuice); values of R qcc"
BOARDS = (
    "Montgomery 1991, pp. 173-175 (data as in R qcc, circuit); values recomputed by hand from its formulas"
)
DRIFT = "Montgomery 2013, tables 9.1, 9.2 and 9.11"

_CAUSES = {14: "new batch of material", 22: "untrained operator"}


def _rings(part: Callable[[ControlChart], float], *, spread: bool = False) -> Callable[[], float]:
    def compute() -> float:
        pair = xbar_r_chart(PISTON_RINGS, baseline=25)
        return part(pair.spread if spread else pair.location)

    return compute


def _juice(part: Callable[[ControlChart], float], *, revised: bool = False) -> Callable[[], float]:
    removed = _CAUSES if revised else None
    return lambda: part(p_chart(ORANGE_JUICE, [50] * 30, removed=removed))


def _boards(part: Callable[[ControlChart], float], *, revised: bool = False) -> Callable[[], float]:
    removed = {5: "errors not recognised", 19: "temperature of the wave solder machine"} if revised else None
    return lambda: part(c_chart(CIRCUIT_BOARDS, removed=removed))


def _sums(part: Callable[[CusumChart], float]) -> Callable[[], float]:
    return lambda: part(cusum_chart(DRIFTING, target=10, sigma=1))


def _smooth(part: Callable[[ControlChart], float]) -> Callable[[], float]:
    return lambda: part(ewma_chart(DRIFTING, target=10, sigma=1, weight=0.1, sigmas=2.7))


def _mean_spread() -> float:
    return float(xbar_s_chart(PISTON_RINGS, baseline=25).spread.centre[0])


def _single() -> float:
    chart = i_mr_chart((0.0, 1.0, 0.0, 1.0)).location
    return _high(chart) - _centre(chart)


def _moving() -> float:
    return _high(i_mr_chart((0.0, 1.0, 0.0, 1.0)).spread)


def _numbers(chart: ControlChart) -> list[int]:
    """The points out of limits, counted from 1 as textbooks do, without the removed."""
    left_out = {removal.position for removal in chart.removed}
    return [at + 1 for at in chart.out_of_limits if at not in left_out]


def _low(chart: ControlChart) -> float:
    return float(chart.low[-1])


def _high(chart: ControlChart) -> float:
    return float(chart.high[-1])


def _centre(chart: ControlChart) -> float:
    return float(chart.centre[-1])


def _sole(chart: ControlChart) -> float:
    (number,) = _numbers(chart)
    return number


def _nth(k: int) -> Callable[[ControlChart], float]:
    return lambda chart: _numbers(chart)[k]


def _factor() -> float:
    limits = laney_p_chart(ORANGE_JUICE, [50] * 30).limits
    return limits.factor if limits else 0.0


def _zones(*rules: int) -> Callable[[], float]:
    chosen = [WESTERN_ELECTRIC[rule - 1] for rule in rules]
    return lambda: average_run_length("shewhart", rules=chosen).average


def _ewma_length(weight: float, sigmas: float, shift: float) -> Callable[[], float]:
    return lambda: average_run_length("ewma", weight=weight, sigmas=sigmas, shift=shift).average


def _cusum_length(decision: float, shift: float) -> Callable[[], float]:
    return lambda: average_run_length("cusum", decision=decision, shift=shift).average


def _rows(
    function: str, source: str, rows: Sequence[tuple[str, float, float, Callable[[], float]]]
) -> tuple[Oracle, ...]:
    return tuple(
        Oracle(name, f"spc.{function}", source, published, tolerance, compute)
        for name, published, tolerance, compute in rows
    )


ORACLES = (
    *_rows(
        "xbar_r_chart",
        TABLE,
        [
            ("d2 for n = 5", 2.32593, 5e-6, lambda: d2(5)),
            ("d3 for n = 5", 0.86408, 5e-6, lambda: d3(5)),
            ("A2 for n = 5", 0.577, 5e-4, lambda: 3 / (d2(5) * math.sqrt(5))),
            ("D4 for n = 5", 2.114, 5e-4, lambda: 1 + 3 * d3(5) / d2(5)),
            ("d2 for n = 25", 3.931, 5e-4, lambda: d2(25)),
            ("d3 for n = 25", 0.708, 5e-4, lambda: d3(25)),
        ],
    ),
    *_rows(
        "xbar_r_chart",
        RINGS,
        [
            ("piston rings, grand mean", 74.001176, 5e-7, _rings(_centre)),
            ("piston rings, mean range", 0.02276, 5e-6, _rings(_centre, spread=True)),
            ("piston rings, lower limit of means", 73.98805, 5e-6, _rings(_low)),
            ("piston rings, upper limit of means", 74.01430, 5e-6, _rings(_high)),
            ("piston rings, upper limit of ranges", 0.04813, 5e-6, _rings(_high, spread=True)),
            ("piston rings, first sample of phase II out of limits", 37, 0, _rings(_nth(0))),
            ("piston rings, second sample out of limits", 38, 0, _rings(_nth(1))),
            ("piston rings, third sample out of limits", 39, 0, _rings(_nth(2))),
            ("piston rings, samples out of limits", 3, 0, _rings(lambda chart: len(_numbers(chart)))),
        ],
    ),
    *_rows(
        "i_mr_chart",
        TABLE,
        [
            ("limits of single values in mean moving ranges", 2.660, 5e-4, _single),
            ("upper limit of moving ranges in mean moving ranges", 3.267, 5e-4, _moving),
        ],
    ),
    *_rows(
        "xbar_s_chart",
        TABLE,
        [
            ("c4 for n = 5", 0.93999, 5e-6, lambda: c4(5)),
            ("c4 for n = 25", 0.9896, 5e-5, lambda: c4(25)),
        ],
    ),
    *_rows("xbar_s_chart", RINGS, [("piston rings, mean standard deviation", 0.00924, 5e-6, _mean_spread)]),
    *_rows(
        "p_chart",
        JUICE,
        [
            ("juice cans, mean share", 0.23133, 5e-6, _juice(_centre)),
            ("juice cans, lower limit", 0.0524, 5e-5, _juice(_low)),
            ("juice cans, upper limit", 0.4102, 5e-5, _juice(_high)),
            ("juice cans, first sample out", 15, 0, _juice(_nth(0))),
            ("juice cans, second sample out", 23, 0, _juice(_nth(1))),
            ("juice cans, mean share without both", 0.2150, 5e-5, _juice(_centre, revised=True)),
            ("juice cans, lower limit without both", 0.0407, 5e-5, _juice(_low, revised=True)),
            ("juice cans, upper limit without both", 0.3893, 5e-5, _juice(_high, revised=True)),
            ("juice cans, the sample then out", 21, 0, _juice(_sole, revised=True)),
        ],
    ),
    *_rows(
        "laney_p_chart",
        "formula of Laney 2002, by hand, on the orange juice cans of R qcc",
        [("juice cans, sigma_z", 1.6609, 5e-5, _factor)],
    ),
    *_rows(
        "c_chart",
        BOARDS,
        [
            ("circuit boards, mean count", 19.85, 5e-3, _boards(_centre)),
            ("circuit boards, upper limit", 33.22, 1e-2, _boards(_high)),
            ("circuit boards, lower limit", 6.48, 1e-2, _boards(_low)),
            ("circuit boards, first sample out", 6, 0, _boards(_nth(0))),
            ("circuit boards, second sample out", 20, 0, _boards(_nth(1))),
            ("circuit boards, mean count without both", 19.67, 5e-3, _boards(_centre, revised=True)),
            ("circuit boards, upper limit without both", 32.97, 1e-2, _boards(_high, revised=True)),
            ("circuit boards, lower limit without both", 6.36, 1e-2, _boards(_low, revised=True)),
        ],
    ),
    *_rows(
        "cusum_chart",
        DRIFT,
        [
            ("drifting values, upper sum at 29", 5.28, 1e-9, _sums(lambda chart: float(chart.above[28]))),
            ("drifting values, first signal", 29, 0, _sums(lambda chart: chart.signals[0].position + 1)),
            ("drifting values, points since the shift", 7, 0, _sums(lambda chart: 29 - chart.onset[0])),
            ("drifting values, lower sum at 2", 1.56, 1e-9, _sums(lambda chart: float(chart.below[1]))),
        ],
    ),
    *_rows(
        "ewma_chart",
        DRIFT,
        [
            ("drifting values, first mean", 9.945, 1e-9, _smooth(lambda chart: float(chart.value[0]))),
            ("drifting values, second mean", 9.7495, 1e-9, _smooth(lambda chart: float(chart.value[1]))),
            ("drifting values, first upper limit", 10.27, 1e-9, _smooth(lambda chart: float(chart.high[0]))),
            ("drifting values, last upper limit", 10.62, 5e-3, _smooth(_high)),
        ],
    ),
    *_rows(
        "average_run_length",
        "method of Champ & Woodall 1987, their table not seen; recomputed over full histories of points",
        [
            ("limits alone", 370.40, 5e-3, _zones(1)),
            ("rules 1 and 2", 225.44, 5e-3, _zones(1, 2)),
            ("rules 1 and 3", 166.05, 5e-3, _zones(1, 3)),
            ("rules 1 and 4", 152.73, 5e-3, _zones(1, 4)),
            ("all four Western Electric rules", 91.75, 5e-3, _zones(1, 2, 3, 4)),
            (
                "limits alone, shift of 1 sigma",
                43.89,
                5e-3,
                lambda: average_run_length("shewhart", shift=1).average,
            ),
        ],
    ),
    *_rows(
        "average_run_length",
        "limits of Lucas & Saccucci 1990; recomputed by Markov chain",
        [
            ("EWMA 0.1, 2.814", 499.5, 0.1, _ewma_length(0.1, 2.814, 0)),
            ("EWMA 0.1, 2.814, shift of 1 sigma", 10.33, 0.01, _ewma_length(0.1, 2.814, 1)),
            ("EWMA 0.2, 2.962", 499.7, 0.1, _ewma_length(0.2, 2.962, 0)),
            ("EWMA 0.2, 2.962, shift of 1 sigma", 10.54, 0.01, _ewma_length(0.2, 2.962, 1)),
        ],
    ),
    *_rows(
        "average_run_length",
        "Lucas & Saccucci 1990, table 3, as R spc cites it",
        [
            ("EWMA 0.5, 3.071, shift of 0.5 sigma", 88.8, 0.05, _ewma_length(0.5, 3.071, 0.5)),
            ("EWMA 0.5, 3.071, shift of 1 sigma", 17.5, 0.05, _ewma_length(0.5, 3.071, 1)),
            ("EWMA 0.03, 2.437, shift of 1 sigma", 12.6, 0.05, _ewma_length(0.03, 2.437, 1)),
            ("EWMA 0.03, 2.437, shift of 2 sigma", 5.99, 5e-3, _ewma_length(0.03, 2.437, 2)),
        ],
    ),
    *_rows(
        "average_run_length",
        "Crowder 1987, table 1, as R spc cites it",
        [
            ("EWMA 0.5, 2", 26.45, 5e-3, _ewma_length(0.5, 2, 0)),
            ("EWMA 0.05, 2", 127.53, 5e-3, _ewma_length(0.05, 2, 0)),
            ("EWMA 0.05, 2, shift of 1 sigma", 8.38, 5e-3, _ewma_length(0.05, 2, 1)),
        ],
    ),
    *_rows(
        "average_run_length",
        "Lucas & Crosier 1982, table 1, as R spc cites it",
        [
            ("CUSUM 0.5, 4, shift of 0.25 sigma", 74.2, 0.05, _cusum_length(4, 0.25)),
            ("CUSUM 0.5, 4, shift of 0.5 sigma", 26.6, 0.05, _cusum_length(4, 0.5)),
            ("CUSUM 0.5, 4, shift of 2 sigma", 3.34, 5e-3, _cusum_length(4, 2)),
        ],
    ),
    *_rows(
        "average_run_length",
        "Lucas & Crosier 1982, table 1 to three digits; further ones recomputed by Markov chain",
        [
            ("CUSUM 0.5, 4", 167.7, 0.05, _cusum_length(4, 0)),
            ("CUSUM 0.5, 4, shift of 1 sigma", 8.38, 5e-3, _cusum_length(4, 1)),
            ("CUSUM 0.5, 5", 465.4, 0.05, _cusum_length(5, 0)),
            ("CUSUM 0.5, 5, shift of 1 sigma", 10.38, 5e-3, _cusum_length(5, 1)),
        ],
    ),
)
