"""The rank of each ticket's sequence of states among all tickets, counted over parts of the log."""

from __future__ import annotations

import numpy as np

from zhiheng.measure.arrays import Integers
from zhiheng.measure.flow import Variants


class SequenceRanks:
    """Numbers sequences in the order in which they are first seen; their ranks are known once all parts were."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, ...], int] = {}
        self._counts: list[int] = []

    def numbered(self, part: Variants) -> Integers:
        """The number of the sequence of each case of a part."""
        found, first = np.unique(part.of_case, return_index=True)
        numbers = np.zeros(len(part), dtype=np.int64)
        for variant in found[np.argsort(first)].tolist():
            number = self._numbers.setdefault(part.sequences[variant], len(self._numbers))
            if number == len(self._counts):
                self._counts.append(0)
            self._counts[number] += int(part.counts[variant])
            numbers[variant] = number
        result: Integers = numbers[part.of_case]
        return result

    def ranks(self) -> Integers:
        """The rank of each number: 1 is the most frequent sequence, and among equals the one seen first."""
        order = np.argsort(-np.array(self._counts, dtype=np.int64), kind="stable")
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(1, len(order) + 1)
        return ranks
