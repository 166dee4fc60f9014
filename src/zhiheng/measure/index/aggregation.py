"""The arithmetic of an index over many rows at once: from points of indicators to values and contributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers
from zhiheng.measure.index.definition import Group

FLOOR = 1.0
"""Points below this count as this in a geometric mean, which otherwise one zero would wipe out."""

Weights = Mapping[str, Floats]
"""For named groups the weights of their members, one row for all or one per row, in place of the defined ones."""


@dataclass(frozen=True, slots=True)
class Aggregated:
    """One group (or indicator) over all rows.

    `value` where `known`; `points` rows × indicators below it, whose sum is the value; `weights` rows ×
    indicators, the weight each one really had, which sum to 1 where known; `present`: members with a value.
    """

    value: Floats
    known: Booleans
    present: Integers
    points: Floats
    weights: Floats
    inside: Mapping[str, Aggregated]


def aggregate(
    group: Group, scores: Floats, present: Booleans, *, weights: Weights | None = None, strict: bool = True
) -> Aggregated:
    """The value of `group` for each row of `scores` (rows × its indicators), where `present`.

    Without `strict` a group has a value as soon as one member has one, whatever its rules for missing members.
    """
    parts, start = [], 0
    for member in group.members:
        width = sum(1 for _ in member.indicators()) if isinstance(member, Group) else 1
        columns = slice(start, start + width)
        if isinstance(member, Group):
            parts.append(
                aggregate(member, scores[:, columns], present[:, columns], weights=weights, strict=strict)
            )
        else:
            parts.append(_leaf(scores[:, columns], present[:, columns]))
        start += width
    known_parts = np.column_stack([part.known for part in parts])
    values = np.column_stack([part.value for part in parts])
    given = np.array([member.weight for member in group.members], dtype=np.float64)
    share, known = _shares(group, (weights or {}).get(group.name, given), known_parts, strict=strict)
    if group.aggregate == "minimum":
        share = _least(values, known_parts) * known[:, None]
    if group.aggregate == "geometric":
        value, factors = _geometric(values, share)
    else:
        value, factors = _in_order(share * values), share
    return Aggregated(
        value=np.where(known, value, 0.0),
        known=known,
        present=known_parts.sum(axis=1),
        points=_spread(parts, factors, values, geometric=group.aggregate == "geometric"),
        weights=np.hstack([share[:, [i]] * part.weights for i, part in enumerate(parts)]),
        inside={
            name: inner
            for member, part in zip(group.members, parts, strict=True)
            for name, inner in ({member.name: part} | dict(part.inside)).items()
            if isinstance(member, Group)
        },
    )


def exact_sums(points: Floats) -> Floats:
    """The exactly rounded sum of each row: the same in whatever order somebody adds the contributions up."""
    return np.array([math.fsum(row) for row in points.tolist()], dtype=np.float64)


def _leaf(scores: Floats, present: Booleans) -> Aggregated:
    held = np.where(present, scores, 0.0)
    return Aggregated(held[:, 0], present[:, 0], present.sum(axis=1), held, present.astype(np.float64), {})


def _shares(group: Group, weights: Floats, known: Booleans, *, strict: bool) -> tuple[Floats, Booleans]:
    """The weights of the members that have a value, scaled to sum to 1, and whether the group has one."""
    held = weights * known
    total = _in_order(held)
    enough = total > 0
    if strict:
        enough &= known.sum(axis=1) >= group.at_least
        if group.missing == "fail":
            enough &= known.all(axis=1)
    share = np.divide(held, total[:, None], out=np.zeros(known.shape), where=enough[:, None])
    return share, enough


def _least(values: Floats, known: Booleans) -> Floats:
    """1 for the first member with the lowest value, 0 for the others."""
    lowest = np.where(known, values, np.inf).argmin(axis=1)
    chosen: Floats = (np.arange(values.shape[1]) == lowest[:, None]).astype(np.float64)
    return chosen


def _geometric(values: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Π x^w, and the part of it that each member brings: by its share of the logarithm."""
    logs = share * np.log(np.maximum(values, FLOOR))
    total = _in_order(logs)
    value = np.exp(total)
    flat = total == 0
    parts = np.where(flat[:, None], share, logs / np.where(flat, 1.0, total)[:, None])
    return value, value[:, None] * parts


def _spread(parts: list[Aggregated], factors: Floats, values: Floats, *, geometric: bool) -> Floats:
    """The contributions of the members handed down to the indicators below them."""
    blocks = []
    for i, part in enumerate(parts):
        if not geometric:
            blocks.append(factors[:, [i]] * part.points)
            continue
        positive = values[:, i] > 0
        relative = np.divide(
            part.points,
            values[:, [i]],
            out=np.zeros(part.points.shape),
            where=positive[:, None],
        )
        blocks.append(factors[:, [i]] * np.where(positive[:, None], relative, part.weights))
    return np.hstack(blocks)


def _in_order(terms: Floats) -> Floats:
    """Sums of rows, added from left to right: the same bits for one row as for a million."""
    total = np.zeros(len(terms))
    for column in terms.T:
        total = total + column
    return total
