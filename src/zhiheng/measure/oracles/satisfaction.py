"""Published figures of surveys: net promoter scores, weights, and shares of explained variance."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure import satisfaction
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.satisfaction import Drivers, NetPromoterScore

__all__ = ["ATTRIBUTES", "ORACLES", "attitude_drivers"]

ROCKS = "Rocks 2016, Interval estimation for the net promoter score; arithmetic by hand from its formulas"
KISH = "Kish 1965, Survey Sampling, §11.7; by hand: 100 / 26 and 5 · 26 / 100"
RELAIMPO = "R relaimpo calc.relimp(type = lmg) on attitude; recomputed over all orders of entry"
LEAST_SQUARES = "R lm(rating ~ .) on attitude"
ATTRIBUTES = ("complaints", "privileges", "learning", "raises", "critical", "advance")

# (promoters, passives, detractors): value, standard error, Wald limits, adjusted centre and limits.
SCORES: dict[tuple[int, int, int], dict[str, float]] = {
    (120, 50, 30): {
        "value": 45.0,
        "error": 5.232,
        "low": 34.75,
        "high": 55.25,
        "centre": 44.33,
        "adjusted low": 34.14,
        "adjusted high": 54.53,
    },
    (50, 30, 20): {
        "value": 30.0,
        "error": 7.810,
        "centre": 29.13,
        "adjusted low": 14.05,
        "adjusted high": 44.20,
    },
    (15, 0, 0): {"error": 0.0, "adjusted low": 61.6, "adjusted high": 100.0},
}
DIGITS = {"value": 1e-9, "error": 0.0005}  # the others are printed to two digits, the last pair to one


def attitude_drivers() -> Drivers:
    """The drivers of the overall rating in `attitude`."""
    return satisfaction.drivers(ATTITUDE[:, 1:], ATTITUDE[:, 0], names=ATTRIBUTES)


def _score(counts: tuple[int, int, int], what: str) -> Callable[[], float]:
    def compute() -> float:
        kind: satisfaction.ScoreInterval = "wald" if what in ("error", "low", "high") else "adjusted-wald"
        score: NetPromoterScore = satisfaction.net_promoter_of_counts(*counts, interval=kind)
        shown = {
            "value": score.figure.value,
            "error": score.standard_error,
            "centre": score.centre,
            "low": score.figure.low,
            "high": score.figure.high,
            "adjusted low": score.figure.low,
            "adjusted high": score.figure.high,
        }
        return float(shown[what] or 0.0)

    return compute


def _size(margin: float) -> Callable[[], float]:
    return lambda: satisfaction.net_promoter_sample_size(margin=margin, promoters=0.5, detractors=0.2).exact


def _share(position: int) -> Callable[[], float]:
    return lambda: attitude_drivers().drivers[position].share.value or 0.0


def _slope(position: int) -> Callable[[], float]:
    return lambda: attitude_drivers().drivers[position].slope or 0.0


ORACLES: tuple[Oracle, ...] = (
    *(
        Oracle(
            name=f"net promoter score {counts[0]}/{counts[1]}/{counts[2]}, {what}",
            function="satisfaction.net_promoter_of_counts",
            source=ROCKS,
            published=published,
            tolerance=DIGITS.get(what, 0.05 if counts == (15, 0, 0) else 0.005),
            compute=_score(counts, what),
        )
        for counts, figures in SCORES.items()
        for what, published in figures.items()
    ),
    *(
        Oracle(
            name=f"answers for a net promoter score ± {margin} points, 50 % promoters, 20 % detractors",
            function="satisfaction.net_promoter_sample_size",
            source="z² (p + d − (p − d)²) / e²",
            published=published,
            tolerance=0.05,
            compute=_size(margin),
        )
        for margin, published in ((5, 937.3), (10, 234.3))
    ),
    Oracle(
        name="effective size of weights 1, 1, 2, 2, 4",
        function="satisfaction.effective_sample_size",
        source=KISH,
        published=100 / 26,
        tolerance=1e-9,
        compute=lambda: satisfaction.effective_sample_size([1, 1, 2, 2, 4]).value or 0.0,
    ),
    Oracle(
        name="design effect of weights 1, 1, 2, 2, 4",
        function="satisfaction.effective_sample_size",
        source=KISH,
        published=1.30,
        tolerance=1e-9,
        compute=lambda: satisfaction.effective_sample_size([1, 1, 2, 2, 4]).design_effect or 0.0,
    ),
    *(
        Oracle(
            name=f"share of variance of the rating by {attribute}",
            function="satisfaction.drivers",
            source=RELAIMPO,
            published=published,
            tolerance=0.00005,
            compute=_share(position),
        )
        for position, (attribute, published) in enumerate(
            zip(ATTRIBUTES, (0.3708, 0.0509, 0.1558, 0.1203, 0.0066, 0.0282), strict=True)
        )
    ),
    *(
        Oracle(
            name=f"slope of the rating on {attribute}",
            function="satisfaction.drivers",
            source=LEAST_SQUARES,
            published=published,
            tolerance=0.00005,
            compute=_slope(position),
        )
        for position, (attribute, published) in enumerate(
            zip(ATTRIBUTES, (0.6132, -0.0731, 0.3203, 0.0817, 0.0384, -0.2171), strict=True)
        )
    ),
    Oracle(
        name="intercept of the rating",
        function="satisfaction.drivers",
        source=LEAST_SQUARES,
        published=10.7871,
        tolerance=0.00005,
        compute=lambda: attitude_drivers().intercept or 0.0,
    ),
    Oracle(
        name="R² of the rating",
        function="satisfaction.drivers",
        source=LEAST_SQUARES,
        published=0.7326,
        tolerance=0.00005,
        compute=lambda: attitude_drivers().r_squared or 0.0,
    ),
)
