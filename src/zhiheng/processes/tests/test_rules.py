"""Reading a process document and deciding moves."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from zhiheng.processes.rules import (
    CATEGORIES,
    DefinitionError,
    Refusal,
    Transition,
    decide_move,
    read_definition,
)
from zhiheng.processes.services.defaults import SHIPPED

NAME = {"zh": "名", "en": "name"}


def document() -> dict[str, Any]:
    return {
        "start": "a",
        "steps": [{"key": "s", "name": NAME}],
        "states": [
            {"key": "a", "name": NAME, "category": "new", "step": "s"},
            {"key": "b", "name": NAME, "category": "open"},
            {"key": "m", "name": NAME, "category": "merged"},
        ],
        "transitions": [
            {"from": "a", "to": "b", "name": NAME, "needs": ["reason"], "roles": ["lead"], "primary": True},
            {"from": "b", "to": "a", "name": NAME},
        ],
    }


def test_a_document_becomes_states_steps_and_moves() -> None:
    definition = read_definition(document())
    assert definition.start == "a"
    assert definition.category("b") == "open"
    assert definition.state("a").step == "s"
    assert [move.target for move in definition.moves_from("a")] == ["b"]
    assert definition.moves_from("a", roles={"agent"}) == []
    assert [move.target for move in definition.moves_from("a", roles={"lead"})] == ["b"]
    assert definition.first_of("open") is definition.state("b")
    assert definition.first_of("closed") is None


@pytest.mark.parametrize(
    ("source", "target", "given", "roles", "expected"),
    [
        ("a", "zz", set(), None, Refusal("unknown_state", "zz")),
        ("a", "m", set(), None, Refusal("not_allowed_from_here", "a")),
        ("a", "b", {"reason"}, {"agent"}, Refusal("role_missing", "lead")),
        ("a", "b", set(), {"lead"}, Refusal("missing", "reason")),
    ],
)
def test_a_refusal_says_what_is_in_the_way(
    source: str, target: str, given: set[str], roles: set[str] | None, expected: Refusal
) -> None:
    assert (
        decide_move(read_definition(document()), source=source, target=target, given=given, roles=roles)
        == expected
    )


@pytest.mark.parametrize("roles", [None, {"lead"}])
def test_an_allowed_move_is_returned(roles: set[str] | None) -> None:
    move = decide_move(read_definition(document()), source="a", target="b", given={"reason"}, roles=roles)
    assert isinstance(move, Transition)
    assert move.primary


def broken(change: Any) -> dict[str, Any]:
    value = copy.deepcopy(document())
    change(value)
    return value


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda d: d.update(start="zz"), "start"),
        (lambda d: d.pop("start"), "document"),
        (lambda d: d.update(states=[]), "states"),
        (lambda d: d.update(steps="x"), "steps"),
        (lambda d: d["states"].append(d["states"][0]), "states[3]"),
        (lambda d: d["states"][0].update(category="odd"), "states[0]"),
        (lambda d: d["states"][0].update(step="odd"), "states[0]"),
        (lambda d: d["states"][0].update(name={"zh": "一"}), "states[0]"),
        (lambda d: d["states"][0].update(name="one"), "states[0]"),
        (lambda d: d["states"].__setitem__(0, "a"), "states[0]"),
        (lambda d: d["transitions"][0].update(to="odd"), "transitions[0]"),
        (lambda d: d["transitions"].append(d["transitions"][0]), "transitions[2]"),
        (lambda d: d["transitions"][0].update(needs=["money"]), "transitions[0]"),
        (lambda d: d["transitions"].pop(0), "transitions"),
    ],
)
def test_a_broken_document_is_refused_with_its_place(change: Any, where: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_definition(broken(change))
    assert caught.value.where == where


@pytest.mark.parametrize("kind", ["request", "incident"])
def test_the_shipped_processes_lead_from_new_to_closed_and_back(kind: str) -> None:
    path = SHIPPED / f"{kind}.json"
    definition = read_definition(json.loads(path.read_text(encoding="utf-8")))
    assert definition.start == "new"
    assert {state.category for state in definition.states.values()} == set(CATEGORIES)
    assert definition.transition("solved", "closed") is not None
    assert definition.transition("closed", "in_progress") is not None
    for waiting in ("waiting_customer", "waiting_supplier", "waiting_internal"):
        assert definition.transition(waiting, "in_progress") is not None
