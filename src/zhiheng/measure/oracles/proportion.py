"""Published limits of shares and sizes of samples."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure import proportion
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.result import Measurement

__all__ = ["ORACLES"]

NEWCOMBE = "Newcombe 1998, Two-sided confidence intervals for the single proportion, table I"
RECOMPUTED = "recomputed with statsmodels proportion_confint"
FORMULA = "n0 = z² p q / e² with z = 1.95996; finite population n0 / (1 + (n0 − 1) / N)"

# (function, arguments, low, high, source), to the four digits printed.
LIMITS: tuple[tuple[str, tuple[int, int], float, float, str], ...] = (
    ("wilson_interval", (81, 263), 0.2553, 0.3662, NEWCOMBE),
    ("wilson_interval", (15, 148), 0.0624, 0.1605, NEWCOMBE),
    ("wilson_interval", (0, 20), 0.0, 0.1611, NEWCOMBE),
    ("wilson_interval", (1, 29), 0.0061, 0.1718, NEWCOMBE),
    ("wilson_interval", (29, 29), 0.8830, 1.0, RECOMPUTED),
    ("wilson_interval", (45, 50), 0.7864, 0.9565, RECOMPUTED),
    ("clopper_pearson_interval", (15, 148), 0.0578, 0.1617, NEWCOMBE),
    ("agresti_coull_interval", (45, 50), 0.7821, 0.9609, RECOMPUTED),
)


def _limit(compute: Callable[[], Measurement], side: str) -> Callable[[], float]:
    return lambda: float(getattr(compute(), side))


def _interval(function: str, arguments: tuple[int, int]) -> Callable[[], Measurement]:
    return lambda: getattr(proportion, function)(*arguments)


def _size(margin: float, population: int | None) -> Callable[[], float]:
    return lambda: proportion.sample_size(margin=margin, population=population).exact


ORACLES: tuple[Oracle, ...] = (
    *(
        Oracle(
            name=f"{function} {x}/{n}, {side} limit",
            function=f"proportion.{function}",
            source=source,
            published=published,
            tolerance=0.00005,
            compute=_limit(_interval(function, (x, n)), side),
        )
        for function, (x, n), low, high, source in LIMITS
        for side, published in (("low", low), ("high", high))
    ),
    *(
        Oracle(
            name=f"Wilson with continuity correction 81/263, {side} limit",
            function="proportion.wilson_interval",
            source=NEWCOMBE,
            published=published,
            tolerance=0.00005,
            compute=_limit(lambda: proportion.wilson_interval(81, 263, continuity=True), side),
        )
        for side, published in (("low", 0.2535), ("high", 0.3682))
    ),
    *(
        Oracle(
            name=f"answers for ± {margin:.0%}" + (f" of {population}" if population else ""),
            function="proportion.sample_size",
            source=FORMULA,
            published=published,
            tolerance=0.005 if population is None else 0.05,
            compute=_size(margin, population),
        )
        for margin, population, published in (
            (0.10, None, 96.04),
            (0.05, None, 384.15),
            (0.03, None, 1067.07),
            (0.10, 1000, 87.7),
            (0.05, 1000, 277.7),
            (0.03, 1000, 516.5),
        )
    ),
)
