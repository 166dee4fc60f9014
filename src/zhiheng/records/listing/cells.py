"""How a value reads in a list, in a property list and in a file. Rows are drawn in Python, with what a page has in
common worked out once: a template per cell, or even per row, would be the dearest part of a page of 50 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhiheng.kernel.time import now
from zhiheng.records.columns import Column
from zhiheng.records.fields import EMPTY, FieldInfo, Kind, field_of
from zhiheng.records.listing.request import ListRequest, sortable
from zhiheng.records.routes import detail_urls
from zhiheng.records.vocabularies import words_in

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType

DUE_SOON_S = 4 * 3600
MOST_LETTERS = 120
"""Of a long text in a list; on a phone, where words wrap, that is five lines."""
FEW_VALUES = frozenset({Kind.CHOICE, Kind.NAMED, Kind.BOOLEAN, Kind.RELATION})
"""Kinds whose values come again in the rows of a page."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, and the order a click asks for (empty: not sortable)."""

    name: str
    words: str
    css: str
    order: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a row of the table."""

    record: Any
    url: str
    drawn: SafeString


Paint = Callable[[Any], str]
"""Draws what stands in a column: of a record, or a computed value. Answers markup."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A column with all that its cells have in common."""

    name: str
    computed: bool
    opening: str
    bare: str
    leads: bool
    paint: Paint


class Table:
    """Draws rows by columns. Values of computed columns are asked for once per page."""

    def __init__(self, record_type: RecordType, columns: Sequence[Column]) -> None:
        self.record_type = record_type
        self.columns = columns
        self.infos = [info_of(record_type, column) for column in columns]

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

    def rows(self, records: Sequence[Any], *, pickable: bool = False) -> list[Row]:
        """The drawn rows, with a box to pick each where `pickable`."""
        computed, painted = self.computed(records), self._painted()
        address, pick = detail_urls(self.record_type), escape(_("Select"))
        rows = []
        for record in records:
            key, url = record.pk, escape(address(record))
            parts = [f'<tr data-row="{key}" data-url="{url}" data-peek="{url}peek/">']
            if pickable:
                words = f"{pick} {conditional_escape(str(record))}"
                box = f'<input type="checkbox" name="selected" value="{key}" aria-label="{words}">'
                parts.append(f'<td class="pick">{box}</td>')
            for column in painted:
                html = column.paint(computed[column.name].get(key) if column.computed else record)
                parts.append(column.bare if html == EMPTY else column.opening)
                parts.append(f'<a href="{url}">{html}</a></td>' if column.leads else f"{html}</td>")
            parts.append("</tr>")
            rows.append(Row(record, url, mark_safe("".join(parts))))  # noqa: S308 - every part is escaped
        return rows

    def _painted(self) -> list[Painted]:
        at = now()
        return [
            Painted(
                name=column.name,
                computed=info is None,
                opening=self._opening(column, css_of(column, info)),
                bare=self._opening(column, f"{css_of(column, info)} none"),
                leads=place == 0 or column.style == "number",
                paint=computed_html if info is None else painter(column, info, at),
            )
            for place, (column, info) in enumerate(zip(self.columns, self.infos, strict=True))
        ]

    def _opening(self, column: Column, css: str) -> str:
        # A phone shows a row as a card: there each value tells the name of its column, and what is empty is left out.
        words = escape(column_words(self.record_type, column))
        named = f' class="{escape(css.strip())}"' if css else ""
        return f'<td{named} data-label="{words}">'

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


def computed_html(value: Any) -> str:
    """A computed value as markup; a component knows how it is drawn."""
    return EMPTY if value is None else conditional_escape(str(value))


def painter(column: Column, info: FieldInfo, at: datetime) -> Paint:
    """How cells of a field are drawn. Words of choices and of linked records are worked out once a page."""
    if info.kind is Kind.DATETIME:
        return lambda record: _moment(column, info, info.raw(record), at)
    wrap = '<span class="tag state">{}</span>'.format if column.style == "state" else str
    few, known = info.kind in FEW_VALUES, dict[Any, str]()
    named: dict[str, Mapping[str, str]] = {}

    def words(value: Any) -> str:
        if not info.vocabulary:
            return info.shown(value)
        if not named:
            named[info.vocabulary] = words_in(info.vocabulary)
        return named[info.vocabulary].get(value, value)

    def paint(record: Any) -> str:
        value = info.raw(record)
        if value is None or value == "":
            return EMPTY
        if not few:
            shown = info.shown(value)
            return wrap(conditional_escape(opening(shown) if info.kind is Kind.LONG_TEXT else shown))
        key = value.pk if isinstance(value, Model) else value
        if key not in known:
            known[key] = wrap(conditional_escape(words(value)))
        return known[key]

    return paint


def opening(text: str) -> str:
    """How a long text begins: a list says what it is about, its page says all of it."""
    lines = [line for line in text.splitlines() if line.strip()]
    first = lines[0].strip() if lines else ""
    cut = first[:MOST_LETTERS].rstrip()
    return cut if cut == first and len(lines) <= 1 else f"{cut.rstrip('。.')}…"


def _moment(column: Column, info: FieldInfo, value: datetime | None, at: datetime) -> str:
    if value is None:
        return EMPTY
    css = ""
    if column.style == "due":
        left = (value - at).total_seconds()
        css = f' class="due {"miss" if left < 0 else "risk" if left < DUE_SOON_S else "ok"}"'
    return f'<time{css} datetime="{value.isoformat()}">{escape(info.shown(value))}</time>'


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
