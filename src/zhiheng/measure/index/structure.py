"""What an index really weighs: the variance that each indicator explains, beside the weight it was given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.aggregation import aggregate
from zhiheng.measure.index.definition import IndexDefinition
from zhiheng.measure.index.evaluation import score_table
from zhiheng.measure.result import NOT_ENOUGH_DATA

FEWEST_ROWS = 10
"""With fewer rows a curve of third degree explains too much by chance."""
_DEGREE = 3
_LEAST_SPREAD = 1e-9  # in points; less is rounding


@dataclass(frozen=True, slots=True)
class IndicatorRole:
    """One indicator: its mean weight, its correlation with the index, and the share of variance it explains alone.

    None where there are too few rows, or the indicator or the index does not vary.
    """

    name: str
    weight: float
    correlation: float | None
    explained: float | None
    n: int

    def __str__(self) -> str:
        shown = "?" if self.explained is None else f"{self.explained:.1%}"
        return f"{self.name}: weight {self.weight:.1%}, explains {shown}"


@dataclass(frozen=True, slots=True)
class IndexStructure:
    """The roles of all indicators, and the shares of variance of their principal components, largest first."""

    indicators: tuple[IndicatorRole, ...]
    components: Floats | None
    n: int
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = "".join(f", {flag}" for flag in self.flags)
        return f"n={self.n}{notes}; " + "; ".join(str(role) for role in self.indicators)


def index_structure(definition: IndexDefinition, values: object) -> IndexStructure:
    """Weights against what happens; see `CompositeIndex.structure`."""
    table = matrix("values", values, missing=True)
    names = [indicator.name for indicator in definition.indicators]
    if table.shape[1] != len(names):
        raise MeasureError("values", f"must have a column for each of the {len(names)} indicators")
    scores, present = score_table(definition, table)
    whole = aggregate(definition.root, scores, present)
    known, n = whole.known, int(whole.known.sum())
    roles = []
    for i, name in enumerate(names):
        rows = known & present[:, i]
        x, y = scores[rows, i], whole.value[rows]
        weight = float(whole.weights[known, i].mean()) if n else 0.0
        correlation, explained = _explained(x, y)
        roles.append(IndicatorRole(name, weight, correlation, explained, int(rows.sum())))
    components = _components(scores, known & present.all(axis=1))
    return IndexStructure(tuple(roles), components, n, () if n >= FEWEST_ROWS else (NOT_ENOUGH_DATA,))


def _explained(x: Floats, y: Floats) -> tuple[float | None, float | None]:
    """Pearson's r, and R² of a curve of third degree (of lower degree for few distinct values)."""
    if x.size < FEWEST_ROWS or np.ptp(x) <= _LEAST_SPREAD or np.ptp(y) <= _LEAST_SPREAD:
        return None, None
    z, centred = (x - x.mean()) / x.std(), y - y.mean()
    total = float(centred @ centred)
    degree = min(_DEGREE, np.unique(x).size - 1)
    design = np.vander(z, degree + 1)
    left = centred - design @ np.linalg.lstsq(design, centred, rcond=None)[0]
    return float(z @ centred / np.sqrt(x.size * total)), 1 - float(left @ left) / total


def _components(scores: Floats, complete: Booleans) -> Floats | None:
    x = scores[complete]
    if len(x) < FEWEST_ROWS or (np.ptp(x, axis=0) <= _LEAST_SPREAD).any():
        return None
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    shares = np.linalg.eigvalsh(z.T @ z / len(z))[::-1]
    result: Floats = np.maximum(shares, 0.0) / shares.sum()
    return result
