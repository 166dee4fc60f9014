"""Prints what was derived from a declaration: `zhiheng show-record desk.ticket`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
        raise UnknownRecord(
            _("there is no record type “%(label)s”; there are: %(known)s") % {"label": label, "known": known}
        )
    lines: list[str] = [f"{record_type.label}: {record_type.title_plural}"]
    for title, part in _PARTS:
        found = list(part(record_type))
        if found:
            lines += ["", str(title), *(f"  {line}" for line in found)]
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
    named = ", ".join(str(scope) for scope in scopes if scope) or _("everyone")
    yield _("scopes: %(scopes)s") % {"scopes": named}


def _columns(record_type: RecordType) -> Iterator[str]:
    order = sortable(record_type)
    for column in columns_of(record_type):
        info = info_of(record_type, column)
        kind = info.kind if info else _("computed by %(function)s") % {"function": _origin(column.value)}
        marks = [
            *([_("sortable")] if column.name in order else []),
            *([] if column.shown else [_("hidden at first")]),
        ]
        yield f"{column.name} “{column_words(record_type, column)}”: {kind}" + _marked(marks)


def _filters(record_type: RecordType) -> Iterator[str]:
    leading = leading_columns(record_type)
    for bound in filters_of(record_type):
        indexed = bound.info is None or not bound.info.own or bound.info.name in leading or record_type.small
        yield f"{', '.join(bound.parameters)}" + _marked([] if indexed else [_("no index")])


def _views(record_type: RecordType) -> Iterator[str]:
    for view in record_type.views:
        words = {"name": view.name, "title": view.title, "function": _origin(view.where)}
        yield _("%(name)s “%(title)s” by %(function)s") % words


def _form(record_type: RecordType) -> Iterator[str]:
    for section in sections_of(record_type):
        yield f"{section.title or _('(no title)')}: {', '.join(section.fields)}"


def _panels(record_type: RecordType) -> Iterator[str]:
    layout = record_type.layout
    for place, panels in ((_("main column"), layout.main), (_("side column"), layout.side)):
        for panel in panels:
            yield f"{place}: {_panel(record_type, panel)}"


def _panel(record_type: RecordType, panel: Panel) -> str:
    if isinstance(panel, Slot):
        added = ", ".join(type(each).__name__ for each in panel.panels(record_type.slots))
        return _("slot %(name)s: %(panels)s") % {"name": panel.name, "panels": added or _("nothing added")}
    return str(panel)


def _acts(record_type: RecordType) -> Iterator[str]:
    for act in record_type.acts:
        key = [_("key %(key)s") % {"key": act.key}] if act.key else []
        marks = [*key, *([_("bulk")] if act.bulk else [])]
        words = {"name": act.name, "title": act.words, "function": _origin(act.service)}
        yield _("%(name)s “%(title)s” by %(function)s") % words + _marked(marks)


def _writes(record_type: RecordType) -> Iterator[str]:
    for verb in ("create", "change", "delete"):
        service = getattr(record_type, verb)
        if isinstance(service, bool):
            how = _("generic") if service else _("not offered")
        else:
            how = _("by %(function)s") % {"function": _origin(service)}
        yield f"{verb}: {how}"


def _search(record_type: RecordType) -> Iterator[str]:
    for name, weight in record_type.search.items():
        yield _("%(name)s (weight %(weight)s)") % {"name": name, "weight": weight}
    for name in record_type.search_private:
        yield _("%(name)s (private)") % {"name": name}


def _import(record_type: RecordType) -> Iterator[str]:
    if record_type.import_key:
        yield _("key: %(names)s") % {"names": ", ".join(record_type.import_key)}
        names = ", ".join(column.key for column in importable(record_type))
        yield _("columns: %(names)s") % {"names": names}


def _marked(marks: list[str]) -> str:
    return f" [{', '.join(marks)}]" if marks else ""


def _origin(function: object) -> str:
    module = inspect.getmodule(function)
    name = getattr(function, "__qualname__", str(function))
    return f"{module.__name__}.{name}" if module else name


_PARTS = (
    (gettext_lazy("Addresses"), _addresses),
    (gettext_lazy("Permissions"), _permissions),
    (gettext_lazy("Columns"), _columns),
    (gettext_lazy("Filters"), _filters),
    (gettext_lazy("Views"), _views),
    (gettext_lazy("Form"), _form),
    (gettext_lazy("Panels"), _panels),
    (gettext_lazy("Acts"), _acts),
    (gettext_lazy("Writes"), _writes),
    (gettext_lazy("Search"), _search),
    (gettext_lazy("Import"), _import),
)
