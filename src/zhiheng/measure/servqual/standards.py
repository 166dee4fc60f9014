"""Gap 2: what customers are believed to need against the standards that are set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, column, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.names import checked_names
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement

Standing = Literal["none", "looser", "as_needed", "stricter"]


@dataclass(frozen=True, slots=True)
class Standard:
    """One requirement: what is needed, what the standard promises inside, and how the two stand."""

    name: str
    need: float
    standard: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class StandardsGap:
    """Gap 2: the requirements with their standing, and the share that no standard meets."""

    requirements: tuple[Standard, ...]
    unmet: Measurement
    without: Measurement
    method: str = "wilson"

    @property
    def headline(self) -> Measurement:
        """The share of requirements without a standard or with a looser one."""
        return self.unmet

    @property
    def worst(self) -> str | None:
        """The first requirement without a standard, else the first with a looser one."""
        for standing in ("none", "looser"):
            for requirement in self.requirements:
                if requirement.standing == standing:
                    return requirement.name
        return None

    def __str__(self) -> str:
        rows = (f"{r.name}: need {r.need:g}, standard {r.standard}, {r.standing}" for r in self.requirements)
        return "\n".join((f"gap 2, standards: unmet {self.unmet}, without {self.without}", *rows))


def standards_gap(
    need: object,
    standard: object,
    *,
    names: Sequence[str] | None = None,
    lower_is_better: bool = True,
    confidence: float = 0.95,
) -> StandardsGap:
    """Gap 2: what customers are believed to need against the standards that are set.

    One `need` and one `standard` per requirement in the same unit, NaN for a standard that is missing.
    `lower_is_better` for times; False for availability and the like. Looser or none / all, with Wilson's
    interval, which treats them as a sample of all requirements. Unit: shares. Errors: unequal lengths, a need
    that is missing. Source: Parasuraman, Zeithaml & Berry 1985; Wilson 1927.
    """
    needed = floats("need", need)
    set_to = _with_gaps("standard", standard, needed.size)
    labels = checked_names("names", names, needed.size)
    rows = tuple(
        Standard(
            name=name,
            need=float(wanted),
            standard=None if np.isnan(target) else float(target),
            standing=_standing(float(wanted), float(target), lower_is_better),
        )
        for name, wanted, target in zip(labels, needed, set_to, strict=True)
    )
    none = sum(row.standing == "none" for row in rows)
    looser = sum(row.standing == "looser" for row in rows)
    return StandardsGap(
        requirements=rows,
        unmet=wilson_interval(none + looser, len(rows), confidence=confidence),
        without=wilson_interval(none, len(rows), confidence=confidence),
    )


def _standing(need: float, standard: float, lower_is_better: bool) -> Standing:
    if math.isnan(standard):
        return "none"
    if need == standard:
        return "as_needed"
    return "stricter" if (standard < need) == lower_is_better else "looser"


def _with_gaps(argument: str, values: object, rows: int) -> Floats:
    """One number or NaN per row."""
    array = column(argument, values)
    if array.dtype.kind not in "iuf" and array.size:
        raise MeasureError(argument, "must hold numbers only (NaN where there is none)")
    result = array.astype(np.float64)
    if result.size != rows:
        raise MeasureError(argument, f"must be as long as need ({rows}), has {result.size}")
    if np.isinf(result).any():
        raise MeasureError(argument, "must be finite (no infinity)")
    return result
