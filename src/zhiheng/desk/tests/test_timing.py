"""Which acts start, pause and stop the clock of each promise."""

from __future__ import annotations

import pytest

from zhiheng.desk.rules.timing import Happening, What, clock_events
from zhiheng.measure.clock import ClockAct

A, P, R, S, C, AGAIN, Z = (
    ClockAct.START, ClockAct.PAUSE, ClockAct.RESUME, ClockAct.STOP, ClockAct.CANCEL, ClockAct.REOPEN, ClockAct.RESET,
)  # fmt: skip


def moved(at_s: int, old: str, new: str) -> Happening:
    return Happening(at_s, What.MOVED, at_s, old, new)


def answered(at_s: int) -> Happening:
    return Happening(at_s, What.ANSWERED, at_s)


def asked(at_s: int) -> Happening:
    return Happening(at_s, What.ASKED, at_s)


def acts(
    promise: str, happenings: list[Happening], *, pauses: bool = True, start_s: int = 0
) -> list[tuple[int, ClockAct]]:
    return [(e.at_s, e.act) for e in clock_events(promise, happenings, start_s=start_s, pauses=pauses)]


@pytest.mark.parametrize(
    ("happenings", "expected"),
    [
        ([], [(0, A)]),
        ([asked(1), answered(5), answered(9)], [(0, A), (5, S)]),
        ([moved(3, "new", "waiting-customer"), answered(5)], [(0, A), (5, S)]),
        ([moved(4, "open", "solved")], [(0, A), (4, S)]),
        ([moved(4, "open", "cancelled"), answered(5)], [(0, A), (4, C)]),
    ],
)
def test_the_response_clock_never_pauses_and_stops_once(
    happenings: list[Happening], expected: object
) -> None:
    assert acts("response", happenings) == expected


@pytest.mark.parametrize("promise", ["resolution", "restoration"])
def test_work_clocks_pause_only_while_waiting_for_the_customer(promise: str) -> None:
    happenings = [
        moved(1, "new", "open"),
        moved(2, "open", "waiting-customer"),
        moved(3, "waiting-customer", "waiting-supplier"),
        moved(4, "waiting-supplier", "open"),
        moved(5, "open", "solved"),
        moved(6, "solved", "closed"),
    ]
    assert acts(promise, happenings) == [(0, A), (2, P), (3, R), (5, S)]
    assert acts(promise, happenings, pauses=False) == [(0, A), (5, S)]


def test_reopening_goes_on_also_straight_into_a_wait() -> None:
    happenings = [
        moved(1, "open", "solved"),
        moved(2, "solved", "waiting-customer"),
        moved(3, "waiting-customer", "closed"),
    ]
    assert acts("resolution", happenings) == [(0, A), (1, S), (2, AGAIN), (2, P), (3, S)]


def test_restoration_stops_at_the_workaround_and_goes_on_when_reopened() -> None:
    restored = Happening(2, What.RESTORED, 2)
    happenings = [
        restored,
        moved(3, "open", "waiting-customer"),
        moved(4, "waiting-customer", "solved"),
        moved(5, "solved", "open"),
    ]
    assert acts("restoration", happenings) == [(0, A), (2, S), (5, AGAIN)]
    assert acts("resolution", happenings) == [(0, A), (3, P), (4, S), (5, AGAIN)]


def test_a_dropped_ticket_cancels_its_clock() -> None:
    assert acts("resolution", [moved(1, "open", "merged"), moved(2, "merged", "open")]) == [(0, A), (1, C)]


def test_next_reply_runs_from_the_first_unanswered_message_to_the_answer_again_and_again() -> None:
    happenings = [
        answered(1),
        asked(2),
        asked(3),
        answered(4),
        answered(5),
        asked(6),
        moved(7, "open", "solved"),
    ]
    assert acts("next_reply", happenings) == [(2, A), (4, S), (6, Z), (7, S)]


def test_next_reply_ends_with_a_dropped_ticket() -> None:
    assert acts("next_reply", [asked(1), moved(2, "open", "cancelled"), asked(3)]) == [(1, A), (2, C)]
    assert acts("next_reply", [moved(2, "open", "cancelled")]) == []


def test_what_happened_before_the_clock_starts_does_not_count() -> None:
    assert acts("resolution", [moved(1, "open", "solved"), moved(9, "solved", "open")], start_s=5) == [(5, A)]
