"""What an address asks of a list: tab, filters, words, order, columns, place. The same for page, export and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Field, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.records.columns import Column
from zhiheng.records.fields import field_of
from zhiheng.records.filters import Applied, filters_of, undeclared_filter
from zhiheng.records.listing.keyset import Order
from zhiheng.records.search.matching import Matching, matching

if TYPE_CHECKING:
    from zhiheng.kernel.actor import Actor
    from zhiheng.records.declaration import RecordType, View

RESERVED = frozenset(
    {
        "view",
        "q",
        "order",
        "after",
        "before",
        "columns",
        "size",
        "saved",
        "peek",
        "format",
        "page_size",
        "cursor",
    }
)
SIZES = (50, 100, 200)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list as asked for. `slow` holds filters that no index serves; `problems` what was not understood."""

    record_type: RecordType
    order: Order
    view: View | None = None
    applied: tuple[Applied, ...] = ()
    slow: tuple[Applied, ...] = ()
    words: str = ""
    columns: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    size: int = SIZES[0]
    problems: tuple[InvalidInput, ...] = field(default=())
    found: dict[Actor, Matching] = field(default_factory=dict, compare=False, repr=False)
    """The hits of the words, asked for once: rows and their count both need them."""

    def matching(self, actor: Actor) -> Matching:
        """The condition that the words make."""
        if actor not in self.found:
            self.found[actor] = matching(self.record_type, self.words, actor)
        return self.found[actor]

    def condition(self, actor: Actor) -> Q:
        """Everything asked for except order, words and place."""
        condition = self.view.where(actor) if self.view else Q()
        for comparison in (*self.applied, *self.slow):
            condition &= comparison.condition
        return condition


def read_request(
    record_type: RecordType, parameters: Mapping[str, Sequence[str]], actor: Actor
) -> ListRequest:
    """The list that the parameters ask for. Unknown names are left out and named in `problems`."""
    one = {name: values[-1] for name, values in parameters.items() if values}
    problems: list[InvalidInput] = []
    applied: list[Applied] = []
    known = set(RESERVED)
    for bound in filters_of(record_type):
        known.update(bound.parameters)
        try:
            applied += bound.applied(parameters, actor)
        except InvalidInput as problem:
            problems.append(problem)
    slow = _slow_filters(record_type, parameters, known, actor, problems)
    view = next((view for view in record_type.views if view.name == one.get("view")), None)
    return ListRequest(
        record_type=record_type,
        order=_order(record_type, one.get("order", ""), view),
        view=view,
        applied=tuple(applied),
        slow=tuple(slow),
        words=one.get("q", "").strip()[:200],
        columns=tuple(name for value in parameters.get("columns", ()) for name in value.split(",") if name),
        after=one.get("after", ""),
        before=one.get("before", ""),
        size=_size(one.get("size", "")),
        problems=tuple(problems),
    )


def _slow_filters(
    record_type: RecordType,
    parameters: Mapping[str, Sequence[str]],
    known: set[str],
    actor: Actor,
    problems: list[InvalidInput],
) -> list[Applied]:
    found: list[Applied] = []
    for name in sorted(set(parameters) - known):
        bound = undeclared_filter(record_type, name)
        if bound is None:
            message = _("There is no filter “%(name)s” here.") % {"name": name[:60]}
            problems.append(InvalidInput(message, code="filter_unknown", field=name))
            continue
        try:
            found += bound.applied({name: parameters[name]}, actor)
        except InvalidInput as problem:
            problems.append(problem)
    return found


def _size(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in SIZES else SIZES[0]


def _order(record_type: RecordType, asked: str, view: View | None) -> Order:
    for text in (asked, view.order if view else "", record_type.order):
        name = text.removeprefix("-")
        if name == "id" or name in sortable(record_type):
            info = None if name == "id" else field_of(record_type, name)
            return Order(info, text.startswith("-"))
    return Order(None, descending=True)


@lru_cache(maxsize=512)
def sortable(record_type: RecordType) -> frozenset[str]:
    """The columns a list may be ordered by: those an index serves, and all of a small look-up."""
    model = record_type.model
    own = [
        field_ for field_ in model._meta.concrete_fields if not field_.primary_key and not field_.is_relation
    ]
    if record_type.small:
        return frozenset(field_.name for field_ in own)
    leading = leading_columns(record_type)
    declared = {
        text.removeprefix("-") for text in (record_type.order, *(view.order for view in record_type.views))
    }
    return frozenset(field_.name for field_ in own if field_.name in leading or field_.name in declared)


@lru_cache(maxsize=512)
def leading_columns(record_type: RecordType) -> frozenset[str]:
    """The columns that lead an index, or follow the kind in one."""
    model = record_type.model
    kind = record_type.kind_field
    found = {field_.name for field_ in model._meta.concrete_fields if _indexed_alone(field_)}
    groups = [list(index.fields) for index in model._meta.indexes]
    groups += [list(getattr(constraint, "fields", ())) for constraint in model._meta.constraints]
    groups += [list(group) for group in model._meta.unique_together]
    for names in groups:
        plain = [name.removeprefix("-") for name in names]
        found.update(plain[:1])
        if len(plain) > 1 and plain[0] == kind:
            found.add(plain[1])
    return frozenset(found)


def _indexed_alone(field_: Field[Any, Any]) -> bool:
    return bool(field_.primary_key or field_.unique or getattr(field_, "db_index", False))


@lru_cache(maxsize=512)
def columns_of(record_type: RecordType) -> tuple[Column, ...]:
    """The declared columns; without a declaration the first columns of the table that are not long."""
    declared = (
        record_type.columns
        or [field_.name for field_ in record_type.model._meta.concrete_fields if not field_.primary_key][:6]
    )
    return tuple(Column(column) if isinstance(column, str) else column for column in declared)


def chosen_columns(asked: ListRequest) -> list[Column]:
    """The columns asked for, in the order asked for; else the declared ones that are shown at first."""
    offered = {column.name: column for column in columns_of(asked.record_type)}
    chosen = [offered[name] for name in asked.columns if name in offered]
    return chosen or [column for column in offered.values() if column.shown]
