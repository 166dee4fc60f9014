"""How far an effect reaches along relations: a walk over plain pairs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

Neighbours = Callable[[Collection[int]], Iterable[tuple[int, int]]]
"""Given items, the pairs (item, the item next to it) in the direction of the walk."""


@dataclass(frozen=True, slots=True)
class Reached:
    """An item, the number of steps to it on the shortest way, and the item before it on that way."""

    item: int
    steps: int
    through: int


def walk(start: int, neighbours: Neighbours, *, depth: int) -> list[Reached]:
    """Every item within ``depth`` steps of ``start``, nearest first, each once by its shortest way.

    Asks for neighbours once per step, so a ring ends and a hub costs one question. Of two ways of equal length the one
    through the item that was reached first counts.
    """
    found: dict[int, Reached] = {}
    edge = [start]
    for steps in range(1, depth + 1):
        place = {item: number for number, item in enumerate(edge)}
        pairs = sorted(neighbours(edge), key=lambda pair: (place[pair[0]], pair[1]))
        edge = []
        for through, item in pairs:
            if item != start and item not in found:
                found[item] = Reached(item, steps, through)
                edge.append(item)
        if not edge:
            break
    return list(found.values())
