"""Charts of weeks, matched differences and rates per arrivals, against arithmetic on paper."""

import math
from dataclasses import replace

import pytest

from zhiheng.definitions.definition import Formula
from zhiheng.definitions.diagnosis import diagnose
from zhiheng.definitions.estimators import chart_signals, matched_difference
from zhiheng.definitions.loader import load_defects, load_indicators
from zhiheng.definitions.query import Window, discover
from zhiheng.definitions.tests.tables import DAY, HOUR, facts_database, ticket

INDICATORS, DEFECTS = load_indicators(), load_defects()
WEEK = 7 * DAY


def diagnosed(name, connection, *, cut_s, from_s=0, targets=None):
    return diagnose(
        connection,
        DEFECTS[name],
        indicators=INDICATORS,
        window=Window(from_s=from_s, to_s=cut_s, cut_s=cut_s),
        facts=discover(connection),
        targets=targets or {},
    )


def signals(found):
    return {item.signal.id: item for item in found.signals}


def causes(found):
    return {item.cause.id: item for item in found.causes}


def weekly(last, *, weeks=33, otherwise=990):
    """Faults of 1,000 arrivals a week: 8 and 12 in turn, the last week as given."""
    counts = {ago: 8 if ago % 2 else 12 for ago in range(weeks)} | {0: last}
    return [
        {"week": ago, "events": events, "exposure": 1000, "arrived_otherwise": otherwise}
        for ago, events in counts.items()
    ]


CHART = Formula(
    estimator="chart_signals",
    needs=(),
    unit="count",
    minimum_n=20,
    cohort="point",
    parameters={"recent_weeks": 13},
)


@pytest.mark.parametrize(("last", "found"), [(20, 0), (21, 1)])
def test_a_week_beyond_the_limit_of_laneys_chart_signals(last, found):
    # Centre 10, neighbours 4 ÷ √10 = 1.265 sigmas apart: sigma_z 1.265 ÷ 1.128 = 1.121; limit 10 + 3 · 1.121 · √10.
    estimate = chart_signals(weekly(last), CHART)
    assert (estimate.measurement.value, estimate.measurement.n) == (found, 33)
    assert estimate.details["centre"] == pytest.approx(10.0)
    assert estimate.details["sigma_z"] == pytest.approx(4 / math.sqrt(10) / 1.128)
    assert "per_1000_arrivals" in estimate.measurement.flags


def test_low_weeks_and_weeks_long_ago_are_no_signal():
    rows = weekly(8)
    rows[5]["events"] = 0  # far below: fewer faults are no defect
    assert chart_signals(rows, CHART).measurement.value == 0
    old = weekly(8)
    old[25]["events"] = 60
    assert chart_signals(old, CHART).measurement.value == 0


def test_a_chart_of_few_weeks_or_of_faults_alone_has_no_value():
    assert chart_signals(weekly(30, weeks=19), CHART).measurement.value is None
    alone = chart_signals(weekly(30, otherwise=0), CHART).measurement
    assert alone.value is None
    assert "no_exposure" in alone.flags
    quiet = [row | {"events": 0} for row in weekly(0)]
    assert chart_signals(quiet, CHART).measurement.value == 0


def test_a_matched_difference_by_hand():
    def stratum(cases, others):
        return {
            "cases": len(cases),
            "cases_s": sum(cases) * HOUR,
            "cases_s2": sum(each**2 for each in cases) * HOUR**2,
            "others": len(others),
            "others_s": sum(others) * HOUR,
            "others_s2": sum(each**2 for each in others) * HOUR**2,
        }

    # Differences 10 − 5, 14 − 5 and 3 − 2; the case of 100 hours has but one other and is not matched.
    rows = [stratum([10, 14], [4, 6]), stratum([3], [1, 1, 4]), stratum([100], [1])]
    estimate = matched_difference(rows, replace(CHART, unit="h"))
    own, others = 16 / 3, (2 / 3) ** 2 * 2 / 2 + (1 / 3) ** 2 * 3 / 3
    half = 1.959963984540054 * math.sqrt(own + others)
    measured = estimate.measurement
    assert (measured.value, measured.n) == (pytest.approx(5.0), 3)
    assert (measured.low, measured.high) == (pytest.approx(5 - half), pytest.approx(5 + half))
    assert estimate.details == {"matched": 3, "unmatched": 1}
    assert matched_difference(rows[1:], replace(CHART, unit="h")).measurement.value is None


