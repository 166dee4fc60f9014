"""Rules by which points of a control chart signal, and the usual sets of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers

Kind = Literal["beyond", "same_side", "trend", "alternate", "within", "outside"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`hits` of `window` points in a row do something, `sigmas` from the centre; it fires at the last of them.

    Kinds: "beyond" (further out than `sigmas`, on one side), "same_side" of the centre, "trend" (rising or
    falling throughout), "alternate" (up and down in turn), "within" and "outside" ± `sigmas` on either side.
    """

    code: str
    kind: Kind
    hits: int
    window: int
    sigmas: float = 0.0

    def fires(self, score: Floats, value: Floats) -> Booleans:
        """At which points the rule fires; `score` in sigmas from the centre, `value` as plotted.

        Points lie along the last axis: a table of series is judged row by row.
        """
        return _KINDS[self.kind](self, value if self.kind in ("trend", "alternate") else score)

    def __str__(self) -> str:
        return _TEXTS[self.kind].format(rule=self)


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule fired at `position` (counted from 0 in the caller's data); `side` is 1 above and −1 below the centre."""

    rule: Rule
    position: int
    side: int

    def __str__(self) -> str:
        return f"{self.rule.code} at {self.position}: {self.rule}, {'above' if self.side > 0 else 'below'}"


LIMITS_ONLY = (Rule("W1", "beyond", 1, 1, 3.0),)
"""A single point beyond three sigma (Shewhart 1931)."""

WESTERN_ELECTRIC = (
    *LIMITS_ONLY,
    Rule("W2", "beyond", 2, 3, 2.0),
    Rule("W3", "beyond", 4, 5, 1.0),
    Rule("W4", "same_side", 8, 8),
)
"""The four zone rules (Western Electric 1956); on a stable process one false alarm in 92 points."""

NELSON = (
    Rule("N1", "beyond", 1, 1, 3.0),
    Rule("N2", "same_side", 9, 9),
    Rule("N3", "trend", 6, 6),
    Rule("N4", "alternate", 14, 14),
    Rule("N5", "beyond", 2, 3, 2.0),
    Rule("N6", "beyond", 4, 5, 1.0),
    Rule("N7", "within", 15, 15, 1.0),
    Rule("N8", "outside", 8, 8, 1.0),
)
"""Eight tests for special causes (Nelson 1984); each one more is a further source of false alarms."""


def signals(rules: Sequence[Rule], score: Floats, value: Floats, position: Integers) -> tuple[Signal, ...]:
    """Every firing of every rule, in the order of the points."""
    found = [
        Signal(rule, int(position[i]), 1 if score[i] > 0 else -1)
        for rule in rules
        for i in np.flatnonzero(rule.fires(score, value)).tolist()
    ]
    return tuple(sorted(found, key=lambda signal: signal.position))


def _hits(mask: Booleans, rule: Rule) -> Booleans:
    """Where the last `window` points hold at least `hits`, the point itself being one."""
    if rule.window == 1:
        return mask
    if np.count_nonzero(mask) < rule.hits:
        return np.zeros(mask.shape, dtype=np.bool_)
    sums: Integers = np.cumsum(mask, axis=-1, dtype=np.int64)
    within = sums.copy()
    within[..., rule.window :] -= sums[..., : -rule.window]
    enough: Booleans = within >= rule.hits
    return mask & enough


def _beyond(rule: Rule, score: Floats) -> Booleans:
    return _hits(score > rule.sigmas, rule) | _hits(score < -rule.sigmas, rule)


def _trend(rule: Rule, value: Floats) -> Booleans:
    step = np.diff(value, axis=-1, prepend=value[..., :1])
    steps = Rule(rule.code, "trend", rule.hits - 1, rule.window - 1)
    return _hits(step > 0, steps) | _hits(step < 0, steps)


def _alternate(rule: Rule, value: Floats) -> Booleans:
    step = np.sign(np.diff(value, axis=-1, prepend=value[..., :1]))
    turn = np.zeros(step.shape, dtype=np.bool_)
    turn[..., 1:] = step[..., 1:] * step[..., :-1] < 0
    return _hits(turn, Rule(rule.code, "alternate", rule.hits - 2, rule.window - 2))


def _within(rule: Rule, score: Floats) -> Booleans:
    return _hits(np.abs(score) < rule.sigmas, rule)


def _outside(rule: Rule, score: Floats) -> Booleans:
    return _hits(np.abs(score) > rule.sigmas, rule)


_KINDS: dict[str, Callable[[Rule, Floats], Booleans]] = {
    "beyond": _beyond,
    "same_side": _beyond,
    "trend": _trend,
    "alternate": _alternate,
    "within": _within,
    "outside": _outside,
}

_TEXTS = {
    "beyond": "{rule.hits} of {rule.window} beyond {rule.sigmas:g} sigma",
    "same_side": "{rule.window} in a row on one side",
    "trend": "{rule.window} in a row rising or falling",
    "alternate": "{rule.window} in a row up and down in turn",
    "within": "{rule.window} in a row within {rule.sigmas:g} sigma",
    "outside": "{rule.window} in a row outside {rule.sigmas:g} sigma on either side",
}
