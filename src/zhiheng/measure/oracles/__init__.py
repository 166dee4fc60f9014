"""Published values that our functions must give again: the page of proofs, the command and the tests read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Oracle"]


@dataclass(frozen=True, slots=True)
class Oracle:
    """One published value: what it is, where it was printed, and how we compute it.

    `compute` gives our value; it agrees when it differs by no more than `tolerance` (absolute).
    """

    name: str
    function: str
    source: str
    published: float
    tolerance: float
    compute: Callable[[], float]

    @property
    def value(self) -> float:
        """Our value."""
        return float(self.compute())

    @property
    def agrees(self) -> bool:
        """Whether ours differs from the published value by no more than the tolerance."""
        return abs(self.value - self.published) <= self.tolerance