def test_travelled_tickets_take_longer_than_others_of_their_category_and_priority():
    def solved(number, hours, changes, **more):
        given = {"category": "mail", "priority": 3, "state_category": "closed"} | more
        end = None if hours is None else hours * HOUR
        return ticket(number, received_s=0, resolved_s=end, team_changes=changes, ping_pong=False, **given)

    rows = [solved(n, 50, 3) for n in range(20)]
    rows += [solved(100 + n, 10 + 20 * (n % 2), 0) for n in range(40)]  # 20 hours on average
    rows += [solved(200, None, 3)]  # open for 90 days: counts as 30, 700 hours more than the others
    rows += [solved(300, 1, 3, category="rare"), solved(301, None, 3, state_category="cancelled")]
    found = diagnosed("D03", facts_database(tickets=rows), cut_s=90 * DAY)
    extra = signals(found)["extra_time"]
    assert extra.state == "told"
    assert extra.measurement.n == 21
    assert extra.measurement.value == pytest.approx((20 * 30 + 700) / 21)
    assert extra.details == {"matched": 21, "unmatched": 1}
    assert found.state == "confirmed"  # by the share that travelled, 23 of 63


def test_a_figure_without_thresholds_decides_nothing():
    rows = [
        ticket(n, received_s=0, resolved_s=n, team_changes=0, category="mail", priority=3) for n in range(40)
    ]
    found = diagnosed("D03", facts_database(tickets=rows), cut_s=90 * DAY)
    assert signals(found)["extra_time"].state == "not_enough_data"
    assert (signals(found)["three_changes"].state, found.state) == ("absent", "absent")
    told = diagnosed("D17", facts_database(tickets=rows), cut_s=90 * DAY)
    assert signals(told)["repeat_complainants"].missing == ("complaints.received_s", "complaints.requester")


def arrivals(counts, *, end_s, fault):
    """Tickets in the weeks before the end; `counts` by week, the last one 0."""
    number = 0 if fault else 10**6
    for ago, count in counts.items():
        for place in range(count):
            at = end_s - WEEK * (ago + 1) + place * 60
            yield ticket(number, received_s=at, onset_s=at if fault else None, fault=fault)
            number += 1


def test_faults_per_arrivals_against_the_same_weeks_of_last_year():
    end_s = 70 * WEEK
    faults = {ago: 6 if ago < 13 else 3 if 52 <= ago < 65 else 1 for ago in range(66)}
    rows = [*arrivals(faults, end_s=end_s, fault=True)]
    rows += arrivals({ago: 10 - count for ago, count in faults.items()}, end_s=end_s, fault=False)
    found = diagnosed("D05", facts_database(tickets=rows), cut_s=end_s)
    ratio = signals(found)["ratio"]
    # 13 · 6 of 130 arrivals against 13 · 3 of 130: twice as many, and not six times as against the weeks between.
    assert (ratio.measurement.value, ratio.measurement.n) == (pytest.approx(2.0), 13 * 9)
    assert (ratio.state, found.state) == ("confirmed", "confirmed")
    assert signals(found)["chart"].measurement.value == 13.0
    assert "per_1000_arrivals" in ratio.measurement.flags


def test_without_a_year_before_faults_are_compared_with_the_39_weeks_before():
    end_s = 70 * WEEK
    faults = {ago: 6 if ago < 13 else 3 for ago in range(40)}
    rows = [*arrivals(faults, end_s=end_s, fault=True)]
    rows += arrivals({ago: 10 - count for ago, count in faults.items()}, end_s=end_s, fault=False)
    ratio = signals(diagnosed("D05", facts_database(tickets=rows), cut_s=end_s))["ratio"]
    assert ratio.measurement.value == pytest.approx(2.0)
    assert ratio.measurement.n == 13 * 6 + 27 * 3


def test_a_ratio_whose_interval_holds_one_is_not_on_watch():
    end_s = 70 * WEEK
    faults = {ago: 3 if ago < 13 else 2 + ago % 2 for ago in range(52)}
    rows = [*arrivals(faults, end_s=end_s, fault=True)]
    rows += arrivals({ago: 10 - count for ago, count in faults.items()}, end_s=end_s, fault=False)
    ratio = signals(diagnosed("D05", facts_database(tickets=rows), cut_s=end_s))["ratio"]
    assert ratio.measurement.value > 1
    assert ratio.measurement.low < 1
    assert ratio.state == "absent"


def test_where_all_tickets_are_faults_their_rate_is_not_computable():
    end_s = 70 * WEEK
    rows = [*arrivals(dict.fromkeys(range(60), 5), end_s=end_s, fault=True)]
    found = diagnosed("D05", facts_database(tickets=rows), cut_s=end_s)
    for name in ("chart", "ratio"):
        assert (signals(found)[name].state, signals(found)[name].missing) == (
            "not_computable",
            ("items.in_service_s",),
        )


