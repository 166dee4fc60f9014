"""Each computable indicator on a small table, against arithmetic by hand."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from zhiheng.definitions.engine import Figure, rows, run, trend
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.tests.tables import DAY, HOUR, facts_database, ticket

INDICATORS = load_indicators()
FAR = 1000 * DAY


def measured(name: str, connection, *, cut_s: int = FAR, scope: str = "all", **options) -> dict[str, Figure]:
    return run(connection, INDICATORS[name], from_s=0, to_s=cut_s, cut_s=cut_s, scope=scope, **options)


def test_closure_counts_matured_requests_only():
    connection = facts_database(
        tickets=[
            ticket(1, kind="request", received_s=0, loop_s=30 * DAY),  # in time to the second
            ticket(2, kind="request", received_s=0, loop_s=30 * DAY + 1),
            ticket(3, kind="request", received_s=0, loop_s=None),
            ticket(4, kind="incident", received_s=0, loop_s=DAY),  # second line
            ticket(5, kind="request", received_s=11 * DAY, loop_s=12 * DAY),  # not matured
            {**ticket(6, kind="request", received_s=0, loop_s=DAY), "counted": False},
        ]
    )
    figure = measured("closure_30d", connection, cut_s=40 * DAY)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 3)
    assert figure.verdict.state == "not_enough_data"  # 3 < 30
    second = measured("closure_30d", connection, cut_s=40 * DAY, second=True)["all"]
    assert (second.measurement.numerator, second.measurement.denominator) == (1, 1)
    assert rows(connection, INDICATORS["closure_30d"], from_s=0, to_s=FAR, cut_s=40 * DAY) == [2, 3]


def test_response_48h_is_natural_time():
    connection = facts_database(
        tickets=[
            ticket(1, kind="request", received_s=0, responded_s=48 * HOUR),
            ticket(2, kind="request", received_s=0, responded_s=48 * HOUR + 1),
            ticket(3, kind="request", received_s=0, responded_s=None),
        ]
    )
    figure = measured("response_48h", connection)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 3)


def test_mean_response_counts_the_unanswered_and_leaves_phone_out():
    # Two answered after 1 h and 3 h, one unanswered for 5 h: S = 2/3 from 1 h, 1/3 from 3 h on.
    connection = facts_database(
        tickets=[
            ticket(1, received_s=0, responded_s=1, response_work_s=HOUR, response_work_censor_s=9 * HOUR),
            ticket(2, received_s=0, responded_s=1, response_work_s=3 * HOUR, response_work_censor_s=9 * HOUR),
            ticket(3, received_s=0, response_work_s=None, response_work_censor_s=5 * HOUR),
            ticket(4, received_s=0, responded_s=1, response_work_s=40 * HOUR, channel="phone"),
        ]
    )
    figure = measured("mean_response", connection)["all"]
    assert figure.measurement.n == 3
    assert figure.measurement.value == pytest.approx(1 + 2 * 2 / 3 + 45 / 3)
    assert figure.details["median"] == pytest.approx(3.0)
    assert figure.details["open"] == 1


def test_mean_restore_takes_off_evidenced_customer_waiting():
    connection = facts_database(
        tickets=[
            ticket(1, fault=True, onset_s=0, restored_s=6 * HOUR, waiting_customer_s=2 * HOUR),
            ticket(2, fault=True, onset_s=0, restored_s=8 * HOUR, waiting_customer_s=0),
            ticket(3, fault=False, onset_s=0, restored_s=50 * HOUR, waiting_customer_s=0),
        ]
    )
    figure = measured("mean_restore", connection)["all"]
    assert figure.measurement.value == pytest.approx((4 + 8) / 2)


def test_critical_4h_judges_open_faults_and_lists_each_miss():
    faults = [
        ticket(n, fault=True, highest_priority=1, onset_s=0, restored_s=4 * HOUR if n <= 29 else None)
        for n in range(1, 31)
    ]
    connection = facts_database(tickets=[*faults, ticket(31, fault=True, highest_priority=2, onset_s=0)])
    figure = measured("critical_4h", connection)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (29, 30)
    assert figure.verdict.state == "not_met"
    assert rows(connection, INDICATORS["critical_4h"], from_s=0, to_s=FAR, cut_s=FAR) == [30]


def test_resolution_committed_counts_overdue_and_reopened_as_missed():
    connection = facts_database(
        tickets=[
            ticket(1, received_s=0, first_reopened_s=None, reopen_limit_s=None),
            ticket(2, received_s=0, first_reopened_s=5 * DAY, reopen_limit_s=10 * DAY),
            ticket(3, received_s=0, first_reopened_s=None, reopen_limit_s=None),
            ticket(4, received_s=0, first_reopened_s=None, reopen_limit_s=None),
        ],
        clocks=[
            {"ticket_id": 1, "commitment": "resolution", "due_s": DAY, "stopped_s": HOUR, "missed": False},
            {"ticket_id": 2, "commitment": "resolution", "due_s": DAY, "stopped_s": HOUR, "missed": False},
            {"ticket_id": 3, "commitment": "resolution", "due_s": DAY, "stopped_s": None, "missed": True},
            {"ticket_id": 4, "commitment": "response", "due_s": DAY, "stopped_s": HOUR, "missed": False},
        ],
    )
    figure = measured("resolution_committed", connection)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 3)
    response = measured("response_committed", connection)["all"]
    assert (response.measurement.numerator, response.measurement.denominator) == (1, 1)


def test_reopen_counts_up_to_the_limit():
    connection = facts_database(
        tickets=[
            ticket(1, first_resolved_s=0, first_reopened_s=10 * DAY, reopen_limit_s=10 * DAY),
            ticket(2, first_resolved_s=0, first_reopened_s=11 * DAY, reopen_limit_s=10 * DAY),
            ticket(3, first_resolved_s=0, first_reopened_s=None, reopen_limit_s=10 * DAY),
            ticket(4, first_resolved_s=15 * DAY, first_reopened_s=16 * DAY, reopen_limit_s=25 * DAY),
        ]
    )
    figure = measured("reopen_10d", connection, cut_s=20 * DAY)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 3)


def test_fcr_looks_for_a_new_ticket_of_the_same_person_and_category():
    same = {
        "first_line": True,
        "first_contact": True,
        "reopened": False,
        "channel": "phone",
        "category": "mail",
    }
    connection = facts_database(
        tickets=[
            ticket(1, received_s=0, requester="a", **same),  # again after 3 days
            ticket(2, received_s=3 * DAY, requester="a", **same),
            ticket(3, received_s=0, requester="b", **same),
            ticket(4, received_s=0, requester="c", **{**same, "channel": "mail"}),  # not eligible
            ticket(5, received_s=0, requester="d", **{**same, "first_contact": False}),
        ]
    )
    figure = measured("fcr", connection)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (2, 4)


def test_recurrence_names_its_matcher_and_what_chance_gives():
    # Ten faults of ten places, one a day; the key of day 0 returns on day 20. Another has no key at all.
    faults = [
        ticket(n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, ci=f"ci {n}", cause_code="x")
        for n in range(9)
    ]
    again = ticket(9, fault=True, onset_s=20 * DAY, restored_s=21 * DAY, ci="ci 0", cause_code="x")
    connection = facts_database(
        tickets=[*faults, again, ticket(10, fault=True, onset_s=5 * DAY, restored_s=6 * DAY)]
    )
    figure = measured("recurrence_30d", connection, cut_s=100 * DAY)["all"]
    assert (figure.measurement.numerator, figure.measurement.denominator) == (1, 10)
    assert "matcher:ci_cause" in figure.measurement.flags
    assert "suspected" not in figure.measurement.flags
    assert figure.details["keyless"] == pytest.approx(1 / 11)
    # Only the two faults of ci 0 have another of their key. After day 0: 10 of 11 faults follow within 30 days
    # (share floored to per mille); after day 21: none.
    assert figure.details["chance"] == pytest.approx(0.909 / 10)
    assert rows(connection, INDICATORS["recurrence_30d"], from_s=0, to_s=FAR, cut_s=100 * DAY) == [0]


def test_recurrence_takes_the_rate_from_the_year_before_where_there_is_one():
    earlier = [
        ticket(n, fault=True, onset_s=n * 100 * DAY, restored_s=n * 100 * DAY + HOUR, ci="a", cause_code="x")
        for n in range(2)
    ]
    now = ticket(2, fault=True, onset_s=300 * DAY, restored_s=301 * DAY, ci="a", cause_code="x")
    connection = facts_database(tickets=[*earlier, now])
    figures = run(connection, INDICATORS["recurrence_30d"], from_s=200 * DAY, to_s=400 * DAY, cut_s=400 * DAY)
    assert figures["all"].details["chance"] == pytest.approx(1 - math.exp(-2 / 200 * 30))
    assert "chance:from_history" in figures["all"].measurement.flags


def test_the_trend_of_a_recurrence_keeps_its_matcher_and_finds_what_follows_in_a_later_period():
    # A fault a day on items of their own, restored within the hour; that of day 5 comes back on day 25, in the next
    # period. Chance: of the 12 faults, those that began within 30 days after its restoration, and one other of its key.
    faults = [
        ticket(n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, ci=f"ci {n}", cause_code="x")
        for n in range(11)
    ]
    again = ticket(11, fault=True, onset_s=25 * DAY, restored_s=25 * DAY + HOUR, ci="ci 5", cause_code="x")
    connection = facts_database(tickets=[*faults, again])
    edges = [0, 20 * DAY, 40 * DAY]
    first, second = trend(
        connection, INDICATORS["recurrence_30d"], edges=edges, cut_s=100 * DAY, matcher="ci_cause"
    )
    assert (first.measurement.numerator, first.measurement.n) == (1, 11)
    assert (second.measurement.numerator, second.measurement.n) == (0, 1)
    assert "matcher:ci_cause" in first.measurement.flags
    assert (first.measurement.window, second.measurement.window) == ((0, 20 * DAY), (20 * DAY, 40 * DAY))
    # After day 5: six of twelve faults follow within 30 days; after day 25: none.
    assert first.details["chance"] == pytest.approx(0.5 / 11)
    assert first.details["excess"] == pytest.approx(1 / 11 - 0.5 / 11)
    assert second.details["chance"] == 0.0


def test_the_periods_of_a_recurrence_sum_to_the_whole():
    faults = [
        ticket(
            n, fault=True, onset_s=n * DAY, restored_s=n * DAY + HOUR, requester=f"p {n % 7}", subcategory="s"
        )
        for n in range(90)
    ]
    connection, edges = facts_database(tickets=faults), [n * 15 * DAY for n in range(7)]
    whole = run(connection, INDICATORS["recurrence_30d"], from_s=0, to_s=edges[-1], cut_s=FAR)["all"]
    points = trend(
        connection, INDICATORS["recurrence_30d"], edges=edges, cut_s=FAR, matcher=whole.details["matcher"]
    )
    assert whole.details["matcher"] == "requester_subcategory"
    assert sum(point.measurement.numerator for point in points) == whole.measurement.numerator
    assert sum(point.measurement.n for point in points) == whole.measurement.n == 90
    weighted = sum(point.details["chance"] * point.measurement.n for point in points) / 90
    assert weighted == pytest.approx(whole.details["chance"])


def test_people_no_one_asked_for_do_not_count_as_answered():
    waits = [
        ticket(n, received_s=0, responded_s=1, response_work_s=HOUR, response_work_censor_s=9, requester="p")
        for n in range(3)
    ]
    alone = ticket(
        3, received_s=0, responded_s=1, response_work_s=9 * HOUR, response_work_censor_s=9, requester=None
    )
    found = measured("mean_response", facts_database(tickets=[*waits, alone]))["all"].measurement
    assert (found.n, found.value) == (3, pytest.approx(1.0))
    # A source that names nobody at all cannot be asked for them.
    nobody = [{**wait, "requester": None} for wait in waits]
    assert measured("mean_response", facts_database(tickets=nobody))["all"].measurement.n == 3


def test_recurrence_without_a_key_is_not_computable():
    faults = [ticket(n, fault=True, onset_s=n * DAY, restored_s=n * DAY + 1) for n in range(40)]
    figure = measured("recurrence_30d", facts_database(tickets=faults))["all"]
    assert figure.measurement.value is None
    assert (figure.verdict.state, figure.verdict.missing) == ("not_computable", ("key",))


def test_a_missing_column_is_named():
    connection = facts_database(tickets=[ticket(1, received_s=0)])
    figure = measured("closure_30d", connection)["all"]
    assert figure.measurement.value is None
    assert (figure.verdict.state, figure.verdict.missing) == ("not_computable", ("loop_s",))
    assert measured("csat_rate", connection)["all"].verdict.missing == ("ratings.score",)


def test_scope_filter_and_period_agree():
    requests = [
        ticket(
            n,
            received_s=(n % 3) * 31 * DAY,
            responded_s=(n % 3) * 31 * DAY + (n % 5) * DAY,
            team=f"team {n % 2}",
        )
        for n in range(60)
    ]
    connection = facts_database(tickets=[*requests, ticket(99, received_s=0, responded_s=1)])
    by_team = measured("response_48h", connection, scope="team")
    assert set(by_team) == {"team 0", "team 1", ""}
    for team in ("team 0", "team 1"):
        alone = measured("response_48h", connection, filters={"team": team})["all"]
        assert alone.measurement.numerator == by_team[team].measurement.numerator
        assert alone.measurement.n == by_team[team].measurement.n
    edges = [0, 31 * DAY, 62 * DAY, 93 * DAY, 124 * DAY]
    points = trend(connection, INDICATORS["response_48h"], edges=edges, cut_s=FAR)
    single = [
        run(connection, INDICATORS["response_48h"], from_s=a, to_s=b, cut_s=FAR)["all"].measurement
        for a, b in pairwise(edges)
    ]
    assert [(p.measurement.numerator, p.measurement.n) for p in points] == [
        (m.numerator, m.n) for m in single
    ]
    assert points[3].verdict.state == "not_enough_data"


def test_exemptions_are_left_out_unless_asked_for():
    connection = facts_database(
        tickets=[
            ticket(1, received_s=0, responded_s=1, exempt=False),
            ticket(2, received_s=0, responded_s=None, exempt=True),
        ]
    )
    assert measured("response_48h", connection)["all"].measurement.n == 1
    assert measured("response_48h", connection, exempt=True)["all"].measurement.n == 2


def test_stand_ins_become_flags():
    connection = facts_database(
        tickets=[ticket(1, received_s=0, responded_s=1)],
        sources=[{"column_name": "tickets.responded_s", "stand_in": "first_left_new"}],
    )
    assert "proxy:first_left_new" in measured("response_48h", connection)["all"].measurement.flags


@pytest.mark.parametrize("scope", ["ticket_id", "team; drop table tickets", "1"])
def test_scopes_come_from_the_whitelist(scope):
    connection = facts_database(tickets=[ticket(1, received_s=0, responded_s=1)])
    with pytest.raises(DefinitionError, match="must be all or one of"):
        measured("response_48h", connection, scope=scope)
    with pytest.raises(DefinitionError, match="filter"):
        measured("response_48h", connection, filters={scope: "x"})


def test_filter_values_are_bound_not_pasted():
    connection = facts_database(tickets=[ticket(1, received_s=0, responded_s=1, team="it's")])
    assert measured("response_48h", connection, filters={"team": ["it's"]})["all"].measurement.n == 1
    assert measured("response_48h", connection, filters={"team": "' or 1=1 --"})["all"].measurement.n == 0
    assert measured("response_48h", connection, filters={"team": []})["all"].measurement.n == 0


def test_views_over_parquet_give_the_same_figures(tmp_path):
    connection = facts_database(
        tickets=[ticket(n, received_s=n, responded_s=n + (n % 4) * DAY) for n in range(50)]
    )
    connection.execute(f"copy tickets to '{tmp_path}/tickets.parquet' (format parquet)")
    other = facts_database()
    other.execute(f"create view tickets as select * from read_parquet('{tmp_path}/tickets.parquet')")
    assert measured("response_48h", other) == measured("response_48h", connection)


@pytest.mark.parametrize("name", ["response", "resolution"])
def test_a_cancelled_clock_is_no_kept_promise_but_a_missed_one_stays_missed(name):
    states = ["met"] * 20 + ["missed"] * 5 + ["cancelled"] * 10 + ["cancelled late"] * 5
    tickets = [ticket(n, received_s=0) for n in range(40)]
    clocks = [
        {
            "ticket_id": n,
            "commitment": name,
            "due_s": 100,
            "stopped_s": 50,
            "state": state.removesuffix(" late"),
            "missed": state in ("missed", "cancelled late"),
        }
        for n, state in enumerate(states)
    ]
    connection = facts_database(tickets=tickets, clocks=clocks)
    span = {"from_s": 0, "to_s": 1000, "cut_s": 1000}
    indicator = INDICATORS[f"{name}_committed"]
    measured = run(connection, indicator, **span)["all"].measurement
    assert (measured.numerator, measured.denominator) == (20, 30)
    assert rows(connection, indicator, **span) == [*range(20, 25), *range(35, 40)]


def test_the_rows_behind_a_mean_are_those_beyond_the_target_in_force():
    tickets = [
        ticket(n, received_s=0, responded_s=n, response_work_s=n * 1800, response_work_censor_s=10**6)
        for n in range(10)
    ]
    span = {"from_s": 0, "to_s": 10**6, "cut_s": 10**6}
    connection = facts_database(tickets=tickets)
    indicator = INDICATORS["mean_response"]
    assert rows(connection, indicator, **span) == [5, 6, 7, 8, 9]  # beyond the shipped 2 h
    own = replace(indicator.target, value=3.5, tag="own")
    assert rows(connection, indicator, **span, target=own) == [8, 9]
