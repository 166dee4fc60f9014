"""How a value reads in a list, in a property list and in a file. Cells are drawn in Python: a template per cell
would be the dearest part of a page of 50 rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhiheng.kernel.time import now
from zhiheng.records.columns import Column
from zhiheng.records.fields import EMPTY, FieldInfo, Kind, field_of
from zhiheng.records.listing.request import ListRequest, columns_of, sortable
from zhiheng.records.routes import record_url

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType

DUE_SOON_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, and the order a click asks for (empty: not sortable)."""

    name: str
    words: str
    css: str
    order: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn value."""

    html: str | SafeString
    attributes: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    """One drawn record."""

    record: Any
    url: str
    words: str
    cells: list[Cell]

    @property
    def drawn(self) -> SafeString:
        """All its cells as markup."""
        return format_html_join("", "<td{}>{}</td>", ((cell.attributes, cell.html) for cell in self.cells))


class Table:
    """Draws rows by columns. Values of computed columns are asked for once per page."""

    def __init__(self, record_type: RecordType, columns: Sequence[Column]) -> None:
        self.record_type = record_type
        self.columns = columns
        self.infos = [info_of(record_type, column) for column in columns]
        classes = (css_of(column, info) for column, info in zip(columns, self.infos, strict=True))
        self.attributes = [format_html(' class="{}"', css) if css else SafeString("") for css in classes]

    def heads(self, asked: ListRequest) -> list[Head]:
        """The heads, with the order a click leads to."""
        free = sortable(self.record_type)
        heads = []
        for column, info in zip(self.columns, self.infos, strict=True):
            words = column_words(self.record_type, column)
            direction = ""
            if column.name in free:
                now_by_this = asked.order.info is not None and asked.order.info.path == column.name
                direction = (
                    ("descending" if asked.order.descending else "ascending") if now_by_this else "none"
                )
            order = "-" + column.name if direction == "ascending" else column.name
            heads.append(
                Head(column.name, words, css_of(column, info), order if direction else "", direction)
            )
        return heads

    def rows(self, records: Sequence[Any]) -> list[Row]:
        """The drawn rows."""
        computed = self.computed(records)
        at = now()
        rows = []
        for record in records:
            url = record_url(record, "detail")
            cells: list[Cell] = []
            for column, info, attributes in zip(self.columns, self.infos, self.attributes, strict=True):
                if info is None:
                    value = computed[column.name].get(record.pk)
                    html: str | SafeString = EMPTY if value is None else str(value)
                else:
                    html = draw(column, info, info.raw(record), at)
                if not cells or column.style == "number":
                    html = format_html('<a href="{}">{}</a>', url, html)
                cells.append(Cell(html, attributes))
            rows.append(Row(record, url, str(record), cells))
        return rows

    def computed(self, records: Sequence[Any]) -> dict[str, Mapping[Any, object]]:
        """One query per computed column for all the rows together."""
        return {column.name: column.value(records) for column in self.columns if column.value is not None}


def info_of(record_type: RecordType, column: Column) -> FieldInfo | None:
    """The field behind a column; None where it is computed."""
    return None if column.value is not None else field_of(record_type, column.name)


def column_words(record_type: RecordType, column: Column) -> str:
    """The head of the column."""
    if column.title:
        return str(column.title)
    info = info_of(record_type, column)
    if info is not None:
        return info.label
    try:
        related = record_type.model._meta.get_field(column.name).related_model
    except FieldDoesNotExist:
        return column.name.replace("_", " ").capitalize()
    assert isinstance(related, type)
    return str(related._meta.verbose_name_plural)


def css_of(column: Column, info: FieldInfo | None) -> str:
    """The class of a cell: numbers stand at the right, one column takes the room that is left."""
    names = ["num"] if (info.numeric if info else not column.style) else []
    return " ".join([*names, *(["fill"] if column.grow else [])])


def draw(column: Column, info: FieldInfo, value: Any, at: Any) -> str | SafeString:
    """A value as HTML."""
    if value is None or value == "":
        return EMPTY
    words = info.shown(value)
    if column.style == "state":
        return format_html('<span class="tag state">{}</span>', words)
    if column.style == "due":
        left = (value - at).total_seconds()
        state = "miss" if left < 0 else "risk" if left < DUE_SOON_S else "ok"
        return format_html('<time class="due {}" datetime="{}">{}</time>', state, value.isoformat(), words)
    if info.kind is Kind.DATETIME:
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)
    return words


def chosen_columns(asked: ListRequest) -> list[Column]:
    """The columns asked for, in the order asked for; else the declared ones that are shown at first."""
    offered = {column.name: column for column in columns_of(asked.record_type)}
    chosen = [offered[name] for name in asked.columns if name in offered]
    return chosen or [column for column in offered.values() if column.shown]


def file_rows(
    record_type: RecordType, columns: Sequence[Column], records: Iterable[Any]
) -> Iterable[list[Any]]:
    """Values as they stand in a file, without a drawn cell. Records come in batches of a list."""
    table = Table(record_type, columns)
    batch = list(records)
    computed = table.computed(batch)
    for record in batch:
        yield [
            computed[column.name].get(record.pk) if info is None else info.raw(record)
            for column, info in zip(columns, table.infos, strict=True)
        ]