def test_open_work_ages_by_twice_its_commitment_where_there_is_one():
    # Twenty open tickets of ten days: half of them promised within a day, ten days or not at all.
    rows = [ticket(n, received_s=90 * DAY, resolved_s=None) for n in range(40)]
    clocks = [
        {"ticket_id": n, "commitment": "resolution", "twice_due_s": (92 if n < 20 else 110) * DAY}
        for n in range(30)
    ]
    clocks += [{"ticket_id": 35, "commitment": "response", "twice_due_s": 90 * DAY + HOUR}]
    rows += [ticket(100, received_s=50 * DAY, resolved_s=None)]  # without a commitment, and 50 days old
    found = diagnosed("D02", facts_database(tickets=rows, clocks=clocks), cut_s=100 * DAY)
    aged = signals(found)["aged"].measurement
    assert (aged.numerator, aged.denominator) == (21, 41)


@pytest.mark.parametrize(("others", "state"), [(100, "supported"), (0, "not_supported")])
def test_reopened_tickets_of_one_category_point_to_skill(others, state):
    def solved(number, category, again):
        return ticket(
            number,
            first_resolved_s=0,
            reopen_limit_s=10,
            first_reopened_s=5 if again else None,
            category=category,
            resolver=f"p{number % 8}",
        )

    # All reopened are of one category, which tells something only where it holds less of what was resolved.
    rows = [solved(n, "mail", n < 40) for n in range(80)]
    rows += [solved(100 + n, f"c{n % 10}", False) for n in range(others)]
    skill = causes(diagnosed("D07", facts_database(tickets=rows), cut_s=100))["skill"]
    assert skill.state == state
    assert skill.measurement.denominator == 40
    assert skill.measurement.numerator == (40 if others else 0)


def test_a_priority_lowered_in_the_last_fifth_of_a_clock():
    tickets = [ticket(n, received_s=0) for n in range(40)]
    clocks = [
        {"ticket_id": n, "commitment": "resolution", "started_s": 0, "due_s": 1000, "stopped_s": None}
        for n in range(40)
    ]
    moves = {0: [(0, 2), (800, 3)], 1: [(0, 2), (799, 3)], 2: [(0, 3), (900, 2)], 3: [(0, 2), (1001, 4)]}
    moves[4] = [(0, 1), (900, 2), (950, 1)]  # raised again: it was lowered all the same
    entries = [
        {"entry_id": 10 * case + place, "ticket_id": case, "occurred_s": at, "held_priority": priority}
        for case, path in moves.items()
        for place, (at, priority) in enumerate(path)
    ]
    found = diagnosed("D08", facts_database(tickets=tickets, clocks=clocks, entries=entries), cut_s=2000)
    lowered = signals(found)["lowered"].measurement
    assert (lowered.numerator, lowered.denominator) == (2, 40)


def test_late_entry_is_told_by_the_working_day_and_not_by_hours():
    # Received on a Friday and entered on the Monday, two and a half days later: in time, for the limit is Monday's end.
    rows = [
        ticket(n, received_s=0, registered_s=60 * HOUR, entry_limit_s=(66 if n < 30 else 18) * HOUR)
        for n in range(40)
    ]
    late = signals(diagnosed("D08", facts_database(tickets=rows), cut_s=90 * DAY))["late_entry"].measurement
    assert (late.numerator, late.denominator) == (10, 40)
    plain = [{name: row[name] for name in row if name != "entry_limit_s"} for row in rows]
    found = signals(diagnosed("D08", facts_database(tickets=plain), cut_s=90 * DAY))["late_entry"]
    assert (found.state, found.missing) == ("not_computable", ("entry_limit_s",))


def test_what_customers_bear_is_counted_from_the_target_in_force():
    rows = [
        ticket(n, received_s=0, responded_s=6 * HOUR, response_work_s=6 * HOUR, response_work_censor_s=DAY)
        for n in range(30)
    ]
    connection = facts_database(tickets=rows)
    own = {"mean_response": replace(INDICATORS["mean_response"].target, value=3.0, tag="own")}
    shipped = diagnosed("D01", connection, cut_s=90 * DAY).burden
    strict = diagnosed("D01", connection, cut_s=90 * DAY, targets=own).burden
    assert (shipped.total, strict.total) == (30 * 4 * HOUR, 30 * 3 * HOUR)
    # Mean 6 h: meeting 2 h spares two thirds of the waiting above 2 h, meeting 3 h half of that above 3 h.
    assert (shipped.avoidable, strict.avoidable) == (
        pytest.approx(30 * 4 * HOUR * 2 / 3),
        pytest.approx(30 * 3 * HOUR / 2),
    )
