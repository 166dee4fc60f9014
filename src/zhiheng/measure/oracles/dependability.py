"""Published values of `dependability`: structures, exact Poisson limits, error budgets, burn rates."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure.dependability import (
    Group,
    budget_used,
    error_budget,
    graph_availability,
    k_of_n,
    mtbf,
    parallel,
    poisson_limits,
    series,
)
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.result import Measurement

__all__ = ["BRIDGE", "ORACLES"]

DAY_S = 86_400
ARITHMETIC = "arithmetic"
POISSON = "Garwood 1936"
WORKBOOK = "Beyer et al. 2018, ch. 5"

BRIDGE = {
    "c": (Group(("a", "b")),),
    "d": (Group(("a", "c")),),
    "e": (Group(("b", "c")),),
    "service": (Group(("d", "e")),),
}
"""Two ways a–d and b–e with a bridge c between them; current flows over c from either side."""


def _number(figure: Callable[[], Measurement], part: str = "value") -> Callable[[], float]:
    return lambda: float(getattr(figure(), part))


def _minutes(objective: float) -> Callable[[], float]:
    return lambda: error_budget(objective, total=30 * 24 * 60, unit="min").allowed


def _used(burn: float, window_h: float) -> Callable[[], float]:
    return lambda: budget_used(burn, window_s=window_h * 3600, period_s=30 * DAY_S)


def _hours_to_exhaustion() -> float:
    budget = error_budget(0.999, total=30 * 24, elapsed=1, used=14.4 * 0.001, unit="h")
    return 1 + (budget.exhausted_in or 0.0)


ORACLES = (
    Oracle(
        "three parts of 99.9 % in series",
        "dependability.series",
        ARITHMETIC,
        0.997002999,
        1e-9,
        _number(lambda: series([0.999] * 3)),
    ),
    Oracle(
        "two parts of 99 % in parallel",
        "dependability.parallel",
        ARITHMETIC,
        0.9999,
        1e-9,
        _number(lambda: parallel([0.99] * 2)),
    ),
    Oracle(
        "two of three parts of 99 %",
        "dependability.k_of_n",
        ARITHMETIC,
        0.999702,
        1e-9,
        _number(lambda: k_of_n([0.99] * 3, needed=2)),
    ),
    Oracle(
        "bridge of five parts of 90 %",
        "dependability.graph_availability",
        "Barlow & Proschan 1975: 2p² + 2p³ − 5p⁴ + 2p⁵",
        0.97848,
        1e-9,
        lambda: graph_availability("service", parts=dict.fromkeys("abcde", 0.9), needs=BRIDGE).value,
    ),
    Oracle(
        "10 failures in 1000 h, MTBF",
        "dependability.mtbf",
        POISSON,
        100,
        1e-9,
        _number(lambda: mtbf(1000, 10)),
    ),
    Oracle(
        "10 failures in 1000 h, lower limit",
        "dependability.mtbf",
        POISSON,
        54.38,
        5e-3,
        _number(lambda: mtbf(1000, 10), "low"),
    ),
    Oracle(
        "10 failures in 1000 h, upper limit",
        "dependability.mtbf",
        POISSON,
        208.53,
        1e-2,
        _number(lambda: mtbf(1000, 10), "high"),
    ),
    Oracle(
        "no failure in 1000 h, lower limit",
        "dependability.mtbf",
        "rule of three, 1000 / 2.996",
        1000 / 2.996,
        0.05,
        _number(lambda: mtbf(1000, 0), "low"),
    ),
    Oracle(
        "count of 10, lower limit",
        "dependability.poisson_limits",
        POISSON,
        4.795,
        5e-4,
        lambda: poisson_limits(10)[0],
    ),
    Oracle(
        "count of 10, upper limit",
        "dependability.poisson_limits",
        POISSON,
        18.390,
        5e-4,
        lambda: poisson_limits(10)[1],
    ),
    *(
        Oracle(
            f"budget of {objective:.2%} over 30 days, minutes",
            "dependability.error_budget",
            ARITHMETIC,
            minutes,
            1e-9,
            _minutes(objective),
        )
        for objective, minutes in ((0.999, 43.2), (0.9995, 21.6), (0.9999, 4.32))
    ),
    Oracle(
        "budget of 99.90% over a year, hours",
        "dependability.error_budget",
        ARITHMETIC,
        8.76,
        1e-9,
        lambda: error_budget(0.999, total=365 * 24, unit="h").allowed,
    ),
    *(
        Oracle(
            f"budget used by burn {burn:g} in {hours} h of 30 days",
            "dependability.budget_used",
            WORKBOOK,
            share,
            1e-9,
            _used(burn, hours),
        )
        for burn, hours, share in ((14.4, 1, 0.02), (6, 6, 0.05), (1, 72, 0.10), (3, 24, 0.10))
    ),
    Oracle(
        "hours until burn 14.4 uses up a budget of 30 days",
        "dependability.error_budget",
        ARITHMETIC,
        50,
        1e-9,
        _hours_to_exhaustion,
    ),
)
