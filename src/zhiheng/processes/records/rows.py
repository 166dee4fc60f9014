"""The rows of the form of a process: what a browser sends and the document of a definition, one made from the other.

Rows refer to each other by their numbers on the page, so that renaming a key breaks nothing. A row in which nothing was
typed is no row; what a row holds beside its known entries is carried along unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Given = Mapping[str, Any]
"""What was sent, each name with its last value (`QueryDict`)."""
_KNOWN = {
    "steps": {"key", "name"},
    "states": {"key", "name", "category", "step"},
    "transitions": {"from", "to", "name", "needs", "roles", "primary"},
}
_CELLS = ("key", "zh", "en", "shown", "category", "step", "from", "to", "roles")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(slots=True)
class Row:
    """One row as drawn: its number on the page, the text of each cell, what is ticked, what is wrong where."""

    number: int
    cells: dict[str, str] = field(default_factory=lambda: dict.fromkeys(_CELLS, ""))
    needs: tuple[str, ...] = ()
    on: bool = False
    rest: str = ""
    errors: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)

    @property
    def words(self) -> str:
        """What other rows call it: either name, else its key."""
        return self.cells.get("shown") or self.cells.get("key", "")


def was_sent(data: Given, name: str) -> bool:
    """Whether the rows of this field are among what was sent."""
    return any(str(key).startswith(f"{name}-") for key in data)


def document_from(data: Given, name: str) -> dict[str, Any]:
    """The document that the rows make, mistakes and all."""
    steps, states = _sent(data, name, "steps"), _sent(data, name, "states")
    step_keys = {str(number): row.get("key", "") for number, row in steps}
    state_keys = {str(number): row.get("key", "") for number, row in states}
    document = _rest(str(data.get(f"{name}-rest", "")))
    document["start"] = state_keys.get(str(data.get(f"{name}-start", "")), "")
    document["steps"] = [_base(row) for _number, row in steps]
    document["states"] = [_state(row, step_keys) for _number, row in states]
    document["transitions"] = [
        _transition(row, state_keys) for _number, row in _sent(data, name, "transitions")
    ]
    return document


def _sent(data: Given, name: str, part: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a part in the order in which they stand on the page, without the blank ones."""
    rows: dict[int, dict[str, str]] = {}
    shape = re.compile(rf"{re.escape(name)}-{part}-(\d{{1,4}})-(\w+)")
    for key in data:
        if found := shape.fullmatch(str(key)):
            rows.setdefault(int(found[1]), {})[found[2]] = str(data[key]).strip()
    typed = ("key", "zh", "en", "from", "to")
    return [(number, row) for number, row in rows.items() if any(row.get(cell) for cell in typed)]


def _rest(text: str) -> dict[str, Any]:
    try:
        held = json.loads(text or "{}")
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _base(row: Mapping[str, str]) -> dict[str, Any]:
    name = {"zh": row.get("zh", ""), "en": row.get("en", "")}
    return {**_rest(row.get("rest", "")), "key": row.get("key", ""), "name": name}


def _state(row: Mapping[str, str], steps: Mapping[str, str]) -> dict[str, Any]:
    state = _base(row) | {"category": row.get("category", "")}
    step = steps.get(row.get("step", ""), "")
    return state | {"step": step} if step else state


def _transition(row: Mapping[str, str], states: Mapping[str, str]) -> dict[str, Any]:
    base = _base(row)
    del base["key"]
    ends = {end: states.get(row.get(end, ""), "") for end in ("from", "to")}
    needs = [cell.removeprefix("needs_") for cell in row if cell.startswith("needs_")]
    roles = [role for role in _BETWEEN.split(row.get("roles", "")) if role]
    extra = {"needs": needs, "roles": roles, "primary": "primary" in row}
    return base | ends | {key: value for key, value in extra.items() if value}


def rows_of(document: Mapping[str, Any], language: str) -> dict[str, list[Row]]:
    """The rows that show a document; what is no table is shown as none."""
    steps = _rows(document, "steps", language)
    states = _rows(document, "states", language)
    for row in states:
        row.cells["step"] = _number_of(steps, row.cells.get("step", ""))
        row.on = bool(row.cells["key"]) and row.cells["key"] == document.get("start")
    transitions = _rows(document, "transitions", language)
    for row in transitions:
        for end in ("from", "to"):
            row.cells[end] = _number_of(states, row.cells.get(end, ""))
    return {"steps": steps, "states": states, "transitions": transitions}


def _rows(document: Mapping[str, Any], part: str, language: str) -> list[Row]:
    items = document.get(part)
    return [
        _row(number, item, part, language)
        for number, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, Mapping)
    ]


def _row(number: int, item: Mapping[str, Any], part: str, language: str) -> Row:
    name = item.get("name") if isinstance(item.get("name"), Mapping) else {}
    assert isinstance(name, Mapping)
    rest = {key: value for key, value in item.items() if key not in _KNOWN[part]}
    shown = name.get(language) or name.get("zh") or name.get("en") or ""
    plain = {key: str(item.get(key) or "") for key in ("key", "category", "step", "from", "to")}
    return Row(
        number,
        cells=plain
        | {"zh": str(name.get("zh") or ""), "en": str(name.get("en") or ""), "shown": str(shown)}
        | {"roles": ", ".join(_texts(item.get("roles")))},
        needs=tuple(_texts(item.get("needs"))),
        on=bool(item.get("primary")),
        rest=json.dumps(rest, ensure_ascii=False) if rest else "",
    )


def _texts(value: object) -> Iterable[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _number_of(rows: Iterable[Row], key: str) -> str:
    return next((str(row.number) for row in rows if key and row.cells["key"] == key), "")


def plain(document: object) -> object:
    """A document without what is empty, to compare two of them."""
    if isinstance(document, Mapping):
        return {
            key: plain(value) for key, value in document.items() if value not in ("", None, [], False, {})
        }
    return [plain(each) for each in document] if isinstance(document, list) else document


def rest_of(document: Mapping[str, Any]) -> str:
    """What the document holds beside its known parts, as JSON; empty for nothing."""
    rest = {key: value for key, value in document.items() if key not in {"start", *_KNOWN}}
    return json.dumps(rest, ensure_ascii=False) if rest else ""
