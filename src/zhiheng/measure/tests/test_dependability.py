"""Availability, failures, budgets: published values, brute force, SciPy, properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhiheng.measure.calendar import WorkingCalendar, always
from zhiheng.measure.calendar.rules import weekly_from
from zhiheng.measure.dependability import (
    SRE_POLICIES,
    BurnPolicy,
    availability,
    budget_used,
    burn_rate,
    burn_rate_alerts,
    error_budget,
    mtbf,
    mtbsi,
    mttr,
    poisson_limits,
    union_of_outages,
)
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.dependability import ORACLES

HOUR = 3600
MONDAY = 1_772_409_600  # 2026-03-02 00:00 UTC


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_values(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} instead of {oracle.published} ({oracle.source})"


# --- outages

spans = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30)), max_size=12)


def columns(rows: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [a for a, _ in rows], [a + length for a, length in rows]


@given(spans)
def test_a_union_covers_the_same_moments_and_is_its_own_union(rows: list[tuple[int, int]]) -> None:
    start, end = columns(rows)
    a, b = union_of_outages(start, end)
    covered = {t for s, e in zip(start, end, strict=True) for t in range(s, e)}
    assert {t for s, e in zip(a.tolist(), b.tolist(), strict=True) for t in range(s, e)} == covered
    assert (a[1:] > b[:-1]).all()  # apart, and in order
    again = union_of_outages(a, b)
    assert (again[0].tolist(), again[1].tolist()) == (a.tolist(), b.tolist())


def test_availability_by_hand() -> None:
    # 1000 s: a fault 0–100, maintenance 50–150, half a fault 200–260.
    figure = availability(
        [0, 50, 200], [100, 150, 260], from_s=0, to_s=1000, planned=[0, 1, 0], weight=[1, 1, 0.5]
    )
    assert (figure.agreed_s, figure.unplanned_s, figure.planned_s) == (1000, 80.0, 100.0)
    assert (figure.contract.value, figure.overall.value) == (pytest.approx(0.92), pytest.approx(0.82))
    assert (figure.outages, figure.longest_s, figure.overall.n) == (2, 50.0, 2)
    charged = availability(
        [0, 50, 200],
        [100, 150, 260],
        from_s=0,
        to_s=1000,
        planned=[0, 1, 0],
        weight=[1, 1, 0.5],
        both="unplanned",
    )
    assert (charged.unplanned_s, charged.planned_s) == (130.0, 50.0)
    # D = 80 of 50 + 30: limits D e^(± z √(50² + 30²) / 80).
    factor = np.exp(1.959963984540054 * np.hypot(50, 30) / 80)
    assert figure.contract.low == pytest.approx(1 - 0.08 * factor)
    assert figure.contract.high == pytest.approx(1 - 0.08 / factor)
    assert figure.contract.flags == ("few_outages",)
    assert "down 80 s unplanned in 2 outages, 100 s planned, of 1,000 s agreed" in str(figure)


weighted = st.lists(
    st.tuples(st.integers(-20, 120), st.integers(0, 60), st.booleans(), st.sampled_from([0.25, 0.5, 1.0])),
    max_size=8,
)


@settings(deadline=None)
@given(weighted, st.sampled_from(["planned", "unplanned"]))
def test_availability_second_by_second(rows: list[tuple[int, int, bool, float]], both: str) -> None:
    start, end = [r[0] for r in rows], [r[0] + r[1] for r in rows]
    figure = availability(
        start,
        end,
        from_s=0,
        to_s=100,
        planned=[r[2] for r in rows],
        weight=[r[3] for r in rows],
        both=both,  # type: ignore[arg-type]
    )
    fault, loss = 0.0, 0.0
    for t in range(100):
        on = [(r[2], r[3]) for r, s, e in zip(rows, start, end, strict=True) if s <= t < e]
        planned = max((w for p, w in on if p), default=0.0)
        unplanned = max((w for p, w in on if not p), default=0.0)
        loss += max(planned, unplanned)
        fault += max(planned, unplanned) - planned if both == "planned" else unplanned
    assert figure.unplanned_s == pytest.approx(fault)
    assert figure.unplanned_s + figure.planned_s == pytest.approx(loss)
    assert figure.overall.value == pytest.approx(1 - loss / 100)
    # Each outage twice is the same as once.
    twice = availability(
        start * 2,
        end * 2,
        from_s=0,
        to_s=100,
        planned=[r[2] for r in rows] * 2,
        weight=[r[3] for r in rows] * 2,
        both=both,  # type: ignore[arg-type]
    )
    assert twice == figure


def test_only_agreed_time_counts() -> None:
    office = WorkingCalendar(
        zone="UTC", weekly=weekly_from({day: [["09:00", "17:00"]] for day in ("mon", "tue")})
    )
    # Down from 16:00 on Monday to 10:00 on Tuesday: two of sixteen agreed hours.
    figure = availability(
        [MONDAY + 16 * HOUR], [MONDAY + 34 * HOUR], from_s=MONDAY, to_s=MONDAY + 48 * HOUR, calendar=office
    )
    assert (figure.agreed_s, figure.unplanned_s, figure.outages) == (16 * HOUR, 2.0 * HOUR, 1)
    night = availability(
        [MONDAY + 18 * HOUR], [MONDAY + 20 * HOUR], from_s=MONDAY, to_s=MONDAY + 48 * HOUR, calendar=office
    )
    assert (night.contract.value, night.outages) == (1.0, 0)
    around = availability([MONDAY], [MONDAY + HOUR], from_s=MONDAY, to_s=MONDAY + 4 * HOUR, calendar=always())
    assert around.contract.value == 0.75
    closed = availability([], [], from_s=MONDAY + 18 * HOUR, to_s=MONDAY + 20 * HOUR, calendar=office)
    assert (closed.contract.value, closed.contract.flags) == (None, ("not_enough_data",))


def test_without_an_outage_there_is_no_interval() -> None:
    figure = availability([], [], from_s=0, to_s=100)
    assert (figure.contract.value, figure.contract.low, figure.longest_s) == (1.0, None, 0.0)
    many = availability(range(0, 1000, 50), range(10, 1010, 50), from_s=0, to_s=1000)
    assert (many.contract.n, many.contract.flags) == (20, ())


# --- failures


@pytest.mark.parametrize("count", [1, 2, 7, 10, 55, 400, 5000])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.999])
def test_poisson_limits_against_scipy(count: int, confidence: float) -> None:
    tail = (1 - confidence) / 2
    low, high = poisson_limits(count, confidence=confidence)
    assert low == pytest.approx(stats.chi2.ppf(tail, 2 * count) / 2, rel=1e-9)
    assert high == pytest.approx(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2, rel=1e-9)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_poisson_limits_leave_the_tails_they_should(count: int, confidence: float) -> None:
    low, high = poisson_limits(count, confidence=confidence)
    assert stats.poisson.sf(count - 1, low) == pytest.approx((1 - confidence) / 2, rel=1e-7)
    assert stats.poisson.cdf(count, high) == pytest.approx((1 - confidence) / 2, rel=1e-7)


def test_failures_repairs_and_incidents_add_up() -> None:
    between, repair, incidents = mtbf(990, 4), mttr([1, 2, 3, 4]), mtbsi(1000, 4)
    assert between.value is not None and repair.value is not None
    assert incidents.value == between.value + repair.value
    assert (repair.low, repair.high) == (
        pytest.approx(2 * 10 / stats.chi2.ppf(0.975, 8)),
        pytest.approx(2 * 10 / stats.chi2.ppf(0.025, 8)),
    )
    assert (between.n, repair.n, between.method) == (4, 4, "mtbf-poisson")
    none = mtbf(500, 0)
    assert (none.value, none.high, none.flags) == (None, None, ("no_failures",))
    assert mttr([]).flags == ("not_enough_data",)


# --- budgets


def test_a_budget_and_its_use() -> None:
    budget = error_budget(0.99, total=1000, used=4, elapsed=200, unit="calls")
    assert (budget.allowed, budget.remaining, budget.share_used) == (
        pytest.approx(10),
        pytest.approx(6),
        pytest.approx(0.4),
    )
    assert (budget.burn, budget.exhausted_in) == (pytest.approx(2), pytest.approx(300))
    assert str(budget) == "40.0% of 10 calls used (objective 99.0000%, 6 calls left)"
    over = error_budget(0.99, total=1000, used=40)
    assert (over.flags, over.exhausted_in, over.burn) == (("exhausted",), 0.0, pytest.approx(4))
    fresh = error_budget(0.99, total=1000, elapsed=0)
    assert (fresh.burn, fresh.exhausted_in, fresh.flags) == (None, None, ("not_enough_data",))
    assert burn_rate(3, 100, objective=0.99) == pytest.approx(3)
    assert burn_rate(0, 0, objective=0.99) == 0.0


def test_alerts_need_both_windows() -> None:
    # Slots of 5 minutes, 1,000 calls each, objective 99.9 %: burn 14.4 is 14.4 bad calls per 1,000.
    page = SRE_POLICIES[:1]
    bad = np.zeros(60)
    bad[20:32] = 20  # burn 20 for an hour, then well again
    (alert,) = burn_rate_alerts(bad, np.full(60, 1000), objective=0.999, slot_s=300, policies=page)
    # In the hour ending with slot 28 nine slots are bad: 9 · 20 / 12 = 15 ≥ 14.4; eight give 13.3.
    # It ends at once: from slot 32 on the short window of one slot is clean though the long one still burns.
    assert (alert.first, alert.last, alert.n) == (28, 31, 12_000)
    assert alert.peak == pytest.approx(20)
    assert str(alert) == "page: burn 20.0 ≥ 14.4 in slots 28–31 (n=12000)"
    steady = burn_rate_alerts(
        np.full(60, 14.4), np.full(60, 1000), objective=0.999, slot_s=300, policies=page
    )
    assert [(a.first, a.last) for a in steady] == [(0, 59)]


def test_a_few_events_are_no_alert() -> None:
    bad, total = [1, 0, 0, 0], [3, 0, 0, 0]
    policy = (BurnPolicy("page", 1200, 300, 10),)
    assert burn_rate_alerts(bad, total, objective=0.99, slot_s=300, policies=policy) == ()
    (alert,) = burn_rate_alerts(bad, total, objective=0.99, slot_s=300, policies=policy, minimum_events=3)
    assert (alert.first, alert.last) == (0, 0)
    assert burn_rate_alerts([], [], objective=0.99, slot_s=300, policies=policy) == ()


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: union_of_outages([1, 5], [2]), "end_s"),
        (lambda: union_of_outages([5], [4]), "end_s"),
        (lambda: union_of_outages([0.5], [4]), "start_s"),
        (lambda: availability([0], [1], from_s=5, to_s=5), "to_s"),
        (lambda: availability([0], [1], from_s=0, to_s=5, both="neither"), "both"),  # type: ignore[arg-type]
        (lambda: availability([0], [1], from_s=0, to_s=5, weight=[0]), "weight"),
        (lambda: availability([0], [1], from_s=0, to_s=5, weight=[1.1]), "weight"),
        (lambda: availability([0], [1], from_s=0, to_s=5, weight=[1, 1]), "weight"),
        (lambda: availability([0], [1], from_s=0, to_s=5, planned=[2]), "planned"),
        (lambda: availability([0], [1], from_s=0, to_s=5, confidence=1), "confidence"),
        (lambda: mtbf(0, 3), "uptime"),
        (lambda: mtbf(float("nan"), 3), "uptime"),
        (lambda: mtbsi(-1, 3), "period"),
        (lambda: mtbf(10, -1), "failures"),
        (lambda: mttr([-1]), "repairs"),
        (lambda: poisson_limits(-1), "events"),
        (lambda: error_budget(1.0, total=10), "objective"),
        (lambda: error_budget(0.9, total=0), "total"),
        (lambda: error_budget(0.9, total=10, elapsed=11), "elapsed"),
        (lambda: error_budget(0.9, total=10, used=11), "used"),
        (lambda: burn_rate(2, 1, objective=0.9), "bad"),
        (lambda: burn_rate(0, float("nan"), objective=0.9), "bad"),
        (lambda: budget_used(-1, window_s=1, period_s=2), "burn"),
        (lambda: budget_used(1, window_s=3, period_s=2), "window_s"),
        (lambda: burn_rate_alerts([2], [1], objective=0.9, slot_s=300), "bad"),
        (lambda: burn_rate_alerts([1], [1, 2], objective=0.9, slot_s=300), "total"),
        (lambda: burn_rate_alerts([1], [1], objective=0.9, slot_s=0), "slot_s"),
        (lambda: burn_rate_alerts([1], [1], objective=0.9, slot_s=7), "policies"),
        (
            lambda: burn_rate_alerts(
                [1], [1], objective=0.9, slot_s=5, policies=[BurnPolicy("page", 5, 10, 1)]
            ),
            "policies",
        ),
        (
            lambda: burn_rate_alerts(
                [1], [1], objective=0.9, slot_s=5, policies=[BurnPolicy("page", 10, 5, 0)]
            ),
            "policies",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
