"""A count that stops at a cap: "1000+" is all that a person needs to know, and the only count that stays cheap."""

from __future__ import annotations

from dataclasses import dataclass

COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows, exact up to the cap."""

    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value}+" if self.capped else str(self.value)
