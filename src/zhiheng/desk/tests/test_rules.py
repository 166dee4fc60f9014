"""Pure decisions of the desk: priority, times after moves, guards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from zhiheng.desk.rules import guards
from zhiheng.desk.rules.guards import TicketView, first_refusal, guard
from zhiheng.desk.rules.moves import Move, Times, after, fold
from zhiheng.desk.rules.priority import Cell, highest, priority_of
from zhiheng.processes.rules import Refusal


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def test_a_cell_of_the_kind_goes_before_the_cell_of_all_kinds() -> None:
    cells = [Cell("", 1, 2, 2), Cell("incident", 1, 2, 1)]
    assert priority_of(cells, kind="incident", impact=1, urgency=2) == 1
    assert priority_of(cells, kind="request", impact=1, urgency=2) == 2


@pytest.mark.parametrize(
    ("impact", "urgency", "expected"), [(1, 1, 1), (1, 2, 2), (2, 3, 3), (4, 4, 4), (9, 9, 5)]
)
def test_without_a_cell_a_ticket_still_gets_a_priority(impact: int, urgency: int, expected: int) -> None:
    assert priority_of([], kind="x", impact=impact, urgency=urgency) == expected


def test_the_highest_priority_is_the_smallest_number_ever_held() -> None:
    assert highest(None, 3) == 3
    assert highest(3, 1) == 1
    assert highest(1, 4) == 1


def test_solving_sets_resolved_and_restored_once() -> None:
    times = after(Times(), Move(at(1), "open", "solved"))
    assert (times.resolved_at, times.restored_at, times.closed_at) == (at(1), at(1), None)
    closed = after(times, Move(at(5), "solved", "closed"))
    assert (closed.resolved_at, closed.closed_at) == (at(1), at(5))


def test_a_workaround_keeps_the_earlier_restoration() -> None:
    times = after(Times(restored_at=at(1)), Move(at(3), "open", "solved"))
    assert (times.restored_at, times.resolved_at) == (at(1), at(3))


def test_reopening_clears_what_was_undone_and_counts_it() -> None:
    done = fold([Move(at(0), "", "new"), Move(at(1), "new", "solved"), Move(at(2), "solved", "closed")])
    again = after(done, Move(at(3), "closed", "open"))
    assert again == Times(reopen_count=1)
    assert after(again, Move(at(4), "open", "solved")).resolved_at == at(4)


def test_closing_twice_keeps_the_first_time() -> None:
    once = after(Times(), Move(at(1), "open", "closed"))
    assert after(once, Move(at(2), "closed", "closed")).closed_at == at(1)


@pytest.mark.parametrize("dropped", ["cancelled", "merged"])
def test_a_dropped_ticket_is_closed_but_not_resolved(dropped: str) -> None:
    times = after(Times(), Move(at(2), "open", dropped))
    assert (times.closed_at, times.resolved_at) == (at(2), None)


def test_moving_between_working_states_changes_no_time() -> None:
    assert after(Times(), Move(at(1), "new", "open")) == Times()


VIEW = TicketView(1, "change", "review", "open", 3, {})


@pytest.fixture
def vetoes() -> Iterator[list[str]]:
    asked: list[str] = []

    @guard("change", to="closed")
    def review_missing(ticket: TicketView) -> Refusal | None:
        asked.append("kind")
        return Refusal("no_review") if ticket.state == "review" else None

    @guard("*", to="closed")
    def never(_ticket: TicketView) -> Refusal | None:
        asked.append("every kind")
        return None

    yield asked
    guards.withdraw(review_missing)
    guards.withdraw(never)


def test_the_first_guard_that_refuses_decides(vetoes: list[str]) -> None:
    assert first_refusal(VIEW, to="closed") == Refusal("no_review")
    assert vetoes == ["kind"]


def test_all_guards_are_asked_while_none_refuses(vetoes: list[str]) -> None:
    assert first_refusal(TicketView(1, "change", "done", "open", 3, {}), to="closed") is None
    assert vetoes == ["kind", "every kind"]


def test_guards_of_other_moves_are_not_asked(vetoes: list[str]) -> None:
    assert first_refusal(VIEW, to="open") is None
    assert vetoes == []
