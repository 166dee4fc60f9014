"""Whether those who answered are like those who were asked: the check for non-response bias."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Booleans, Floats, booleans, column, floats, same_length
from zhiheng.measure.distributions import chi_square_tail
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.multiplicity import holm
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

DIFFERS = "differs"
"""The groups differ by more than chance and by more than the limit."""


@dataclass(frozen=True, slots=True)
class AttributeCheck:
    """One attribute among responders and the others.

    "number": `effect` is the standardised mean difference (responders less others) / pooled s, test Welch's t.
    "category": `effect` is Cramér's V, test Pearson's chi-square, `rates` the share that answered in each
    category. `p_adjusted` is Holm's over all attributes.
    """

    name: str
    kind: Literal["number", "category"]
    effect: float | None
    statistic: float | None
    degrees: float | None
    p_value: float | None
    p_adjusted: float | None
    responders: float | None
    others: float | None
    rates: tuple[tuple[str, Measurement], ...]
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.effect is None or self.p_adjusted is None:
            return f"{self.name}: {', '.join(self.flags)}"
        measure = "standardised difference" if self.kind == "number" else "Cramér's V"
        notes = "".join(f", {flag}" for flag in self.flags)
        return f"{self.name}: {measure} {self.effect:.3f}, p={self.p_adjusted:.3g} (Holm){notes}"


@dataclass(frozen=True, slots=True)
class NonresponseCheck:
    """All attributes, with the response rate. `biased` names those that differ; none is no proof of no bias."""

    response: Measurement
    attributes: tuple[AttributeCheck, ...]
    flags: tuple[str, ...] = ()

    @property
    def biased(self) -> tuple[str, ...]:
        """The attributes in which responders are unlike the others."""
        return tuple(check.name for check in self.attributes if DIFFERS in check.flags)

    def __str__(self) -> str:
        return f"response {self.response}; " + "; ".join(str(check) for check in self.attributes)


def nonresponse_check(
    responded: object,
    attributes: Mapping[str, object],
    *,
    limit: float = 0.1,
    significance: float = 0.05,
    confidence: float = 0.95,
) -> NonresponseCheck:
    """Compares those who answered with those asked who did not, on what is known of both: ticket age,
    priority, breach.

    `responded` is true or false per person asked; each attribute has one value per person: numbers are compared
    by Welch's t, labels and true/false by Pearson's chi-square. An attribute "differs" when Holm's adjusted p
    is below `significance` and the effect is above `limit` in size (standardised difference, Cramér's V): with
    many invitations every difference is significant. Fewer than two in either group: not enough data. Only what
    is recorded can be compared. `attributes` by name. Unit: standardised difference or Cramér's V, and p.
    Errors: attributes of another length, numbers that are not finite, no attribute at all. Source: Cohen 1988
    for the effects, Holm 1979.
    """
    answered = booleans("responded", responded)
    if not attributes:
        raise MeasureError("attributes", "must name at least one attribute")
    if not 0 < significance < 1:
        raise MeasureError("significance", f"must lie strictly between 0 and 1, is {significance!r}")
    if not limit >= 0:
        raise MeasureError("limit", f"must not be below 0, is {limit!r}")
    checks = [_checked(name, values, answered, confidence) for name, values in attributes.items()]
    adjusted = _adjusted([check.p_value for check in checks])
    judged = []
    for check, p in zip(checks, adjusted, strict=True):
        differs = p is not None and p < significance and abs(check.effect or 0.0) > limit
        flags = (*check.flags, DIFFERS) if differs else check.flags
        judged.append(replace(check, p_adjusted=p, flags=flags))
    response = wilson_interval(int(answered.sum()), int(answered.size), confidence=confidence)
    enough = min(int(answered.sum()), int((~answered).sum())) >= 2
    return NonresponseCheck(response, tuple(judged), () if enough else (NOT_ENOUGH_DATA,))


def _adjusted(p_values: list[float | None]) -> list[float | None]:
    """Holm's adjustment of the p-values that there are."""
    known = [i for i, p in enumerate(p_values) if p is not None]
    adjusted: list[float | None] = [None] * len(p_values)
    for i, p in zip(known, holm([p_values[i] for i in known]).tolist(), strict=True):
        adjusted[i] = p
    return adjusted


def _checked(name: str, values: object, answered: Booleans, confidence: float) -> AttributeCheck:
    argument = f"attributes[{name!r}]"
    array = column(argument, values)
    same_length(responded=answered, **{argument: array})
    if array.dtype.kind in "iuf":
        return _number(name, floats(argument, array), answered)
    return _category(name, array.astype(str), answered, confidence)


def _number(name: str, values: Floats, answered: Booleans) -> AttributeCheck:
    yes, no = values[answered], values[~answered]
    here, there = (float(group.mean()) if group.size else None for group in (yes, no))
    nothing = AttributeCheck(name, "number", None, None, None, None, None, here, there, ())
    if min(yes.size, no.size) < 2:
        return replace(nothing, flags=(NOT_ENOUGH_DATA,))
    if values.min() == values.max():
        return replace(nothing, flags=(ZERO_VARIANCE,))
    parts = np.array([yes.var(ddof=1) / yes.size, no.var(ddof=1) / no.size])
    pooled = float(np.sqrt((yes.var(ddof=1) + no.var(ddof=1)) / 2))
    difference = float(yes.mean() - no.mean())
    if (
        yes.min() == yes.max() and no.min() == no.max()
    ):  # each group of one value and not the same: the exact chance of such a split
        p = 2 / math.comb(values.size, yes.size)
        return replace(nothing, effect=difference / float(values.std()), p_value=min(p, 1.0))
    t = difference / float(np.sqrt(parts.sum()))
    degrees = float(parts.sum() ** 2 / (parts**2 / (np.array([yes.size, no.size]) - 1)).sum())
    p = distributions.student_tail(t, degrees)
    return replace(nothing, effect=difference / pooled, statistic=t, degrees=degrees, p_value=p)


def _category(name: str, labels: np.ndarray, answered: Booleans, confidence: float) -> AttributeCheck:
    names, codes = np.unique(labels, return_inverse=True)
    asked = np.bincount(codes, minlength=names.size)
    yes = np.bincount(codes[answered], minlength=names.size)
    rates = tuple(
        (str(label), wilson_interval(int(x), int(n), confidence=confidence))
        for label, x, n in zip(names, yes, asked, strict=True)
    )
    nothing = AttributeCheck(name, "category", None, None, None, None, None, None, None, rates)
    total, met = int(asked.sum()), int(yes.sum())
    if min(met, total - met) < 2:
        return replace(nothing, flags=(NOT_ENOUGH_DATA,))
    if names.size < 2:
        return replace(nothing, flags=(ZERO_VARIANCE,))
    expected = np.stack((asked * met, asked * (total - met))) / total
    statistic = float(((np.stack((yes, asked - yes)) - expected) ** 2 / expected).sum())
    degrees = int(names.size) - 1
    flags = ("small_expected_counts",) if (expected < 5).mean() > 0.2 or expected.min() < 1 else ()
    return replace(
        nothing,
        effect=float(np.sqrt(statistic / total)),
        statistic=statistic,
        degrees=degrees,
        p_value=chi_square_tail(statistic, degrees),
        flags=flags,
    )
