"""Checks at start-up: every mistake in a declaration is named with the record type, the place and the remedy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField
from django.db.models.fields.related import ForeignObjectRel

from zhiheng.records.declaration import Act, RecordType
from zhiheng.records.fields import concrete_field, field_of
from zhiheng.records.filters import bind
from zhiheng.records.listing.request import RESERVED, columns_of, leading_columns
from zhiheng.records.panels import Fields, Panel, Related
from zhiheng.records.registry import registry
from zhiheng.ui.navigation import Group

Message = checks.CheckMessage


def check_declarations(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[Message]:
    """All declarations (of the given apps)."""
    labels = None if app_configs is None else {config.label for config in app_configs}
    chosen = [record_type for record_type in registry if labels is None or record_type.app in labels]
    found = [message for record_type in chosen for message in messages_about(record_type)]
    return [*found, *_addresses(chosen)]


def messages_about(record_type: RecordType) -> Iterator[Message]:
    """What is wrong with one declaration."""
    for rule in RULES:
        yield from rule(record_type)


def _error(record_type: RecordType, code: int, text: str, hint: str = "") -> Message:
    return checks.Error(f"{record_type.label}: {text}", hint=hint or None, id=f"records.E{code:03d}")


def _unknown(record_type: RecordType, code: int, place: str, names: Sequence[str]) -> Iterator[Message]:
    for name in names:
        try:
            field_of(record_type, name)
        except FieldDoesNotExist as error:
            yield _error(record_type, code, f"{place} names {name!r}: {error}")


def _columns(record_type: RecordType) -> Iterator[Message]:
    columns = columns_of(record_type)
    yield from _unknown(
        record_type, 1, "columns", [column.name for column in columns if column.value is None]
    )
    yield from _twice(record_type, 2, "columns", [column.name for column in columns])


def _filters(record_type: RecordType) -> Iterator[Message]:
    names = []
    for declared in record_type.filters:
        try:
            bound = bind(record_type, declared)
        except FieldDoesNotExist as error:
            yield _error(record_type, 3, f"filters name {declared!r}: {error}")
            continue
        names.append(bound.name)
        if bound.name in RESERVED:
            yield _error(record_type, 4, f"filter {bound.name!r} has the name of a parameter of every list")
        if not bound.operators:
            yield _error(record_type, 5, f"filter {bound.name!r} is over a field that cannot be compared")
        own = bound.info is not None and bound.info.own
        if (
            own
            and not record_type.small
            and bound.info
            and bound.info.name not in leading_columns(record_type)
        ):
            yield checks.Warning(
                f"{record_type.label}: filter {bound.name!r} has no index that begins with it",
                hint="Add one to the model, or declare the record type small=True.",
                id="records.W001",
            )
    yield from _twice(record_type, 6, "filters", names)


def _search(record_type: RecordType) -> Iterator[Message]:
    yield from _unknown(record_type, 7, "search", [*record_type.search, *record_type.search_private])


def _form(record_type: RecordType) -> Iterator[Message]:
    names = [name for section in record_type.form for name in section.fields]
    for name in [*names, *record_type.create_fields]:
        try:
            field = concrete_field(record_type.model, name)
        except FieldDoesNotExist as error:
            yield _error(record_type, 8, f"form names {name!r}: {error}")
            continue
        if not field.editable:
            yield _error(record_type, 9, f"form names {name!r}, which is not editable")
    yield from _twice(record_type, 10, "form", names)


def _panels(record_type: RecordType) -> Iterator[Message]:
    layout = record_type.layout
    added = [panel for contents in record_type.slots.values() for panel in contents.panels()]
    for panel in [*layout.main, *layout.side, *added]:
        yield from _panel(record_type, panel)


def _panel(record_type: RecordType, panel: Panel) -> Iterator[Message]:
    if isinstance(panel, Fields):
        yield from _unknown(record_type, 11, "Fields", panel.names)
    if isinstance(panel, Related):
        try:
            relation = record_type.model._meta.get_field(panel.name)
        except FieldDoesNotExist:
            relation = None
        if not isinstance(relation, ForeignObjectRel):
            yield _error(
                record_type, 12, f"Related({panel.name!r}) is no reverse relation", "Give the related_name."
            )


def _acts(record_type: RecordType) -> Iterator[Message]:
    yield from _twice(record_type, 13, "acts", [act.name for act in record_type.acts])
    yield from _twice(record_type, 14, "keys of acts", [act.key for act in record_type.acts if act.key])
    for act in record_type.acts:
        yield from _keywords(record_type, act)


def _fixed(record_type: RecordType) -> Iterator[Message]:
    fixed = record_type.fixed
    if fixed and fixed.act and record_type.act(fixed.act) is None:
        yield _error(record_type, 26, f"fixed names act {fixed.act!r}, which is not declared")


def _keywords(record_type: RecordType, act: Act) -> Iterator[Message]:
    if not act.action.replace("_", "").isalpha() or act.action != act.action.lower():
        yield _error(
            record_type, 15, f"act {act.name!r} asks for permission {act.action!r}, which no role can grant"
        )
    parameters = inspect.signature(act.service).parameters
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    if record_type.name not in parameters and "record" not in parameters:
        yield _error(
            record_type,
            16,
            f"the service of act {act.name!r} takes neither {record_type.name!r} nor 'record'",
        )
    for name in getattr(act.form, "base_fields", {}):
        if name not in parameters:
            yield _error(
                record_type,
                17,
                f"the service of act {act.name!r} does not take {name!r}, which its form asks",
            )


def _import_key(record_type: RecordType) -> Iterator[Message]:
    yield from _unknown(record_type, 18, "import_key", record_type.import_key)


def _names(record_type: RecordType) -> Iterator[Message]:
    yield from _unknown(record_type, 19, "redact", record_type.redact)
    if record_type.order and record_type.order.removeprefix("-") != "id":
        yield from _unknown(record_type, 20, "order", [record_type.order.removeprefix("-")])
    for view in record_type.views:
        if view.order and view.order.removeprefix("-") != "id":
            yield from _unknown(record_type, 20, f"view {view.name!r}", [view.order.removeprefix("-")])
    yield from _twice(record_type, 21, "views", [view.name for view in record_type.views])
    if record_type.confidential:
        yield from _confidential(record_type, record_type.confidential)


def _words(record_type: RecordType) -> Iterator[Message]:
    """A name that is no field would be passed over in silence, and the field shown as if nothing had been said."""
    places = {
        "labels": record_type.labels,
        "words": record_type.words,
        "vocabularies": record_type.vocabularies,
        "texts": record_type.texts,
    }
    for place, names in places.items():
        yield from _unknown(record_type, 27, place, list(names))


def _confidential(record_type: RecordType, name: str) -> Iterator[Message]:
    try:
        field = concrete_field(record_type.model, name)
    except FieldDoesNotExist as error:
        yield _error(record_type, 22, f"confidential: {error}")
        return
    if not isinstance(field, BooleanField):
        yield _error(record_type, 22, f"confidential names {name!r}, which is not a yes or no")


def _menu(record_type: RecordType) -> Iterator[Message]:
    if record_type.menu and record_type.menu.section not in {group.value for group in Group}:
        sections = ", ".join(group.value for group in Group)
        yield _error(
            record_type, 25, f"menu names section {record_type.menu.section!r}", f"One of: {sections}."
        )


def _scopes(record_type: RecordType) -> Iterator[Message]:
    scopes = record_type.scope if isinstance(record_type.scope, list | tuple) else [record_type.scope]
    for scope in scopes:
        path = getattr(scope, "field", "")
        if path and path not in {"pk", "id"}:
            yield from _unknown(record_type, 23, type(scope).__name__, [path.replace("__", ".")])


def _twice(record_type: RecordType, code: int, place: str, names: Sequence[str]) -> Iterator[Message]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _error(record_type, code, f"{place} name {name!r} twice")


def _addresses(chosen: Sequence[RecordType]) -> Iterator[Message]:
    held: dict[tuple[str, str], RecordType] = {}
    for record_type in chosen:
        other = held.setdefault((record_type.app, record_type.plural_slug), record_type)
        if other is not record_type:
            yield _error(
                record_type,
                24,
                f"has the address of {other.label}",
                "Give one of them another word by plural=.",
            )


Rule = Callable[[RecordType], Iterator[Message]]
RULES: tuple[Rule, ...] = (
    _columns,
    _filters,
    _search,
    _form,
    _panels,
    _acts,
    _fixed,
    _import_key,
    _names,
    _words,
    _scopes,
    _menu,
)
