"""Published shares of variance as derived importance: the drivers of `attitude` on the importance axis."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure import importance
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.oracles.satisfaction import ATTRIBUTES, RELAIMPO

__all__ = ["ORACLES"]

MEANS = "column means printed with the R data set attitude"


def _point(position: int, axis: str) -> Callable[[], float]:
    def compute() -> float:
        table = importance.importance_performance(
            ATTITUDE[:, 1:], outcome=ATTITUDE[:, 0], names=ATTRIBUTES, seed=1, replicates=20
        )
        return float(getattr(table.points[position], axis).value)

    return compute


ORACLES: tuple[Oracle, ...] = tuple(
    Oracle(
        name=f"{axis} of {attribute}",
        function="importance.importance_performance",
        source=source,
        published=published,
        tolerance=tolerance,
        compute=_point(position, axis),
    )
    for axis, source, tolerance, column in (
        ("importance", RELAIMPO, 0.00005, (0.3708, 0.0509, 0.1558, 0.1203, 0.0066, 0.0282)),
        ("performance", MEANS, 0.005, (66.60, 53.13, 56.37, 64.63, 74.77, 42.93)),
    )
    for position, (attribute, published) in enumerate(zip(ATTRIBUTES, column, strict=True))
)
