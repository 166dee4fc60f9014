"""The options in the form of a filter chip: what may be chosen, what is chosen, and how many rows each would give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor
from zhiheng.records.fields import Kind
from zhiheng.records.filters import ME, BoundFilter
from zhiheng.records.forms.options import MOST_OPTIONS, Options
from zhiheng.records.listing.request import ListRequest
from zhiheng.records.listing.tally import Glance, glance_at, tally
from zhiheng.records.vocabularies import words_in

FREQUENT = 8
"""So many of the commonest are offered where there are too many for a list, beside the search."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose; `count` is empty where nothing was counted."""

    value: str
    words: str
    count: str = ""
    none: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """The options of a filter; `kind` is "text" where words are typed instead; `search_url` finds more of them."""

    kind: str
    options: list[Option]
    search_url: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """The list whose rows are counted, and for how many seconds at most."""

    asked: ListRequest
    seconds: float
    glances: dict[str, Glance] = field(default_factory=dict)

    def glance(self, filter_: BoundFilter, actor: Actor) -> Glance:
        """The first rows, looked at once for what is offered and for what is counted."""
        if filter_.name not in self.glances:
            self.glances[filter_.name] = glance_at(self.asked, filter_, actor, seconds=self.seconds)
        return self.glances[filter_.name]


def hidden_words() -> str:
    """Stands for a record that the person may not see: no id, no name."""
    return _("not visible to you")


def offered(filter_: BoundFilter, values: Sequence[str], actor: Actor, counting: Counting | None) -> Offered:
    """What may be chosen, with the values already chosen."""
    info = filter_.info
    if filter_.declared.options is not None:
        return Offered("options", _pairs(filter_.declared.options()))
    if info is not None and info.kind is Kind.CHOICE:
        return Offered("options", _pairs(info.field.flatchoices))
    if info is not None and info.kind is Kind.NAMED:
        return Offered("options", _pairs(words_in(info.vocabulary).items()))
    if info is None or info.kind is not Kind.RELATION:
        return Offered("text", [])
    options = Options(info.related_model, actor)
    rows = options.first(MOST_OPTIONS + 1)
    many = len(rows) > MOST_OPTIONS and bool(options.url)
    if many:
        rows = _frequent(filter_, options, actor, counting)
    found = [Option(ME, _("me"))] if info.related_model._meta.label == settings.AUTH_USER_MODEL else []
    held = {str(row.pk) for row in rows}
    for value in values:
        if value not in held and value != ME:
            chosen = options.chosen(value)
            found.append(Option(value, str(chosen[0]) if chosen else hidden_words()))
    found += [Option(str(row.pk), str(row)) for row in rows]
    return Offered("options", found, options.url if many else "")


def counted(found: Offered, filter_: BoundFilter, actor: Actor, counting: Counting | None) -> Offered:
    """The same with the number of rows that each option would give."""
    if counting is None or found.kind != "options":
        return found
    values = [option.value for option in found.options]
    glance = counting.glance(filter_, actor)
    counts = tally(counting.asked, filter_, values, actor, glance=glance, seconds=counting.seconds)
    options = [
        replace(option, count=str(counts[option.value]), none=counts[option.value].value == 0)
        if option.value in counts
        else option
        for option in found.options
    ]
    return replace(found, options=options)


def _pairs(choices: Iterable[tuple[Any, Any]]) -> list[Option]:
    return [Option(str(value), str(words)) for value, words in choices]


def _frequent(filter_: BoundFilter, options: Options, actor: Actor, counting: Counting | None) -> list[Any]:
    if counting is None:
        return []
    keys = counting.glance(filter_, actor).most_common(FREQUENT)
    rows = {str(row.pk): row for row in options.rows.filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]
