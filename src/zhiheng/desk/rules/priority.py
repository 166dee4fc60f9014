"""Impact × urgency → priority, from the matrix that the organisation edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix; an empty ``kind`` holds for every kind."""

    kind: str
    impact: int
    urgency: int
    priority: int


def priority_of(cells: Iterable[Cell], *, kind: str, impact: int, urgency: int) -> int:
    """The priority (1 highest … 5). A cell of the kind goes before the same cell of all kinds.

    Where the matrix has no such cell: the rounded-up mean of both, kept inside 1…5, so that a ticket always has one.
    """
    by_kind = {
        cell.kind: cell.priority for cell in cells if cell.impact == impact and cell.urgency == urgency
    }
    for wanted in (kind, ""):
        if wanted in by_kind:
            return by_kind[wanted]
    return max(1, min(5, (impact + urgency + 1) // 2))


def highest(before: int | None, now: int) -> int:
    """The highest priority ever held: a smaller number is higher."""
    return now if before is None else min(before, now)
