"""Published weights and rankings: Saaty's eigenvector, entropy, CRITIC, TOPSIS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from zhiheng.measure import index
from zhiheng.measure.oracles import Oracle

__all__ = ["JUDGEMENTS", "MATRIX", "ORACLES"]

SAATY = "Saaty 1980; the 3 × 3 example of judgements 3, 5, 3"
TEXTBOOK = "textbook 4 × 4 decision matrix; recomputed, agrees with pymcdm"
JUDGEMENTS = ((1, 3, 5), (1 / 3, 1, 3), (1 / 5, 1 / 3, 1))
MATRIX = ((7, 9, 9, 8), (8, 7, 8, 7), (9, 6, 8, 9), (6, 7, 8, 6))
WEIGHTS = (0.1, 0.4, 0.3, 0.2)
COST = (False, False, False, True)
_TOPSIS: tuple[tuple[Literal["vector", "min-max"], tuple[float, ...]], ...] = (
    ("vector", (0.74269, 0.40360, 0.17587, 0.44143)),
    ("min-max", (0.77227, 0.32881, 0.15661, 0.36752)),
)


def _ahp(position: int) -> Callable[[], float]:
    return lambda: float(index.ahp_weights(JUDGEMENTS).weights[position])


def _closeness(position: int, norm: Literal["vector", "min-max"]) -> Callable[[], float]:
    return lambda: float(index.topsis(MATRIX, weights=WEIGHTS, cost=COST, norm=norm).closeness[position])


def _data_weight(method: Callable[..., index.DataWeights], position: int) -> Callable[[], float]:
    def compute() -> float:
        weights = method(MATRIX).weights
        return float("nan") if weights is None else float(weights[position])

    return compute


ORACLES: tuple[Oracle, ...] = (
    *(
        Oracle(
            name=f"AHP weight {position + 1} of 3",
            function="index.ahp_weights",
            source=SAATY,
            published=published,
            tolerance=0.000005,
            compute=_ahp(position),
        )
        for position, published in enumerate((0.63699, 0.25828, 0.10473))
    ),
    Oracle(
        name="AHP largest eigenvalue",
        function="index.ahp_weights",
        source=SAATY,
        published=3.03851,
        tolerance=0.000005,
        compute=lambda: index.ahp_weights(JUDGEMENTS).eigenvalue,
    ),
    Oracle(
        name="AHP consistency ratio",
        function="index.ahp_weights",
        source=SAATY,
        published=0.0332,
        tolerance=0.00005,
        compute=lambda: index.ahp_weights(JUDGEMENTS).consistency_ratio,
    ),
    *(
        Oracle(
            name=f"TOPSIS, {norm} norm, case {position + 1}",
            function="index.topsis",
            source=TEXTBOOK,
            published=published,
            tolerance=0.000005,
            compute=_closeness(position, norm),
        )
        for norm, column in _TOPSIS
        for position, published in enumerate(column)
    ),
    *(
        Oracle(
            name=f"{name} weight {position + 1} of 4",
            function=f"index.{method.__name__}",
            source=TEXTBOOK,
            published=published,
            tolerance=0.00005,
            compute=_data_weight(method, position),
        )
        for name, method, column in (
            ("entropy", index.entropy_weights, (0.3220, 0.3171, 0.0389, 0.3220)),
            ("CRITIC", index.critic_weights, (0.2958, 0.2609, 0.2398, 0.2035)),
        )
        for position, published in enumerate(column)
    ),
)
