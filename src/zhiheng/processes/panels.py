"""A process version drawn as a map: its states with the tickets that stand there now, its moves as arcs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from zhiheng.kernel.text import localized
from zhiheng.processes.models import ProcessVersion
from zhiheng.processes.queries import tickets_by_state
from zhiheng.processes.rules import Definition, Transition, read_definition
from zhiheng.records import Panel
from zhiheng.records.panels import RecordPage
from zhiheng.ui.components import MapArc, MapNode, ProcessMap


@dataclass(frozen=True, slots=True)
class StateMap(Panel):
    """The states and moves of a version, drawn; beside it what every move asks for."""

    template: ClassVar[str] = "processes/panels/map.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        definition = read_definition(page.record.document)
        return {"map": map_of(page.record, definition), "definition": definition}


def map_of(version: ProcessVersion, definition: Definition) -> ProcessMap:
    """The map of a version with the tickets that stand in each state now."""
    held = tickets_by_state(version=version)
    return drawn(definition, held, name=f"process-map-{version.pk}", title=str(version))


def drawn(
    definition: Definition,
    held: Mapping[str, int] | None = None,
    *,
    name: str = "process-map-drawn",
    title: str = "",
) -> ProcessMap:
    """The map of a definition. States that no move reaches (merged) are left out."""
    linked = {definition.start} | {
        key for move in definition.transitions for key in (move.source, move.target)
    }
    nodes = tuple(
        MapNode(
            key,
            localized(dict(state.name)),
            (held or {}).get(key, 0),
            kind="start" if key == definition.start else "",
        )
        for key, state in definition.states.items()
        if key in linked
    )
    arcs = tuple(MapArc(move.source, move.target, None, arc_words(move)) for move in definition.transitions)
    return ProcessMap(id=name, title=title or _("The process as drawn now"), nodes=nodes, arcs=arcs)


def arc_words(move: Transition) -> str:
    """The name of a move and what it asks for."""
    needs, name = needs_words(move), localized(dict(move.name))
    if not needs:
        return name
    return _("%(move)s (%(needs)s)") % {"move": name, "needs": _(", ").join(needs)}


def needs_words(move: Transition) -> list[str]:
    """What a move asks for, in words."""
    words = needs_words_by_key()
    return [words[need] for need in move.needs]


def needs_words_by_key() -> dict[str, str]:
    """Everything that a move can ask for."""
    return {
        "reason": _("reason"),
        "solution": _("solution"),
        "assignee": _("assignee"),
        "question": _("question"),
    }
