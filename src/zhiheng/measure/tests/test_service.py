"""The rates of P3.6 by hand arithmetic, by brute force, and by their properties."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.measure.calendar import WEEKDAYS, WorkingCalendar, weekly_from
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement
from zhiheng.measure.service import (
    NEVER,
    backlog_age,
    chance_recurrence,
    closure_rate,
    commitment_attainment,
    first_contact_resolution,
    flow_efficiency,
    history_rate,
    littles_law_check,
    recurrence_rate,
    reopen_rate,
    response_time,
    restore_time,
)

HOUR, DAY = 3600, 86_400


def counts(figure: Measurement) -> tuple[int | None, int | None]:
    return figure.numerator, figure.denominator


def test_response_time_counts_the_unanswered() -> None:
    waits = [1 * HOUR, 2 * HOUR, 3 * HOUR, 60 * HOUR, 50 * HOUR, 10 * HOUR]
    answered = [True, True, True, True, False, False]
    figure = response_time(waits, answered, population="mail")
    # S: 5/6 at 1 h, 4/6 at 2 h, 3/6 at 3 h, then level to 48 h: 1 + 5/6 + 4/6 + 45 · 1/2.
    assert figure.mean.value == pytest.approx(1 + 5 / 6 + 4 / 6 + 22.5)
    assert (figure.mean.unit, figure.mean.population, figure.n, figure.open) == ("h", "mail", 6, 2)
    assert figure.median.value == 3
    assert counts(figure.above) == (2, 5)  # the one open for 10 hours has not shown yet
    assert "open 2" in str(figure)


@given(st.lists(st.integers(0, 47 * HOUR), min_size=2, max_size=30), st.data())
def test_leaving_a_ticket_unanswered_never_improves_the_response_time(
    waits: list[int], data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(waits) - 1))
    all_answered = response_time(waits, [True] * len(waits)).mean.value
    one_left = response_time(waits, [i != who for i in range(len(waits))]).mean.value
    assert one_left is not None and all_answered is not None
    assert one_left >= all_answered - 1e-9


def test_restore_time_leaves_out_the_wait_for_the_customer() -> None:
    plain = restore_time([4 * HOUR, 8 * HOUR], [True, True])
    assert plain.mean.value == pytest.approx(6)
    eased = restore_time([4 * HOUR, 8 * HOUR], [True, True], customer_wait_s=[0, 6 * HOUR])
    assert eased.mean.value == pytest.approx(3)
    assert eased.horizon_s == 72 * HOUR
    assert restore_time([], []).mean.value is None


def test_closure_needs_the_horizon_to_be_over() -> None:
    received = np.array([0, 0, 0, 0, 50 * DAY])
    closed = np.array([30 * DAY, 30 * DAY + 1, 5 * DAY, NEVER, 51 * DAY])
    figure = closure_rate(received, closed, cut_s=60 * DAY)
    assert counts(figure) == (2, 4)
    assert figure.flags == ("unmatured:1",)
    again = closure_rate(received, closed, cut_s=60 * DAY, reopened=[False, False, True, False, False])
    assert counts(again) == (1, 4)
    assert counts(closure_rate(received, closed, cut_s=90 * DAY)) == (3, 5)
    assert closure_rate([], [], cut_s=0).flags == ("not_enough_data",)


def test_reopening_in_natural_and_in_working_time() -> None:
    figure = reopen_rate(
        [0, 0, 0, 95 * DAY], [10 * DAY, 10 * DAY + 1, NEVER, NEVER], cut_s=100 * DAY, window_s=10 * DAY
    )
    assert counts(figure) == (1, 3)
    office = WorkingCalendar(
        zone="Asia/Shanghai", weekly=weekly_from({d: [["09:00", "17:00"]] for d in WEEKDAYS[:5]})
    )

    def at(day: int, hour: int) -> int:
        return int(datetime(2026, 6, day, hour, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())

    # Ten working days after Monday 1 June end on Monday 15 June at 17:00.
    resolved, reopened = [at(1, 10)] * 3, [at(15, 17), at(15, 18), NEVER]
    assert counts(reopen_rate(resolved, reopened, cut_s=at(15, 17), calendar=office)) == (1, 3)
    assert counts(reopen_rate(resolved, reopened, cut_s=at(15, 16), calendar=office)) == (0, 0)


def test_first_contact_resolution_is_undone_by_a_return() -> None:
    figure = first_contact_resolution(
        [0, 2 * DAY, 20 * DAY, 21 * DAY, 22 * DAY, 23 * DAY, 40 * DAY],
        [True, True, True, True, True, False, True],
        transferred=[False, False, False, True, False, False, False],
        reopened=[False, False, False, False, True, False, False],
        requester_topic=[1, 1, 1, 2, -1, -1, 3],
        eligible=[True] * 7,
        cut_s=45 * DAY,
    )
    # The first came back after 2 days, the second not within 7; the last is too young.
    assert counts(figure) == (2, 6)
    assert figure.flags == ("unmatured:1",)
    few = first_contact_resolution(
        [0, 2 * DAY], [True, True], transferred=[False] * 2, reopened=[False] * 2,
        requester_topic=[1, 1], eligible=[True, False], cut_s=45 * DAY,
    )  # fmt: skip
    assert counts(few) == (0, 1)  # the return counts even where it is not eligible itself
    alone = first_contact_resolution(
        [0], [True], transferred=[False], reopened=[False], requester_topic=[-1], cut_s=45 * DAY
    )
    assert counts(alone) == (1, 1)


def test_attainment_counts_the_open_and_overdue_as_missed() -> None:
    due = [100, 100, 100, 500, NEVER, 100, 100, 500]
    stopped = [100, 101, NEVER, NEVER, NEVER, 50, 150, 90]
    cancelled = [False, False, False, False, False, True, True, False]
    figure = commitment_attainment(due, stopped, cut_s=200, cancelled=cancelled)
    # met: 1st and last; missed: 2nd, 3rd (open) and 7th (cancelled too late); pending: 4th, 5th; out: 6th.
    assert counts(figure) == (2, 5)
    assert figure.flags == ("pending:2",)
    assert counts(
        commitment_attainment(due, stopped, cut_s=200, cancelled=cancelled, matured_at_due=True)
    ) == (1, 4)
    known = [False, False, False, False, True, False, False, False]
    assert counts(commitment_attainment(due, stopped, cut_s=200, cancelled=cancelled, missed=known)) == (2, 6)
    assert commitment_attainment([5], [4], cut_s=9).flags == ()


def brute_recurrence(rows: list[tuple[int, int, int]], window: int, cut: int) -> tuple[int, int]:
    followed = total = 0
    for key, _, restored in rows:
        if key < 0 or restored > cut - window:
            continue
        total += 1
        followed += any(k == key and restored < onset <= restored + window for k, onset, _ in rows)
    return followed, total


fault_rows = st.lists(
    st.tuples(st.integers(-1, 3), st.integers(0, 60), st.integers(0, 20)).map(
        lambda r: (r[0], r[1], r[1] + r[2])
    ),
    max_size=30,
)


@given(fault_rows, st.integers(1, 20), st.integers(0, 90))
def test_recurrence_equals_a_search_of_all_pairs(
    rows: list[tuple[int, int, int]], window: int, cut: int
) -> None:
    key, onset, restored = zip(*rows, strict=True) if rows else ((), (), ())
    result = recurrence_rate(key, onset, restored, matcher="CI + cause", cut_s=cut, window_s=window)
    assert (result.rate.numerator or 0, result.rate.n) == brute_recurrence(rows, window, cut)


def test_recurrence_by_hand() -> None:
    key = [1, 1, 1, 2, -1, 1]
    onset = [0, 5, 12, 3, 4, 20]
    restored = [2, 6, 13, 4, 5, NEVER]
    figures = recurrence_rate(key, onset, restored, matcher="CI", cut_s=100, window_s=7, key_rate=[0.1] * 6)
    # 0 → 5 yes; 5 → 12 yes (6 days later); 12 → 20 yes (7 later, the limit); 2 no; one keyless; one lasting.
    assert counts(figures.rate) == (3, 4)
    assert figures.keyless.value == pytest.approx(1 / 5)
    assert figures.chance == pytest.approx(1 - np.exp(-0.7))
    assert figures.excess is not None and figures.rate.low is not None
    assert figures.excess.value == pytest.approx(0.75 - (1 - np.exp(-0.7)))
    assert figures.excess.low == pytest.approx(figures.rate.low - (1 - np.exp(-0.7)))
    assert str(figures).startswith("CI: 75.00%")
    without_repeats = recurrence_rate(
        key,
        onset,
        restored,
        matcher="CI",
        cut_s=100,
        window_s=7,
        linked=[False, True, False, False, False, False],
    )
    assert counts(without_repeats.rate) == (1, 3)
    assert without_repeats.excess is None
    later = recurrence_rate(key, onset, restored, matcher="CI", cut_s=100, window_s=7, from_s=6)
    assert counts(later.rate) == (2, 2)


def test_recurrence_without_enough_keys_is_marked() -> None:
    poor = recurrence_rate([1, -1], [0, 0], [1, 1], matcher="CI", cut_s=100, window_s=7)
    assert "too_many_without_key" in poor.rate.flags
    none = recurrence_rate([], [], [], matcher="CI", cut_s=100, key_rate=[])
    assert (none.rate.value, none.chance, none.excess) == (None, None, None)
    assert recurrence_rate([1], [0], [NEVER], matcher="CI", cut_s=100, key_rate=[0.1]).excess is None


def test_independent_arrivals_show_no_excess() -> None:
    """Known truth: Poisson faults recur by chance alone, and the rate equals 1 − e^(−λW)."""
    random = np.random.default_rng(5)
    keys = np.repeat(np.arange(300), 200)
    onset = random.integers(0, 2000 * DAY, keys.size)
    rates = history_rate(keys, keys, onset, from_s=0, to_s=2000 * DAY)
    assert rates[0] == pytest.approx(200 / (2000 * DAY))
    result = recurrence_rate(
        keys, onset, onset, matcher="key", cut_s=2000 * DAY, window_s=10 * DAY, key_rate=rates
    )
    assert result.chance == pytest.approx(1 - np.exp(-1))
    assert result.excess is not None and result.excess.value is not None
    assert abs(result.excess.value) < 0.01


def test_history_counts_only_its_time_and_key() -> None:
    rates = history_rate([7, 8, 9], [7, 7, 8, 7], [10, 20, 15, 30], from_s=10, to_s=30)
    assert rates.tolist() == [2 / 20, 1 / 20, 0.0]
    assert chance_recurrence([], window_s=5) is None


def test_backlog_age() -> None:
    ages = np.array([1, 2, 3, 40, 100]) * DAY
    backlog = backlog_age(1000 * DAY - ages, cut_s=1000 * DAY)
    assert (backlog.n, backlog.p50_d, backlog.oldest_d) == (5, 3, 100)
    assert backlog.p90_d == pytest.approx(76)  # 40 + 0.6 · 60
    assert counts(backlog.aged) == (2, 5)
    assert backlog.classes == (0, 2, 1, 0, 0, 1, 1)
    per_ticket = backlog_age(1000 * DAY - ages, cut_s=1000 * DAY, limit_s=ages - 1)
    assert counts(per_ticket.aged) == (5, 5)
    empty = backlog_age([], cut_s=0)
    assert (empty.n, empty.p50_d, empty.aged.value, sum(empty.classes)) == (0, None, None, 0)


def test_littles_law_is_exact_in_a_steady_flow_and_marks_a_growing_backlog() -> None:
    arrived = np.arange(-1000, 1000) * HOUR
    steady = littles_law_check(arrived, arrived + 5 * HOUR, from_s=0, to_s=500 * HOUR)
    assert (steady.open_mean, steady.stay_d, steady.ratio) == (
        pytest.approx(5),
        pytest.approx(5 / 24),
        pytest.approx(1),
    )
    assert (steady.arrivals, steady.departures, steady.arrivals_per_day) == (500, 500, pytest.approx(24))
    assert steady.flags == ()
    stuck = np.where(np.arange(2000) % 2 == 0, arrived + 5 * HOUR, NEVER)
    growing = littles_law_check(arrived, stuck, from_s=0, to_s=500 * HOUR)
    assert growing.flags == ("not_steady",)
    assert growing.ratio is not None and growing.ratio > 1
    nobody_left = littles_law_check([0], [NEVER], from_s=0, to_s=10)
    assert (nobody_left.ratio, nobody_left.stay_d, nobody_left.flags) == (None, None, ("not_enough_data",))
    assert littles_law_check([], [], from_s=0, to_s=10).open_mean == 0


def test_flow_efficiency_is_a_ratio_of_sums() -> None:
    figure = flow_efficiency([1, 2, 3], [10, 10, 40])
    assert figure.value == pytest.approx(0.1)
    # Residuals 0, 1, −1; SE = √(2 · 3/2) / 60.
    assert figure.low == pytest.approx(0.1 - 1.959963984540054 * np.sqrt(3) / 60)
    assert figure.n == 3
    for few in (flow_efficiency([1], [2]), flow_efficiency([0, 0], [0, 0]), flow_efficiency([], [])):
        assert few.flags == ("not_enough_data",)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: response_time([-1], [True]), "wait_s"),
        (lambda: response_time([1], [True, False]), "answered"),
        (lambda: response_time([1], [True], horizon_s=0), "horizon_s"),
        (lambda: restore_time([5], [True], customer_wait_s=[6]), "customer_wait_s"),
        (lambda: restore_time([5], [True], customer_wait_s=[-1]), "customer_wait_s"),
        (lambda: restore_time([5], [True], customer_wait_s=[1, 1]), "customer_wait_s"),
        (lambda: backlog_age([10], cut_s=5), "opened_s"),
        (lambda: backlog_age([1], cut_s=5, limit_s=[1, 2]), "limit_s"),
        (lambda: backlog_age([1], cut_s=5, bounds_s=[2, 2]), "bounds_s"),
        (lambda: closure_rate([10], [5], cut_s=99), "closed_s"),
        (lambda: closure_rate([1], [5], cut_s=99, horizon_s=0), "horizon_s"),
        (lambda: closure_rate([1, 2], [5], cut_s=99), "closed_s"),
        (lambda: reopen_rate([1], [2], cut_s=99), "window_s"),
        (lambda: reopen_rate([1], [2], cut_s=99, window_s=0), "window_s"),
        (lambda: reopen_rate([3], [2], cut_s=99, window_s=5), "reopened_s"),
        (lambda: recurrence_rate([1], [2], [1], matcher="m", cut_s=99), "restored_s"),
        (lambda: recurrence_rate([1], [2], [3], matcher="", cut_s=99), "matcher"),
        (lambda: recurrence_rate([1], [2], [3], matcher="m", cut_s=99, window_s=0), "window_s"),
        (lambda: recurrence_rate([1], [2], [3], matcher="m", cut_s=99, key_rate=[-1.0]), "key_rate"),
        (lambda: history_rate([1], [1], [1], from_s=5, to_s=5), "to_s"),
        (lambda: littles_law_check([1], [0], from_s=0, to_s=5), "departed_s"),
        (lambda: littles_law_check([1], [2], from_s=5, to_s=5), "to_s"),
        (lambda: flow_efficiency([3, 1], [2, 1]), "worked_s"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
