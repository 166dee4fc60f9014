"""Gaps 3 and 4: standards, and promises, against what is measured to be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

Verdict = Literal["met", "short", "uncertain", "not_enough_data"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One standard or promise: what was set, what was measured, and whether it is met."""

    name: str
    target: float
    measured: Measurement
    gap: float | None
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.name}: target {self.target:g}, measured {self.measured}, {self.verdict}"


@dataclass(frozen=True, slots=True)
class DeliveryGap:
    """Gap 3 (`number` 3, standard against delivery) or 4 (promise against delivery).

    `short`: the share that clearly falls short, among those with enough data.
    """

    number: Literal[3, 4]
    rows: tuple[Delivery, ...]
    short: Measurement
    method: str = "interval-against-target"

    @property
    def headline(self) -> Measurement:
        """The share that clearly falls short."""
        return self.short

    @property
    def worst(self) -> str | None:
        """The clearly short row with the largest gap relative to its target."""
        late = [row for row in self.rows if row.verdict == "short"]
        return max(late, key=lambda r: abs(r.gap or 0.0) / (abs(r.target) or 1.0)).name if late else None

    def __str__(self) -> str:
        word = "delivery" if self.number == 3 else "communication"
        return "\n".join((f"gap {self.number}, {word}: short {self.short}", *(str(row) for row in self.rows)))


def delivery_gap(
    met: object,
    counted: object,
    target: object,
    *,
    names: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> DeliveryGap:
    """Gap 3: each standard's target share against the share in which it was delivered (Wilson's interval).

    One row per standard: cases `met` of `counted`, `target` share 0 to 1. Delivered − target; "met" when the
    interval lies at or above the target, "short" when it lies below, else "uncertain": few cases prove neither.
    Unit: shares. Errors: unequal lengths, more met than counted, a target that is no share. Source: Parasuraman,
    Zeithaml & Berry 1985; Wilson 1927.
    """
    good, whole, wanted = (
        floats(n, v, minimum=0) for n, v in (("met", met), ("counted", counted), ("target", target))
    )
    same_length(met=good, counted=whole, target=wanted)
    if wanted.size and wanted.max() > 1:
        raise MeasureError("target", f"must be a share from 0 to 1, found {wanted.max():g}")
    for name, values in (("met", good), ("counted", whole)):
        if (values != np.floor(values)).any():
            raise MeasureError(name, "must be whole numbers")
    if (good > whole).any():
        raise MeasureError("met", "must not exceed counted")
    measured = [
        wilson_interval(int(x), int(n), confidence=confidence) for x, n in zip(good, whole, strict=True)
    ]
    return _against_targets(3, wanted, measured, names, lower_is_better=False, confidence=confidence)


def communication_gap(
    promised: object,
    delivered: Sequence[Measurement],
    *,
    names: Sequence[str] | None = None,
    lower_is_better: bool = True,
    confidence: float = 0.95,
) -> DeliveryGap:
    """Gap 4: what catalogue, contract or status page promise against what is measured.

    `promised`: one value per promise in the unit of its `delivered` figure, which brings its own interval, such
    as the 90 % quantile of a Kaplan-Meier curve ("promised 4 h, measured P90 6 h"). The verdict as for
    `delivery_gap`; `confidence` is that of the share of broken promises. Unit: that of the figures; the share
    of broken promises. Errors: unequal lengths. Source: Parasuraman, Zeithaml & Berry 1985; Wilson 1927.
    """
    wanted = floats("promised", promised)
    if len(delivered) != wanted.size:
        raise MeasureError("delivered", f"must be as long as promised ({wanted.size}), has {len(delivered)}")
    return _against_targets(
        4, wanted, list(delivered), names, lower_is_better=lower_is_better, confidence=confidence
    )


def _against_targets(
    number: Literal[3, 4],
    targets: Floats,
    measured: list[Measurement],
    names: Sequence[str] | None,
    *,
    lower_is_better: bool,
    confidence: float,
) -> DeliveryGap:
    labels = checked_names("names", names, targets.size)
    rows = tuple(
        Delivery(
            name=name,
            target=float(target),
            measured=figure,
            gap=None if figure.value is None else figure.value - float(target),
            verdict=_verdict(figure, float(target), lower_is_better),
        )
        for name, target, figure in zip(labels, targets, measured, strict=True)
    )
    known = [row for row in rows if row.verdict != NOT_ENOUGH_DATA]
    late = sum(row.verdict == "short" for row in known)
    return DeliveryGap(number, rows, wilson_interval(late, len(known), confidence=confidence))


def _verdict(figure: Measurement, target: float, lower_is_better: bool) -> Verdict:
    if not figure.enough:
        return "not_enough_data"
    if lower_is_better:
        good, bad = (
            figure.high is not None and figure.high <= target,
            figure.low is not None and figure.low > target,
        )
    else:
        good, bad = (
            figure.low is not None and figure.low >= target,
            figure.high is not None and figure.high < target,
        )
    return "met" if good else "short" if bad else "uncertain"
