"""Pure rules of a process definition: reading it, checking it, and deciding whether a move is allowed.

No database and no Django models: a definition is plain data, frozen with the version it belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CATEGORIES = (
    "new", "open", "waiting-customer", "waiting-supplier", "waiting-internal",
    "solved", "closed", "cancelled", "merged",
)  # fmt: skip
NEEDS = ("reason", "solution", "assignee", "question")


class DefinitionError(ValueError):
    """A process document breaks a rule; ``where`` names the place in the document."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{where}: {rule}")
        self.where = where
        self.rule = rule


@dataclass(frozen=True, slots=True)
class State:
    """A named state; ``category`` is what it means, ``step`` the part of the process it belongs to."""

    key: str
    name: Mapping[str, str]
    category: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """An allowed move; ``needs`` lists what must be given with it, ``roles`` who may (empty: any handler)."""

    source: str
    target: str
    name: Mapping[str, str]
    needs: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of the process as people see it on the strip above a ticket."""

    key: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is not allowed; ``code`` is stable, ``detail`` names what is missing or in the way."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """States, steps and transitions of one process version."""

    start: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    steps: tuple[Step, ...] = ()
    _index: dict[tuple[str, str], Transition] = field(default_factory=dict, repr=False, compare=False)

    def state(self, key: str) -> State:
        return self.states[key]

    def category(self, key: str) -> str:
        return self.states[key].category

    def transition(self, source: str, target: str) -> Transition | None:
        return self._index.get((source, target))

    def moves_from(self, source: str, roles: Collection[str] | None = None) -> list[Transition]:
        """Transitions that leave ``source`` for somebody who holds ``roles`` (None: whatever the roles)."""
        return [
            move
            for move in self.transitions
            if move.source == source
            and (roles is None or not move.roles or not set(move.roles).isdisjoint(roles))
        ]

    def first_of(self, category: str) -> State | None:
        """The first state of a category, in the document's order."""
        return next((state for state in self.states.values() if state.category == category), None)


def read_definition(document: Mapping[str, Any]) -> Definition:
    """The definition that a stored document describes. Raises DefinitionError with the place and the rule."""
    steps = tuple(Step(_text(item, "key", f"steps[{n}]"), _name(item, f"steps[{n}]"))
                  for n, item in enumerate(_list(document, "steps", required=False)))  # fmt: skip
    states = _read_states(_list(document, "states"), {step.key for step in steps})
    transitions = _read_transitions(_list(document, "transitions"), states)
    start = _text(document, "start", "document")
    if start not in states:
        raise DefinitionError("start", f"names the state {start!r}, which is not among the states")
    unreachable = _unreachable(start, states, transitions)
    if unreachable:
        raise DefinitionError(
            "transitions", f"no way leads from {start!r} to {', '.join(sorted(unreachable))}"
        )
    index = {(move.source, move.target): move for move in transitions}
    return Definition(start, states, transitions, steps, index)


def decide_move(
    definition: Definition, *, source: str, target: str, given: Collection[str], roles: Collection[str] | None
) -> Transition | Refusal:
    """Whether a record may go from ``source`` to ``target``, with what is ``given`` (see NEEDS), by these ``roles``."""
    if target not in definition.states:
        return Refusal("unknown_state", target)
    move = definition.transition(source, target)
    if move is None:
        return Refusal("not_allowed_from_here", source)
    if roles is not None and move.roles and set(move.roles).isdisjoint(roles):
        return Refusal("role_missing", ", ".join(move.roles))
    missing = [need for need in move.needs if need not in given]
    return Refusal("missing", ", ".join(missing)) if missing else move


def _read_states(items: Sequence[Any], steps: Collection[str]) -> dict[str, State]:
    states: dict[str, State] = {}
    for number, item in enumerate(items):
        where = f"states[{number}]"
        key = _text(item, "key", where)
        category = _text(item, "category", where)
        step = str(item.get("step", ""))
        if key in states:
            raise DefinitionError(where, f"the key {key!r} is used twice")
        if category not in CATEGORIES:
            raise DefinitionError(where, f"category {category!r} is none of {', '.join(CATEGORIES)}")
        if step and step not in steps:
            raise DefinitionError(where, f"step {step!r} is not among the steps")
        states[key] = State(key, _name(item, where), category, step)
    return states


def _read_transitions(items: Sequence[Any], states: Mapping[str, State]) -> tuple[Transition, ...]:
    transitions: list[Transition] = []
    seen: set[tuple[str, str]] = set()
    for number, item in enumerate(items):
        where = f"transitions[{number}]"
        source, target = _text(item, "from", where), _text(item, "to", where)
        for key in (source, target):
            if key not in states:
                raise DefinitionError(where, f"names the state {key!r}, which is not among the states")
        if (source, target) in seen:
            raise DefinitionError(where, f"{source!r} to {target!r} is given twice")
        seen.add((source, target))
        needs = tuple(item.get("needs", ()))
        unknown = [need for need in needs if need not in NEEDS]
        if unknown:
            raise DefinitionError(where, f"needs {', '.join(unknown)}: known are {', '.join(NEEDS)}")
        transitions.append(
            Transition(
                source,
                target,
                _name(item, where),
                needs,
                tuple(item.get("roles", ())),
                bool(item.get("primary", False)),
            )
        )
    return tuple(transitions)


def reached_from(start: str, moves: Collection[tuple[str, str]]) -> set[str]:
    """The states to which some way leads from the start, the start itself among them."""
    reached, frontier = {start}, [start]
    while frontier:
        here = frontier.pop()
        onward = {target for source, target in moves if source == here} - reached
        reached |= onward
        frontier.extend(onward)
    return reached


def _unreachable(start: str, states: Mapping[str, State], transitions: Sequence[Transition]) -> set[str]:
    reached = reached_from(start, [(move.source, move.target) for move in transitions])
    # Merging is done by an act of its own, not by a drawn transition.
    return {key for key, state in states.items() if key not in reached and state.category != "merged"}


def _list(document: Mapping[str, Any], key: str, *, required: bool = True) -> list[Any]:
    value = document.get(key, [])
    if not isinstance(value, list) or (required and not value):
        raise DefinitionError(key, "must be a list with at least one entry" if required else "must be a list")
    return value


def _text(item: Any, key: str, where: str) -> str:
    value = item.get(key) if isinstance(item, Mapping) else None
    if not isinstance(value, str) or not value:
        raise DefinitionError(where, f"{key!r} must be a text")
    return value


def _name(item: Mapping[str, Any], where: str) -> Mapping[str, str]:
    name = item.get("name")
    if not isinstance(name, Mapping) or not name.get("zh") or not name.get("en"):
        raise DefinitionError(where, "'name' must hold a text for zh and for en")
    return {"zh": str(name["zh"]), "en": str(name["en"])}
