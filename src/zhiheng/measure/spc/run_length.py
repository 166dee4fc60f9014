"""How many points pass until a chart signals, on average: falsely when nothing changed, at last when it did."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.rules import LIMITS_ONLY, Rule
from zhiheng.measure.spc.zones import zone_run_length

NODES = 80


@dataclass(frozen=True, slots=True)
class RunLength:
    """The average number of points until the first signal, the process having shifted by `shift` sigmas before it."""

    average: float
    chart: str
    shift: float
    method: str

    def __str__(self) -> str:
        return f"{self.average:,.1f} points ({self.chart}, shift {self.shift:g} sigma, {self.method})"


def average_run_length(
    chart: Literal["shewhart", "ewma", "cusum"],
    *,
    shift: float = 0.0,
    rules: Sequence[Rule] = LIMITS_ONLY,
    weight: float = 0.2,
    sigmas: float = 2.962,
    reference: float = 0.5,
    decision: float = 5.0,
    two_sided: bool = True,
) -> RunLength:
    """The average run length of a chart for independent normal values with known centre and sigma.

    "shewhart" with any `rules` of the kinds "beyond" and "same_side": exact, by the Markov chain of zones (Champ &
    Woodall 1987); for the limits alone 1 / P(beyond). "ewma" (`weight`, `sigmas`, limits of the steady state) and
    "cusum" (`reference`, `decision`; one side, upwards, unless `two_sided`): the integral equations of Crowder 1987
    and Page 1954 by Gauss-Legendre quadrature. Sides of a CUSUM join as 1 / ARL = 1 / ARL⁺ + 1 / ARL⁻.

    Limits estimated from a few points, and autocorrelation, make false alarms more frequent than this says.

    Unit: points until a signal. Errors: rules of other kinds, parameters out of range.
    """
    if not math.isfinite(shift):
        raise MeasureError("shift", f"must be finite, is {shift!r}")
    if chart == "shewhart":
        return RunLength(zone_run_length(rules, shift), "shewhart", shift, "zone Markov chain")
    if chart == "ewma":
        if not 0 < weight <= 1:
            raise MeasureError("weight", f"must lie above 0 and at most at 1, is {weight!r}")
        _check_above("sigmas", sigmas)
        return RunLength(_ewma(weight, sigmas, shift), "ewma", shift, "integral equation")
    if chart == "cusum":
        _check_above("reference", reference)
        _check_above("decision", decision)
        average = _cusum(reference, decision, shift)
        if two_sided:
            average = 1 / (1 / average + 1 / _cusum(reference, decision, -shift))
        return RunLength(average, "cusum", shift, "integral equation")
    raise MeasureError("chart", f'must be "shewhart", "ewma" or "cusum", is {chart!r}')


def _ewma(weight: float, sigmas: float, shift: float) -> float:
    """L(u) = 1 + (1/λ) ∫ L(y) φ((y − (1 − λ) u) / λ − δ) dy over the limits, at u = 0."""
    if weight == 1:
        return zone_run_length((Rule("E1", "beyond", 1, 1, sigmas),), shift)
    limit = sigmas * math.sqrt(weight / (2 - weight))
    node, share = _quadrature(-limit, limit, weight)
    kernel = _density((node[None, :] - (1 - weight) * node[:, None]) / weight - shift) * share / weight
    lengths = np.linalg.solve(np.eye(node.size) - kernel, np.ones(node.size))
    start = _density(node / weight - shift) * share / weight
    return float(1 + start @ lengths)


def _cusum(reference: float, decision: float, shift: float) -> float:
    """L(u) = 1 + L(0) Φ(k − u − δ) + ∫ L(y) φ(y + k − u − δ) dy over (0, h), at u = 0."""
    node, share = _quadrature(0.0, decision, 1.0)
    points = np.concatenate(([0.0], node))
    kernel = _density(node[None, :] + reference - points[:, None] - shift) * share
    to_zero = np.array([math.erfc((u + shift - reference) / math.sqrt(2)) / 2 for u in points.tolist()])
    system = np.eye(points.size) - np.column_stack((to_zero, kernel))
    return float(np.linalg.solve(system, np.ones(points.size))[0])


def _quadrature(low: float, high: float, width: float) -> tuple[Floats, Floats]:
    """Nodes and weights on an interval, more of them where the kernel is narrow."""
    node, share = np.polynomial.legendre.leggauss(min(NODES + int(8 * (high - low) / width), 600))
    half = (high - low) / 2
    return low + half * (node + 1), share * half


def _density(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def _check_above(argument: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise MeasureError(argument, f"must be finite and above 0, is {value!r}")
