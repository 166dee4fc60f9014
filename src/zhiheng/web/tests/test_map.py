"""Which moves the process map shows: the commonest that carry the share, and no state that stands alone."""

from __future__ import annotations

from typing import Any

import pytest

from zhiheng.web.views.quality_map import kept_arcs

MOVES = {
    ("new", "work"): 40, ("work", "work"): 30, ("work", "wait"): 3, ("wait", "wait"): 15, ("wait", "work"): 2,
    ("work", "done"): 8, ("done", "work"): 1, ("new", "done"): 1,
}  # fmt: skip
FLOW: dict[str, Any] = {
    "arcs": [{"from": source, "to": target, "count": count} for (source, target), count in MOVES.items()],
    "starts": {"new": 50, "work": 2},
    "ends": {"done": 49, "wait": 1},
}


def shown(flow: dict[str, Any], share: float) -> set[tuple[str, str]]:
    return {(arc["from"], arc["to"]) for arc in kept_arcs(flow, share)}


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        # 40 of 100 carry the share; "work" alone would then have no way out: its commonest is "done".
        (0.4, {("new", "work"), ("work", "done")}),
        # 40 + 30 + 15 = 85; "wait" only came with its loop: the commonest ways in and out follow.
        (0.8, {("new", "work"), ("work", "work"), ("wait", "wait"), ("work", "wait"), ("wait", "work")}),
        (1.0, set(MOVES)),
    ],
)
def test_the_share_and_no_state_alone(share: float, expected: set[tuple[str, str]]) -> None:
    assert shown(FLOW, share) == expected


def test_no_moves_no_arcs() -> None:
    assert kept_arcs({"arcs": [], "starts": {"new": 1}, "ends": {"new": 1}}, 0.8) == []
