"""Structures and graphs of parts: every state tried out, hand arithmetic."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure.dependability import Group, graph_availability, k_of_n, parallel, series
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles.dependability import BRIDGE

available = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(available, st.data())
def test_structures_against_every_state(parts: list[float], data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, len(parts)))
    up = {
        state: np.prod([p if on else 1 - p for p, on in zip(parts, state, strict=True)])
        for state in product((0, 1), repeat=len(parts))
    }
    for figure, least in (
        (series(parts), len(parts)),
        (parallel(parts), 1),
        (k_of_n(parts, needed=needed), needed),
    ):
        expected = sum(share for state, share in up.items() if sum(state) >= least)
        assert figure.value == pytest.approx(expected, abs=1e-12)
        assert figure.n == len(parts)


def test_a_shared_part_is_counted_once() -> None:
    # Two servers of 90 % behind one switch of 99 %: 0.99 · (1 − 0.1²), not 1 − (1 − 0.891)².
    figure = graph_availability(
        "shop",
        parts={"server 1": 0.9, "server 2": 0.9, "switch": 0.99},
        needs={
            "shop": [Group(("server 1", "server 2"))],
            "server 1": ["switch"],
            "server 2": ["switch"],
        },
    )
    assert figure.value == pytest.approx(0.99 * 0.99)
    assert figure.single_points == ("switch",)
    assert {cut.parts for cut in figure.cut_sets} == {("server 1", "server 2"), ("switch",)}
    assert [cut.probability for cut in figure.cut_sets] == pytest.approx([0.01, 0.01])
    assert figure.importance[0] == ("switch", pytest.approx(0.99))
    assert figure.bound == pytest.approx(0.02)
    assert str(figure) == ("shop 98.0100% (n=3, minimal cut sets=2, single points of failure: switch)")


def test_the_bridge() -> None:
    figure = graph_availability("service", parts=dict.fromkeys("abcde", 0.9), needs=BRIDGE)
    assert {cut.parts for cut in figure.cut_sets} == {
        ("a", "b"),
        ("d", "e"),
        ("a", "c", "e"),
        ("b", "c", "d"),
    }
    assert "single points of failure: none" in str(figure)


names = ("a", "b", "c", "d", "e", "f")


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str | Group]]:
    """Needs that point to later names only, so that nothing goes round in a circle."""
    needs: dict[str, list[str | Group]] = {}
    for i, name in enumerate(names[:-1]):
        later = st.sampled_from(names[i + 1 :])
        entries: list[str | Group] = []
        for _ in range(draw(st.integers(0, 2))):
            members = tuple(draw(st.lists(later, min_size=1, max_size=3, unique=True)))
            needed = draw(st.integers(1, len(members)))
            entries.append(members[0] if len(members) == 1 else Group(members, needed))
        needs[name] = entries
    return needs


def works(name: str, state: dict[str, bool], needs: dict[str, list[str | Group]]) -> bool:
    def met(need: str | Group) -> bool:
        group = Group((need,)) if isinstance(need, str) else need
        return sum(works(part, state, needs) for part in group.parts) >= group.needed

    return state[name] and all(met(need) for need in needs.get(name, ()))


@settings(deadline=None, max_examples=50)
@given(graphs(), st.lists(st.floats(0.01, 0.99), min_size=6, max_size=6))
def test_a_graph_against_every_state(needs: dict[str, list[str | Group]], shares: list[float]) -> None:
    parts = dict(zip(names, shares, strict=True))
    figure = graph_availability("a", parts=parts, needs=needs)
    expected, hinges = 0.0, dict.fromkeys(names, 0.0)
    for state in product((True, False), repeat=6):
        up = dict(zip(names, state, strict=True))
        chance = float(np.prod([parts[n] if up[n] else 1 - parts[n] for n in names]))
        expected += chance * works("a", up, needs)
        for name in names:
            one, none = works("a", up | {name: True}, needs), works("a", up | {name: False}, needs)
            hinges[name] += chance * (one - none)
    assert figure.value == pytest.approx(expected, abs=1e-9)
    assert 1 - figure.value <= figure.bound + 1e-12
    assert dict(figure.importance) == pytest.approx({n: hinges[n] for n, _ in figure.importance}, abs=1e-9)
    assert all(
        v == pytest.approx(0, abs=1e-12) for n, v in hinges.items() if n not in dict(figure.importance)
    )


def test_a_graph_that_is_no_graph() -> None:
    with pytest.raises(MeasureError, match="must not go round in a circle: a → b → a"):
        graph_availability("a", parts={"a": 0.9, "b": 0.9}, needs={"a": ["b"], "b": ["a"]})
    with pytest.raises(MeasureError, match="must name known parts only, names 'x'"):
        graph_availability("a", parts={"a": 0.9}, needs={"a": ["x"]})
    with pytest.raises(MeasureError, match="needed"):
        Group(("a", "b"), 3)
    wide = {
        "s": [Group(tuple(f"g{i}" for i in range(6)))],
        **{f"g{i}": [f"p{i}{j}" for j in range(7)] for i in range(6)},
    }
    parts = {f"p{i}{j}": 0.9 for i in range(6) for j in range(7)}
    with pytest.raises(MeasureError, match="5,000 cut sets"):
        graph_availability("s", parts=parts, needs=wide)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: series([]), "parts"),
        (lambda: series([1.1]), "parts"),
        (lambda: parallel([-0.1]), "parts"),
        (lambda: parallel([float("nan")]), "parts"),
        (lambda: k_of_n([0.9], needed=2), "needed"),
        (lambda: k_of_n([0.9], needed=0), "needed"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
