"""Table: rows of records as the bundle's lists need them (move, open, select, peek, sort, columns)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from zhiheng.ui.components.basic import ActButton, Empty
from zhiheng.ui.navigation import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `sort_url` makes its head a link, `sorted` is "", "ascending" or "descending"."""

    name: str
    label: Text
    numeric: bool = False
    fill: bool = False
    """Takes what width is left; one per table, usually the title."""
    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value: text, or a component (Clock, Figure, Avatar, SafeString). `tone` draws it as a tag, `url` as a
    link.
    """

    value: object
    url: str = ""
    tone: str = ""
    muted: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its id (for selection), its page, what `space` peeks at, and its cells in the order of the
    columns.
    """

    id: str
    cells: tuple[Cell, ...]
    url: str = ""
    peek_url: str = ""
    label: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list. `acts` (shown from below once rows are selected) post the chosen ids as `selected`.

    `cards`: on a phone each row is a card that tells all its values, for tables of more columns than fit.
    """

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    label: Text
    id: str = "list"
    selectable: bool = False
    cards: bool = False
    acts: tuple[ActButton, ...] = ()
    empty: Empty | None = None

    @property
    def paired(self) -> list[tuple[TableRow, list[tuple[Column, Cell]]]]:
        """Each row with its cells beside their columns."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]

    @property
    def width(self) -> int:
        """Number of columns shown."""
        return len(self.columns) + self.selectable


def safe_cell(html: SafeString) -> Cell:
    """A cell of ready markup, for what no component draws."""
    return Cell(html)
