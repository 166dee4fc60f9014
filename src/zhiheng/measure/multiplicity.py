"""Many tests at once: p-values adjusted so that the whole family keeps its level."""

from __future__ import annotations

import numpy as np

from zhiheng.measure.arrays import Floats, floats
from zhiheng.measure.errors import MeasureError


def holm(p_values: object) -> Floats:
    """Holm's adjusted p-values, in the order given: the running maximum of (m − i) p_(i), cut at 1 (Holm 1979).

    Keeps the chance of any false finding in the family at the level, under any dependence.
    """
    given = floats("p_values", p_values, minimum=0)
    if given.size and given.max() > 1:
        raise MeasureError("p_values", f"must not be above 1, found {given.max():g}")
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(given.size, 0, -1)
    adjusted = np.empty(given.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
