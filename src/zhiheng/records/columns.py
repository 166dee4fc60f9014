"""Columns of a list as a domain declares them. How a cell is drawn stands in `listing.cells`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of the model, a path over foreign keys (`service.owner`), or computed.

    `value` is a query that gets the rows of the page and answers `{primary key: value}`: one query per page,
    however long the list. `grow` lets the column take the room that is left.
    """

    name: str
    title: Any = ""
    value: Callable[[Sequence[Any]], Mapping[Any, object]] | None = None
    grow: bool = False
    shown: bool = True

    @property
    def style(self) -> str:
        """How the cell is drawn, where the kind of the field does not say it."""
        return ""


@dataclass(frozen=True, slots=True)
class Number(Column):
    """The public number; it opens the record."""

    name: str = "number"

    @property
    def style(self) -> str:
        return "number"


@dataclass(frozen=True, slots=True)
class State(Column):
    """The state as a neutral tag."""

    name: str = "state"

    @property
    def style(self) -> str:
        return "state"


@dataclass(frozen=True, slots=True)
class Due(Column):
    """A promised time, drawn by how near it is."""

    name: str = "due_at"

    @property
    def style(self) -> str:
        return "due"
