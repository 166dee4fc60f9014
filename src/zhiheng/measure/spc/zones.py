"""The run length of zone rules, exact: a Markov chain over what the rules remember of the last points."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc.rules import Rule

State = tuple[tuple[int, ...], int]
"""Zones of the last points, newest first and only as fine as a rule still asks; then the run on one side."""


def zone_run_length(rules: Sequence[Rule], shift: float) -> float:
    """Points until one of the rules fires for the first time, values being normal with mean `shift`.

    Solves (I − Q) t = 1 over the states that are reached without a signal (Champ & Woodall 1987).
    """
    unfit = [rule for rule in rules if rule.kind not in ("beyond", "same_side")]
    if unfit or not rules:
        rule = 'must be of the kinds "beyond" and "same_side", at least one'
        raise MeasureError("rules", f"{rule}, holds {unfit[0].code}" if unfit else rule)
    zones = _Zones(rules, shift)
    number: dict[State, int] = {zones.start: 0}
    rows: list[dict[int, float]] = []
    for state in (queue := [zones.start]):
        row: dict[int, float] = {}
        for zone, share in zones.shares:
            after = zones.after(state, zone)
            if after is None:
                continue
            if after not in number:
                number[after] = len(number)
                queue.append(after)
            row[number[after]] = row.get(number[after], 0.0) + share
        rows.append(row)
    system = np.eye(len(rows))
    for i, row in enumerate(rows):
        for j, share in row.items():
            system[i, j] -= share
    return float(np.linalg.solve(system, np.ones(len(rows)))[0])


class _Zones:
    """Zone k > 0: above k − 1 of the thresholds but not the k-th, counted from the centre; negative below it."""

    def __init__(self, rules: Sequence[Rule], shift: float) -> None:
        self.beyond = [rule for rule in rules if rule.kind == "beyond"]
        self.longest = min((rule.window for rule in rules if rule.kind == "same_side"), default=0)
        self.thresholds = sorted({0.0, *(rule.sigmas for rule in self.beyond)})
        memory = max((rule.window - 1 for rule in self.beyond), default=0)
        self.start: State = ((0,) * memory, 0)
        self.shares = self._shares(shift)
        # After how many points a threshold no longer matters: levels below the coarsest one left count as 0.
        self.relevant = [
            [
                level
                for level in self.thresholds
                if any(r.sigmas == level and r.window - 1 > lag for r in self.beyond)
            ]
            for lag in range(memory)
        ]

    def after(self, state: State, zone: int) -> State | None:
        """The state once a point has fallen into `zone`; None when a rule fires."""
        past, run = state
        side = 1 if zone > 0 else -1
        points = (zone, *past)
        for rule in self.beyond:
            level = self.thresholds.index(rule.sigmas)
            window = points[: rule.window]
            if side * zone > level and sum(side * other > level for other in window) >= rule.hits:
                return None
        run = run + side if run * side > 0 else side
        if self.longest and abs(run) >= self.longest:
            return None
        kept = tuple(self._coarse(other, lag) for lag, other in enumerate(points[: len(past)]))
        return kept, run if self.longest else 0

    def _coarse(self, zone: int, lag: int) -> int:
        """The zone as far as any rule still asks for it: the highest relevant threshold passed, 0 for none."""
        passed = [self.thresholds.index(level) + 1 for level in self.relevant[lag]]
        reached = max((k for k in passed if k <= abs(zone)), default=0)
        return reached if zone > 0 else -reached

    def _shares(self, shift: float) -> list[tuple[int, float]]:
        edges = [*self.thresholds, math.inf]
        shares = []
        for k in range(len(self.thresholds)):
            low, high = edges[k], edges[k + 1]
            shares.append((k + 1, _above(low - shift) - _above(high - shift)))
            shares.append((-(k + 1), _above(low + shift) - _above(high + shift)))
        return shares


def _above(x: float) -> float:
    return math.erfc(x / math.sqrt(2)) / 2
