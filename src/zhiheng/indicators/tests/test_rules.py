"""Periods, natural limits and suppression, against hand arithmetic."""

from datetime import UTC, date, datetime

import pytest

from zhiheng.indicators.rules import is_settled, is_suppressed, natural_limits, period_edges, weeks_before


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_only_whole_weeks_are_points_of_a_trend() -> None:
    # 2026-11-04 is a Wednesday: the first whole week begins on Monday the 9th, the last ends on the 23rd.
    by, edges = period_edges(second("2026-11-04"), second("2026-11-25"), "UTC")
    assert by == "week"
    assert edges == [second("2026-11-09"), second("2026-11-16"), second("2026-11-23")]


def test_a_long_window_is_seen_by_month() -> None:
    by, edges = period_edges(second("2026-01-01"), second("2026-11-25"), "UTC")
    assert by == "month"
    assert edges[0] == second("2026-01-01")
    assert edges[-1] == second("2026-11-01")
    assert len(edges) == 11


def test_a_window_without_a_whole_week_is_one_period() -> None:
    span = second("2026-11-04"), second("2026-11-10")
    assert period_edges(*span, "UTC") == ("week", list(span))


def test_weeks_begin_on_monday_in_the_zone() -> None:
    # Sunday 22 November, 17:00 UTC is Monday 01:00 in Shanghai, whose midnight is 16:00 UTC.
    at = second("2026-11-22T17:00:00")
    assert weeks_before(at, 0, "Asia/Shanghai") == second("2026-11-22T16:00:00")
    assert weeks_before(at, 2, "Asia/Shanghai") == second("2026-11-08T16:00:00")


def test_natural_limits_by_hand() -> None:
    # Mean 5; seven moving ranges of 2: 5 ± 2.66 × 2.
    assert natural_limits([4, 6, 4, 6, 4, 6, 4, 6]) == pytest.approx((5 - 5.32, 5 + 5.32))
    assert natural_limits([4, None, 6, 4, 6, 4, 6, 4, 6]) == pytest.approx((5 - 5.32, 5 + 5.32))


def test_too_few_values_have_no_limits() -> None:
    assert natural_limits([4, 6, 4, 6, 4, 6, 4, None]) is None


@pytest.mark.parametrize(
    ("persons", "own", "held_back"),
    [(0, False, False), (1, False, True), (2, False, True), (3, False, False), (1, True, False)],
)
def test_a_figure_about_one_or_two_people_is_held_back_outside_ones_scope(
    persons: int, own: bool, held_back: bool
) -> None:
    assert is_suppressed(persons=persons, own=own) is held_back


def test_a_target_is_settled_once_a_day_that_it_judged_is_over() -> None:
    today = date(2026, 7, 1)
    assert is_settled(in_force_from=date(2026, 6, 30), today=today)
    assert not is_settled(in_force_from=today, today=today)
    assert not is_settled(in_force_from=date(2026, 7, 2), today=today)
