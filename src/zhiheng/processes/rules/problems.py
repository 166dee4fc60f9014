"""Everything that is wrong with a draft of a definition, each with its row, so that a form can say it there.

`read_definition` stops at the first mistake, which is right for a service; a person wants all of them at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhiheng.processes.rules.definition import CATEGORIES, NEEDS, reached_from

PARTS = ("steps", "states", "transitions")


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule: `part` and `row` (from 0; None: the whole part), the field of the row, and a stable code."""

    part: str
    row: int | None
    field: str
    code: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


def problems_in(document: object) -> list[Problem]:
    """What keeps a document from being used; nothing for one that `read_definition` takes."""
    if not isinstance(document, Mapping):
        return [Problem("states", None, "", "no_table")]
    lists = {part: document.get(part, []) for part in PARTS}
    shapeless = [part for part in PARTS if not _is_table(lists[part])]
    if shapeless:
        return [Problem(part, None, "", "no_table") for part in shapeless]
    found = [*_steps(lists["steps"]), *_states(lists["states"], lists["steps"])]
    found += [Problem(part, None, "", "empty") for part in ("states", "transitions") if not lists[part]]
    keys = _keys(lists["states"])
    found += _transitions(lists["transitions"], keys)
    start = document.get("start")
    if lists["states"] and start not in keys:
        found.append(Problem("start", None, "start", "no_start"))
    return found or _unreachable(str(start), lists["states"], lists["transitions"])


def _is_table(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _keys(items: Sequence[Mapping[str, Any]]) -> list[str]:
    return [key for item in items if isinstance(key := item.get("key"), str) and key]


def _named(part: str, row: int, item: Mapping[str, Any]) -> Iterator[Problem]:
    name = item.get("name")
    for language in ("zh", "en"):
        if not isinstance(name, Mapping) or not name.get(language):
            yield Problem(part, row, language, "no_name")


def _keyed(part: str, items: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for row, item in enumerate(items):
        key = item.get("key")
        if not isinstance(key, str) or not key:
            yield Problem(part, row, "key", "no_key")
        elif key in seen:
            yield Problem(part, row, "key", "key_twice", {"key": key})
        else:
            seen.add(key)
        yield from _named(part, row, item)


def _steps(items: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    yield from _keyed("steps", items)


def _states(items: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    yield from _keyed("states", items)
    known = set(_keys(steps))
    for row, item in enumerate(items):
        if item.get("category") not in CATEGORIES:
            yield Problem("states", row, "category", "no_category")
        step = item.get("step") or ""
        if step and step not in known:
            yield Problem("states", row, "step", "no_step", {"key": str(step)})


def _transitions(items: Sequence[Mapping[str, Any]], states: Collection[str]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for row, item in enumerate(items):
        ends = str(item.get("from") or ""), str(item.get("to") or "")
        for name, key in zip(("from", "to"), ends, strict=True):
            if key not in states:
                yield Problem("transitions", row, name, "no_state", {"key": key})
        if ends in seen and all(ends):
            yield Problem("transitions", row, "to", "move_twice")
        seen.add(ends)
        yield from _named("transitions", row, item)
        unknown = [str(need) for need in item.get("needs") or () if need not in NEEDS]
        if unknown:
            yield Problem("transitions", row, "needs", "no_need", {"key": ", ".join(unknown)})


def _unreachable(
    start: str, states: Sequence[Mapping[str, Any]], moves: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    reached = reached_from(start, [(move["from"], move["to"]) for move in moves])
    return [
        Problem("states", row, "key", "unreachable")
        for row, state in enumerate(states)
        if state["key"] not in reached and state["category"] != "merged"
    ]
