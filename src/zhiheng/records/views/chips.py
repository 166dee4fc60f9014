"""Filter chips: a filter in force says what it compares and can be taken off; each opens a small form.

What a form offers is asked for when it is opened: the options of all filters would be the dearest part of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor
from zhiheng.records.fields import Kind
from zhiheng.records.filters import ME, Applied, BoundFilter, Operator, filters_of
from zhiheng.records.forms.options import Options
from zhiheng.records.listing.request import ListRequest
from zhiheng.records.periods import period_choices, period_words
from zhiheng.records.views.chip_options import Counting, Option, counted, hidden_words, offered

MOST_CHIPS = 6
"""So many filters stand beside the list; the others share one chip."""
_BOUNDS = {Kind.DATE: "day", Kind.DATETIME: "day", Kind.DURATION: "text"}
"""What a bound is typed into; a number where nothing is said."""
FOLDED = "more"
"""Names the form of the filters that share a chip."""


@dataclass(frozen=True, slots=True)
class ChipInput:
    """One comparison in the form of a chip."""

    parameter: str
    word: str
    kind: str
    values: tuple[str, ...]
    options: Sequence[Option] = ()
    search_url: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter as drawn. Its inputs are worked out only where a form shows them."""

    filter: BoundFilter
    words: str
    on: bool
    parameters: QueryDict
    actor: Actor
    folded: bool = False
    counting: Counting | None = None
    """The list whose rows its form counts; none on the list page, which never counts."""

    @property
    def name(self) -> str:
        return self.filter.name

    @property
    def label(self) -> str:
        return self.filter.label

    @property
    def inputs(self) -> list[ChipInput]:
        """The comparisons of its form, with their options."""
        return [
            _input(self.filter, operator, self.parameters, self.actor, self.counting)
            for operator in self.filter.operators
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The other parameters, which its form carries along."""
        return kept_beside([self], self.parameters)

    @property
    def clear_url(self) -> str:
        """The list without this filter."""
        return f"?{urlencode(self.kept)}"

    @property
    def form_query(self) -> str:
        """Asks the page of filters for this form."""
        return urlencode([("chip", self.name), *self.parameters_given])

    @property
    def parameters_given(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.parameters.lists() for value in values]


def chips_of(asked: ListRequest, parameters: QueryDict, actor: Actor) -> list[Chip]:
    """The chips of a list: the declared filters, then those that were added by address.

    Rarer ones that are not in force are folded, so that the row of chips stays on one line.
    """
    in_force: dict[str, list[Applied]] = {}
    for applied in (*asked.applied, *asked.slow):
        in_force.setdefault(applied.filter.name, []).append(applied)
    bound = list(filters_of(asked.record_type))
    names = {filter_.name for filter_ in bound}
    bound += [applied.filter for applied in asked.slow if applied.filter.name not in names]
    chips = []
    for place, filter_ in enumerate(bound):
        applied_here = in_force.get(filter_.name, [])
        words = _("; ").join(_words(comparison, actor) for comparison in applied_here)
        rare = place >= MOST_CHIPS and len(bound) > MOST_CHIPS + 1
        folded = rare and not applied_here
        chips.append(Chip(filter_, words, bool(applied_here), parameters, actor, folded))
    return chips


def kept_beside(chips: Iterable[Chip], parameters: QueryDict) -> list[tuple[str, str]]:
    """The parameters that a form over these filters does not ask for itself."""
    asked = {name for chip in chips for name in chip.filter.parameters}
    return [(name, value) for name, values in parameters.lists() if name not in asked for value in values]


def _input(
    filter_: BoundFilter, operator: Operator, parameters: QueryDict, actor: Actor, counting: Counting | None
) -> ChipInput:
    parameter = filter_.parameter(operator)
    values = tuple(parameters.getlist(parameter))
    kind, search_url = operator.input, ""
    options: list[Option] = []
    if kind == "options":
        counting = None if operator.suffix else counting
        found = counted(offered(filter_, values, actor, counting), filter_, actor, counting)
        kind, options, search_url = found.kind, found.options, found.search_url
    elif kind == "period":
        options = [Option(value, str(words)) for value, words in period_choices()]
    elif kind == "yes_no":
        options = [Option("1", _("yes")), Option("0", _("no"))]
    elif kind == "bound":
        kind = _BOUNDS.get(filter_.info.kind, "number") if filter_.info else "number"
    return ChipInput(parameter, str(operator.word), kind, values, options, search_url, bool(operator.suffix))


def _words(applied: Applied, actor: Actor) -> str:
    operator, values = applied.operator, applied.values
    if operator.input == "period":
        return period_words(values[-1])
    if operator.suffix == "empty":
        return _("empty") if values[-1].lower() in {"1", "true", "yes", "on"} else _("not empty")
    words = _(", ").join(_value_words(applied.filter, value, actor) for value in values)
    return words if operator.suffix == "" else f"{operator.word} {words}"


def _value_words(filter_: BoundFilter, value: str, actor: Actor) -> str:
    info: Any = filter_.info
    if filter_.declared.options is not None:
        return str(dict(filter_.declared.options()).get(value, value))
    if info is None:
        return value
    if info.kind is Kind.BOOLEAN:
        return _("yes") if value.lower() in {"1", "true", "yes", "on"} else _("no")
    if info.kind is Kind.NAMED or (info.in_seconds and value.isdigit()):
        return str(info.shown(int(value) if info.in_seconds else value))
    if info.kind is Kind.CHOICE:
        return str({str(key): words for key, words in info.field.flatchoices}.get(value, value))
    return _linked_words(info, value, actor) if info.kind is Kind.RELATION else value


def _linked_words(info: Any, value: str, actor: Actor) -> str:
    if value == ME:
        return _("me")
    return next((str(row) for row in Options(info.related_model, actor).chosen(value)), hidden_words())
