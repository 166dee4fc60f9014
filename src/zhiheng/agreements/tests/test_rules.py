"""Which commitment applies: the first match in order, per level and promise."""

from __future__ import annotations

import pytest

from zhiheng.agreements.rules import Case, Terms, applies, choose

CASE = Case(kind="incident", priority=1, organisations=(7, 3), contract=5, service=9)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(1, 1, "sla", "response"), True),
        (
            Terms(
                1, 1, "sla", "response", kind="incident", priority=1, contract=5, organisation=7, service=9
            ),
            True,
        ),
        (Terms(1, 1, "sla", "response", organisation=3), True),
        (Terms(1, 1, "sla", "response", kind="request"), False),
        (Terms(1, 1, "sla", "response", priority=2), False),
        (Terms(1, 1, "sla", "response", contract=6), False),
        (Terms(1, 1, "sla", "response", organisation=8), False),
        (Terms(1, 1, "sla", "response", service=8), False),
    ],
)
def test_every_stated_condition_must_hold(terms: Terms, expected: bool) -> None:
    assert applies(terms, CASE) is expected


def test_the_first_match_in_order_wins_per_level_and_promise() -> None:
    special = Terms(9, 10, "sla", "resolution", priority=1)
    general = Terms(1, 90, "sla", "resolution")
    other = Terms(2, 90, "ola", "resolution")
    missed = Terms(3, 1, "sla", "resolution", kind="request")
    assert choose([general, special, other, missed], CASE) == {
        ("sla", "resolution"): special,
        ("ola", "resolution"): other,
    }


def test_equal_order_is_settled_by_the_older_commitment() -> None:
    older, newer = Terms(1, 5, "sla", "response"), Terms(2, 5, "sla", "response")
    assert choose([newer, older], CASE) == {("sla", "response"): older}
