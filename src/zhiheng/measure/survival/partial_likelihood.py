"""Cox's partial likelihood with its slope and curvature, for tied events and late entry; `cox` climbs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Booleans, Floats, Integers
from zhiheng.measure.distributions import chi_square_tail

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The log likelihood at one place: its value, its slope, and its curvature with the sign turned."""

    value: float
    score: Floats
    information: NDArray[np.float64]


class PartialLikelihood:
    """The log partial likelihood of β over sorted rows.

    Each event is a term log(S0 − f D0): S0 the sum of risks e^(x β) of those at risk (entered < t ≤ time), D0
    that of the events tied at t, and f = 0, 1/d, … (d − 1)/d over the d of them (Efron 1977), or always 0
    (Breslow 1974).
    """

    def __init__(
        self,
        times: Floats,
        happened: Booleans,
        table: NDArray[np.float64],
        entered: Floats | None,
        ties: Ties,
    ) -> None:
        order = np.argsort(times, kind="stable")
        self.table = table[order]
        self.columns = int(table.shape[1])
        # Where a covariate separates the events the curvature vanishes: a trace of one keeps it invertible.
        self.ridge = 1e-13 * np.eye(self.columns)
        self.happened = happened[order]
        ordered = times[order]
        self.event_rows = np.flatnonzero(self.happened)
        at = ordered[self.event_rows]
        first = np.flatnonzero(np.concatenate(([True], at[1:] != at[:-1])))
        self.time = at[first]
        self.tied = np.diff(np.append(first, at.size))
        self.first = first
        self.of_time: Integers = np.repeat(np.arange(first.size), self.tied)
        place = np.arange(at.size) - first[self.of_time]
        self.part = place / self.tied[self.of_time] if ties == "efron" else np.zeros(at.size)
        self.leaves = np.searchsorted(ordered, self.time, side="left")
        # Late entry: those who enter at t or later are not yet at risk at t.
        self.by_entry = None if entered is None else np.argsort(entered[order], kind="stable")
        if self.by_entry is not None and entered is not None:
            self.enters = np.searchsorted(np.sort(entered), self.time, side="left")

    def at(self, beta: Floats) -> Fit:
        """The likelihood, slope and curvature at β."""
        predictor = self.table @ beta
        shift = float(predictor.max())  # one shift for all cancels; it keeps e^x within floats
        risk = np.exp(predictor - shift)
        # Once the riskiest has left, the risks of the rest may vanish beside it at a β far out, which is left again.
        total = np.maximum(self._risk(risk), 1e-300)
        mean = np.column_stack([self._risk(risk * x) for x in self.table.T]) / total[:, None]
        information = np.empty((self.columns, self.columns))
        for j in range(self.columns):
            for k in range(j + 1):
                square = self._risk(risk * self.table[:, j] * self.table[:, k]) / total
                information[j, k] = information[k, j] = float(np.sum(square - mean[:, j] * mean[:, k]))
        own = self.table[self.event_rows]
        return Fit(
            value=float(np.sum(predictor[self.event_rows] - shift - np.log(total))),
            score=(own - mean).sum(axis=0),
            information=information,
        )

    def proportionality(self, beta: Floats, covariance: NDArray[np.float64]) -> list[float | None]:
        """For each covariate the p-value that its effect does not drift with the rank of the event time.

        Schoenfeld residuals r (what the case had, less the risk-weighted mean) times d V; their slope on the
        centred rank g has variance d V_kk Σ g² (Grambsch & Therneau 1994).
        """
        predictor = self.table @ beta
        risk = np.exp(predictor - predictor.max())
        total = np.maximum(self._risk(risk), 1e-300)
        mean = np.column_stack([self._risk(risk * x) for x in self.table.T]) / total[:, None]
        # Tied events share one mean: which of them comes first in Efron's sum is chance.
        shared = np.add.reduceat(mean, self.first, axis=0) / self.tied[:, None]
        residual = self.table[self.event_rows] - shared[self.of_time]
        d = self.event_rows.size
        rank = (self.first + (self.tied + 1) / 2)[self.of_time]
        rank = rank - rank.mean()
        scale = d * np.diag(covariance) * float(np.sum(rank**2))
        if scale.max() == 0:
            return [1.0] * self.columns
        slope = rank @ (d * residual @ covariance)
        return [chi_square_tail(float(value), 1) for value in slope**2 / scale]

    def _risk(self, values: Floats) -> Floats:
        """For each event the sum of `values` over those at risk, less Efron's part of those tied with it."""
        after = np.append(np.cumsum(values[::-1])[::-1], 0.0)
        sums = after[self.leaves]
        if self.by_entry is not None:
            later = np.append(np.cumsum(values[self.by_entry][::-1])[::-1], 0.0)
            sums = sums - later[self.enters]
        tied = np.add.reduceat(values[self.event_rows], self.first)
        result: Floats = sums[self.of_time] - self.part * tied[self.of_time]
        return result
