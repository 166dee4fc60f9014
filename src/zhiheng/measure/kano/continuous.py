"""DuMouchel's continuous Kano analysis: mean scores on a plane instead of counts in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.kano.tables import answer_pairs
from zhiheng.measure.means import mean_measurement
from zhiheng.measure.names import checked_names
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

FUNCTIONAL_SCORES = np.array([4.0, 2.0, 0.0, -1.0, -2.0])
DYSFUNCTIONAL_SCORES = np.array([-2.0, -1.0, 0.0, 2.0, 4.0])
MIDDLE = 2.0


@dataclass(frozen=True, slots=True)
class ContinuousFeature:
    """One feature's mean scores (0 to 4 unless answers are reversed) and the quadrant they fall in."""

    name: str
    functional: Measurement
    dysfunctional: Measurement
    category: str | None
    flags: tuple[str, ...]

    def __str__(self) -> str:
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: {self.category or '?'}, F {self.functional}, D {self.dysfunctional}{notes}"


def continuous_kano(
    functional: object,
    dysfunctional: object,
    *,
    names: Sequence[str] | None = None,
    confidence: float = 0.95,
    minimum_n: int = 30,
) -> tuple[ContinuousFeature, ...]:
    """Mean functional and dysfunctional scores of each feature, and their quadrant (DuMouchel 1993).

    Functional: like 4, must-be 2, neutral 0, live with −1, dislike −2; dysfunctional: like −2, must-be −1,
    neutral 0, live with 2, dislike 4. Both means above 2: O; functional only: A; dysfunctional only: M; else I.
    Answers as for `classify`. t intervals. Flags: "uncertain" (an interval contains 2), "reversed" (a mean
    below 0), "not_enough_data". A mean of two groups that differ describes neither: segment first. Unit:
    points, −2..4. Errors: as for `classify`.
    """
    check_confidence(confidence)
    have, lack = answer_pairs(functional, dysfunctional)
    labels = checked_names("names", names, have.shape[1])
    features = []
    for i, label in enumerate(labels):
        answered = ~np.isnan(have[:, i])
        functional_mean, dysfunctional_mean = (
            mean_measurement(_scores(values[answered, i], scores), "points", confidence=confidence)
            for values, scores in ((have, FUNCTIONAL_SCORES), (lack, DYSFUNCTIONAL_SCORES))
        )
        features.append(_placed(label, functional_mean, dysfunctional_mean, minimum_n))
    return tuple(features)


def _scores(codes: Floats, scores: Floats) -> Floats:
    chosen: Floats = scores[codes.astype(np.int64) - 1]
    return chosen


def _placed(
    name: str, functional: Measurement, dysfunctional: Measurement, minimum_n: int
) -> ContinuousFeature:
    f, d = functional.value, dysfunctional.value
    if f is None or d is None:
        return ContinuousFeature(name, functional, dysfunctional, None, (NOT_ENOUGH_DATA,))
    category = {(True, True): "O", (True, False): "A", (False, True): "M", (False, False): "I"}[
        f > MIDDLE, d > MIDDLE
    ]
    raised = {
        "uncertain": _contains(functional) or _contains(dysfunctional),
        "reversed": f < 0 or d < 0,
        NOT_ENOUGH_DATA: functional.n < minimum_n,
    }
    return ContinuousFeature(
        name, functional, dysfunctional, category, tuple(flag for flag, up in raised.items() if up)
    )


def _contains(figure: Measurement) -> bool:
    return figure.low is None or figure.high is None or figure.low <= MIDDLE <= figure.high
