"""Filter chips: a filter in force says what it compares and can be taken off; the others open a small form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor
from zhiheng.records.fields import Kind
from zhiheng.records.filters import ME, Applied, BoundFilter, Operator, filters_of
from zhiheng.records.forms.options import MOST_OPTIONS, Options
from zhiheng.records.listing.request import ListRequest
from zhiheng.records.periods import period_choices, period_words


@dataclass(frozen=True, slots=True)
class ChipInput:
    """One comparison in the form of a chip."""

    parameter: str
    word: str
    kind: str
    values: tuple[str, ...]
    options: Sequence[tuple[str, str]] = ()
    search_url: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter as drawn."""

    name: str
    label: str
    words: str
    on: bool
    clear_url: str
    inputs: list[ChipInput] = field(default_factory=list)
    kept: Sequence[tuple[str, str]] = ()


def chips_of(asked: ListRequest, parameters: QueryDict, actor: Actor) -> list[Chip]:
    """The chips of a list: the declared filters, then those that were added by address."""
    in_force: dict[str, list[Applied]] = {}
    for applied in (*asked.applied, *asked.slow):
        in_force.setdefault(applied.filter.name, []).append(applied)
    bound = list(filters_of(asked.record_type))
    names = {filter_.name for filter_ in bound}
    bound += [applied.filter for applied in asked.slow if applied.filter.name not in names]
    return [_chip(filter_, in_force.get(filter_.name, []), parameters, actor) for filter_ in bound]


def _chip(filter_: BoundFilter, applied: list[Applied], parameters: QueryDict, actor: Actor) -> Chip:
    rest = parameters.copy()
    for name in filter_.parameters:
        rest.pop(name, None)
    words = "; ".join(_words(comparison, actor) for comparison in applied)
    inputs = [_input(filter_, operator, parameters, actor) for operator in filter_.operators]
    kept = [(name, value) for name, values in rest.lists() for value in values]
    return Chip(filter_.name, filter_.label, words, bool(applied), f"?{rest.urlencode()}", inputs, kept)


def _input(filter_: BoundFilter, operator: Operator, parameters: QueryDict, actor: Actor) -> ChipInput:
    parameter = filter_.parameter(operator)
    values = tuple(parameters.getlist(parameter))
    kind, search_url = operator.input, ""
    options: list[tuple[str, str]] = []
    if kind == "options":
        kind, options, search_url = _options(filter_, values, actor)
    elif kind == "period":
        options = [(value, str(words)) for value, words in period_choices()]
    elif kind == "yes_no":
        options = [("1", _("yes")), ("0", _("no"))]
    elif kind == "bound":
        kind = "date" if filter_.info and filter_.info.kind in {Kind.DATE, Kind.DATETIME} else "number"
    return ChipInput(parameter, str(operator.word), kind, values, options, search_url, bool(operator.suffix))


def _options(
    filter_: BoundFilter, values: Sequence[str], actor: Actor
) -> tuple[str, list[tuple[str, str]], str]:
    if filter_.declared.options is not None:
        return "options", [(value, str(words)) for value, words in filter_.declared.options()], ""
    info = filter_.info
    if info is not None and info.kind is Kind.CHOICE:
        return "options", [(str(value), str(words)) for value, words in info.field.flatchoices], ""
    if info is None or info.kind is not Kind.RELATION:
        return "text", [], ""
    options = Options(info.related_model, actor)
    rows = options.first(MOST_OPTIONS + 1)
    many = len(rows) > MOST_OPTIONS and bool(options.url)
    found = [(ME, _("me"))] if info.related_model._meta.label == settings.AUTH_USER_MODEL else []
    shown = [] if many else rows
    held = {str(row.pk) for row in shown}
    chosen = [row for value in values if value not in held and value != ME for row in options.chosen(value)]
    found += [(str(row.pk), str(row)) for row in (*chosen, *shown)]
    return "options", found, options.url if many else ""


def _words(applied: Applied, actor: Actor) -> str:
    operator, values = applied.operator, applied.values
    if operator.input == "period":
        return period_words(values[-1])
    if operator.suffix == "empty":
        return _("empty") if values[-1].lower() in {"1", "true", "yes", "on"} else _("not empty")
    words = "、".join(_value_words(applied.filter, value, actor) for value in values)
    return words if operator.suffix == "" else f"{operator.word} {words}"


def _value_words(filter_: BoundFilter, value: str, actor: Actor) -> str:
    info: Any = filter_.info
    if filter_.declared.options is not None:
        return str(dict(filter_.declared.options()).get(value, value))
    if info is None:
        return value
    if info.kind is Kind.BOOLEAN:
        return _("yes") if value.lower() in {"1", "true", "yes", "on"} else _("no")
    if info.kind is Kind.CHOICE:
        return str({str(key): words for key, words in info.field.flatchoices}.get(value, value))
    if info.kind is Kind.RELATION:
        if value == ME:
            return _("me")
        return next((str(row) for row in Options(info.related_model, actor).chosen(value)), value)
    return value
