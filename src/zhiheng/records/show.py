"""Prints what was derived from a declaration: `zhiheng show-record desk.ticket`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from django.urls import URLPattern

from zhiheng.records.declaration import RecordType
from zhiheng.records.exchange.columns import importable
from zhiheng.records.filters import filters_of
from zhiheng.records.forms.build import sections_of
from zhiheng.records.listing.cells import column_words, info_of
from zhiheng.records.listing.request import columns_of, leading_columns, sortable
from zhiheng.records.panels import Panel, Slot
from zhiheng.records.registry import registry
from zhiheng.records.urls import pages_of
from zhiheng.records.wiring import actions_of


class UnknownRecord(LookupError):  # noqa: N818 - read as a statement
    """No declaration has that label."""


def show_record(label: str) -> str:
    """Everything that follows from the declaration, as text. Raises UnknownRecord with the labels there are."""
    record_type = registry.get(label)
    if record_type is None:
        known = ", ".join(sorted(each.label for each in registry))
        raise UnknownRecord(f"there is no record type {label!r}; there are: {known}")
    lines: list[str] = [f"{record_type.label}: {record_type.title_plural}"]
    for title, part in _PARTS:
        found = list(part(record_type))
        if found:
            lines += ["", title, *(f"  {line}" for line in found)]
    return "\n".join(lines)


def _addresses(record_type: RecordType) -> Iterator[str]:
    base = f"/{record_type.app}/{record_type.plural_slug}/"
    for pattern in pages_of(record_type):
        assert isinstance(pattern, URLPattern)
        yield f"{base}{pattern.pattern}"
    if record_type.api:
        yield f"/api/v1{base}"


def _permissions(record_type: RecordType) -> Iterator[str]:
    for action in ("view", "add", "change", "delete", "export", "import", *actions_of(record_type)):
        yield record_type.permission(action)
    scopes = record_type.scope if isinstance(record_type.scope, list | tuple) else [record_type.scope]
    yield "scopes: " + (", ".join(str(scope) for scope in scopes if scope) or "everyone")


def _columns(record_type: RecordType) -> Iterator[str]:
    order = sortable(record_type)
    for column in columns_of(record_type):
        info = info_of(record_type, column)
        kind = info.kind if info else f"computed by {_origin(column.value)}"
        marks = [
            *(["sortable"] if column.name in order else []),
            *([] if column.shown else ["hidden at first"]),
        ]
        yield f"{column.name} “{column_words(record_type, column)}”: {kind}" + _marked(marks)


def _filters(record_type: RecordType) -> Iterator[str]:
    leading = leading_columns(record_type)
    for bound in filters_of(record_type):
        indexed = bound.info is None or not bound.info.own or bound.info.name in leading or record_type.small
        yield f"{', '.join(bound.parameters)}" + _marked([] if indexed else ["no index"])


def _views(record_type: RecordType) -> Iterator[str]:
    for view in record_type.views:
        yield f"{view.name} “{view.title}” by {_origin(view.where)}"


def _form(record_type: RecordType) -> Iterator[str]:
    for section in sections_of(record_type):
        yield f"{section.title or '(no title)'}: {', '.join(section.fields)}"


def _panels(record_type: RecordType) -> Iterator[str]:
    layout = record_type.layout
    for place, panels in (("main", layout.main), ("side", layout.side)):
        for panel in panels:
            yield f"{place}: {_panel(record_type, panel)}"


def _panel(record_type: RecordType, panel: Panel) -> str:
    if isinstance(panel, Slot):
        added = ", ".join(type(each).__name__ for each in panel.panels(record_type.slots))
        return f"slot {panel.name}: {added or 'nothing added'}"
    return str(panel)


def _acts(record_type: RecordType) -> Iterator[str]:
    for act in record_type.acts:
        marks = [*([f"key {act.key}"] if act.key else []), *(["bulk"] if act.bulk else [])]
        yield f"{act.name} “{act.words}” by {_origin(act.service)}{_marked(marks)}"


def _writes(record_type: RecordType) -> Iterator[str]:
    for verb in ("create", "change", "delete"):
        service = getattr(record_type, verb)
        how = (
            "not offered" if service is False else "generic" if service is True else f"by {_origin(service)}"
        )
        yield f"{verb}: {how}"


def _search(record_type: RecordType) -> Iterator[str]:
    for name, weight in record_type.search.items():
        yield f"{name} (weight {weight})"
    for name in record_type.search_private:
        yield f"{name} (private)"


def _import(record_type: RecordType) -> Iterator[str]:
    if record_type.import_key:
        yield f"key: {', '.join(record_type.import_key)}"
        yield f"columns: {', '.join(column.key for column in importable(record_type))}"


def _marked(marks: list[str]) -> str:
    return f" [{', '.join(marks)}]" if marks else ""


def _origin(function: object) -> str:
    module = inspect.getmodule(function)
    name = getattr(function, "__qualname__", str(function))
    return f"{module.__name__}.{name}" if module else name


_PARTS = (
    ("Addresses", _addresses),
    ("Permissions", _permissions),
    ("Columns", _columns),
    ("Filters", _filters),
    ("Views", _views),
    ("Form", _form),
    ("Panels", _panels),
    ("Acts", _acts),
    ("Writes", _writes),
    ("Search", _search),
    ("Import", _import),
)
