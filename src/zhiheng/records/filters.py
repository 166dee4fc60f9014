"""Filters of a list: from the declaration and the kind of the field to parameters, conditions and chips.

One set of parameters serves the page, the export and the API: `state=open`, `state__not=new`,
`received_at__within=last-7d`, `title__contains=vpn`, `team__empty=1`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.kernel.errors import InvalidInput
from zhiheng.records.declaration import Filter, RecordType
from zhiheng.records.fields import FieldInfo, Kind, field_of
from zhiheng.records.periods import day_bounds, period_bounds
from zhiheng.ui.durations import read_duration

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor

ME = "me"
"""The value that means the person who looks, where the filter is over persons."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare: the suffix of the parameter, the word between field and value, the condition."""

    suffix: str
    word: Any
    build: Callable[[FieldInfo, Sequence[str], Actor], Q]
    input: str = "text"


def _value(info: FieldInfo, text: str, actor: Actor) -> Any:
    field = info.field
    if info.kind is Kind.RELATION:
        if text == ME and field.related_model._meta.label == settings.AUTH_USER_MODEL:  # type: ignore[union-attr]
            return actor.id
        field = info.related_model._meta.pk
    if info.in_seconds and not text.strip().isdigit():
        return read_duration(text)
    try:
        return field.to_python(text)
    except (ValidationError, ValueError, TypeError) as error:
        raise InvalidInput(
            _("“%(value)s” is not a value of %(field)s.") % {"value": text[:60], "field": info.label},
            code="filter_value",
            field=info.path,
        ) from error


def _any_of(info: FieldInfo, values: Sequence[str], actor: Actor) -> Q:
    parsed = [_value(info, value, actor) for value in values]
    return Q(**{info.lookup: parsed[0]}) if len(parsed) == 1 else Q(**{f"{info.lookup}__in": parsed})


def _none_of(info: FieldInfo, values: Sequence[str], actor: Actor) -> Q:
    return ~_any_of(info, values, actor)


def _empty(info: FieldInfo, values: Sequence[str], _actor: Actor) -> Q:
    missing = Q(**{f"{info.lookup}__isnull": True})
    if info.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.NAMED}:
        missing |= Q(**{info.lookup: ""})
    return missing if _is_true(values[-1]) else ~missing


def _is_true(text: str) -> bool:
    return text.lower() in {"1", "true", "yes", "on"}


def _yes(info: FieldInfo, values: Sequence[str], _actor: Actor) -> Q:
    return Q(**{info.lookup: _is_true(values[-1])})


def _text(lookup: str) -> Callable[[FieldInfo, Sequence[str], Actor], Q]:
    def build(info: FieldInfo, values: Sequence[str], _actor: Actor) -> Q:
        return Q(**{f"{info.lookup}__{lookup}": values[-1]})

    return build


def _bound(lookup: str) -> Callable[[FieldInfo, Sequence[str], Actor], Q]:
    def build(info: FieldInfo, values: Sequence[str], actor: Actor) -> Q:
        if info.kind is Kind.DATETIME:
            start, end = day_bounds(values[-1], field=info)
            return Q(
                **{f"{info.lookup}__{'gte' if lookup == 'gte' else 'lt'}": start if lookup == "gte" else end}
            )
        return Q(**{f"{info.lookup}__{lookup}": _value(info, values[-1], actor)})

    return build


def _within(info: FieldInfo, values: Sequence[str], _actor: Actor) -> Q:
    start, end = period_bounds(values[-1], field=info)
    condition = Q()
    if start is not None:
        condition &= Q(**{f"{info.lookup}__gte": start})
    if end is not None:
        condition &= Q(**{f"{info.lookup}__lt": end})
    return condition


_IS = Operator("", _("is"), _any_of, "options")
_NOT = Operator("not", _("is not"), _none_of, "options")
_EMPTY = Operator("empty", _("is empty"), _empty, "yes_no")
_FROM = Operator("from", pgettext_lazy("bound", "from"), _bound("gte"), "bound")
_TO = Operator("to", pgettext_lazy("bound", "to"), _bound("lte"), "bound")

OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    Kind.CHOICE: (_IS, _NOT),
    Kind.NAMED: (_IS, _NOT, _EMPTY),
    Kind.RELATION: (_IS, _NOT, _EMPTY),
    Kind.BOOLEAN: (Operator("", _("is"), _yes, "yes_no"),),
    Kind.NUMBER: (_IS, _FROM, _TO, _EMPTY),
    Kind.DURATION: (_FROM, _TO, _EMPTY),
    Kind.DATE: (Operator("within", _("in"), _within, "period"), _FROM, _TO, _EMPTY),
    Kind.DATETIME: (Operator("within", _("in"), _within, "period"), _FROM, _TO, _EMPTY),
    Kind.TEXT: (
        Operator("contains", _("contains"), _text("icontains")),
        Operator("starts", _("starts with"), _text("startswith")),
        Operator("", _("is"), _any_of),
        _EMPTY,
    ),
    Kind.LONG_TEXT: (Operator("contains", _("contains"), _text("icontains")), _EMPTY),
    Kind.LOCALIZED: (Operator("contains", _("contains"), _text("icontains")),),
    Kind.JSON: (),
}


@dataclass(frozen=True, slots=True)
class BoundFilter:
    """A declared filter with the field behind it (none where the declaration brings its own condition)."""

    declared: Filter
    info: FieldInfo | None
    operators: tuple[Operator, ...]

    @property
    def name(self) -> str:
        return self.declared.name.replace(".", "__")

    @property
    def label(self) -> str:
        if self.declared.title:
            return str(self.declared.title)
        return self.info.label if self.info else self.declared.name

    @property
    def kind(self) -> str:
        return str(self.info.kind) if self.info else "custom"

    def parameter(self, operator: Operator) -> str:
        """The name of the parameter in the address."""
        return f"{self.name}__{operator.suffix}" if operator.suffix else self.name

    @property
    def parameters(self) -> list[str]:
        return [self.parameter(operator) for operator in self.operators]

    def applied(self, values: Mapping[str, Sequence[str]], actor: Actor) -> list[Applied]:
        """The comparisons that the parameters ask of this filter. Raises InvalidInput."""
        found = []
        for operator in self.operators:
            parameter = self.parameter(operator)
            given = [value for value in values.get(parameter, ()) if value != ""]
            if given:
                condition = self._condition(operator, given, actor)
                found.append(Applied(self, operator, parameter, tuple(given), condition))
        return found

    def condition_of(self, value: str, actor: Actor) -> Q:
        """The condition that its first comparison makes of one value. Raises InvalidInput."""
        return self._condition(self.operators[0], [value], actor)

    def _condition(self, operator: Operator, given: Sequence[str], actor: Actor) -> Q:
        if self.declared.where is not None:
            return self.declared.where(given, actor)
        assert self.info is not None
        return operator.build(self.info, given, actor)


@dataclass(frozen=True, slots=True)
class Applied:
    """A comparison that is in force: what the chip says and what the query asks."""

    filter: BoundFilter
    operator: Operator
    parameter: str
    values: tuple[str, ...]
    condition: Q


def _custom(_info: FieldInfo, _values: Sequence[str], _actor: Actor) -> Q:
    raise AssertionError("a filter with `where` builds its own condition")


SHARED: dict[str, Callable[[RecordType], Filter]] = {}
"""Filters that any record type may name without having such a field, such as `tags`."""


def shared_filter(record_type: RecordType, name: str) -> Filter:
    """The filter of that name: over the field, else one of the shared ones."""
    known = {field.name for field in record_type.model._meta.get_fields()}
    return SHARED[name](record_type) if name in SHARED and name not in known else Filter(name)


def bind(record_type: RecordType, declared: str | Filter) -> BoundFilter:
    """The declared filter with its field and operators. Raises `FieldDoesNotExist`."""
    filter_ = declared if isinstance(declared, Filter) else shared_filter(record_type, declared)
    if filter_.where is not None:
        return BoundFilter(filter_, None, (Operator("", _("is"), _custom, "options"),))
    info = field_of(record_type, filter_.name)
    return BoundFilter(filter_, info, OPERATORS[info.kind])


@lru_cache(maxsize=512)
def filters_of(record_type: RecordType) -> tuple[BoundFilter, ...]:
    """The declared filters of a record type."""
    return tuple(bind(record_type, declared) for declared in record_type.filters)


def undeclared_filter(record_type: RecordType, parameter: str) -> BoundFilter | None:
    """A filter for a field that was not declared as one: slow, so it runs under a time limit."""
    path = parameter.split("__", 1)[0]
    if path in record_type.redact:
        return None
    try:
        bound = bind(record_type, path)
    except FieldDoesNotExist:
        return None
    return bound if parameter in bound.parameters else None
