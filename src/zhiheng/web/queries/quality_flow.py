"""Names of states, and whether tickets kept to the process they started with, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhiheng.indicators.queries import Departure, Design, Lens, conformity
from zhiheng.kernel.text import localized
from zhiheng.measure.flow import DeviationKind
from zhiheng.measure.proportion import wilson_interval
from zhiheng.processes.models import ProcessVersion
from zhiheng.processes.queries import definition_of
from zhiheng.ui.components import Figure, Verdict

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """The share of tickets that kept to their process, and the steps that left it."""

    figure: Figure
    departures: tuple[tuple[str, int], ...]
    undesigned: frozenset[tuple[str, str]]


def state_names() -> dict[str, str]:
    """The names of states in the language of the page, newest versions last so that they win."""
    names: dict[str, str] = {}
    for version_id in ProcessVersion.objects.order_by("pk").values_list("pk", flat=True):
        names |= {key: localized(state.name) for key, state in definition_of(version_id).states.items()}
    return names


def conformity_of(lens: Lens, names: dict[str, str]) -> Kept | None:
    """How tickets kept to their process; None when none of their processes is known."""
    found = conformity(lens, _designs())
    if not found.cases:
        return None
    share = wilson_interval(found.kept, found.cases)
    figure = Figure(
        name=_("Kept to their process"),
        unit="share",
        value=share.value,
        low=share.low,
        high=share.high,
        n=share.n,
        verdict=Verdict.NO_TARGET,
        note=_("Each ticket is judged on the version of the process that it started with."),
    )
    return Kept(
        figure=figure,
        departures=tuple((_step(item, names), item.cases) for item in found.departures[:SHOWN]),
        undesigned=frozenset(
            (item.source, item.target)
            for item in found.departures
            if item.kind is DeviationKind.FORBIDDEN_TRANSITION
        ),
    )


def _designs() -> dict[int, Design]:
    designs = {}
    for version_id in ProcessVersion.objects.values_list("pk", flat=True):
        definition = definition_of(version_id)
        designs[version_id] = Design(
            states=frozenset(definition.states),
            transitions=frozenset((move.source, move.target) for move in definition.transitions),
            start=definition.start,
        )
    return designs


def _step(item: Departure, names: dict[str, str]) -> str:
    source, target = names.get(item.source, item.source), names.get(item.target, item.target)
    if item.kind is DeviationKind.WRONG_START:
        return _("begins in “%(state)s”") % {"state": target}
    if item.kind is DeviationKind.WRONG_END:
        return _("ends in “%(state)s”") % {"state": source}
    if item.kind is DeviationKind.UNKNOWN_STATE:
        return _("passes “%(state)s”, which the process does not know") % {"state": target}
    return f"{source} → {target}"
