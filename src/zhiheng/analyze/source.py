"""What every reader offers: a source with a header, blocks of rows, and the places rows came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from zhiheng.analyze.quality import Example, QualityNote


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows as an Arrow table of named columns; `record` is the number of its first row in the file."""

    table: Any
    record: int


class Source(Protocol):
    """One file, whatever its format. Rows are numbered from 0 in the order of `blocks`."""

    file: str
    header: list[str]

    def blocks(self, columns: Sequence[str], missing: Sequence[str]) -> Iterator[Block]:
        """Yield the wanted columns; cells equal to a missing marker are null."""

    def sample(self) -> Any:
        """Return the first rows with every column as text. Raises ReadError when there are none."""

    def locate(self, records: Sequence[int]) -> dict[int, Example]:
        """Return the place and text of rows."""

    def notes(self) -> list[QualityNote]:
        """Return what was noticed about the file, after its blocks were read."""

    @property
    def refused(self) -> int:
        """Return how many rows the reader left out; its notes say why."""


def rows_above_header(rows: Sequence[Sequence[object]]) -> int:
    """Return how many rows stand above the header: those of less than two cells, where one with more follows."""
    for number, row in enumerate(rows):
        if sum(1 for cell in row if cell is not None and str(cell).strip()) > 1:
            return number
    return 0


def unique_names(names: Iterable[str]) -> list[str]:
    """Name empty columns by their place and tell repeated names apart: a, a (2)."""
    seen: dict[str, int] = {}
    unique = []
    for place, name in enumerate(names, 1):
        base = name or f"column {place}"
        seen[base] = seen.get(base, 0) + 1
        candidate = base if seen[base] == 1 else f"{base} ({seen[base]})"
        while candidate in unique:
            candidate += "'"
        unique.append(candidate)
    return unique
